"""What is done about events that book nothing: refused cards, fraud warnings, deleted customers, late fees."""

from dataclasses import replace
from functools import partial

import pytest

from chalicelib.checkouts.rules.wish import Wish
from chalicelib.ledger.rows import sums as ledger_sums
from localdev.stripe import customers, payments, reversals
from tests.support.till import ADA, Till, at_once, one

# ---- card after card in one checkout ----


def test_after_ten_refused_cards_the_checkout_is_over(till: Till, alarms: list[str]) -> None:
    session = till.starts(Wish(1000, "eur", "once"))
    for tried in range(1, 11):
        assert till.double.checkout_session(session)["status"] == "open", tried
        events = till.double.declines(session)
        till.tell(events)
        till.tell(events)
    assert till.double.checkout_session(session)["status"] == "expired"
    assert [line.split()[1] for line in alarms] == ["card_testing"]
    till.tell(till.double.of("event")[-1:])
    assert till.comes_back(session).checkout.status == "expired"
    assert till.books.entries == ()


def test_nine_refused_cards_and_one_that_works_is_a_gift(till: Till) -> None:
    session = till.starts(Wish(1000, "eur", "once"))
    for _ in range(9):
        till.tell(till.double.declines(session))
    till.tell(till.double.pay(session, ADA))
    assert till.totals() == {"eur": (1000, 1)}


def test_refusals_told_at_once_are_all_counted(till: Till) -> None:
    session = till.starts(Wish(1000, "eur", "once"))
    events = [one(till.double.declines(session), "payment_intent.payment_failed") for _ in range(10)]
    at_once(10, lambda number: till.take_in(events[number]))
    till.pass_time(3600)
    till.sweeps()
    assert till.double.checkout_session(session)["status"] == "expired"


def test_a_refused_renewal_counts_for_no_checkout(till: Till) -> None:
    till.tell(till.gives(300, "month"))
    refused = one(
        till.double.renew(till.double.of("subscription")[0]["id"], fails=True), "payment_intent.payment_failed"
    )
    till.tell([refused])
    assert till.status(refused["id"]) == "ignored"


# ---- early fraud warnings ----


def warned(till: Till, amount: int, up_to: int) -> None:
    rules = replace(till.newsroom.currencies["eur"], refund_suspected_up_to=up_to)
    till.newsroom = replace(till.newsroom, currencies={**till.newsroom.currencies, "eur": rules})
    till.tell(till.gives(amount))
    payment = till.double.of("payment_intent")[0]["id"]
    before = len(till.double.of("event"))
    warning = till.double.happens(
        lambda account: reversals.fraud_warning(account, reversals.collected(account, payment))
    )
    till.tell(warning)
    till.tell(warning)
    till.tell(till.double.of("event")[before:])


@pytest.mark.parametrize(("amount", "given_back"), [(500, True), (501, False)])
def test_a_suspected_gift_is_given_back_up_to_the_set_amount(
    till: Till, alarms: list[str], amount: int, given_back: bool
) -> None:
    warned(till, amount, up_to=500)
    assert ledger_sums.totals(till.table)["eur"].refunded == (amount if given_back else 0)
    assert len(till.double.of("refund")) == int(given_back)
    told = alarms
    assert f"refunded={'yes' if given_back else 'no'}" in told[0]
    assert told[0].startswith("alarm early_fraud_warning")
    assert ADA not in " ".join(told)


def test_a_warning_that_comes_after_the_dispute_was_won_gives_nothing_back(till: Till, alarms: list[str]) -> None:
    rules = replace(till.newsroom.currencies["eur"], refund_suspected_up_to=500)
    till.newsroom = replace(till.newsroom, currencies={**till.newsroom.currencies, "eur": rules})
    till.tell(till.gives(500))
    payment = till.double.of("payment_intent")[0]["id"]
    warning = till.double.happens(
        lambda account: reversals.fraud_warning(account, reversals.collected(account, payment))
    )
    till.tell(till.double.bank_disputes(payment))
    till.tell(till.double.bank_decides(till.double.of("dispute")[0]["id"], won=True))
    till.tell(warning)
    assert till.double.of("refund") == []
    assert [line.split()[1] for line in alarms] == ["dispute_opened"]


def test_by_default_nothing_is_given_back(till: Till, alarms: list[str]) -> None:
    warned(till, 500, up_to=0)
    assert till.double.of("refund") == []
    assert "refunded=no" in alarms[0]


# ---- customers ----


def test_what_a_customer_changes_moves_neither_access_nor_address(till: Till) -> None:
    till.tell(till.gives(300, "month"))
    before = [row for row in till.rows() if not row["pk"].startswith("EVT#")]
    customer = till.double.of("customer")[0]
    changed = till.double.happens(
        lambda account: account.update("customer.updated", customer, email="eve@reader.example")
    )
    till.tell(changed)
    assert [row for row in till.rows() if not row["pk"].startswith("EVT#")] == before
    assert not till.knows("eve@reader.example")


def test_a_deleted_customer_is_not_passed_to_stripe_again(till: Till) -> None:
    from chalicelib.giving.actions.start_checkout import CheckoutStarter

    starter = CheckoutStarter("browser", till.known(ADA), None, ADA)
    till.tell(till.gives(300, "month", starter=starter))
    customer = till.double.of("customer")[0]
    assert till.state().customers == {"eur": customer["id"]}
    till.tell(till.double.happens(partial(customers.delete, customer=customer)))
    assert till.state().customers == {}
    assert till.state().standing.recurring[0].status == "canceled"
    assert till.access().tier == "member", "what is paid stays"


# ---- fees ----


def test_a_fee_that_is_known_is_booked_with_the_gift_and_a_late_one_once(till: Till) -> None:
    events = till.gives(1000)
    late = [event for event in events if event["type"] == "charge.updated"]
    assert late, "Stripe says the fee a moment after the money"
    till.tell(event for event in events if event not in late)
    till.tell(late)
    till.tell(late)
    entry = till.books.entries[0]
    fee = till.double.of("balance_transaction")[0]["fee"]
    assert (entry["fee"], entry["fee_currency"]) == (fee, "eur")
    assert ledger_sums.totals(till.table)["eur"].fees == fee > 0


def test_a_fee_is_added_once_by_many_tellers(till: Till) -> None:
    payments.set_booking(till.double.account, "hour_later")
    till.tell(till.gives(1000))
    assert "fee" not in till.books.entries[0]
    charge = till.double.of("charge")[0]["id"]
    late = till.double.happens(partial(payments.book_due, charge_id=charge))
    told = [one(late, "charge.updated")] * 8
    at_once(8, lambda number: till.take_in(told[number] | {"id": f"evt_late{number}"}))
    till.pass_time(3600)
    till.sweeps()
    assert ledger_sums.totals(till.table)["eur"].fees == till.books.entries[0]["fee"]
