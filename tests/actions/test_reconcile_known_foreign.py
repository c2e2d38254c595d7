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
from tests.support.reconciling import reconciles
from tests.support.till import ADA, BEN, Till

DAY = 86_400
ALARM = "reconcile_known_foreign"


def unmark(till: Till, kinds: tuple[str, ...], mark: dict[str, str] | None = None) -> None:
    """Take our mark off the newest object of each kind."""
    for kind in kinds:
        newest = till.double.of(kind)[-1]
        till.double.account.put(newest | {"metadata": mark or {}})


def customer_of(till: Till) -> str:
    """Ada's at Stripe, known to us."""
    return next(str(row["pk"]).removeprefix("CUS#") for row in till.rows() if row["pk"].startswith("CUS#"))


def shop(till: Till, amount: int = 700, email: str = BEN, customer: str | None = None) -> str:
    """A payment without a mark, of a customer; answers its name."""
    till.gives(amount, email=email)
    unmark(till, ("checkout.session", "payment_intent", "charge"))
    if customer:
        for kind in ("payment_intent", "charge"):
            newest = till.double.of(kind)[-1]
            till.double.account.put(newest | {"customer": customer})
    return str(till.double.of("payment_intent")[-1]["id"])


def money(till: Till, *, by_hand: bool = False) -> MoneyTally:
    """What the money ring found, by schedule unless said otherwise."""
    part = reconciles(till, ["money"], by_hand=by_hand).parts["money"]
    assert isinstance(part, MoneyTally)
    return part


def raised(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The alarms about it, and forgets them."""
    found = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR and ALARM in one.getMessage()]
    caplog.clear()
    return found


@pytest.fixture
def ada(till: Till) -> str:
    """Ada gives monthly, and is known; her customer at Stripe."""
    till.tell(till.gives(300, "month", email=ADA))
    return customer_of(till)


def test_a_payment_of_a_customer_whom_we_know_is_told_at_every_run_and_wakes_somebody_once(
    till: Till, ada: str, caplog: pytest.LogCaptureFixture
) -> None:
    payment = shop(till, 700, customer=ada)
    told = [KnownForeign(payment, 700, "eur")]
    found = money(till)
    assert (found.foreign, found.known_foreign, found.differences) == (1, told, [])
    assert any("known foreign" in one.getMessage() and payment in one.getMessage() for one in caplog.records)
    assert raised(caplog) == [f"alarm {ALARM} movement={payment} amount=700 currency=eur"]
    till.pass_time(DAY)
    calls = till.double.calls.total()
    assert money(till).known_foreign == told
    assert till.double.calls.total() - calls <= 3, "nothing is asked again but the lists"
    assert money(till, by_hand=True).known_foreign == told
    assert raised(caplog) == []


def test_another_products_customer_is_nobodys_business(
    till: Till, ada: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The negative control: the same payment, of somebody else."""
    assert ada
    shop(till, 700, customer="cus_of_the_shop")
    for by_hand in (False, True):
        found = money(till, by_hand=by_hand)
        assert (found.foreign, found.known_foreign) == (1, [])
    assert raised(caplog) == []


def test_a_refund_and_a_dispute_of_such_a_payment_are_told_too(till: Till, ada: str) -> None:
    payment = shop(till, 700, customer=ada)
    till.double.gives_back(payment, 100)
    till.double.bank_disputes(payment)
    found = money(till)
    assert sorted(one.amount for one in found.known_foreign) == [-600, -100, 700]
    assert found.foreign == 3


def test_their_customer_is_asked_for_where_the_payment_is_older_than_the_window(till: Till, ada: str) -> None:
    payment = shop(till, 700, customer=ada)
    till.pass_time(40 * DAY)
    till.double.account.seconds = till.business
    till.double.gives_back(payment, 100)
    assert [one.amount for one in money(till).known_foreign] == [-100]


def test_a_payment_marked_as_another_newsrooms_is_told_if_its_payer_is_ours(till: Till, ada: str) -> None:
    """A site that was renamed: every gift of before bears the old name."""
    payment = shop(till, 700, customer=ada)
    unmark(till, ("payment_intent", "charge"), {"spilno": "old-name"})
    assert [one.id for one in money(till).known_foreign] == [payment]


def test_one_that_was_unknown_and_is_known_now_wakes_somebody(
    till: Till, ada: str, caplog: pytest.LogCaptureFixture
) -> None:
    payment = shop(till, 700, customer="cus_of_the_shop")
    assert money(till).known_foreign == []
    for kind in ("payment_intent", "charge"):
        till.double.account.put(till.double.of(kind)[-1] | {"customer": ada})
    assert [one.id for one in money(till, by_hand=True).known_foreign] == [payment]
    assert len(raised(caplog)) == 1


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_payment_for_a_recurring_gift_that_we_know_is_told_though_its_customer_is_not(
    till: Till, ada: str, by_hand: bool
) -> None:
    """Known by the subscription alone: the invoice leads there."""
    till.table.write(Delete(keys.customer(ada)))
    (subscription,) = till.double.of("subscription")
    till.double.account.put(subscription | {"metadata": {}})
    till.double.renew(subscription["id"])
    till.pass_time(till.double.account.seconds - till.business)
    payment = str(till.double.of("payment_intent")[-1]["id"])
    forgotten = marks_of_invoices_forgotten(till)
    found = money(till, by_hand=by_hand)
    assert forgotten
    # Once renewals of known subscriptions are ours without a mark, it is booked; until then it is told.
    assert payment in {one.id for one in found.known_foreign} | {str(entry["id"]) for entry in till.books.entries}


def marks_of_invoices_forgotten(till: Till) -> int:
    """As if the mark had only ever been on the session."""
    count = 0
    for invoice in till.double.of("invoice"):
        details = invoice["parent"]["subscription_details"]
        details["metadata"] = {}
        till.double.account.put(invoice)
        count += 1
    return count


def test_the_command_says_what_to_do(till: Till, ada: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile_command, "connect", lambda: till)
    payment = shop(till, 700, customer=ada)
    shown = CliRunner().invoke(main, ["reconcile", "--ring", "money"])
    assert shown.exit_code == 0, "the books agree; somebody who also buys at the shop must not alarm every script"
    assert f"put spilno={till.settings.site_id} on it at Stripe" in shown.output
    assert f"{payment}  7.00    eur" in shown.output
    told: Any = json.loads(CliRunner().invoke(main, ["reconcile", "--ring", "money", "--json"]).output)
    assert told["money"]["known_foreign"] == [{"id": payment, "amount": 700, "currency": "eur"}]


def test_marked_at_stripe_it_is_booked_at_the_next_look_by_hand(till: Till, ada: str) -> None:
    """What the runbook says to do."""
    payment = shop(till, 700, customer=ada)
    assert money(till).known_foreign
    intent = till.double.account.get("payment_intent", payment)
    till.double.account.put(intent | {"metadata": {"spilno": till.settings.site_id}})
    found = money(till, by_hand=True)
    assert (found.known_foreign, found.applied) == ([], 1)
    assert payment in {entry["id"] for entry in till.books.entries}


def test_a_payer_whose_address_we_know_is_told_whatever_their_customer(till: Till, ada: str) -> None:
    assert ada
    payment = shop(till, 700, email=ADA, customer="cus_of_the_shop")
    assert [one.id for one in money(till).known_foreign] == [payment]


def test_money_of_a_charge_without_a_payment_is_told_and_not_booked(
    till: Till, ada: str, caplog: pytest.LogCaptureFixture
) -> None:
    """From a time before PaymentIntents: an imported gift may still be charged so."""
    shop(till, 700, customer=ada)
    charge = till.double.of("charge")[-1]
    till.double.account.put(charge | {"payment_intent": None})
    found = money(till)
    assert [(one.id, one.amount) for one in found.known_foreign] == [(charge["id"], 700)]
    assert till.totals()["eur"] == (300, 1)
    assert len(raised(caplog)) == 1
    till.pass_time(DAY)
    assert len(money(till).known_foreign) == 1
    assert raised(caplog) == [], "it wakes somebody once"
