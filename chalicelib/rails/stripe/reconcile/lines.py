"""Turn balance transactions, the lines of Stripe's own books, into movements.

The kind of movement follows from a line's source and sign, not from its type alone: a refund that the bank sent back
is `refund_failure` for cards, but another `payment_refund` for other methods. A payment by a delayed method has a
line while it is still pending, and that line is of its money once it succeeds; when it fails, the line
`payment_failure_refund` takes it away again. Neither a failed one nor a pending one is money that arrived. https://docs.stripe.com/reports/balance-transaction-types
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.booking.rail import Line
from chalicelib.ledger.rules.movements import FAILED, Fee
from chalicelib.rails.stripe.metadata import MARK
from chalicelib.rails.stripe.port import Answer, Stripe
from chalicelib.rails.stripe.reconcile.converted import GivenAmount, worth_of

_UNDONE = "payment_failure_refund"
# Lines of these types must have a source that we know; others, such as a payout, are not about gifts.
_OF_PAYMENTS = frozenset({"charge", "payment", "refund", "payment_refund", "refund_failure"})
_SOURCES = ("charge", "refund", "dispute")


class SourceMissing(ValueError):
    """A line about a payment, but it does not name the payment."""


@dataclass(frozen=True)
class StripeLine(Line):
    """One movement in Stripe's books.

    `kind` and `found`: the kind of object that books it, and that object; None for a payment, which is not part of
    the line and is fetched by its id. `payment`: the payment that it is of.
    `mark`: our own or another product's, `customer`: Stripe's, `email`: the payer's, each if the line shows one.
    `kind` `charge`: a charge without PaymentIntent, as in Stripe's older API; ours all have one, so it is not booked.
    """

    kind: str = ""
    found: Answer | None = None
    payment: str | None = None
    mark: str | None = None
    customer: str | None = None
    email: str | None = None


def line_of(transaction: Answer, stripe: Stripe) -> StripeLine | None:
    """The movement of a balance transaction; None for what is no gift's money, such as a payout.

    :raises StripeUnavailable, StripeRefused: its source cannot be fetched.
    :raises KeyError, TypeError, ValueError: it lacks a field, or a field has another shape.
    """
    if transaction["type"] == _UNDONE:
        return None
    source = _source(transaction, stripe)
    name = _movement(transaction, source) if source else None
    if source is None or name is None:
        return None
    payment = _id_of(source.get("payment_intent"))
    of_payment = source["object"] == "charge" and payment is not None
    kind = "payment_intent" if of_payment else str(source["object"])
    worth = _as_charged(transaction, source)
    return StripeLine(
        movement=name,
        kind=kind,
        found=None if kind == "payment_intent" else source,
        amount=worth.amount,
        currency=str(source["currency"]),
        fee=_fee(transaction, source),
        payment=payment,
        mark=(source.get("metadata") or {}).get(MARK) if of_payment else None,
        customer=_id_of(source.get("customer")),
        email=_payer(source),
        within=worth.within,
        pending=source["object"] == "charge" and source["status"] == "pending",
    )


def _fee(transaction: Answer, source: Answer) -> Fee | None:
    """A line's fee. None for a refund that cost nothing, as is usual: it is booked without a fee."""
    fee = Fee(_whole(transaction["fee"]), str(transaction["currency"]))
    return None if source["object"] == "refund" and not fee.amount else fee


def _movement(transaction: Answer, source: Answer) -> str | None:
    if source["object"] == "charge":
        named = _id_of(source.get("payment_intent")) or str(source["id"])
        return named if source["status"] in ("succeeded", "pending") else None
    if source["object"] == "refund":
        return str(source["id"]) + ("" if _whole(transaction["amount"]) < 0 else FAILED)
    return str(transaction["id"]) if source["object"] == "dispute" else None


def _payer(source: Answer) -> str | None:
    """The payer's address on a charge; None where there is none."""
    beside_the_card = source.get("billing_details")
    named = beside_the_card.get("email") if isinstance(beside_the_card, Mapping) else None
    found = named or source.get("receipt_email")
    return found if isinstance(found, str) else None


def _as_charged(transaction: Answer, source: Answer) -> GivenAmount:
    amount = _whole(transaction["amount"])
    if transaction["currency"] == source["currency"]:
        return GivenAmount(amount)
    # Settled in another currency: the ledger books the amount as charged.
    if source["object"] == "dispute":
        return worth_of(transaction, source)
    charged = _whole(source.get("amount_captured") or source["amount"])
    return GivenAmount(charged if amount > 0 else -charged)


def _source(transaction: Answer, stripe: Stripe) -> Answer | None:
    """The object behind a line, which we asked Stripe to expand; fetched if only its id came."""
    source = transaction.get("source")
    found = source if isinstance(source, Mapping) else _fetched(source, stripe)
    if found is not None and found["object"] in _SOURCES:
        return found
    if transaction["type"] in _OF_PAYMENTS:
        raise SourceMissing
    return None


def _fetched(source: Any, stripe: Stripe) -> Answer | None:
    fetch: dict[str, Callable[[str], Answer]] = {
        "ch": stripe.charge,
        "py": stripe.charge,
        "re": stripe.refund,
        "pyr": stripe.refund,
        "dp": stripe.dispute,
        "du": stripe.dispute,
    }
    found = fetch.get(str(source).partition("_")[0])
    return found(str(source)) if found and "_" in str(source) else None


def _whole(value: Any) -> int:
    """An amount in minor units.

    :raises TypeError: the value is not a whole number; it is not rounded.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
        raise TypeError(type(value).__name__)
    return int(value)


def _id_of(value: Any) -> str | None:
    """The id in an expandable field, expanded or not."""
    named = value.get("id") if isinstance(value, Mapping) else value
    return str(named) if named else None
