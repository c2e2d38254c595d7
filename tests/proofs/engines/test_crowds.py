"""One gift told by many at once, from a barrier: one entry, one sum, one mail (P5).

Who tells of it: a webhook of each event that Stripe sends about the gift, the return page, and the sweep, which finds
the first event in the inbox because Stripe was down when it came.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations_with_replacement
from typing import Any

import pytest

from chalicelib.kernel import keys
from chalicelib.rails.stripe.understand import HANDLED
from testkit.at_once import at_once
from testkit.harness import ADA, Harness
from testkit.webhooks import Json, one
from tests.proofs.engines.unguarded import leave_out_the_guard

pytestmark = pytest.mark.engine

Teller = Callable[[], Any]
TELLERS = ("session", "payment", "return", "sweep")


def takes_in(harness: Harness, event: Json) -> bool:
    return bool(harness.take_in(event)["stored"])


def comes_back(harness: Harness, session: str) -> bool:
    return harness.comes_back(session).checkout.id == session


def told_by(harness: Harness, interval: str) -> dict[str, Teller]:
    """A gift that nobody has heard of, with an event that waits in the inbox; who can tell of it, by name."""
    events = harness.gives(1000, interval)
    first = one(events, "checkout.session.completed")
    payment = one(events, "invoice.paid" if interval == "month" else "payment_intent.succeeded")
    harness.stripe.down = True
    harness.take_in(first)
    harness.stripe.down = False
    harness.pass_time(600)
    session = first["data"]["object"]["id"]
    return {
        "session": partial(takes_in, harness, first),
        "payment": partial(takes_in, harness, payment),
        "return": partial(comes_back, harness, session),
        "sweep": lambda: harness.sweeps()["events"] >= 0,
    }


def let_go(harness: Harness, crowd: Sequence[Teller]) -> None:
    """All at once; nobody may fail. Then what is left over is swept up."""
    results = at_once(len(crowd), lambda number: crowd[number]())
    assert results == [True] * len(crowd)
    harness.pass_time(3600)
    harness.sweeps()


def assert_once(harness: Harness) -> None:
    books = harness.books
    assert books.totals == {"eur": (1000, 1)}
    assert len(books.entries) == books.guards == len(books.mails) == 1
    assert [mail.to for mail in harness.mails.sent] == [ADA]
    assert harness.access().tier == "member"
    waiting = [row["pk"] for row in harness.kinds("EVT") if row.get("gsi1pk") in keys.all_inbox_work()]
    assert waiting == []


@pytest.mark.parametrize("interval", ["once", "month"])
@pytest.mark.parametrize("pair", list(combinations_with_replacement(TELLERS, 2)), ids="+".join)
def test_any_two_tellers_at_once(harness: Harness, interval: str, pair: tuple[str, str]) -> None:
    tellers = told_by(harness, interval)
    let_go(harness, [tellers[name] for name in pair])
    assert_once(harness)


@pytest.mark.parametrize("interval", ["once", "month"])
@pytest.mark.parametrize("count", [16, pytest.param(64, marks=pytest.mark.slow)])
def test_a_crowd_of_all_of_them(
    harness: Harness, interval: str, count: int, record_property: Callable[[str, object], None]
) -> None:
    tellers = told_by(harness, interval)
    let_go(harness, [tellers[TELLERS[number % 4]] for number in range(count)])
    assert_once(harness)
    record_property("figures", f"{count} tellers from a barrier: 1 entry, 1 guard, 1 mail, doubled 0")


@pytest.mark.slow
def test_many_gifts_each_told_by_everybody_at_once(
    harness: Harness, record_property: Callable[[str, object], None]
) -> None:
    """Twelve gifts of four supporters; what each teller says, they say twice."""
    crowd: list[Teller] = []
    for number in range(12):
        events = harness.gives(1000 + number, "month" if number % 3 == 0 else "once", f"{number % 4}@reader.example")
        session = one(events, "checkout.session.completed")["data"]["object"]["id"]
        for event in events:
            if event["type"] in HANDLED:
                crowd += [partial(takes_in, harness, event)] * 2
        crowd += [partial(comes_back, harness, session)] * 2
    let_go(harness, crowd)
    books = harness.books
    assert books.totals == {"eur": (sum(1000 + number for number in range(12)), 12)}
    assert len(books.entries) == books.guards == len(books.mails) == 12
    assert Counter(mail.to for mail in harness.mails.sent) == {f"{number}@reader.example": 3 for number in range(4)}
    assert sum(len(harness.state(f"{number}@reader.example").standing.grants) for number in range(4)) == 8
    record_property("figures", f"{len(crowd)} tellers of 12 gifts at once: lost 0, doubled 0")


# ---- the negative control ----


@pytest.mark.parametrize("interval", ["once", "month"])
@pytest.mark.parametrize("count", [2, 16, pytest.param(64, marks=pytest.mark.slow)])
def test_without_the_guard_a_crowd_books_more_than_once(harness: Harness, interval: str, count: int) -> None:
    """Each of them counts by itself, and the proof notices."""
    tellers = told_by(harness, interval)
    leave_out_the_guard(harness)
    let_go(harness, [tellers[TELLERS[number % 4]] for number in range(count)])
    assert len(harness.books.entries) > 1
    assert harness.totals()["eur"][1] > 1
