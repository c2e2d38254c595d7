"""Money that settled in another currency: booked in the giver's, and held against Stripe's own rate by reconcile."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from chalicelib.kernel.table import Update
from chalicelib.ledger.rows import sums as ledger_sums
from chalicelib.rails.registry import RAILS
from chalicelib.rebuild.actions.rebuild import rebuild
from chalicelib.reconciling.run import MoneyTally
from localdev.stripe.account import Account
from localdev.stripe.balance import set_settlement
from localdev.stripe.objects import payments as build
from tests.support.reconciling import reconciles
from tests.support.till import Json, Till

DAY = 86_400
FEE = 1500


def disputed(till: Till, *moved: int, rate: float | None = None, bare: bool = False) -> list[Json]:
    """25 euro, disputed; then these amounts in US cents, a day apart. Answers the events of each movement.

    :param rate: what Stripe says it used; often it says nothing.
    """
    till.tell(till.gives(2500))
    till.double.bank_disputes(till.double.of("payment_intent")[-1]["id"], inquiry=True)
    events: list[Json] = []
    for amount in moved:
        till.pass_time(DAY)
        till.double.account.seconds = till.business
        events += till.double.happens(_moves(amount, rate))
    if bare:
        (made,) = till.double.of("dispute")
        names = [one["id"] for one in made["balance_transactions"]]
        till.double.on_answer = lambda name, answer: (
            answer | {"balance_transactions": names} if name == "dispute" else answer
        )
    return events


def _moves(amount: int, rate: float | None) -> Callable[[Account], None]:
    def work(account: Account) -> None:
        (made,) = account.store.find("dispute")
        cost = FEE if amount < 0 else 0
        entry = build.balance_transaction(account.now(), "adjustment", amount, "usd", made["id"], cost=cost)
        entry["exchange_rate"] = rate
        account.put(entry)
        made |= {
            "status": "needs_response" if amount < 0 else "under_review",
            "balance_transactions": [entry, *made["balance_transactions"]],  # in no order that we know of
        }
        account.put(made)
        account.emit(f"charge.dispute.funds_{'withdrawn' if amount < 0 else 'reinstated'}", made)

    return work


def booked(till: Till) -> list[int]:
    """What disputes moved by our books, in order of time."""
    found = sorted(till.books.entries, key=lambda entry: int(entry["occurred_at"]))
    return [int(entry["amount"]) for entry in found if entry["kind"] == "dispute"]


def lost(till: Till) -> int:
    return ledger_sums.totals(till.table)["eur"].dispute_lost


def money(till: Till) -> MoneyTally:
    """What the money ring found."""
    part = reconciles(till, ["money"]).parts["money"]
    assert isinstance(part, MoneyTally)
    return part


def rebuilt(till: Till) -> list[Any]:
    """What the books say against themselves and the stored events."""
    return rebuild(
        till.table,
        till.secrets["SPILNO_EMAIL_KEY"],
        rails=RAILS,
        repair=False,
        now=till.business,
        zone=till.newsroom.zone,
    ).differences


PARTLY = (-2711, 980)
APPEALED = (-2711, 980, -980, 2650)
IN_EUROS = [-2500, 904, -904, 2444]


@pytest.mark.parametrize("bare", [False, True])
def test_what_is_reinstated_is_scaled_by_what_was_withdrawn(till: Till, bare: bool) -> None:
    till.tell(disputed(till, *PARTLY, bare=bare))
    assert (booked(till), lost(till)) == ([-2500, 904], 1596)
    assert till.access().tier is None, "the bank holds a part of it"
    (reversal,) = till.state().standing.reversals
    assert list(reversal.disputes.values()) == [1596]
    assert rebuilt(till) == []


def test_a_whole_reinstatement_is_whole(till: Till) -> None:
    till.tell(disputed(till, -2711, 2711))
    assert (booked(till), lost(till)) == ([-2500, 2500], 0)
    assert till.access().tier == "member"


@pytest.mark.parametrize("order", list(permutations(range(4)))[::3])
def test_in_whatever_order_it_is_told_a_movement_has_one_amount(till: Till, order: tuple[int, ...]) -> None:
    events = disputed(till, *APPEALED)
    till.tell([events[at] for at in order])
    assert booked(till) == IN_EUROS


def test_told_while_only_the_first_was_made_nothing_changes_later(till: Till) -> None:
    (withdrawn,) = disputed(till, -2711)
    till.tell([withdrawn])
    assert booked(till) == [-2500]
    for at, amount in enumerate(APPEALED[1:], 1):
        till.pass_time(DAY)
        till.double.account.seconds = till.business
        till.tell(till.double.happens(_moves(amount, None)))
        assert booked(till) == IN_EUROS[: at + 1]
    till.tell([withdrawn | {"id": "evt_again"}])
    assert booked(till) == IN_EUROS
    assert rebuilt(till) == []


# ---- reconcile ----

RATE = 1.0844  # 2500 by it are 2711


@pytest.mark.parametrize("rate", [None, RATE])
@pytest.mark.parametrize("moved", [PARTLY, APPEALED])
def test_a_right_booking_is_no_difference(till: Till, moved: tuple[int, ...], rate: float | None) -> None:
    till.tell(disputed(till, *moved, rate=rate))
    found = money(till)
    assert (found.differences, found.bad_lines) == ([], [])
    assert found.currencies["eur"].unexplained == 0
    assert found.currencies["eur"].ledger == 2500 + sum(IN_EUROS[: len(moved)])


@pytest.mark.parametrize("rate", [None, RATE])
def test_a_wrong_booking_is_told_with_what_it_is_off_by(till: Till, rate: float | None) -> None:
    """As they were booked before: whatever came back was taken for all of it."""
    till.tell(disputed(till, *PARTLY, rate=rate))
    (entry,) = (one for one in till.books.entries if one["kind"] == "dispute" and one["amount"] > 0)
    till.table.write(Update((entry["pk"], entry["sk"]), set={"amount": 2500}))
    found = money(till)
    assert found.differences == [entry["id"]]
    assert found.currencies["eur"].unexplained == 904 - 2500


def test_a_withdrawal_that_is_wrong_itself_is_told_by_stripes_rate(till: Till) -> None:
    """The same mistake in the scale of both would be in proportion: the rate knows better."""
    till.tell(disputed(till, *PARTLY, rate=RATE))
    for entry in till.books.entries:
        if entry["kind"] == "dispute":
            till.table.write(Update((entry["pk"], entry["sk"]), set={"amount": int(entry["amount"]) * 2}))
    found = money(till)
    assert len(found.differences) == 2
    assert found.currencies["eur"].unexplained == 2500 - 904


@pytest.mark.parametrize("rate", [None, RATE])
def test_what_no_event_told_is_booked_and_agrees(till: Till, rate: float | None) -> None:
    disputed(till, *APPEALED, rate=rate)
    found = money(till)
    assert (booked(till), found.differences, found.faults) == (IN_EUROS, [], 0)
    assert found.currencies["eur"].unexplained == 0


def test_money_that_came_back_and_was_never_taken_is_told_not_guessed(till: Till) -> None:
    events = disputed(till, 980)
    assert not till.take_in(events[0])["applied"]
    assert booked(till) == []
    found = money(till)
    assert [bad.why for bad in found.bad_lines] == ["ValueError"]


@pytest.mark.parametrize(("currency", "given"), [("uah", 100_000), ("jpy", 5000), ("czk", 25_000)])
def test_gifts_refunds_and_failed_refunds_settled_elsewhere_agree(till: Till, currency: str, given: int) -> None:
    """A part back, a part back that the bank returned: each in the giver's currency, whatever the day's rate."""
    till.newsroom = with_currency(till, currency)
    till.double.happens(lambda account: set_settlement(account, "eur"))
    till.tell(till.gives(given, currency=currency))
    payment = str(till.double.of("payment_intent")[-1]["id"])
    till.tell(till.double.gives_back(payment, given // 4))
    till.tell(till.double.gives_back(payment, given // 5))
    till.tell(till.double.bank_returns(till.double.of("refund")[-1]["id"]))
    till.tell(till.double.bank_disputes(payment))
    found = money(till)
    assert (found.differences, found.bad_lines) == ([], [])
    assert set(found.currencies) == {currency}
    assert found.currencies[currency].unexplained == 0


def with_currency(till: Till, currency: str) -> Any:
    """A newsroom that takes this one as it takes euro."""
    from dataclasses import replace

    rules = replace(till.newsroom.currencies["eur"], maximum=10_000_000)
    return replace(till.newsroom, currencies={**till.newsroom.currencies, currency: rules})
