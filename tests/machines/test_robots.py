"""The lines of robots.txt, as robots read them: who may fetch what, for every row of the table."""

from dataclasses import fields
from itertools import product
from urllib.robotparser import RobotFileParser

import pytest

from chalicelib.machines.rules import agents, robots
from chalicelib.machines.rules.headers import headers
from chalicelib.newsroom.rules import Machines, Taken
from ops.doctor.robots_file import may_fetch

LICENCE = "https://support.news.example/license.xml"
ROWS = [row.name for row in fields(Machines)]
WORDS: tuple[Taken, ...] = ("teaser", "nothing")
OPEN = Machines(ai_training="teaser")
# Of the row that is taken away: who may no longer fetch the website, and our own pages of articles.
SHUT = {
    "search": ((), ()),
    "preview": ((), agents.PREVIEW),
    "archive": (agents.ARCHIVE, agents.ARCHIVE),
    "ai_answers": (agents.AI_ANSWERS, agents.AI_ANSWERS),
    "ai_training": (agents.AI_TRAINING, agents.AI_TRAINING),
}
EVERYBODY = (
    *agents.PREVIEW,
    *agents.ARCHIVE,
    *agents.AI_ANSWERS,
    *agents.AI_TRAINING,
    "Googlebot",
    "Bingbot",
    "some",
)
SITES_OWN = "User-agent: *\nDisallow: /wp-admin/\nSitemap: https://news.example/sitemap.xml\n"


def only(row: str) -> Machines:
    return Machines(**{**vars(OPEN), row: "nothing"})


@pytest.mark.parametrize("row", ROWS)
def test_a_row_shuts_out_those_that_it_names_and_nobody_else(row: str) -> None:
    website = robots.for_the_website(only(row), license_url=LICENCE)
    ours = robots.for_our_host(only(row), license_url=LICENCE, below="/support")
    from_website, from_ours = SHUT[row]
    assert {name for name in EVERYBODY if not may_fetch(website, name, "/2026/11/mist/")} == set(from_website)
    for path in ("/support/read/mist", "/support/v1/articles/mist"):
        assert {name for name in EVERYBODY if not may_fetch(ours, name, path)} == set(from_ours)
    assert all(may_fetch(ours, name, "/support/donate") for name in EVERYBODY)


LEFT_OPEN = ("User-agent: *\nSitemap: https://news.example/sitemap.xml\n\n", "User-agent: Googlebot\n")


@pytest.mark.parametrize("left_open", LEFT_OPEN, ids=["everybody", "google"])
def test_a_group_that_the_websites_own_file_left_open_is_not_shut_with_ours(left_open: str) -> None:
    """As happened to websites that appended a list of AI crawlers (ai-robots-txt/ai.robots.txt, issue 215)."""
    lines = robots.for_the_website(Machines(), license_url=LICENCE)
    assert may_fetch(left_open + lines, "Googlebot", "/")
    # The negative control: without the empty rule nobody might come.
    assert not may_fetch(left_open + lines.replace("Disallow:\n", ""), "Googlebot", "/")


@pytest.mark.parametrize("words", list(product(WORDS, repeat=len(ROWS))), ids="-".join)
def test_appended_to_a_websites_own_file_its_rules_stay(words: tuple[Taken, ...]) -> None:
    lines = robots.for_the_website(Machines(*words), license_url=LICENCE)
    both = SITES_OWN + "\n" + lines
    assert not may_fetch(both, "Googlebot", "/wp-admin/x")
    assert may_fetch(both, "Googlebot", "/mist")
    # A parser of another school, which takes the first rule that fits: no robot gains or loses anything there either.
    first_rule = RobotFileParser()
    first_rule.parse(both.splitlines())
    assert not first_rule.can_fetch("Googlebot", "/wp-admin/x")
    shut = robots.shut_out(Machines(*words))
    assert [name for name in EVERYBODY if not first_rule.can_fetch(name, "/mist")] == [
        name for name in EVERYBODY if name in shut
    ]


@pytest.mark.parametrize("words", list(product(WORDS, repeat=len(ROWS))), ids="-".join)
def test_all_that_is_said_agrees(words: tuple[Taken, ...]) -> None:
    policy = Machines(*words)
    lines = robots.for_the_website(policy, license_url=LICENCE)
    assert lines.count(f"License: {LICENCE}\n") == 1
    signals = {"search": "teaser", "ai-input": policy.ai_answers, "ai-train": policy.ai_training}
    assert (
        "Content-Signal: "
        + ", ".join(f"{name}={'yes' if taken == 'teaser' else 'no'}" for name, taken in signals.items())
        in lines.splitlines()
    )
    told = headers(policy, license_url=LICENCE)
    assert told["Link"] == f'<{LICENCE}>; rel="license"; type="application/rsl+xml"'
    assert told["TDM-Reservation"] == ("1" if policy.ai_training == "nothing" else "0")
    tag = told.get("X-Robots-Tag", "").split(", ")
    assert ("noindex" in tag) == (policy.search == "nothing")
    if policy.ai_answers == "nothing":
        assert "noarchive" in tag
        assert "nocache" not in tag, "Bing would read the weaker word."
    elif policy.ai_training == "nothing":
        assert "nocache" in tag


def test_no_name_stands_in_two_classes_or_could_be_more_than_a_name() -> None:
    names = [name.lower() for name in (*agents.PREVIEW, *agents.ARCHIVE, *agents.AI_ANSWERS, *agents.AI_TRAINING)]
    assert len(set(names)) == len(names)
    assert all(name.replace("-", "").replace("_", "").replace(".", "").isalnum() for name in names)
