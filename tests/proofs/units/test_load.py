"""The load's look at the books: what is lost, doubled or closed is noticed. And a short real one."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.load import books, drive, told
from bench.load.books import Paying, Payment
from bench.load.drive import Kind, Outcome

TOTALS = {"eur": {"gross": 1500, "refunded": 0, "dispute_lost": 0, "net": 1500, "payments": 2}}
BOOKS = {"eur": {"paid": 1500, "refunded": 0, "lost": 0, "net": 1500, "payments": 2, "fees": 79}}
LEDGER = [
    {"id": "pi_1", "kind": "gift", "amount": 500, "currency": "eur"},
    {"id": "pi_2", "kind": "gift", "amount": 1000, "currency": "eur"},
    {"id": "re_1", "kind": "refund", "amount": -100, "currency": "eur"},
]
PAYMENTS = [Payment("pi_1", 500, "eur"), Payment("pi_2", 1000, "eur")]


def test_books_that_are_right() -> None:
    assert books.sums(TOTALS, BOOKS) == []
    assert books.entries(LEDGER, PAYMENTS) == []
    assert books.access([Paying("a@x", "member", "member"), Paying("b@x", None, None)]) == []


def test_a_lost_payment_is_noticed() -> None:
    assert books.entries(LEDGER[1:], PAYMENTS) == ["pi_1 of 500 eur is lost"]
    assert books.sums({"eur": {**TOTALS["eur"], "payments": 1}}, BOOKS) == ["eur payments: 1 with us, 2 at Stripe"]


def test_a_doubled_payment_is_noticed() -> None:
    assert books.entries([*LEDGER, LEDGER[0]], PAYMENTS) == ["pi_1 is in the ledger 2 times"]
    assert books.sums({"eur": {**TOTALS["eur"], "gross": 2000}}, BOOKS) == ["eur gross: 2000 with us, 1500 at Stripe"]


def test_a_payment_of_another_amount_or_that_nobody_made_is_noticed() -> None:
    assert books.entries(LEDGER, [PAYMENTS[0], Payment("pi_2", 999, "eur")]) != []
    assert books.entries(LEDGER, PAYMENTS[:1]) == ["pi_2 is in the ledger and not at Stripe"]


def test_a_currency_that_only_one_of_them_knows_is_noticed() -> None:
    assert books.sums({}, BOOKS) != []
    assert books.sums(TOTALS, {}) != []


def test_access_that_is_less_or_more_than_paid_for_is_noticed() -> None:
    wrong = books.access([Paying("a@x", "member", None), Paying("b@x", None, "member")])
    assert wrong == ["a@x earned member and has None", "b@x earned None and has member"]


def test_nothing_paid_is_not_good_either() -> None:
    """A load that drove nothing shows nothing."""
    kinds = [Kind("gate check", 10, 0, 5, 9)]
    assert Outcome(kinds, [], 3, 3, []).good
    assert not Outcome(kinds, [], 0, 0, []).good
    assert not Outcome(kinds, ["checkout: 1 of 9"], 3, 3, []).good
    wrong = Outcome(kinds, [], 3, 3, ["pi_1 of 500 eur is lost"])
    assert not wrong.good
    assert "WRONG" in told.plain(wrong)
    assert "pi_1 of 500 eur is lost" in told.plain(wrong)


@pytest.mark.stack
@pytest.mark.slow
@pytest.mark.skipif(
    not (drive.LOCUST.exists() or "CI" in os.environ), reason="`make load` makes the driver's environment"
)
def test_readers_at_once_and_everything_told_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    """The one test in which whole processes meet under load: gateway, stand-in, table, mailbox, schedule."""
    monkeypatch.delenv("SPILNO_PROXY_SECRET", raising=False)  # a stack of its own, whatever else runs here
    with drive.place(tmp_path) as at:
        outcome = drive.drive(at, tmp_path, users=6, seconds=6)
    assert outcome.errors == []
    assert outcome.wrong == []
    assert outcome.payments >= outcome.readers > 0
    asked = sum(kind.requests for kind in outcome.kinds)
    record_property(
        "figures", f"{asked} requests, {outcome.payments} payments told twice, errors 0, lost 0, doubled 0"
    )
