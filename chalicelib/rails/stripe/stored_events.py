"""Which movements of money a raw event of the inbox tells of, by its own words alone: nothing is asked for.

Only what an event says for certain: where an older payload shape does not carry it, it tells nothing.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chalicelib.ledger.rules.movements import FAILED
from chalicelib.rails.stripe.events.billing_shapes import InvoicePayment
from chalicelib.rails.stripe.events.envelope import Event
from chalicelib.rails.stripe.events.settlement import as_given
from chalicelib.rails.stripe.events.shapes import BalanceTransaction, CheckoutSession, Dispute, PaymentIntent, Refund
from chalicelib.upkeep.rebuild.rules import Telling

Snapshot = Mapping[str, Any]
Moved = tuple[str, int, str, int | None]  # movement, amount, currency, its own time
# Where an older session has this, its amount is in the currency that the reader saw, not in the one that was charged:
# https://docs.stripe.com/changelog/basil/2025-03-31/add_presentment_details
_CONVERTED = "currency_conversion"

_SESSIONS = ("checkout.session.completed", "checkout.session.async_payment_succeeded")


class NotToldError(ValueError):
    """Money moved, but this payload does not say which or how much."""


def tells_of_money(event_type: str) -> bool:
    """Whether events of this type are held against the ledger."""
    return event_type in _TELLERS


def told(event_id: str, event_type: str, body: bytes) -> tuple[list[Telling], dict[str, str], bool]:
    """The movements that an event tells of, the dispute of each `txn_…`, and whether it said all that it is about."""
    try:
        event = Event.model_validate(json.loads(body))
        found = list(_TELLERS[event_type](event.data.object))
    except ValueError:  # pydantic's ValidationError and bad UTF-8 are ValueErrors too
        return [], {}, False
    at_most, authorized = event_type == "payment_intent.succeeded", event_type in _SESSIONS
    about = event.data.object
    payment = about.get("payment_intent")
    of = payment if isinstance(payment, str) else None
    tellings = [
        Telling(event_id, movement, amount, currency, at, of, at_most, authorized)
        for movement, amount, currency, at in found
    ]
    disputes = {telling.movement: str(about["id"]) for telling in tellings if about.get("object") == "dispute"}
    return tellings, disputes, True


def _payment(about: Snapshot) -> Iterator[Moved]:
    paid = PaymentIntent.model_validate(about)
    if paid.status == "succeeded" and paid.amount_received:
        yield paid.id, paid.amount_received, paid.currency, paid.created


def _session(about: Snapshot) -> Iterator[Moved]:
    session = CheckoutSession.model_validate(about)
    if session.mode != "payment" or session.payment_status != "paid":
        return
    if about.get(_CONVERTED) or not (session.payment_intent and session.amount_total and session.currency):
        raise NotToldError
    yield session.payment_intent, session.amount_total, session.currency, None


def _link(about: Snapshot) -> Iterator[Moved]:
    link = InvoicePayment.model_validate(about)
    if link.status == "paid" and link.payment.payment_intent and link.amount_paid:
        yield link.payment.payment_intent, link.amount_paid, link.currency, None


def _refund(about: Snapshot) -> Iterator[Moved]:
    refund = Refund.model_validate(about)
    left = refund.status in ("succeeded", "failed") or refund.balance_transaction is not None
    if left:
        yield refund.id, -refund.amount, refund.currency, refund.created
    if refund.status == "failed" or (left and refund.status == "canceled"):
        yield f"{refund.id}{FAILED}", refund.amount, refund.currency, None


def _dispute(about: Snapshot) -> Iterator[Moved]:
    dispute = Dispute.model_validate(about)
    moved = [one for one in dispute.balance_transactions if isinstance(one, BalanceTransaction)]
    if len(moved) < len(dispute.balance_transactions):
        raise NotToldError
    amounts = as_given(moved, dispute.amount, dispute.currency)
    for one in moved:
        yield one.id, amounts[one.id], dispute.currency, one.created


_TELLERS: Mapping[str, Callable[[Snapshot], Iterator[Moved]]] = {
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
