"""The script as it was before its mends, for negative controls: what a test looks for must be found in it."""

from chalicelib.http.squeeze import squeezed
from chalicelib.http.widget import SOURCES


def without(*lines: str, instead: str = "") -> str:
    """The script without these pieces of its sources, each of which must stand there exactly once."""
    joined = "\n".join(path.read_text("utf-8") for path in sorted(SOURCES.glob("*.js")))
    for line in lines:
        assert joined.count(line) == 1, f"Not once in the sources, so this control shows nothing: {line}"
        joined = joined.replace(line, instead)
    return squeezed(f'(() => {{\n"use strict";\n{joined}\n}})();\n')


def without_the_mend() -> str:
    """A wall that takes what it finds inside for its teaser, and does not close before the page is copied."""
    return without(
        '    if (this.teaser || this.getAttribute("state") !== "open") return;\n'
        "    this.replaceChildren();\n    this.become(null);\n",
        '"turbo:before-cache", "htmx:beforeHistorySave"',
        '    queueMicrotask(() => this.isConnected || this.close("away"));\n',
    )
