"""Readable colours from the newsroom's accent: WCAG 2.2 asks for a contrast of 4.5 to 1 of text to background."""

import re

PAPER = "#fffdf9"
INK = "#1d1b18"
READABLE = 4.5
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def custom_properties(accent: str) -> str:
    """CSS custom properties: the accent for buttons, the text on it, and a shade of it for text on the page.

    :raises ValueError: when the accent is not `#rrggbb`.
    """
    return f":root{{--accent:{accent};--on-accent:{on(accent)};--accent-text:{readable(accent)}}}"


def on(colour: str) -> str:
    """White or black, whichever has more contrast on this colour.

    :raises ValueError: when the colour is not `#rrggbb`.
    """
    return max(("#ffffff", "#000000"), key=lambda text: contrast(colour, text))


def readable(colour: str) -> str:
    """This colour, or its nearest darker shade that is readable on the page's background (`PAPER`).

    :raises ValueError: when the colour is not `#rrggbb`.
    """
    red, green, blue = _channels(colour)
    for percent in range(100, -1, -5):
        shade = "#" + "".join(f"{channel * percent // 100:02x}" for channel in (red, green, blue))
        if contrast(shade, PAPER) >= READABLE:
            return shade
    return INK


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours, 1 to 21. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.

    :raises ValueError: when one is not `#rrggbb`.
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [value / 255 for value in _channels(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]  # noqa: PLR2004 - WCAG's own constants
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(colour: str) -> tuple[int, int, int]:
    if not _HEX.fullmatch(colour):
        raise ValueError(f"The colour is '{colour}'. Write one such as #7a1f2b.")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
