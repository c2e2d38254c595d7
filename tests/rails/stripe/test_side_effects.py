"""What is done about events that book nothing: refused cards, fraud warnings, deleted customers, late fees."""

from dataclasses import replace
from functools import partial

import pytest

from chalicelib.checkouts.rules.wish import Wish
from chalicelib.ledger.rows import sums as ledger_sums
from localdev.stripe import customers, payments, reversals
from testkit.at_once import at_once
from testkit.harness import ADA, Harness
from testkit.webhooks import one

# ---- card after card in one checkout ----


def test_after_ten_refused_cards_the_checkout_is_over(harness: Harness, alarms: list[str]) -> None:
    session = harness.starts(Wish(1000, "eur", "once"))
    for tried in range(1, 11):
        assert harness.stripe.checkout_session(session)["status"] == "open", tried
        events = harness.stripe.declines(session)
        harness.tell(events)
        harness.tell(events)
    assert harness.stripe.checkout_session(session)["status"] == "expired"
    assert [line.split()[1] for line in alarms] == ["card_testing"]
    harness.tell(harness.stripe.of("event")[-1:])
    assert harness.comes_back(session).checkout.status == "expired"
    assert harness.books.entries == ()


def test_refused_cards_are_forgotten_with_their_checkout(harness: Harness) -> None:
    """The database deletes both by the clock on the wall, however far ahead business time is."""
    session = harness.starts(Wish(1000, "eur", "once"))
    harness.clock.business += 365 * 86_400
    harness.tell(harness.stripe.declines(session))
    ends = {row["pk"].partition("#")[0]: row["expires"] for row in harness.rows() if session in row["pk"]}
    assert ends == dict.fromkeys(("CHECKOUT", "DECLINES"), harness.clock.real + 40 * 86_400)


def test_nine_refused_cards_and_one_that_works_is_a_gift(harness: Harness) -> None:
    session = harness.starts(Wish(1000, "eur", "once"))
    for _ in range(9):
        harness.tell(harness.stripe.declines(session))
    harness.tell(harness.stripe.pay(session, ADA))
    assert harness.totals() == {"eur": (1000, 1)}


@pytest.mark.engine
def test_refusals_told_at_once_are_all_counted(harness: Harness) -> None:
    session = harness.starts(Wish(1000, "eur", "once"))
    events = [one(harness.stripe.declines(session), "payment_intent.payment_failed") for _ in range(10)]
    at_once(10, lambda number: harness.take_in(events[number]))
    harness.pass_time(3600)
    harness.sweeps()
    assert harness.stripe.checkout_session(session)["status"] == "expired"


def test_a_refused_renewal_counts_for_no_checkout(harness: Harness) -> None:
    harness.tell(harness.gives(300, "month"))
    refused = one(
        harness.stripe.renew(harness.stripe.of("subscription")[0]["id"], fails=True), "payment_intent.payment_failed"
    )
    harness.tell([refused])
    assert harness.status(refused["id"]) == "ignored"


# ---- early fraud warnings ----


def warned(harness: Harness, amount: int, up_to: int) -> None:
    rules = replace(harness.newsroom.currencies["eur"], refund_suspected_up_to=up_to)
    harness.wiring.newsroom = replace(harness.newsroom, currencies={**harness.newsroom.currencies, "eur": rules})
    harness.tell(harness.gives(amount))
    payment = harness.stripe.of("payment_intent")[0]["id"]
    before = len(harness.stripe.of("event"))
    warning = harness.stripe.happens(
        lambda account: reversals.fraud_warning(account, reversals.collected(account, payment))
    )
    harness.tell(warning)
    harness.tell(warning)
    harness.tell(harness.stripe.of("event")[before:])


@pytest.mark.parametrize(("amount", "given_back"), [(500, True), (501, False)])
def test_a_suspected_gift_is_given_back_up_to_the_set_amount(
    harness: Harness, alarms: list[str], amount: int, given_back: bool
) -> None:
    warned(harness, amount, up_to=500)
    assert ledger_sums.totals(harness.table)["eur"].refunded == (amount if given_back else 0)
    assert len(harness.stripe.of("refund")) == int(given_back)
    told = alarms
    assert f"refunded={'yes' if given_back else 'no'}" in told[0]
    assert told[0].startswith("alarm early_fraud_warning")
    assert ADA not in " ".join(told)


def test_a_warning_that_comes_after_the_dispute_was_won_gives_nothing_back(
    harness: Harness, alarms: list[str]
) -> None:
    rules = replace(harness.newsroom.currencies["eur"], refund_suspected_up_to=500)
    harness.wiring.newsroom = replace(harness.newsroom, currencies={**harness.newsroom.currencies, "eur": rules})
    harness.tell(harness.gives(500))
    payment = harness.stripe.of("payment_intent")[0]["id"]
    warning = harness.stripe.happens(
        lambda account: reversals.fraud_warning(account, reversals.collected(account, payment))
    )
    harness.tell(harness.stripe.bank_disputes(payment))
    harness.tell(harness.stripe.bank_decides(harness.stripe.of("dispute")[0]["id"], won=True))
    harness.tell(warning)
    assert harness.stripe.of("refund") == []
    assert [line.split()[1] for line in alarms] == ["dispute_opened"]


def test_by_default_nothing_is_given_back(harness: Harness, alarms: list[str]) -> None:
    warned(harness, 500, up_to=0)
    assert harness.stripe.of("refund") == []
    assert "refunded=no" in alarms[0]


# ---- customers ----


def test_what_a_customer_changes_moves_neither_access_nor_address(harness: Harness) -> None:
    harness.tell(harness.gives(300, "month"))
    before = [row for row in harness.rows() if not row["pk"].startswith("EVT#")]
    customer = harness.stripe.of("customer")[0]
    changed = harness.stripe.happens(
        lambda account: account.update("customer.updated", customer, email="eve@reader.example")
    )
    harness.tell(changed)
    assert [row for row in harness.rows() if not row["pk"].startswith("EVT#")] == before
    assert not harness.knows("eve@reader.example")


def test_a_deleted_customer_is_not_passed_to_stripe_again(harness: Harness) -> None:
    from chalicelib.giving.actions.start_checkout import CheckoutStarter

    starter = CheckoutStarter("browser", harness.supporter(ADA), None, ADA)
    harness.tell(harness.gives(300, "month", starter=starter))
    customer = harness.stripe.of("customer")[0]
    assert harness.state().customers == {"eur": customer["id"]}
    harness.tell(harness.stripe.happens(partial(customers.delete, customer=customer)))
    assert harness.state().customers == {}
    assert harness.state().standing.recurring[0].status == "canceled"
    assert harness.access().tier == "member", "what is paid stays"


# ---- fees ----


def test_a_fee_that_is_known_is_booked_with_the_gift_and_a_late_one_once(harness: Harness) -> None:
    events = harness.gives(1000)
    late = [event for event in events if event["type"] == "charge.updated"]
    assert late, "Stripe says the fee a moment after the money"
    harness.tell(event for event in events if event not in late)
    harness.tell(late)
    harness.tell(late)
    entry = harness.books.entries[0]
    fee = harness.stripe.of("balance_transaction")[0]["fee"]
    assert (entry["fee"], entry["fee_currency"]) == (fee, "eur")
    assert ledger_sums.totals(harness.table)["eur"].fees == fee > 0


@pytest.mark.engine
def test_a_fee_is_added_once_by_many_tellers(harness: Harness) -> None:
    payments.set_booking(harness.stripe.account, "hour_later")
    harness.tell(harness.gives(1000))
    assert "fee" not in harness.books.entries[0]
    charge = harness.stripe.of("charge")[0]["id"]
    late = harness.stripe.happens(partial(payments.book_due, charge_id=charge))
    told = [one(late, "charge.updated")] * 8
    at_once(8, lambda number: harness.take_in(told[number] | {"id": f"evt_late{number}"}))
    harness.pass_time(3600)
    harness.sweeps()
    assert ledger_sums.totals(harness.table)["eur"].fees == harness.books.entries[0]["fee"]
