"""The script that a website puts on its pages: `<spilno-donate>` and `<spilno-wall>`, see docs/website.md.

The elements are plain JavaScript in several readable files. There is no build step: the files are joined in name
order, inside one function, when the first reader asks.
"""

from functools import cache
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "static" / "widget"


@cache
def script() -> str:
    """The whole of `/widget.js`: one classic script that leaves no global but the two elements.

    Indentation and lines that are only a comment stay behind: a third of the size, and nothing that runs.
    No string in the sources may therefore depend on the white space at the beginning of its lines.
    """
    lines = (line.strip() for path in sorted(SOURCES.glob("*.js")) for line in path.read_text("utf-8").splitlines())
    kept = "\n".join(line for line in lines if line and not line.startswith("//"))
    return f'(() => {{\n"use strict";\n{kept}\n}})();\n'
