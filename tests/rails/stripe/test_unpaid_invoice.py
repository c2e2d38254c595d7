"""An invoice of a recurring gift that is not paid yet: what its supporter must do, and how its checkout stands."""

from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.booking.rules.facts import CheckoutFacts, FailedRenewal
from chalicelib.checkouts.rules.status import CheckoutStatus
from chalicelib.rails.stripe.events import invoices
from chalicelib.rails.stripe.events.handler import Lookups
from chalicelib.rails.stripe.port import Answer
from testkit.stripe_calls import UnexpectedStripe

Json = dict[str, Any]
START = 1_790_000_000
RETRY = START + 3 * 86_400


@dataclass
class OneInvoice(UnexpectedStripe):
    """A Stripe with one subscription, its invoice and its payments."""

    bill: Json
    of: Json
    intents: dict[str, Json]

    def invoice(self, invoice_id: str) -> Answer:
        assert invoice_id == "in_1"
        return self.bill

    def subscription(self, subscription_id: str) -> Answer:
        assert subscription_id == "sub_1"
        return self.of

    def payment_intent(self, payment_intent_id: str) -> Answer:
        return self.intents[payment_intent_id]


def link(payment: str | None, status: str = "open") -> Json:
    return {"status": status, "currency": "eur", "payment": {"type": "payment_intent", "payment_intent": payment}}


def bill(*links: Json, status: str = "open", retry: int | None = RETRY, **more: Any) -> Json:
    return {
        "id": "in_1",
        "object": "invoice",
        "currency": "eur",
        "livemode": False,
        "status": status,
        "amount_paid": 0,
        "attempt_count": 1,
        "next_payment_attempt": retry,
        "hosted_invoice_url": "https://pay.example/in_1",
        "parent": {"subscription_details": {"subscription": "sub_1", "metadata": {"spilno": "news"}}},
        "payments": {"data": list(links)},
        **more,
    }


def subscription(status: str = "past_due", latest: str | None = "in_1") -> Json:
    price = {"id": "price_1", "unit_amount": 500, "recurring": {"interval": "month"}}
    items = {"data": [{"id": "si_1", "price": price, "quantity": 1}]}
    fields = {"currency": "eur", "start_date": START, "livemode": False, "latest_invoice": latest, "items": items}
    return {"id": "sub_1", "object": "subscription", "status": status, **fields}


def intent(status: str = "requires_payment_method", code: str | None = None, decline: str | None = None) -> Json:
    error = {"code": code, "decline_code": decline} if code or decline else None
    fields = {"amount_received": 0, "currency": "eur", "created": START, "livemode": False}
    return {"id": "pi", "object": "payment_intent", "status": status, "last_payment_error": error, **fields}


def needs(*links: Json, **intents: Json) -> str | None:
    stripe = OneInvoice(bill(*links), subscription(), intents)
    facts = invoices.facts_of_invoice("in_1", stripe, failed=FailedRenewal("in_1:1", None))
    assert facts
    assert facts.failed
    assert (facts.failed.next_attempt_at, facts.failed.pay_at) == (RETRY, "https://pay.example/in_1")
    return facts.failed.needs


@pytest.mark.parametrize(
    ("payment", "what"),
    [
        (intent("requires_action"), "confirm"),
        (intent(code="authentication_required"), "confirm"),
        (intent(code="card_declined", decline="authentication_required"), "confirm"),
        (intent(code="card_declined", decline="lost_card"), "card"),
        (intent(code="expired_card"), "card"),
        (intent("requires_payment_method"), "card"),
        (intent(code="card_declined", decline="insufficient_funds"), None),
        (intent("processing"), None),
    ],
)
def test_what_must_be_done_follows_from_the_payment_as_it_stands(payment: Json, what: str | None) -> None:
    assert needs(link("pi_1"), pi_1=payment) == what


def test_the_last_payment_counts_and_a_cancelled_one_never() -> None:
    both = {"pi_1": intent("requires_action"), "pi_2": intent("processing")}
    assert needs(link("pi_1"), link("pi_2"), **both) is None
    assert needs(link("pi_2"), link("pi_1"), **both) == "confirm"
    assert needs(link("pi_1"), link("pi_2", "canceled"), **both) == "confirm"
    assert needs(link("pi_1", "canceled"), **both) == "card", "no payment is left to try again"
    assert needs(link(None)) == "card"


def event(handler_needs: Json, snapshot: Json) -> tuple[str | None, bool, str]:
    """What both kinds of event say of the same try: what is needed, whether it is another try, and the try's name."""
    stripe = OneInvoice(bill(link("pi_1")), subscription(), {"pi_1": handler_needs})
    facts = invoices.ACTION_REQUIRED.facts(snapshot, Lookups(stripe, lambda _: None))
    failed = invoices.PAYMENT_FAILED.facts(snapshot, Lookups(stripe, lambda _: None))
    assert facts
    assert failed
    assert facts.failed
    assert failed.failed
    assert (facts.failed.id, facts.failed.again) == (failed.failed.id, failed.failed.again)
    return facts.failed.needs, facts.failed.again, facts.failed.id


@pytest.mark.parametrize(("count", "again"), [(0, False), (1, False), (2, True)])
def test_both_events_about_a_try_name_it_alike_and_one_asks_to_confirm(count: int, again: bool) -> None:
    """Where the payment says nothing, the event does: its bank waits for its supporter."""
    found = event(intent("processing"), bill(attempt_count=count))
    assert found == ("confirm", again, f"in_1:{max(count, 1)}")
    assert event(intent(code="expired_card"), bill(attempt_count=count))[0] == "card"


def test_an_invoice_that_is_paid_by_now_failed_nobody() -> None:
    stripe = OneInvoice(bill(status="void"), subscription("active"), {})
    facts = invoices.facts_of_invoice("in_1", stripe, failed=FailedRenewal("in_1:1", None))
    assert facts
    assert facts.failed is None


@pytest.mark.parametrize(
    ("status", "latest", "known", "retry"),
    [("open", "in_1", True, RETRY), ("void", "in_1", True, None), ("open", "in_2", False, None)],
)
def test_when_it_is_tried_again_is_known_of_the_latest_invoice_while_it_is_open(
    status: str, latest: str, known: bool, retry: int | None
) -> None:
    facts = invoices.facts_of_invoice("in_1", OneInvoice(bill(status=status), subscription(latest=latest), {}))
    assert facts
    assert facts.recurring
    assert (facts.recurring.retry_known, facts.recurring.retry_at) == (known, retry)


@pytest.mark.parametrize(
    ("notified", "of", "invoice", "status"),
    [
        ("paid", "past_due", bill(), "paid"),
        ("expired", "incomplete_expired", bill(), "expired"),
        ("processing", "active", bill(status="paid"), "paid"),
        ("processing", "active", bill(retry=None), "processing"),
        ("processing", "past_due", bill(), "processing"),
        ("processing", "past_due", bill(retry=None), "failed"),
        ("processing", "canceled", bill(), "failed"),
        ("processing", "unpaid", bill(), "failed"),
        ("processing", "incomplete", None, "processing"),
        ("failed", "active", bill(), "processing"),
        ("failed", "active", bill(status="void"), "failed"),
        ("failed", "incomplete", None, "failed"),
    ],
)
def test_a_checkout_has_failed_only_if_nothing_will_be_tried_again(
    notified: CheckoutStatus, of: str, invoice: Json | None, status: str
) -> None:
    stripe = OneInvoice(invoice or {}, subscription(of, latest=None), {})
    checkout = CheckoutFacts("cs_1", notified, 500, "eur", "month")
    facts = invoices.facts_of_start("sub_1", "in_1" if invoice else None, stripe, checkout)
    assert facts.checkout
    assert facts.checkout.status == status


def test_a_snapshot_of_an_older_shape_is_fetched_before_it_is_taken_for_nobodys() -> None:
    stripe = OneInvoice(bill(), subscription(), {})
    older = {"id": "in_1", "object": "invoice", "subscription": "sub_1", "parent": None}
    who = invoices.PAID.who(older, Lookups(stripe, lambda _: None))
    assert who
    assert (who.subscription, who.metadata) == ("sub_1", {"spilno": "news"})
    nobodys = {**older, "id": "in_2", "subscription": None}
    assert invoices.PAID.who(nobodys, Lookups(stripe, lambda _: None)) is None
