"""Promise P5 for money that goes back: everybody tells of it at once, from a barrier; one row, one sum, one mail.

Who tells: the webhook of each event about it and about its gift, the return page, and the sweep, which finds the
first of them in the inbox. Nothing of the gift was heard before, so that some of them book both.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from chalicelib.ledger.rows import sums as ledger_sums
from testkit.at_once import at_once
from testkit.harness import ADA, Harness
from testkit.tables import Unguarded
from testkit.webhooks import Json, one

Record = Callable[[str, object], None]
COUNTS = [2, 16, pytest.param(64, marks=pytest.mark.slow)]

pytestmark = pytest.mark.engine


def payment_of(harness: Harness) -> str:
    """The newest payment at Stripe."""
    return str(harness.stripe.of("payment_intent")[-1]["id"])


def crowd(harness: Harness, gift: list[Json], back: list[Json], count: int) -> list[Callable[[], Any]]:
    """So many tellers, those of the money that went back first."""
    session = one(gift, "checkout.session.completed")
    harness.stripe.down = True
    harness.take_in(back[0])
    harness.stripe.down = False
    harness.pass_time(600)
    each: list[Callable[[], Any]] = [partial(harness.take_in, event) for event in back]
    each += [harness.sweeps, partial(harness.take_in, session)]
    each += [partial(harness.comes_back, session["data"]["object"]["id"])]
    return [each[number % len(each)] for number in range(count)]


def let_go(tellers: list[Callable[[], Any]], harness: Harness) -> None:
    """All at once; nobody may fail. Then Stripe delivers what is left, and the sweep runs."""
    results = at_once(len(tellers), lambda number: tellers[number]())
    assert [result for result in results if isinstance(result, BaseException)] == []
    for _ in range(2):
        harness.pass_time(3600)
        harness.sweeps()


def amounts(harness: Harness) -> list[tuple[str, int]]:
    return sorted((str(entry["kind"]), int(entry["amount"])) for entry in harness.books.entries)


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("interval", ["once", "month"])
def test_a_refund_told_by_many_at_once_is_booked_and_told_once(
    harness: Harness, interval: str, count: int, record_property: Record
) -> None:
    gift = harness.gives(1000, interval)
    back = harness.stripe.gives_back(payment_of(harness))
    refund = harness.stripe.of("refund")[0]["id"]
    let_go(crowd(harness, gift, back, count), harness)
    assert amounts(harness) == [("gift", 1000), ("refund", -1000)]
    assert harness.books.guards == 2
    assert harness.books.mails.count(f"{refund}:told") == 1
    assert [mail.to for mail in harness.mails.sent] == [ADA, ADA], "thanks, and that it went back"
    assert harness.access().tier is None
    record_property("figures", f"{count} tellers from a barrier: 1 refund, 1 mail, doubled 0")


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("interval", ["once", "month"])
def test_a_withdrawal_told_by_many_at_once_is_booked_once(
    harness: Harness, interval: str, count: int, record_property: Record
) -> None:
    gift = harness.gives(1000, interval)
    back = harness.stripe.bank_disputes(payment_of(harness))
    let_go(crowd(harness, gift, back, count), harness)
    assert amounts(harness) == [("dispute", -1000), ("gift", 1000)]
    assert harness.books.guards == 2
    assert [mail.to for mail in harness.mails.sent] == [ADA], "who disputes has asked their own bank: only the thanks"
    assert harness.access().tier is None
    won = harness.stripe.bank_decides(harness.stripe.of("dispute")[0]["id"], won=True)
    let_go([partial(harness.take_in, won[number % len(won)]) for number in range(count)], harness)
    assert amounts(harness) == [("dispute", -1000), ("dispute", 1000), ("gift", 1000)]
    assert harness.access().tier == "member"
    record_property("figures", f"{count} tellers from a barrier: 1 withdrawal, then 1 reinstatement, doubled 0")


def test_without_the_guard_a_refund_told_by_sixteen_counts_more_than_once(harness: Harness) -> None:
    """The negative control: with nothing named after the movement in the way, every teller books."""
    gift = harness.gives(1000)
    back = harness.stripe.gives_back(payment_of(harness))
    bare = Unguarded(harness.table, "MONEY#", drop=True)
    harness.table = Unguarded(Unguarded(bare, "SUP#", "MONEY#"), "MAIL#")
    let_go(crowd(harness, gift, back, 16), harness)
    assert ledger_sums.totals(harness.table)["eur"].refunded > 1000
