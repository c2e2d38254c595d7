"""Doctor on what machines are told: the websites' robots.txt, and what gated pages say of themselves."""

import json

import pytest

from chalicelib.machines.rules import agents, robots
from chalicelib.newsroom.rules import Machines
from ops.doctor.areas import machines
from ops.doctor.areas.machines import GatedPage, RobotsFacts, RobotsFile
from testkit.findings import levels

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
