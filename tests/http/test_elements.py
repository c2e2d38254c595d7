"""The elements' scripts over HTTP: a part at its own address for a year, and no cached loader that breaks."""

import pytest

from chalicelib.http.elements import PARTS, address_of, hash_of, script
from testkit.visitor import Visitor

A_YEAR = "public, max-age=31536000, immutable"


@pytest.mark.usefixtures("harness")
@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_kept_for_a_year_at_the_address_of_its_content(part: str) -> None:
    reply = Visitor().get(f"/widget/{address_of(part)}", Origin="https://a.example")
    assert (reply.status, reply.text) == (200, script(part))
    assert reply.headers["cache-control"] == A_YEAR
    assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
    assert reply.headers["access-control-allow-origin"] == "*", "a module from elsewhere is fetched by CORS"
    assert reply.headers.get("vary", "Accept-Encoding") == "Accept-Encoding", "not by origin"
    assert not reply.set_cookies


@pytest.mark.usefixtures("harness")
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("other", ["000000000000", "0", "abcdef" * 10])
def test_a_loader_of_another_release_gets_the_present_part_for_a_minute(part: str, other: str) -> None:
    reply = Visitor().get(f"/widget/{part}-{other}.js")
    assert (reply.status, reply.text) == (200, script(part))
    assert reply.headers["cache-control"] == "public, max-age=60", (
        "or a stale address would hold a later part for a year"
    )


@pytest.mark.usefixtures("harness")
@pytest.mark.parametrize(
    "name",
    [
        "more-0123456789ab.js",
        "wall.js",
        "wall-.js",
        "wall-xyz.js",
        "wall-0123.css",
        "widget-0123.js",
        "wall-01.js.js",
    ],
)
def test_what_is_no_part_is_not_there(name: str) -> None:
    reply = Visitor().get(f"/widget/{name}")
    assert (reply.status, reply.json["code"]) == (404, "not_found")


@pytest.mark.usefixtures("harness")
def test_the_script_tag_is_kept_for_five_minutes() -> None:
    reply = Visitor().get("/widget.js")
    assert (reply.status, reply.headers["cache-control"]) == (200, "public, max-age=300")
    assert reply.text == script()


def test_a_part_of_other_content_has_another_address() -> None:
    """The negative control of the year: nothing else may stand at that address."""
    parts = [script(part) for part in PARTS]
    assert address_of("wall") == address_of("wall", hash_of(parts))
    for changed in range(len(parts)):
        assert hash_of([*parts[:changed], f"{parts[changed]} ", *parts[changed + 1 :]]) != hash_of(parts)
