"""Money without our mark whose payer we know: it is told, and wakes somebody once."""

import json
import logging
from typing import Any

import pytest
from click.testing import CliRunner

from chalicelib.kernel import keys
from chalicelib.kernel.table import Delete
from chalicelib.reconciling.run import KnownForeign, MoneyTally
from ops import reconcile as reconcile_command
from ops.__main__ import main
from testkit.harness import ADA, BEN, Harness
from testkit.reconciling import reconciles, scheduled

DAY = 86_400
ALARM = "reconcile_known_foreign"


def unmark(harness: Harness, kinds: tuple[str, ...], mark: dict[str, str] | None = None) -> None:
    """Take our mark off the newest object of each kind."""
    for kind in kinds:
        newest = harness.stripe.of(kind)[-1]
        harness.stripe.account.put(newest | {"metadata": mark or {}})


def customer_of(harness: Harness) -> str:
    """Ada's at Stripe, known to us."""
    return next(str(row["pk"]).removeprefix("CUS#") for row in harness.rows() if row["pk"].startswith("CUS#"))


def shop(harness: Harness, amount: int = 700, email: str = BEN, customer: str | None = None) -> str:
    """A payment without a mark, of a customer; answers its name."""
    harness.gives(amount, email=email)
    unmark(harness, ("checkout.session", "payment_intent", "charge"))
    if customer:
        for kind in ("payment_intent", "charge"):
            newest = harness.stripe.of(kind)[-1]
            harness.stripe.account.put(newest | {"customer": customer})
    return str(harness.stripe.of("payment_intent")[-1]["id"])


def money(harness: Harness, *, by_hand: bool = False) -> MoneyTally:
    """What the money ring found, by schedule unless said otherwise."""
    done = reconciles(harness, ["money"]) if by_hand else scheduled(harness, ["money"])
    part = done.parts["money"]
    assert isinstance(part, MoneyTally)
    return part


def raised(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The alarms about it, and forgets them."""
    found = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR and ALARM in one.getMessage()]
    caplog.clear()
    return found


@pytest.fixture
def ada(harness: Harness) -> str:
    """Ada gives monthly, and is known; her customer at Stripe."""
    harness.tell(harness.gives(300, "month", email=ADA))
    return customer_of(harness)


def test_a_payment_of_a_customer_whom_we_know_is_told_at_every_walk_and_wakes_somebody_once(
    harness: Harness, ada: str, caplog: pytest.LogCaptureFixture
) -> None:
    payment = shop(harness, 700, customer=ada)
    told = [KnownForeign(payment, 700, "eur")]
    found = money(harness)
    assert (found.foreign, found.known_foreign, found.differences) == (1, told, [])
    assert any("known foreign" in one.getMessage() and payment in one.getMessage() for one in caplog.records)
    assert raised(caplog) == [f"alarm {ALARM} movement={payment} amount=700 currency=eur"]
    harness.pass_time(DAY)
    assert money(harness).known_foreign == [], "its day was walked"
    harness.table.write(Delete(keys.days_walked("stripe")))
    harness.stripe.calls.clear()
    assert money(harness).known_foreign == told
    assert set(harness.stripe.calls) == {"balance_transactions", "subscriptions"}, "nothing is asked again"
    assert money(harness, by_hand=True).known_foreign == told
    assert raised(caplog) == []


def test_another_products_customer_is_nobodys_business(
    harness: Harness, ada: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The negative control: the same payment, of somebody else."""
    assert ada
    shop(harness, 700, customer="cus_of_the_shop")
    for by_hand in (False, True):
        found = money(harness, by_hand=by_hand)
        assert (found.foreign, found.known_foreign) == (1, [])
    assert raised(caplog) == []


def test_a_refund_and_a_dispute_of_such_a_payment_are_told_too(harness: Harness, ada: str) -> None:
    payment = shop(harness, 700, customer=ada)
    harness.stripe.gives_back(payment, 100)
    harness.stripe.bank_disputes(payment)
    found = money(harness)
    assert sorted(one.amount for one in found.known_foreign) == [-600, -100, 700]
    assert found.foreign == 3


def test_their_customer_is_asked_for_where_the_payment_is_older_than_the_window(harness: Harness, ada: str) -> None:
    payment = shop(harness, 700, customer=ada)
    harness.pass_time(40 * DAY)
    harness.stripe.account.seconds = harness.clock.business
    harness.stripe.gives_back(payment, 100)
    assert [one.amount for one in money(harness).known_foreign] == [-100]


def test_a_payment_marked_as_another_newsrooms_is_told_if_its_payer_is_ours(harness: Harness, ada: str) -> None:
    """A site that was renamed: every gift of before bears the old name."""
    payment = shop(harness, 700, customer=ada)
    unmark(harness, ("payment_intent", "charge"), {"spilno": "old-name"})
    assert [one.id for one in money(harness).known_foreign] == [payment]


def test_one_that_was_unknown_and_is_known_now_wakes_somebody(
    harness: Harness, ada: str, caplog: pytest.LogCaptureFixture
) -> None:
    payment = shop(harness, 700, customer="cus_of_the_shop")
    assert money(harness).known_foreign == []
    for kind in ("payment_intent", "charge"):
        harness.stripe.account.put(harness.stripe.of(kind)[-1] | {"customer": ada})
    assert [one.id for one in money(harness, by_hand=True).known_foreign] == [payment]
    assert len(raised(caplog)) == 1


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_payment_for_a_recurring_gift_that_we_know_is_told_though_its_customer_is_not(
    harness: Harness, ada: str, by_hand: bool
) -> None:
    """Known by the subscription alone: the invoice leads there."""
    harness.table.write(Delete(keys.customer(ada)))
    (subscription,) = harness.stripe.of("subscription")
    harness.stripe.account.put(subscription | {"metadata": {}})
    harness.stripe.renew(subscription["id"])
    harness.pass_time(harness.stripe.account.seconds - harness.clock.business)
    payment = str(harness.stripe.of("payment_intent")[-1]["id"])
    forgotten = marks_of_invoices_forgotten(harness)
    found = money(harness, by_hand=by_hand)
    assert forgotten
    # Once renewals of known subscriptions are ours without a mark, it is booked; until then it is told.
    assert payment in {one.id for one in found.known_foreign} | {str(entry["id"]) for entry in harness.books.entries}


def marks_of_invoices_forgotten(harness: Harness) -> int:
    """As if the mark had only ever been on the session."""
    count = 0
    for invoice in harness.stripe.of("invoice"):
        details = invoice["parent"]["subscription_details"]
        details["metadata"] = {}
        harness.stripe.account.put(invoice)
        count += 1
    return count


def test_the_command_says_what_to_do(harness: Harness, ada: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile_command, "connect", lambda: harness)
    payment = shop(harness, 700, customer=ada)
    shown = CliRunner().invoke(main, ["reconcile", "--ring", "money"])
    assert shown.exit_code == 0, "the books agree; somebody who also buys at the shop must not alarm every script"
    assert f"put spilno={harness.settings.site_id} on it at Stripe" in shown.output
    assert f"{payment}  7.00    eur" in shown.output
    told: Any = json.loads(CliRunner().invoke(main, ["reconcile", "--ring", "money", "--json"]).output)
    assert told["money"]["known_foreign"] == [{"id": payment, "amount": 700, "currency": "eur"}]


def test_marked_at_stripe_it_is_booked_at_the_next_look_by_hand(harness: Harness, ada: str) -> None:
    """What the runbook says to do."""
    payment = shop(harness, 700, customer=ada)
    assert money(harness).known_foreign
    intent = harness.stripe.account.get("payment_intent", payment)
    harness.stripe.account.put(intent | {"metadata": {"spilno": harness.settings.site_id}})
    found = money(harness, by_hand=True)
    assert (found.known_foreign, found.applied) == ([], 1)
    assert payment in {entry["id"] for entry in harness.books.entries}


def test_a_payer_whose_address_we_know_is_told_whatever_their_customer(harness: Harness, ada: str) -> None:
    assert ada
    payment = shop(harness, 700, email=ADA, customer="cus_of_the_shop")
    assert [one.id for one in money(harness).known_foreign] == [payment]


def test_money_of_a_charge_without_a_payment_is_told_and_not_booked(
    harness: Harness, ada: str, caplog: pytest.LogCaptureFixture
) -> None:
    """From a time before PaymentIntents: an imported gift may still be charged so."""
    shop(harness, 700, customer=ada)
    charge = harness.stripe.of("charge")[-1]
    harness.stripe.account.put(charge | {"payment_intent": None})
    found = money(harness)
    assert [(one.id, one.amount) for one in found.known_foreign] == [(charge["id"], 700)]
    assert harness.totals()["eur"] == (300, 1)
    assert len(raised(caplog)) == 1
    harness.pass_time(DAY)
    assert len(money(harness, by_hand=True).known_foreign) == 1
    assert raised(caplog) == [], "it wakes somebody once"
