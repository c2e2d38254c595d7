"""Readable colours from the newsroom's accent, on light and on dark pages.

WCAG 2.2 asks for a contrast of 4.5 to 1 of text to what is behind it, and of 3 to 1 of what must be seen: the edge of
a field, a mark, a focus ring. Whatever the accent is, what stands here keeps both.
"""

import colorsys
import re
from dataclasses import asdict, dataclass

READABLE = 4.5
SEEN = 3.0
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_STEPS = 64


@dataclass(frozen=True)
class Scheme:
    """The colours of pages and mails in one colour scheme, all but the accent. Each is `#rrggbb`.

    Text is `ink`, or `quiet` where it is less; it stands on `paper` or on `tint`. `rule` parts what belongs together,
    `edge` bounds what a reader fills in or picks. A refusal is `alert_ink` on `alert_ground`, marked with `alert`.
    """

    paper: str
    tint: str
    field: str
    ink: str
    quiet: str
    rule: str
    edge: str
    alert: str
    alert_ground: str
    alert_ink: str
    banner: str
    banner_ink: str

    @property
    def grounds(self) -> tuple[str, str]:
        """What text and marks stand on."""
        return self.paper, self.tint


LIGHT = Scheme(
    paper="#fffdf9",
    tint="#f5f0e6",
    field="#ffffff",
    ink="#1d1b18",
    quiet="#5b554c",
    rule="#d8d1c4",
    edge="#857d70",
    alert="#9b1c1c",
    alert_ground="#fbeceb",
    alert_ink="#6d1111",
    banner="#fbe7a1",
    banner_ink="#3b2f00",
)
DARK = Scheme(
    paper="#171512",
    tint="#24211c",
    field="#0f0e0c",
    ink="#ece6dc",
    quiet="#b8aea0",
    rule="#443e36",
    edge="#8c8375",
    alert="#ff8f85",
    alert_ground="#3a1c19",
    alert_ink="#ffd9d4",
    banner="#4a3b00",
    banner_ink="#fbe7a1",
)


@dataclass(frozen=True)
class Accent:
    """The newsroom's accent in one colour scheme.

    `accent` is the ground of a button and `on_accent` the text on it; `accent_text` is text, links and marks.
    """

    accent: str
    on_accent: str
    accent_text: str


def accent_in(scheme: Scheme, colour: str) -> Accent:
    """How the newsroom's colour appears in this scheme: as it is on light pages, on dark ones as light as is needed.

    :raises ValueError: when the colour is not `#rrggbb`.
    """
    ground = colour if scheme is LIGHT else shade(colour, scheme.grounds, SEEN)
    return Accent(ground, on(ground), shade(colour, scheme.grounds, READABLE))


def custom_properties(accent: str) -> str:
    """CSS custom properties of every colour of a page, in the reader's colour scheme; on paper always the light one.

    :raises ValueError: when the accent is not `#rrggbb`.
    """
    light, dark = (_declared(scheme, accent) for scheme in (LIGHT, DARK))
    return f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def on(colour: str) -> str:
    """White or black, whichever has more contrast on this colour.

    :raises ValueError: when the colour is not `#rrggbb`.
    """
    return max(("#ffffff", "#000000"), key=lambda text: contrast(colour, text))


def shade(colour: str, grounds: tuple[str, ...], ratio: float) -> str:
    """This colour, or its nearest shade of the same hue that has this contrast to each of the grounds.

    Darker on light grounds, lighter on dark ones. Black or white if no shade is enough.

    :raises ValueError: when a colour is not `#rrggbb`.
    """
    furthest = on(grounds[0])
    hue, lightness, saturation = colorsys.rgb_to_hls(*(value / 255 for value in _channels(colour)))
    end = 0.0 if furthest == "#000000" else 1.0
    for step in range(_STEPS):
        mixed = colorsys.hls_to_rgb(hue, lightness + (end - lightness) * step / _STEPS, saturation)
        found = "#" + "".join(f"{round(channel * 255):02x}" for channel in mixed) if step else colour
        if all(contrast(found, ground) >= ratio for ground in grounds):
            return found
    return furthest


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours, 1 to 21. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.

    :raises ValueError: when one is not `#rrggbb`.
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _declared(scheme: Scheme, accent: str) -> str:
    values = {**asdict(scheme), **asdict(accent_in(scheme, accent))}
    return ";".join(f"--{name.replace('_', '-')}:{value}" for name, value in values.items())


def _luminance(colour: str) -> float:
    parts = [value / 255 for value in _channels(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]  # noqa: PLR2004 - WCAG's own constants
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(colour: str) -> tuple[int, int, int]:
    if not _HEX.fullmatch(colour):
        raise ValueError(f"The colour is '{colour}'. Write one such as #7a1f2b.")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
