"""The scripts as they were before a mend, for negative controls: what a test looks for must be found in them."""

from elements.build import built


def without(*lines: str, instead: str = "") -> dict[str, str]:
    """The scripts without these pieces of their sources, each of which must stand there exactly once."""
    found = dict.fromkeys(lines, 0)

    def change(_path: str, source: str) -> str:
        for line in lines:
            found[line] += source.count(line)
            source = source.replace(line, instead)
        return source

    scripts = built(change)
    for line, times in found.items():
        assert times, f"Not in the sources, so this control shows nothing: {line}"
    return scripts


def without_the_mend() -> dict[str, str]:
    """A wall that takes what it finds inside for its teaser, and does not close before the page is copied."""
    return without(
        '    if (this.teaser || this.getAttribute("state") !== "open") return;\n'
        "    this.replaceChildren();\n    this.become(null);\n",
        '"turbo:before-cache", "htmx:beforeHistorySave"',
        "    queueMicrotask(() => this.isConnected || this.left());\n",
    )
