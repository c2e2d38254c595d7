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
from testkit.harness import Harness
from testkit.reconciling import reconciles
from testkit.webhooks import Json

DAY = 86_400
FEE = 1500


def disputed(harness: Harness, *moved: int, rate: float | None = None, bare: bool = False) -> list[Json]:
    """25 euro, disputed; then these amounts in US cents, a day apart. Answers the events of each movement.

    :param rate: what Stripe says it used; often it says nothing.
    """
    harness.tell(harness.gives(2500))
    harness.stripe.bank_disputes(harness.stripe.of("payment_intent")[-1]["id"], inquiry=True)
    events: list[Json] = []
    for amount in moved:
        harness.pass_time(DAY)
        harness.stripe.account.seconds = harness.clock.business
        events += harness.stripe.happens(_moves(amount, rate))
    if bare:
        (made,) = harness.stripe.of("dispute")
        names = [one["id"] for one in made["balance_transactions"]]
        harness.stripe.on_answer = lambda name, answer: (
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


def booked(harness: Harness) -> list[int]:
    """What disputes moved by our books, in order of time."""
    found = sorted(harness.books.entries, key=lambda entry: int(entry["occurred_at"]))
    return [int(entry["amount"]) for entry in found if entry["kind"] == "dispute"]


def lost(harness: Harness) -> int:
    return ledger_sums.totals(harness.table)["eur"].dispute_lost


def money(harness: Harness) -> MoneyTally:
    """What the money ring found."""
    part = reconciles(harness, ["money"]).parts["money"]
    assert isinstance(part, MoneyTally)
    return part


def rebuilt(harness: Harness) -> list[Any]:
    """What the books say against themselves and the stored events."""
    return rebuild(
        harness.table,
        harness.wiring.secrets["SPILNO_EMAIL_KEY"],
        rails=RAILS,
        repair=False,
        now=harness.now(),
        zone=harness.newsroom.zone,
    ).differences


PARTLY = (-2711, 980)
APPEALED = (-2711, 980, -980, 2650)
IN_EUROS = [-2500, 904, -904, 2444]


@pytest.mark.parametrize("bare", [False, True])
def test_what_is_reinstated_is_scaled_by_what_was_withdrawn(harness: Harness, bare: bool) -> None:
    harness.tell(disputed(harness, *PARTLY, bare=bare))
    assert (booked(harness), lost(harness)) == ([-2500, 904], 1596)
    assert harness.access().tier is None, "the bank holds a part of it"
    (reversal,) = harness.state().standing.reversals
    assert list(reversal.disputes.values()) == [1596]
    assert rebuilt(harness) == []


def test_a_whole_reinstatement_is_whole(harness: Harness) -> None:
    harness.tell(disputed(harness, -2711, 2711))
    assert (booked(harness), lost(harness)) == ([-2500, 2500], 0)
    assert harness.access().tier == "member"


@pytest.mark.parametrize("order", list(permutations(range(4)))[::3])
def test_in_whatever_order_it_is_told_a_movement_has_one_amount(harness: Harness, order: tuple[int, ...]) -> None:
    events = disputed(harness, *APPEALED)
    harness.tell([events[at] for at in order])
    assert booked(harness) == IN_EUROS


def test_told_while_only_the_first_was_made_nothing_changes_later(harness: Harness) -> None:
    (withdrawn,) = disputed(harness, -2711)
    harness.tell([withdrawn])
    assert booked(harness) == [-2500]
    for at, amount in enumerate(APPEALED[1:], 1):
        harness.pass_time(DAY)
        harness.stripe.account.seconds = harness.clock.business
        harness.tell(harness.stripe.happens(_moves(amount, None)))
        assert booked(harness) == IN_EUROS[: at + 1]
    harness.tell([withdrawn | {"id": "evt_again"}])
    assert booked(harness) == IN_EUROS
    assert rebuilt(harness) == []


# ---- reconcile ----

RATE = 1.0844  # 2500 by it are 2711


@pytest.mark.parametrize("rate", [None, RATE])
@pytest.mark.parametrize("moved", [PARTLY, APPEALED])
def test_a_right_booking_is_no_difference(harness: Harness, moved: tuple[int, ...], rate: float | None) -> None:
    harness.tell(disputed(harness, *moved, rate=rate))
    found = money(harness)
    assert (found.differences, found.bad_lines) == ([], [])
    assert found.currencies["eur"].unexplained == 0
    assert found.currencies["eur"].ledger == 2500 + sum(IN_EUROS[: len(moved)])


@pytest.mark.parametrize("rate", [None, RATE])
def test_a_wrong_booking_is_told_with_what_it_is_off_by(harness: Harness, rate: float | None) -> None:
    """As they were booked before: whatever came back was taken for all of it."""
    harness.tell(disputed(harness, *PARTLY, rate=rate))
    (entry,) = (one for one in harness.books.entries if one["kind"] == "dispute" and one["amount"] > 0)
    harness.table.write(Update((entry["pk"], entry["sk"]), set={"amount": 2500}))
    found = money(harness)
    assert found.differences == [entry["id"]]
    assert found.currencies["eur"].unexplained == 904 - 2500


def test_a_withdrawal_that_is_wrong_itself_is_told_by_stripes_rate(harness: Harness) -> None:
    """The same mistake in the scale of both would be in proportion: the rate knows better."""
    harness.tell(disputed(harness, *PARTLY, rate=RATE))
    for entry in harness.books.entries:
        if entry["kind"] == "dispute":
            harness.table.write(Update((entry["pk"], entry["sk"]), set={"amount": int(entry["amount"]) * 2}))
    found = money(harness)
    assert len(found.differences) == 2
    assert found.currencies["eur"].unexplained == 2500 - 904


@pytest.mark.parametrize("rate", [None, RATE])
def test_what_no_event_told_is_booked_and_agrees(harness: Harness, rate: float | None) -> None:
    disputed(harness, *APPEALED, rate=rate)
    found = money(harness)
    assert (booked(harness), found.differences, found.faults) == (IN_EUROS, [], 0)
    assert found.currencies["eur"].unexplained == 0


def test_money_that_came_back_and_was_never_taken_is_told_not_guessed(harness: Harness) -> None:
    events = disputed(harness, 980)
    assert not harness.take_in(events[0])["applied"]
    assert booked(harness) == []
    found = money(harness)
    assert [bad.why for bad in found.bad_lines] == ["ValueError"]


@pytest.mark.parametrize(("currency", "given"), [("uah", 100_000), ("jpy", 5000), ("czk", 25_000)])
def test_gifts_refunds_and_failed_refunds_settled_elsewhere_agree(
    harness: Harness, currency: str, given: int
) -> None:
    """A part back, a part back that the bank returned: each in the giver's currency, whatever the day's rate."""
    harness.wiring.newsroom = with_currency(harness, currency)
    harness.stripe.happens(lambda account: set_settlement(account, "eur"))
    harness.tell(harness.gives(given, currency=currency))
    payment = str(harness.stripe.of("payment_intent")[-1]["id"])
    harness.tell(harness.stripe.gives_back(payment, given // 4))
    harness.tell(harness.stripe.gives_back(payment, given // 5))
    harness.tell(harness.stripe.bank_returns(harness.stripe.of("refund")[-1]["id"]))
    harness.tell(harness.stripe.bank_disputes(payment))
    found = money(harness)
    assert (found.differences, found.bad_lines) == ([], [])
    assert set(found.currencies) == {currency}
    assert found.currencies[currency].unexplained == 0


def with_currency(harness: Harness, currency: str) -> Any:
    """A newsroom that takes this one as it takes euro."""
    from dataclasses import replace

    rules = replace(harness.newsroom.currencies["eur"], maximum=10_000_000)
    return replace(harness.newsroom, currencies={**harness.newsroom.currencies, currency: rules})
