"""The scripts themselves: small, whole, what the sources make, and free of what a careful website would not embed."""

import gzip
import re

import pytest

from chalicelib.http.elements import PARTS, address_of, part_at, present, script
from elements.build import KIT, LANGUAGES, SOURCES, built, can_shorten

LOADER_LIMIT, PART_LIMIT = 3 * 1024, 8 * 1024
EVERYTHING = ("widget", *PARTS)


def weight(name: str) -> int:
    return len(gzip.compress(script(name).encode(), 9))


def test_the_script_tag_weighs_at_most_three_kilobytes_gzipped() -> None:
    assert weight("widget") <= LOADER_LIMIT


@pytest.mark.parametrize("part", PARTS)
def test_a_part_weighs_at_most_eight(part: str) -> None:
    assert weight(part) <= PART_LIMIT


shortens = pytest.mark.skipif(not can_shorten(), reason="the minifier has no wheel for this machine")


@shortens
@pytest.mark.parametrize("name", EVERYTHING)
def test_what_is_committed_is_what_the_sources_make(name: str) -> None:
    assert script(name) == built()[name], "Run `make elements` and commit chalicelib/static/elements."


@shortens
def test_a_changed_source_would_be_noticed() -> None:
    """The negative control of the test above."""
    changed = built(lambda path, source: source.replace("Підтримати", "Дати") if path == "texts/uk.js" else source)
    assert {name for name in EVERYTHING if changed[name] != script(name)} == {"widget", "wall", "donate", "meter"}, (
        "The loader knows its parts by their content."
    )


def test_the_script_tag_is_one_function_so_that_nothing_leaks_and_a_part_one_export() -> None:
    assert script().startswith("(()=>{")
    assert script().rstrip().endswith("})()")
    assert all(len(re.findall(r"\bexport\b", script(part))) == 1 for part in PARTS)


def test_the_loader_asks_for_the_parts_as_they_are() -> None:
    assert f'"{present()}"' in script()
    for part in PARTS:
        assert part_at(address_of(part)) == (script(part), True)


@pytest.mark.parametrize("name", EVERYTHING)
def test_it_loads_nothing_from_elsewhere_stores_nothing_and_evaluates_nothing(name: str) -> None:
    forbidden = r"https?://|localStorage|sessionStorage|indexedDB|document\.cookie|\beval\b|new Function"
    # The masthead's link keeps one word for ten minutes in its tab, so as not to ask at every page.
    # What scripts within an opened text are held against, and what links in their place lead to.
    allowed = {"account": {"sessionStorage"}, "embeds": {"https://"}}.get(name, set())
    assert set(re.findall(forbidden, script(name))) == allowed
    # One import, of the parts, from where the script itself came.
    assert script(name).count("import(") == (1 if name == "widget" else 0)
    # One script element, where the newsroom's list is.
    assert len(re.findall(r"""\(["']script["'],""", script(name))) == (1 if name == "embeds" else 0)


def test_html_is_written_in_one_place_only() -> None:
    writes = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write"
    assert [len(re.findall(writes, script(name))) for name in EVERYTHING] == [0, 1, 0, 0, 0, 0, 0, 0]


def test_every_source_is_short() -> None:
    assert all(len(path.read_text("utf-8").splitlines()) < 300 for path in SOURCES.rglob("*.js"))


def said(lang: str) -> list[str]:
    """The keys of a language's sentences and the headings above them, in order."""
    lines = (SOURCES / "texts" / f"{lang}.js").read_text("utf-8").splitlines()
    return [found[1] for line in lines if (found := re.match(r"  (// == .+|\w+): ?", line + ": "))]


def test_all_languages_say_the_same_things_for_the_same_parts() -> None:
    first, *others = (said(lang) for lang in LANGUAGES)
    assert len(first) > 50
    assert all(other == first for other in others)


def test_what_the_loader_hands_to_its_parts_only_grows() -> None:
    """Version 1, as docs/elements.md has it: loaders of this release live on when parts have gone on."""
    assert {"HOME", "call", "fault", "h", "hint", "own", "part", "settled"} <= set(KIT)
