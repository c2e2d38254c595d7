"""`frames` and `embeds` of the newsroom's file: hosts and scripts, and nothing that would end or widen a header."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

import chalicelib
from chalicelib.newsroom import file as newsroom_file
from chalicelib.newsroom.file import NewsroomFileWrong
from chalicelib.newsroom.frames import USUAL, allowed, runs

SHIPPED = tomllib.loads(Path(chalicelib.__file__).with_name("newsroom.toml").read_text(encoding="utf-8"))


def frames(value: Any) -> tuple[str, ...]:
    return newsroom_file.read({**SHIPPED, "frames": value}).frames


def test_without_the_setting_the_usual_ones_are_shown_and_an_empty_list_shows_none() -> None:
    assert newsroom_file.read(SHIPPED).frames == USUAL
    assert frames([]) == ()
    assert frames(["maps.example.org", "*.arcgis.com", "maps.example.org"]) == ("maps.example.org", "*.arcgis.com")
    assert frames(list(USUAL)) == USUAL


@pytest.mark.parametrize(
    "value",
    [
        "www.youtube.com", {}, 1, [1], [""], ["https://www.youtube.com"], ["www.youtube.com/embed"],
        ["WWW.youtube.com"], ["*"], ["*.com"], ["*.*.example.org"], ["a.*.org"], ["localhost"], ["youtube.com:443"],
        ["x.example; script-src *"], ["x.example 'unsafe-inline'"], ["x.example\n"], ["новини.example"],
        ["-x.example"], ["127.0.0.1"], ["a.org"] * 51,
    ],
)  # fmt: skip
def test_what_is_no_host_is_refused_with_what_to_write(value: Any) -> None:
    with pytest.raises(NewsroomFileWrong, match=r"'frames' is wrong. Write .* such as"):
        frames(value)


def test_a_star_stands_for_what_is_below_a_host_and_not_for_the_host() -> None:
    assert allowed("a.b.arcgis.com", ["*.arcgis.com"])
    assert not allowed("arcgis.com", ["*.arcgis.com"])
    assert not allowed("evilarcgis.com", ["*.arcgis.com"])
    assert not allowed("a.www.youtube.com", ["www.youtube.com"])


def embeds(value: Any) -> tuple[str, ...]:
    return newsroom_file.read({**SHIPPED, "embeds": value}).embeds


def test_without_the_setting_no_script_runs() -> None:
    assert newsroom_file.read(SHIPPED).embeds == ()
    listed = ["https://www.instagram.com/embed.js", "datawrapper.dwcdn.net", "*.charts.example"]
    assert embeds([*listed, listed[0]]) == tuple(listed)


@pytest.mark.parametrize(
    "value",
    [
        "datawrapper.dwcdn.net", {}, [1], [""], ["*"], ["*.com"], ["localhost"], ["https://www.instagram.com"],
        ["https://www.instagram.com/"], ["http://www.instagram.com/embed.js"], ["//www.instagram.com/embed.js"],
        ["https://*.instagram.com/embed.js"], ["https://www.instagram.com/embed.js?x=1"], ["javascript:alert(1)"],
        ["https://user@www.instagram.com/embed.js"], ["https://www.instagram.com:8443/embed.js"],
        ["https://www.instagram.com/embed.js\n"], ["www.instagram.com/embed.js"], ["a.org"] * 51,
    ],
)  # fmt: skip
def test_what_is_no_script_and_no_host_is_refused_with_what_to_write(value: Any) -> None:
    with pytest.raises(NewsroomFileWrong, match=r"'embeds' is wrong. Write .* such as"):
        embeds(value)


LISTED = ("https://www.instagram.com/embed.js", "datawrapper.dwcdn.net", "*.charts.example")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.instagram.com/embed.js", True),
        ("https://www.instagram.com/embed.js?v=2", True),
        ("https://www.instagram.com/other.js", False),
        ("https://www.instagram.com:8443/embed.js", False),
        ("https://www.instagram.com@evil.example/embed.js", False),
        ("http://www.instagram.com/embed.js", False),
        ("https://datawrapper.dwcdn.net/abc/embed.js", True),
        ("https://a.datawrapper.dwcdn.net/abc/embed.js", False),
        ("https://a.charts.example/x.js", True),
        ("https://charts.example/x.js", False),
        ("https://evilcharts.example/x.js", False),
        ("data:text/javascript,1", False),
        ("", False),
    ],
)
def test_a_script_runs_where_it_or_its_host_is_listed(address: str, *, expected: bool) -> None:
    assert runs(address, LISTED) is expected
