"""The icon of the hosted pages: the newsroom's initial on its accent colour, drawn here, without a file."""

from urllib.parse import quote
from xml.sax.saxutils import escape

from chalicelib.colours import on

_SHAPE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="6" fill="{accent}"/>'
    '<text x="16" y="23" text-anchor="middle" font-family="Georgia,serif" font-size="20" font-weight="700"'
    ' fill="{ink}">{letter}</text></svg>'
)


def svg(name: str, accent: str) -> str:
    """The icon as SVG."""
    letter = next((character for character in name if character.isalnum()), "·").upper()
    return _SHAPE.format(accent=accent, ink=on(accent), letter=escape(letter))


def address(name: str, accent: str) -> str:
    """The icon as a `data:` address, so that a page holds it."""
    return f"data:image/svg+xml,{quote(svg(name, accent), safe=' =:/')}"
