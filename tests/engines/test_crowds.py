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

from chalicelib.rails.stripe.understand import HANDLED
from tests.engines.unguarded import leave_out_the_guard
from tests.support.till import ADA, Json, Till, at_once, one

Teller = Callable[[], Any]
TELLERS = ("session", "payment", "return", "sweep")


def takes_in(till: Till, event: Json) -> bool:
    return bool(till.take_in(event)["stored"])


def comes_back(till: Till, session: str) -> bool:
    return till.comes_back(session).checkout.id == session


def told_by(till: Till, interval: str) -> dict[str, Teller]:
    """A gift that nobody has heard of, with an event that waits in the inbox; who can tell of it, by name."""
    events = till.gives(1000, interval)
    first = one(events, "checkout.session.completed")
    payment = one(events, "invoice.paid" if interval == "month" else "payment_intent.succeeded")
    till.double.down = True
    till.take_in(first)
    till.double.down = False
    till.pass_time(600)
    session = first["data"]["object"]["id"]
    return {
        "session": partial(takes_in, till, first),
        "payment": partial(takes_in, till, payment),
        "return": partial(comes_back, till, session),
        "sweep": lambda: till.sweeps()["events"] >= 0,
    }


def let_go(till: Till, crowd: Sequence[Teller]) -> None:
    """All at once; nobody may fail. Then what is left over is swept up."""
    results = at_once(len(crowd), lambda number: crowd[number]())
    assert results == [True] * len(crowd)
    till.pass_time(3600)
    till.sweeps()


def assert_once(till: Till) -> None:
    books = till.books
    assert books.totals == {"eur": (1000, 1)}
    assert len(books.entries) == books.guards == len(books.mails) == 1
    assert [mail.to for mail in till.post.sent] == [ADA]
    assert till.access().tier == "member"
    waiting = [row["pk"] for row in till.kinds("EVT") if "gsi1pk" in row]
    assert waiting == []


@pytest.mark.parametrize("interval", ["once", "month"])
@pytest.mark.parametrize("pair", list(combinations_with_replacement(TELLERS, 2)), ids="+".join)
def test_any_two_tellers_at_once(till: Till, interval: str, pair: tuple[str, str]) -> None:
    tellers = told_by(till, interval)
    let_go(till, [tellers[name] for name in pair])
    assert_once(till)


@pytest.mark.parametrize("interval", ["once", "month"])
@pytest.mark.parametrize("count", [16, pytest.param(64, marks=pytest.mark.slow)])
def test_a_crowd_of_all_of_them(
    till: Till, interval: str, count: int, record_property: Callable[[str, object], None]
) -> None:
    tellers = told_by(till, interval)
    let_go(till, [tellers[TELLERS[number % 4]] for number in range(count)])
    assert_once(till)
    record_property("figures", f"{count} tellers from a barrier: 1 entry, 1 guard, 1 mail, doubled 0")


@pytest.mark.slow
def test_many_gifts_each_told_by_everybody_at_once(
    till: Till, record_property: Callable[[str, object], None]
) -> None:
    """Twelve gifts of four supporters; what each teller says, they say twice."""
    crowd: list[Teller] = []
    for number in range(12):
        events = till.gives(1000 + number, "month" if number % 3 == 0 else "once", f"{number % 4}@reader.example")
        session = one(events, "checkout.session.completed")["data"]["object"]["id"]
        for event in events:
            if event["type"] in HANDLED:
                crowd += [partial(takes_in, till, event)] * 2
        crowd += [partial(comes_back, till, session)] * 2
    let_go(till, crowd)
    books = till.books
    assert books.totals == {"eur": (sum(1000 + number for number in range(12)), 12)}
    assert len(books.entries) == books.guards == len(books.mails) == 12
    assert Counter(mail.to for mail in till.post.sent) == {f"{number}@reader.example": 3 for number in range(4)}
    assert sum(len(till.state(f"{number}@reader.example").standing.grants) for number in range(4)) == 8
    record_property("figures", f"{len(crowd)} tellers of 12 gifts at once: lost 0, doubled 0")


# ---- the negative control ----


@pytest.mark.parametrize("interval", ["once", "month"])
@pytest.mark.parametrize("count", [2, 16, pytest.param(64, marks=pytest.mark.slow)])
def test_without_the_guard_a_crowd_books_more_than_once(till: Till, interval: str, count: int) -> None:
    """Each of them counts by itself, and the proof notices."""
    tellers = told_by(till, interval)
    leave_out_the_guard(till)
    let_go(till, [tellers[TELLERS[number % 4]] for number in range(count)])
    assert len(till.books.entries) > 1
    assert till.totals()["eur"][1] > 1
