"""The script that a website puts on its pages: `<spilno-donate>` and `<spilno-wall>`, see docs/website.md.

The elements are plain JavaScript in several readable files. There is no build step: the files are joined in name
order, inside one function, when the first reader asks.
"""

from functools import cache
from pathlib import Path

from chalicelib.http.squeeze import squeezed

SOURCES = Path(__file__).resolve().parent.parent / "static" / "widget"


@cache
def script() -> str:
    """The whole of `/widget.js`: one classic script that leaves no global but the two elements."""
    joined = "\n".join(path.read_text("utf-8") for path in sorted(SOURCES.glob("*.js")))
    return squeezed(f'(() => {{\n"use strict";\n{joined}\n}})();\n') + "\n"
