"""`/v1/machines`, `/robots.txt` and `/license.xml` over HTTP: one table, the same for everybody, kept for an hour."""

from dataclasses import replace

import pytest

from chalicelib.machines.views import answers
from chalicelib.newsroom.rules import Legal, Machines, Newsroom
from ops.doctor.robots_file import may_fetch
from testkit.calls import API, SITE
from testkit.harness import Harness
from testkit.visitor import Visitor
from tests.machines.rsl_reader import parsed, usages

TYPES = {
    "/v1/machines": "application/json",
    "/robots.txt": "text/plain; charset=utf-8",
    "/license.xml": "application/rsl+xml",
}


@pytest.mark.usefixtures("harness")
@pytest.mark.parametrize("path", TYPES)
def test_any_cache_and_any_page_may_have_it(path: str) -> None:
    reply = Visitor().get(path, Origin="https://elsewhere.example", **{"If-None-Match": "*", "Range": "bytes=0-3"})
    assert (reply.status, reply.headers["content-type"]) == (200, TYPES[path])
    assert reply.headers["cache-control"] == "public, max-age=3600"
    assert reply.headers["access-control-allow-origin"] == "*"
    assert not reply.set_cookies


@pytest.mark.usefixtures("harness")
def test_a_website_is_told_what_the_host_itself_says() -> None:
    told = Visitor().get("/v1/machines").json
    answers.MachineTerms.model_validate(told)
    assert told["policy"] == vars(Machines())
    assert told["license_url"] == f"{API}/license.xml"
    assert told["robots_txt"] != Visitor().get("/robots.txt").text
    for lines in (told["robots_txt"], Visitor().get("/robots.txt").text):
        assert f"License: {API}/license.xml\n" in lines
        assert not may_fetch(lines, "GPTBot", "/read/mist")
        assert may_fetch(lines, "OAI-SearchBot", "/read/mist")


def test_the_newsrooms_own_table_and_name(harness: Harness) -> None:
    name = "ГО «Міст & Ко»"
    harness.wiring.newsroom = replace(
        harness.newsroom, machines=Machines(ai_answers="nothing"), legal=Legal({"uk": name, "en": name})
    )
    assert not may_fetch(Visitor().get("/robots.txt").text, "OAI-SearchBot", "/read/mist")
    root = parsed(Visitor().get("/license.xml").text)
    assert [one.get("url") for one in root] == [f"{SITE}/", f"{API}/read/"]
    assert name in "".join(root.itertext())


def test_what_is_not_found_on_our_pages_is_found_on_the_website_where_it_is_open(harness: Harness) -> None:
    """A whole website has open articles, too: nothing of it may say that it is not for search."""
    harness.wiring.newsroom = replace(harness.newsroom, machines=Machines(search="nothing", ai_answers="nothing"))
    told = Visitor().get("/v1/machines").json
    assert "search=yes, ai-input=no" in told["robots_txt"]
    assert "search=no, ai-input=no" in Visitor().get("/robots.txt").text
    website, ours = parsed(Visitor().get("/license.xml").text)
    assert (usages(website[0], "permits"), usages(ours[0], "permits")) == ({"search"}, set())
    assert usages(ours[0], "prohibits") == {"search", "ai-input", "ai-index", "ai-train"}


def test_below_the_websites_own_address_the_paths_are_whole(harness: Harness) -> None:
    harness.wiring.settings = harness.settings._replace(public_url=f"{SITE}/support")
    assert "Disallow: /support/read/" in Visitor().get("/robots.txt").text
    places = [one.get("url") for one in parsed(Visitor().get("/license.xml").text)]
    assert places == [f"{SITE}/", f"{SITE}/support/read/"]


def test_a_name_over_two_lines_is_one_line_nowhere(harness: Harness) -> None:
    """The newsroom's file refuses such a name; what is made of one that comes all the same stays whole."""
    broken: Newsroom = replace(harness.newsroom, name={"uk": "Вісті\r\nDisallow: /", "en": "N"}, legal=Legal())
    harness.wiring.newsroom = broken
    assert may_fetch(Visitor().get("/robots.txt").text, "Googlebot", "/")
    told = Visitor().get("/v1/machines")
    assert "\n" not in "".join(told.json["headers"].values())
    assert len(parsed(Visitor().get("/license.xml").text)) == 2
