"""Doctor on what machines are told: the websites' robots.txt, and what gated pages say of themselves."""

import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import pytest

from chalicelib.articles.rows import articles
from chalicelib.articles.rows.articles import StoredArticleRow, packed
from chalicelib.articles.rules.policy import MEMBERS, OPEN
from chalicelib.kernel.table import Table
from chalicelib.machines.rules import agents, robots
from chalicelib.newsroom import file as newsroom_file
from chalicelib.newsroom.rules import Machines
from ops.doctor.areas import machines
from ops.doctor.areas.machines import GatedPage, RobotsFacts, RobotsFile
from ops.doctor.subject import Subject
from testkit.findings import levels
from testkit.memory_table import MemoryTable
from tests.ops.doctor.small_site import SmallSite, serving

NOW = 1_795_000_000
SITE = "https://news.example"
LICENCE = "https://support.news.example/license.xml"
POLICY = Machines(archive="nothing")
LINES = robots.for_the_website(POLICY, license_url=LICENCE)
OWN = "User-agent: *\nDisallow: /wp-admin/\n\n"


def told(text: str, policy: Machines | None = POLICY, silent: str = "") -> dict[str, str]:
    return dict(levels(machines.check_robots(RobotsFacts(policy, LICENCE, (RobotsFile(SITE, text, silent),)), NOW)))


def test_our_lines_alone_or_at_the_end_are_fine() -> None:
    for text in (LINES, OWN + LINES, LINES.replace("\n", "\r\n")):
        assert told(text) == {"robots": "ok"}


@pytest.mark.parametrize("text", ["", OWN, "<html>", LINES.replace("Disallow: /\n", ""), "\x00User-agent"])
def test_who_is_let_in_is_named(text: str) -> None:
    facts = RobotsFacts(POLICY, LICENCE, (RobotsFile(SITE, text),))
    [found] = machines.check_robots(facts, NOW)
    assert (found.code, found.level) == ("robots_let_in", "warning")
    assert agents.ARCHIVE[0] in found.says
    assert "python -m ops robots" in found.mend


def test_a_file_that_shuts_out_search_engines_is_told_with_the_reason() -> None:
    """A name without a rule is one group with the next: an empty line does not end it."""
    assert told("User-agent: *\nSitemap: https://news.example/s.xml\n\n" + LINES.replace("Disallow:\n", "")) == {
        "robots_search_shut": "warning"
    }
    assert told(LINES + "User-agent: Googlebot\nDisallow: /*\n") == {"robots_search_shut": "warning"}
    assert told("User-agent: *\nDisallow: /$\n" + LINES) == {"robots_search_shut": "warning"}


def test_a_licence_that_is_not_named_is_worth_a_note() -> None:
    other = LINES.replace(LICENCE, "https://old.example/license.xml")
    assert told(other) == {"robots_no_licence": "note"}
    assert told("", Machines(ai_training="teaser")) == {"robots_no_licence": "note"}


def test_what_could_not_be_read_is_said() -> None:
    assert told("", silent="it does not answer") == {"robots_unseen": "note"}
    assert told("", policy=None) == {}, "the newsroom's file has its own check"


GATED = {"@type": "NewsArticle", "isAccessibleForFree": False}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (GATED, True),
        ([{"@type": "Organization"}, GATED], True),
        ({"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, GATED]}, True),
        ({"isAccessibleForFree": "False"}, True),
        ({"isAccessibleForFree": "http://schema.org/False"}, True),
        ({"isAccessibleForFree": True}, False),
        ({"@graph": "x"}, False),
        (["x", 1, None], False),
        ("x", False),
    ],
    ids=range(9),
)
def test_what_a_page_says_is_read_in_every_form(data: object, says: bool) -> None:
    page = f'<p>a</p><SCRIPT nonce=x type="application/ld+json">{json.dumps(data)}</script>'
    assert machines.says_gated(page) is says


def test_broken_data_says_nothing() -> None:
    deep = "[" * 100_000
    for text in ("", "{", deep, '{"isAccessibleForFree": False}'):
        assert not machines.says_gated(f'<script type="application/ld+json">{text}</script>')


def test_pages_that_do_not_say_it_are_named() -> None:
    told_page, bare, gone = GatedPage("a", told=True), GatedPage("b"), GatedPage("c", silent="it answers 404")
    assert levels(machines.check_pages((told_page,), NOW)) == {"gated_pages": "ok"}
    assert levels(machines.check_pages((told_page, bare), NOW)) == {"gated_pages_untold": "note"}
    assert levels(machines.check_pages((gone,), NOW)) == {"gated_pages_unseen": "note"}
    assert levels(machines.check_pages((), NOW)) == {}


class SubjectWithArticles(Subject):
    """A stage whose table, in memory, has an open article and four gated ones, one of them on another website."""

    @cached_property
    def table(self) -> Table:
        table, site = MemoryTable(), self.site_origins[0]
        for name, where in (
            ("a", f"{site}/a"),
            ("b", f"{site}/b"),
            ("c", "http://127.0.0.1:9/c"),
            ("d", f"{site}/d"),
        ):
            articles.put(table, StoredArticleRow(name, "Т", where, MEMBERS, packed(""), None, 1))
        articles.put(table, StoredArticleRow("o", "Т", f"{site}/o", OPEN, packed(""), None, 1))
        return table


@pytest.fixture
def site() -> Iterator[SmallSite]:
    with serving() as found:
        yield found


def subject(site: SmallSite) -> Subject:
    file = Path(newsroom_file.__file__).parent.parent / "newsroom.toml"
    return SubjectWithArticles("dev", "test", "https://support.news.example", (site.origin,), "t", file)


def test_the_pages_of_gated_articles_on_the_website_are_read_and_no_others(site: SmallSite) -> None:
    told_page = f'<script type="application/ld+json">{json.dumps(GATED)}</script>'
    site.pages |= {"/a": (200, told_page), "/b": (200, "<p>b"), "/o": (200, "<p>o")}
    found = machines.gather_pages(subject(site))
    assert found == (
        GatedPage(f"{site.origin}/a", told=True),
        GatedPage(f"{site.origin}/b"),
        GatedPage(f"{site.origin}/d", silent="it answers 404"),
    )


@pytest.mark.parametrize(
    ("answer", "level"),
    [
        ((404, ""), {"robots_let_in": "warning"}),
        ((200, "<html>not here"), {"robots_let_in": "warning"}),
        ((503, ""), {"robots_unseen": "note"}),
    ],
    ids=["none", "a page", "down"],
)
def test_a_websites_file_is_asked_for(site: SmallSite, answer: tuple[int, str], level: dict[str, str]) -> None:
    site.pages["/robots.txt"] = answer
    assert levels(machines.check_robots(machines.gather_robots(subject(site)), NOW)) == level


def test_a_file_with_the_lines_is_fine(site: SmallSite) -> None:
    lines = robots.for_the_website(Machines(), license_url=LICENCE)
    site.pages["/robots.txt"], site.media_type = (200, lines), "text/plain"
    assert levels(machines.check_robots(machines.gather_robots(subject(site)), NOW)) == {"robots": "ok"}
