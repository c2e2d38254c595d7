"""The gift behind a payment: from its session, its invoice or its own mark; what is not received yet is no gift."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from chalicelib.booking.rules.facts import Facts
from chalicelib.kernel.ids import SupporterId
from chalicelib.ledger.rules.movements import Booked, Fee, Movement
from chalicelib.rails.stripe.events import refunds
from chalicelib.rails.stripe.events.handler import Lookups, Who
from chalicelib.rails.stripe.events.intents import gift
from chalicelib.rails.stripe.events.payments import PAYMENT, what_was_given, who_gave
from chalicelib.rails.stripe.events.sessions import giver
from chalicelib.rails.stripe.events.shapes import PaymentIntent
from chalicelib.rails.stripe.port import Answer
from testkit.stripe_calls import UnexpectedStripe

Json = dict[str, Any]
START = 1_790_000_000
MARKED = {"spilno": "news", "campaign": "winter", "source": "front"}
GIFT = Movement("pi_1", "gift", "pi_1", 500, "eur", START, livemode=False, rail="stripe")


@dataclass
class OnePayment(UnexpectedStripe):
    """A Stripe with one payment, the session that made it or none, and no invoice; what is asked is noted."""

    intent: Json
    session: Json | None = None
    back: Json = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def payment_intent(self, payment_intent_id: str) -> Answer:
        assert payment_intent_id == "pi_1"
        self.asked.append("payment_intent")
        return self.intent

    def invoice_payments_of(self, payment_intent: str) -> list[Answer]:
        assert payment_intent == "pi_1"
        self.asked.append("invoice_payments_of")
        return []

    def checkout_session_of_payment(self, payment_intent: str) -> Answer | None:
        assert payment_intent == "pi_1"
        self.asked.append("checkout_session_of_payment")
        return self.session

    def refund(self, refund_id: str) -> Answer:
        assert refund_id == "re_1"
        return self.back


def intent(charge: Any = None, *, received: int = 500, marked: bool = True, **more: Any) -> Json:
    fields = {"currency": "eur", "created": START, "livemode": False, "status": "succeeded", "customer": "cus_1"}
    values = {"amount_received": received, "latest_charge": charge, "metadata": MARKED if marked else {}, **more}
    return {"id": "pi_1", "object": "payment_intent", **fields, **values}


def session(payment_status: str = "paid", **more: Any) -> Json:
    fields = {"mode": "payment", "status": "complete", "livemode": False, "amount_total": 500, "currency": "eur"}
    values = {"payment_status": payment_status, "payment_intent": "pi_1", "metadata": MARKED, **more}
    return {"id": "cs_1", "object": "checkout.session", **fields, **values}


def charge(**more: Any) -> Json:
    return {"id": "ch_1", **more}


SETTLED = {"id": "txn_1", "amount": 500, "currency": "pln", "created": START, "fee": 30}


@pytest.mark.parametrize(
    ("of", "fee"),
    [
        (None, None),
        ("ch_1", None),
        (charge(), None),
        (charge(balance_transaction="txn_1"), None),
        (charge(balance_transaction=SETTLED), Fee(30, "pln")),
    ],
)
def test_the_fee_is_known_once_the_charge_has_settled(of: Any, fee: Fee | None) -> None:
    assert gift(PaymentIntent.model_validate(intent(of))) == replace(GIFT, fee=fee)


@pytest.mark.parametrize(
    ("received", "amount", "booked"), [(500, None, 500), (500, 300, 300), (500, 900, 500), (1, None, 1)]
)
def test_never_more_is_booked_than_was_received(received: int, amount: int | None, booked: int) -> None:
    found = gift(PaymentIntent.model_validate(intent(received=received)), amount)
    assert found
    assert found.amount == booked


def test_nothing_received_is_no_gift() -> None:
    assert gift(PaymentIntent.model_validate(intent(received=0))) is None
    assert gift(PaymentIntent.model_validate(intent()), 0) is None


def given(stripe: OnePayment) -> Facts | None:
    return what_was_given("pi_1", Lookups(stripe, lambda _: None))


def test_a_payment_with_our_mark_is_a_gift_with_or_without_its_session() -> None:
    bare = given(OnePayment(intent()))
    assert bare == Facts((GIFT,), customer="cus_1", currency="eur", campaign="winter", source="front")
    stripe = OnePayment(intent(), session(customer="cus_2"))
    whole = given(stripe)
    assert whole
    assert (whole.gifts, whole.customer) == ((GIFT,), "cus_2")
    assert whole.checkout
    assert (whole.checkout.id, whole.checkout.status) == ("cs_1", "paid")
    assert "invoice_payments_of" not in stripe.asked, "the mark says that it is no invoice's"


def test_a_session_that_stripe_shows_as_unpaid_for_a_moment_says_nothing() -> None:
    facts = given(OnePayment(intent(), session("unpaid")))
    assert facts
    assert (facts.gifts, facts.checkout) == ((GIFT,), None)


def test_without_mark_invoice_and_session_it_is_nobodys() -> None:
    assert given(OnePayment(intent(marked=False))) is None
    found = given(OnePayment(intent(marked=False), session()))
    assert found
    assert found.gifts == (GIFT,), "its session has the mark"
    other = session(payment_intent="pi_2")
    assert given(OnePayment(intent(marked=False), other)) is None, "the session of another payment"


def test_what_has_not_succeeded_is_not_booked() -> None:
    facts = given(OnePayment(intent(status="processing")))
    assert facts
    assert facts.gifts == ()


def who(stripe: OnePayment) -> Who | None:
    return PAYMENT.who(stripe.intent, Lookups(stripe, lambda _: None))


TYPED = {"email": "card@reader.example"}


@pytest.mark.parametrize(
    ("of", "more", "billed_to"),
    [
        (charge(billing_details=TYPED), {"customer": None}, "card@reader.example"),
        (charge(billing_details=TYPED), {"customer": None, "receipt_email": "r@x.example"}, "r@x.example"),
        (charge(billing_details=TYPED), {"customer": "cus_1"}, None),
        (charge(), {"customer": None}, None),
        ("ch_1", {"customer": None}, None),
        (None, {"customer": None}, None),
    ],
)
def test_the_address_beside_the_card_counts_only_for_a_payer_without_customer(
    of: Any, more: Json, billed_to: str | None
) -> None:
    found = who(OnePayment(intent(of, **more)))
    assert found == Who(MARKED, more["customer"], billed_to=billed_to, payment="pi_1")


def test_a_payment_without_mark_is_looked_for_among_the_invoices() -> None:
    stripe = OnePayment(intent(marked=False))
    assert who(stripe) == Who({}, "cus_1", payment="pi_1")
    assert stripe.asked == ["invoice_payments_of"]


BOOKED = Booked(GIFT, SupporterId("ada"))


def test_a_booked_gift_is_its_supporters_and_nobody_is_asked() -> None:
    stripe = OnePayment(intent())
    assert who_gave("pi_1", Lookups(stripe, {"pi_1": BOOKED}.get)) == Who(booked_for=SupporterId("ada"))
    assert stripe.asked == []


@pytest.mark.parametrize(
    ("details", "customer_email", "email"),
    [
        ({"email": "typed@reader.example"}, "known@reader.example", "typed@reader.example"),
        ({"email": None}, "known@reader.example", "known@reader.example"),
        (None, "known@reader.example", "known@reader.example"),
        (None, None, None),
    ],
)
def test_who_gives_is_who_typed_the_address(
    details: Json | None, customer_email: str | None, email: str | None
) -> None:
    made = session(
        customer={"id": "cus_1", "object": "customer"}, customer_details=details, customer_email=customer_email
    )
    assert giver(made) == Who(MARKED, "cus_1", email)


def refund(status: str | None, *, moved: bool = True, back: Any = None) -> Json:
    fields = {"amount": 200, "currency": "eur", "created": START + 9, "payment_intent": "pi_1", "status": status}
    values = {"balance_transaction": "txn_2" if moved else None, "failure_balance_transaction": back}
    return {"id": "re_1", "object": "refund", **fields, **values}


CAME_BACK = {"id": "txn_3", "amount": 200, "currency": "eur", "created": START + 99}


@pytest.mark.parametrize(
    ("told", "holds", "moves"),
    [
        (refund("succeeded"), 200, [("re_1", -200, START + 9)]),
        (refund("succeeded", moved=False), 200, [("re_1", -200, START + 9)]),
        (refund("pending"), 200, [("re_1", -200, START + 9)]),
        (refund("pending", moved=False), 0, []),
        (refund(None, moved=False), 0, []),
        (refund("canceled", moved=False), 0, []),
        (refund("canceled"), 0, [("re_1", -200, START + 9), ("re_1:failed", 200, START + 9)]),
        (refund("failed", back=CAME_BACK), 0, [("re_1", -200, START + 9), ("re_1:failed", 200, START + 99)]),
        (refund("failed", moved=False), 0, [("re_1", -200, START + 9), ("re_1:failed", 200, START + 9)]),
    ],
)
def test_a_refund_holds_what_left_us_and_did_not_come_back(
    told: Json, holds: int, moves: list[tuple[str, int, int]]
) -> None:
    stripe = OnePayment(intent(), back=told)
    facts = refunds.REFUND.facts(told, Lookups(stripe, {"pi_1": BOOKED}.get))
    assert facts
    (taken,) = facts.reversals
    assert (taken.by, taken.kind, taken.holds, taken.status) == ("re_1", "refund", holds, told["status"] or "")
    assert [(one.id, one.amount, one.occurred_at) for one in taken.movements] == moves
    assert {(one.gift, one.kind, one.rail) for one in taken.movements} <= {("pi_1", "refund", "stripe")}
    assert stripe.asked == [], "the gift is in the books"


def test_a_refund_of_no_payment_is_of_no_gift() -> None:
    told = {**refund("succeeded"), "payment_intent": None}
    assert refunds.REFUND.who(told, Lookups(UnexpectedStripe(), lambda _: None)) is None
    assert refunds.REFUND.facts(told, Lookups(UnexpectedStripe(), lambda _: None)) is None


def test_a_refund_that_is_heard_of_first_books_its_gift_too() -> None:
    told = refund("succeeded")
    facts = refunds.REFUND.facts(told, Lookups(OnePayment(intent(), back=told), lambda _: None))
    assert facts
    assert facts.gifts == (GIFT,)
    assert facts.reversals[0].gift.movement == GIFT
