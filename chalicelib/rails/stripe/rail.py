"""Stripe as a rail for rebuild: the ids that it gives, and the movements that its stored events describe."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.booking.rail import Moved
from chalicelib.ledger.rules.movements import FAILED, STRIPE, Movement
from chalicelib.rails.stripe.events.billing_shapes import InvoicePayment
from chalicelib.rails.stripe.events.envelope import Event
from chalicelib.rails.stripe.events.settlement import as_given
from chalicelib.rails.stripe.events.shapes import BalanceTransaction, CheckoutSession, Dispute, PaymentIntent, Refund

Snapshot = Mapping[str, Any]
Said = tuple[str, int, str, int | None]  # movement, amount, currency, time of the movement in seconds
# If an older session has this field, its amount is in the currency that the reader saw, not in the one charged:
# https://docs.stripe.com/changelog/basil/2025-03-31/add_presentment_details
_CONVERTED = "currency_conversion"

# How the ids of movements begin: gifts, refunds, and what a dispute took or gave back
_GIFT, _REFUND, _DISPUTE = ("pi_",), ("re_", "pyr_"), ("txn_",)
MOVEMENTS = (*_GIFT, *_REFUND, *_DISPUTE)

_SESSIONS = ("checkout.session.completed", "checkout.session.async_payment_succeeded")


class MovementMissing(ValueError):
    """Money moved, but this event does not say which movement or how much."""


class StripeRail:
    """Implements `booking.rail.Rail` for Stripe: pure, from ids and stored events alone."""

    name = STRIPE

    def gives_such_ids(self, movement: Movement) -> bool:
        """`pi_…` a gift; `re_…`, `pyr_…` a refund; `txn_…` what a dispute took or gave back."""
        if not movement.gift.startswith(_GIFT):
            return False
        if movement.kind == "gift":
            return movement.id == movement.gift
        return movement.id.startswith(_REFUND if movement.kind == "refund" else _DISPUTE)

    def tells_of_money(self, event_type: str) -> bool:
        """Whether events of this type name a movement and its amount."""
        return event_type in _TELLERS

    def moved(self, event_type: str, body: bytes) -> Sequence[Moved] | None:
        """The movements that an event describes for certain; None where an older payload shape lacks the fields."""
        try:
            event = Event.model_validate(json.loads(body))
            found = list(_TELLERS[event_type](event.data.object))
        except ValueError:  # pydantic's ValidationError and bad UTF-8 are ValueErrors too
            return None
        at_most, authorized = event_type == "payment_intent.succeeded", event_type in _SESSIONS
        about = event.data.object
        payment = about.get("payment_intent")
        of = payment if isinstance(payment, str) else None
        dispute = str(about["id"]) if about.get("object") == "dispute" else None
        return [
            Moved(movement, amount, currency, at, of, at_most, authorized, dispute)
            for movement, amount, currency, at in found
        ]


def _payment(about: Snapshot) -> Iterator[Said]:
    paid = PaymentIntent.model_validate(about)
    if paid.status == "succeeded" and paid.amount_received:
        yield paid.id, paid.amount_received, paid.currency, paid.created


def _session(about: Snapshot) -> Iterator[Said]:
    session = CheckoutSession.model_validate(about)
    if session.mode != "payment" or session.payment_status != "paid":
        return
    if about.get(_CONVERTED) or not (session.payment_intent and session.amount_total and session.currency):
        raise MovementMissing
    yield session.payment_intent, session.amount_total, session.currency, None


def _link(about: Snapshot) -> Iterator[Said]:
    link = InvoicePayment.model_validate(about)
    if link.status == "paid" and link.payment.payment_intent and link.amount_paid:
        yield link.payment.payment_intent, link.amount_paid, link.currency, None


def _refund(about: Snapshot) -> Iterator[Said]:
    refund = Refund.model_validate(about)
    left = refund.status in ("succeeded", "failed") or refund.balance_transaction is not None
    if left:
        yield refund.id, -refund.amount, refund.currency, refund.created
    if refund.status == "failed" or (left and refund.status == "canceled"):
        yield f"{refund.id}{FAILED}", refund.amount, refund.currency, None


def _dispute(about: Snapshot) -> Iterator[Said]:
    dispute = Dispute.model_validate(about)
    moved = [one for one in dispute.balance_transactions if isinstance(one, BalanceTransaction)]
    if len(moved) < len(dispute.balance_transactions):
        raise MovementMissing
    amounts = as_given(moved, dispute.amount, dispute.currency)
    for one in moved:
        yield one.id, amounts[one.id], dispute.currency, one.created


_TELLERS: Mapping[str, Callable[[Snapshot], Iterator[Said]]] = {
    "payment_intent.succeeded": _payment,
    "checkout.session.completed": _session,
    "checkout.session.async_payment_succeeded": _session,
    "invoice_payment.paid": _link,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "charge.refund.updated": _refund,
    "charge.dispute.funds_withdrawn": _dispute,
    "charge.dispute.funds_reinstated": _dispute,
}
