"""Join the core and each host's adapter into one script that is pasted or deployed as it is.

Comments stay in `parts/`: CloudFront counts each byte, and takes ten thousand.
"""

from pathlib import Path

HERE = Path(__file__).parent
HOSTS = ("cloudfront", "nginx", "cloudflare", "netlify")
_PARTS = HERE / "parts"
_HEAD = "// Made from integrations/edge/parts by `python -m integrations.edge`.\n"


def built(host: str) -> str:
    """The whole script for a host."""
    first, rest = _split(_part(host))
    return first + _HEAD + without_comments(_joined(rest))


def _part(name: str) -> str:
    return (_PARTS / f"{name}.js").read_text(encoding="utf-8")


def _split(text: str) -> tuple[str, str]:
    """The comment at the top, which stays, and the rest."""
    lines = text.splitlines(keepends=True)
    comments = next(number for number, line in enumerate(lines) if not line.startswith("// "))
    return "".join(lines[:comments]), "".join(lines[comments:])


def _joined(text: str) -> str:
    """The text with each line `//// other.js` replaced by that part."""
    return "".join(
        _part(line[5:].removesuffix(".js\n")) if line.startswith("//// ") else line
        for line in text.splitlines(keepends=True)
    )


def without_comments(text: str) -> str:
    """A script without empty lines, and without comments on lines of their own."""
    lines = (line for line in text.splitlines(keepends=True) if line.strip())
    return "".join(line for line in lines if not line.lstrip().startswith("//"))
