"""Gift links in a crowd: exactly fifty read by one, and a month has exactly as many as it may, on both engines."""

import time

import pytest

from chalicelib.articles.rules.policy import MEMBERS
from chalicelib.gift_links.actions.give_article import MadeLink, give_article
from chalicelib.kernel.errors import Conflict, TooMany
from chalicelib.reading.actions.use_gift_link import GiftUse, PresentedGift, use_gift_link
from chalicelib.reading.rows import gift_links as rows
from chalicelib.reading.rules import gift_links as rules
from chalicelib.supporters.actions.sessions import OpenSession, read_session
from testkit.at_once import at_once
from testkit.gift_links import given, put
from testkit.harness import EMAIL_KEY, Harness
from testkit.own_address import supports
from testkit.people import SESSION
from testkit.tables import Around, Unguarded

pytestmark = pytest.mark.engine

THREADS, ROUNDS = 64, 16  # 1024 uses of one link


def crowd(harness: Harness, token: str, rounds: int = ROUNDS) -> list[GiftUse]:
    """So many browsers that have never been here, as many at once."""
    used: list[GiftUse] = []
    for _ in range(rounds):
        found = at_once(
            THREADS,
            lambda _: use_gift_link(
                "mist",
                MEMBERS,
                PresentedGift(token, {}, opens_page=True),
                harness.table,
                harness.newsroom,
                key=EMAIL_KEY,
                now=harness.now(),
            ),
        )
        assert all(isinstance(one, GiftUse) for one in found), found
        used += [one for one in found if isinstance(one, GiftUse)]
    return used


def counted(harness: Harness, token: str) -> int:
    """What the link says."""
    link = rows.read(harness.table, rules.link_of(token, EMAIL_KEY) or "")
    assert link
    return link.readers


def test_a_thousand_uses_from_sixty_four_threads_are_fifty_readers(harness: Harness) -> None:
    _, token = given(harness)
    used = crowd(harness, token)
    assert sum(one.opens for one in used) == counted(harness, token) == 50
    assert {one.ended for one in used if not one.opens} == {"used_up"}
    marks = {mark for one in used for mark, _ in one.marks}
    assert len(marks) == 1, "all hold the same mark, which tells nobody from another"


def test_without_the_condition_more_would_read(harness: Harness) -> None:
    """The negative control: a count that is looked at before it is written."""
    _, token = given(harness)
    slow = Around(
        harness.table, lambda _call, _what: time.sleep(0.002)
    )  # in memory each would be done before the next
    harness.table = Unguarded(slow, "GIFTLINK#")
    used = crowd(harness, token, 2)
    assert sum(one.opens for one in used) > 50


def test_who_ends_a_link_in_a_crowd_counts_nobody_after_it(harness: Harness) -> None:
    _, token = given(harness)
    link = rows.read(harness.table, rules.link_of(token, EMAIL_KEY) or "")
    assert link
    presented = PresentedGift(token, {}, opens_page=True)

    def act(number: int) -> int:
        if number == THREADS // 2:
            harness.table.write(rows.revoke(link))
            return counted(harness, token)
        use_gift_link("mist", MEMBERS, presented, harness.table, harness.newsroom, key=EMAIL_KEY, now=harness.now())
        return 0

    at_its_end = at_once(THREADS, act)[THREADS // 2]
    assert counted(harness, token) == at_its_end


def has_much_to_give(harness: Harness) -> OpenSession:
    """A supporter with as many articles as there are threads."""
    for number in range(THREADS):
        put(harness, article=f"a{number}")
    giver = supports(harness)
    session = read_session(harness.table, giver.cookies[SESSION], harness.real_now())
    assert session
    return session


def test_a_month_has_five_however_many_are_asked_for_at_once(harness: Harness) -> None:
    session = has_much_to_give(harness)
    found = at_once(THREADS, lambda number: give_article(f"a{number}", session, harness.wiring))
    made = [one for one in found if isinstance(one, MadeLink)]
    assert len({one.link.id for one in made}) == len(rows.given_by(harness.table, session.supporter)) == 5
    assert all(isinstance(one, (TooMany, Conflict)) for one in found if not isinstance(one, MadeLink)), found


def test_without_its_number_a_month_would_have_more(harness: Harness) -> None:
    """The negative control: two that are made at once take the same number, and one writes over the other."""
    session = has_much_to_give(harness)
    harness.table = Unguarded(harness.table, "SUP#")
    found = at_once(THREADS, lambda number: give_article(f"a{number}", session, harness.wiring))
    assert len([one for one in found if isinstance(one, MadeLink)]) > 5
