"""What `/read/{id}` says of an article to who does not read it: search engines, and messengers beside a link."""

import json
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from chalicelib.article_html import shown
from chalicelib.articles.rules.structured_data import structured_data
from chalicelib.kernel.moments import rfc3339
from chalicelib.newsroom.rules import Machines
from testkit.calls import API, SITE
from testkit.harness import Harness
from testkit.people import member
from testkit.visitor import Visitor
from tests.reading.test_articles import CANARY, URL, put

AWKWARD = '«Сім\'я» & сім’я: </script><script>alert("1")</script> <!-- 🙂'


class _Head(HTMLParser):
    """What stands in a page's head: `meta` by name, links by what they are, data, and who has the wall's class."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.data: list[Any] = []
        self.scripts = 0
        self.walls = 0
        self._in_data = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.walls += "spilno-wall" in said.get("class", "").split()
        self.scripts += tag == "script"
        self._in_data = said.get("type") == "application/ld+json"
        if tag == "meta":
            self.meta[said.get("name") or said.get("property", "")] = said.get("content", "")
        elif tag == "link":
            self.links[said["rel"]] = said["href"]

    def handle_data(self, data: str) -> None:
        if self._in_data:
            self.data.append(json.loads(data))
            self._in_data = False


def page(visitor: Visitor, query: str = "") -> _Head:
    reply = visitor.navigate(f"/read/mist{query}")
    assert reply.status == 200
    return _Head(reply.text)


def test_a_gated_article_is_found_by_its_title_and_teaser(harness: Harness) -> None:
    put(harness, title="Міст &#8211; не мрія")
    head = page(Visitor(), "?lang=uk")
    assert head.links["canonical"] == URL
    assert head.links["license"] == f"{API}/license.xml"
    assert "robots" not in head.meta
    assert head.meta["description"] == "Початок, який бачать усі."
    assert {name: value for name, value in head.meta.items() if name.startswith("og:")} == {
        "og:type": "article",
        "og:site_name": harness.newsroom.name["uk"],
        "og:title": "Міст – не мрія",
        "og:description": "Початок, який бачать усі.",
        "og:url": URL,
    }
    about = structured_data(headline="Міст – не мрія", url=URL, publisher=harness.newsroom.name["uk"], free=False)
    assert head.data == [about]
    assert head.walls == 1


def test_who_wrote_it_and_what_it_is_about(harness: Harness) -> None:
    put(harness, author="Олена &amp; Ко", section="<b>Місто</b>", tags=["міст", "«Світла»"])
    about = page(Visitor()).data[0]
    assert about["author"] == {"@type": "Person", "name": "Олена & Ко"}
    assert (about["articleSection"], about["keywords"]) == ("Місто", ["міст", "«Світла»"])


def test_whoever_reads_the_same_is_said_of_it(harness: Harness) -> None:
    """So nothing of the whole text can stand there."""
    put(harness)
    supporter = Visitor()
    member(harness, supporter)
    assert CANARY in supporter.navigate("/read/mist").text
    closed, opened = page(Visitor()), page(supporter)
    assert CANARY not in json.dumps([opened.meta, opened.data])
    assert (opened.meta, opened.links, opened.data, opened.walls) == (
        closed.meta,
        closed.links,
        closed.data,
        closed.walls,
    )


@pytest.mark.parametrize("access", ["open", "metered", "members", "tier:patron"])
def test_open_to_all_is_free_and_metered_is_not(harness: Harness, access: str) -> None:
    put(harness, access)
    head = page(Visitor())
    free = access == "open"
    assert head.data[0]["isAccessibleForFree"] is free
    assert ("hasPart" in head.data[0]) is not free
    assert head.walls == (not free)


def test_an_empty_teaser_has_no_description(harness: Harness) -> None:
    put(harness, teaser_html="<p> </p><script>x()</script>")
    head = page(Visitor())
    assert not {"description", "og:description"} & set(head.meta)
    assert head.meta["og:title"] == "Міст"


def test_eight_stories_that_many_read_are_read_once(harness: Harness) -> None:
    """Each page reads HTML twice: what it shows, and its teaser for the description."""
    names = [f"story-{number}" for number in range(8)]
    for name in names:
        put(harness, article=name, teaser_html=f"<p>{name}</p>")
    misses = []
    for _ in range(2):
        for name in names:
            Visitor().navigate(f"/read/{name}")
        misses.append(shown.cache_info().misses)
    assert misses[0] == misses[1]


def test_a_long_teaser_is_cut_between_words(harness: Harness) -> None:
    put(harness, teaser_html="<p>" + "слово, " * 60 + "</p>")
    described = page(Visitor()).meta["description"]
    assert len(described) <= 200
    assert described.endswith("слово…")
    put(harness, teaser_html=f"<p>{'а' * 300}</p>", article="one-word")
    assert _Head(Visitor().navigate("/read/one-word").text).meta["description"] == "а" * 200 + "…"


def test_no_title_and_no_teaser_ends_a_script_or_an_attribute(harness: Harness) -> None:
    put(harness, title=AWKWARD, teaser_html=f"<p>{AWKWARD.replace('&', '&amp;').replace('<', '&lt;')}</p>")
    head = page(Visitor())
    assert head.scripts == 1
    assert head.data[0]["headline"] == head.meta["og:title"] == AWKWARD
    assert head.meta["description"] == AWKWARD


def test_in_another_language_the_newsroom_has_its_other_name(harness: Harness) -> None:
    put(harness)
    names = {lang: page(Visitor(), f"?lang={lang}").data[0]["publisher"]["name"] for lang in ("uk", "en")}
    assert names == harness.newsroom.name


def test_the_picture_is_the_newsrooms(harness: Harness) -> None:
    harness.wiring.newsroom = replace(harness.newsroom, share_image=f"{SITE}/share.jpg")
    put(harness)
    assert page(Visitor()).meta["og:image"] == f"{SITE}/share.jpg"


def test_what_shall_not_be_found_or_shared_says_so(harness: Harness) -> None:
    harness.wiring.newsroom = replace(harness.newsroom, machines=Machines(search="nothing", preview="nothing"))
    put(harness)
    head = page(Visitor())
    assert head.meta["robots"] == "noindex"
    assert not head.data
    assert not [name for name in head.meta if name.startswith("og:")]
    assert "noindex" in Visitor().navigate("/read/mist").headers["x-robots-tag"]


@pytest.mark.parametrize("access", ["open", "metered"])
def test_what_is_open_to_all_is_found_and_shared_whatever_the_table_says(harness: Harness, access: str) -> None:
    """The table is about articles that are not; of the metered one, the control, it says the same as ever."""
    nothing = Machines(search="nothing", preview="nothing", archive="nothing", ai_answers="nothing")
    harness.wiring.newsroom = replace(harness.newsroom, machines=nothing)
    put(harness, access)
    head, free = page(Visitor()), access == "open"
    assert ("robots" not in head.meta) is free
    assert bool(head.data) is free
    assert ("og:title" in head.meta) is free
    told = Visitor().navigate("/read/mist").headers
    assert [name in told for name in ("x-robots-tag", "tdm-reservation", "link")] == [not free] * 3


def test_what_a_date_opens_and_closes_is_said_as_it_stands(harness: Harness) -> None:
    harness.wiring.newsroom = replace(harness.newsroom, machines=Machines(search="nothing"))
    put(harness, "open", closes_at=rfc3339(harness.now() + 60))
    assert "robots" not in page(Visitor()).meta
    harness.pass_time(60)
    assert page(Visitor()).meta["robots"] == "noindex"
    assert "noindex" in Visitor().navigate("/read/mist").headers["x-robots-tag"]


def test_the_headers_say_the_same_on_each_answer_with_the_article(harness: Harness) -> None:
    put(harness)
    asked = [Visitor().navigate("/read/mist"), Visitor().call("HEAD", "/read/mist")]
    asked.append(
        Visitor().call("GET", "/read/mist", headers={"Sec-Purpose": "prefetch", "Sec-Fetch-Mode": "navigate"})
    )
    assert [reply.status for reply in asked] == [200, 200, 403]
    for reply in asked:
        assert reply.headers["link"] == f'<{API}/license.xml>; rel="license"; type="application/rsl+xml"'
        assert reply.headers["tdm-reservation"] == "1"
        assert reply.headers["x-robots-tag"] == "nocache"


@pytest.mark.usefixtures("harness")
def test_an_unknown_article_is_for_no_index() -> None:
    assert _Head(Visitor().navigate("/read/unknown").text).meta["robots"] == "noindex"
