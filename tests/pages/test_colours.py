"""Whatever colour a newsroom chooses, its pages can be read and used, on light ones and on dark ones."""

import colorsys
import re
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chalicelib
from chalicelib.colours import DARK, LIGHT, READABLE, SEEN, Scheme, accent_in, contrast, custom_properties, on, shade
from chalicelib.http import pages
from tests.pages import samples

STYLE = (Path(chalicelib.__file__).parent / "static" / "style.css").read_text(encoding="utf-8")
# Yellow, nearly black, nearly white, the greys in the middle, pure colours, the made-up newsroom's own.
HARD = ("#ffe600", "#0a0a0a", "#fdfdfd", "#767676", "#808080", "#0000ff", "#00ff00", "#ff0000", "#8c2f1b")
SCHEMES = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]


def too_faint(scheme: Scheme, accent: str, text: str) -> list[str]:
    """What has too little contrast with this accent and this colour for text in the accent."""
    chosen = accent_in(scheme, accent)
    pairs = [(chosen.on_accent, chosen.accent, READABLE), (scheme.alert_ink, scheme.alert_ground, READABLE)]
    pairs.append((scheme.banner_ink, scheme.banner, READABLE))
    for ground in scheme.grounds:
        pairs += [(one, ground, READABLE) for one in (scheme.ink, scheme.quiet, text)]
        pairs += [(one, ground, SEEN) for one in (scheme.edge, scheme.alert)]
    pairs += [(scheme.ink, scheme.field, READABLE), (scheme.edge, scheme.field, SEEN)]
    pairs += [(scheme.alert, one, SEEN) for one in (scheme.field, scheme.alert_ground)]
    return [f"{one} on {other}" for one, other, least in pairs if contrast(one, other) < least]


@pytest.mark.parametrize("scheme", SCHEMES)
@settings(deadline=None)  # two busy cores are no reason to fail
@given(number=st.integers(0, 0xFFFFFF))
def test_any_accent_can_be_read(scheme: Scheme, number: int) -> None:
    accent = f"#{number:06x}"
    assert too_faint(scheme, accent, accent_in(scheme, accent).accent_text) == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("accent", HARD)
def test_the_hard_accents_can_be_read(scheme: Scheme, accent: str) -> None:
    assert too_faint(scheme, accent, accent_in(scheme, accent).accent_text) == []


def test_the_accent_as_it_is_could_not_be_read() -> None:
    """The negative control: without `shade`, these are found."""
    assert [accent for accent in HARD if too_faint(LIGHT, accent, accent)] == [
        "#ffe600", "#fdfdfd", "#767676", "#808080", "#00ff00", "#ff0000",
    ]  # fmt: skip
    assert [accent for accent in HARD if too_faint(DARK, accent, accent)] == [
        "#0a0a0a", "#767676", "#808080", "#0000ff", "#ff0000", "#8c2f1b",
    ]  # fmt: skip


@settings(deadline=None)  # two busy cores are no reason to fail
@given(st.integers(0, 0xFFFFFF))
def test_a_button_is_seen_on_a_dark_page_and_is_the_newsrooms_own_on_a_light_one(number: int) -> None:
    accent = f"#{number:06x}"
    assert accent_in(LIGHT, accent).accent == accent
    assert all(contrast(accent_in(DARK, accent).accent, ground) >= SEEN for ground in DARK.grounds)
    # A light button on a light page is bounded by the shade that text has.
    assert all(contrast(accent_in(LIGHT, accent).accent_text, ground) >= SEEN for ground in LIGHT.grounds)


@settings(deadline=None)  # two busy cores are no reason to fail
@given(st.integers(0, 0xFFFFFF), st.sampled_from([LIGHT, DARK]))
def test_a_shade_keeps_the_hue_and_is_the_colour_itself_where_that_is_enough(number: int, scheme: Scheme) -> None:
    colour = f"#{number:06x}"
    found = shade(colour, scheme.grounds, READABLE)
    if all(contrast(colour, ground) >= READABLE for ground in scheme.grounds):
        assert found == colour
    before, after = (
        colorsys.rgb_to_hls(*(int(one[place : place + 2], 16) / 255 for place in (1, 3, 5)))
        for one in (colour, found)
    )
    if before[2] > 0.2 and 0.1 < before[1] < 0.9 and after[2] > 0.2:
        apart = abs(before[0] - after[0])
        assert min(apart, 1 - apart) < 0.03


def test_where_no_shade_is_enough_it_is_black_or_white() -> None:
    assert shade("#ffe600", ("#ffffff", "#777777"), 9.0) == "#000000"
    assert shade("#0000aa", ("#000000", "#777777"), 9.0) == "#ffffff"
    assert on("#777777") == "#000000"


def test_an_accent_is_a_colour() -> None:
    with pytest.raises(ValueError, match="#7a1f2b"):
        custom_properties("red;}body{display:none")


def test_the_style_sheet_takes_every_colour_from_here_and_all_that_it_takes_are_here() -> None:
    """But for paper of print, and the white that drawings are made for."""
    screen = STYLE.partition("@media print")[0]
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", re.sub(r"[^{}]*#own:checked[^{}]*", "", screen))) == {
        LIGHT.paper, LIGHT.ink,
    }  # fmt: skip
    given = set(re.findall(r"--([a-z-]+):", custom_properties("#8c2f1b"))) | {"serif", "sans"}
    assert set(re.findall(r"var\(--([a-z-]+)\)", STYLE)) == given
    assert custom_properties("#8c2f1b").count("--paper:") == 2, "light and dark"


def test_the_dark_scheme_is_for_screens_only() -> None:
    """On paper a page is black on white, in whatever scheme the reader's screen is."""
    light, _, dark = custom_properties("#8c2f1b").partition("@media screen and (prefers-color-scheme:dark)")
    assert all(f":{value}" in light for value in asdict(LIGHT).values())
    assert all(f":{value}" in dark for value in asdict(DARK).values())


def unsteady(style: str) -> list[str]:
    """What does not grow with the reader's text size, or moves without asking."""
    sizes = re.findall(
        r"(?:font-size|font|min-height|max-width|padding|margin|gap): [^;}]*?\b(?:[4-9]|\d\d+)px", style
    )
    return sizes + re.findall(r"(?:transition|animation)[a-z-]*:[^;}]*|@keyframes[^{]*|scroll-behavior[^;}]*", style)


def test_sizes_grow_with_the_text_and_nothing_moves() -> None:
    assert unsteady(STYLE) == []
    assert unsteady("p { font-size: 14px; transition: color .2s }") == ["font-size: 14px", "transition: color .2s "]


def test_the_style_sheet_is_small() -> None:
    """As it goes out, without its comments and most of its spaces: every page carries it."""
    page = pages.render(samples.sample_pages("uk")["account"], samples.layout("uk"))
    served = page.partition("<style>")[2].partition("</style>")[0]
    assert "/*" not in served
    assert "".join(served.split()).endswith("".join(STYLE.split())[-40:])
    assert len(served.encode()) < 18_000
