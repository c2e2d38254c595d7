"""Balance transactions as movements: which movement of ours a line of Stripe's own books stands for.

What kind of money it is follows from its source and its sign, not from its type alone: a refund that the bank sent
back is `refund_failure` for cards and another `payment_refund` for other methods. A payment by a delayed method has a
line while it is still pending; when it fails, the line `payment_failure_refund` takes it away again. Neither is money
that arrived. https://docs.stripe.com/reports/balance-transaction-types
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.booking.rail import Line
from chalicelib.ledger.rules.movements import FAILED, Fee
from chalicelib.rails.stripe.events.handler import MARK
from chalicelib.rails.stripe.port import Answer, Stripe
from chalicelib.rails.stripe.reconcile.converted import GivenAmount, worth_of

_UNDONE = "payment_failure_refund"
# What is about a payment has an object behind it; other lines, such as a payout, are none of our business.
_OF_PAYMENTS = frozenset({"charge", "payment", "refund", "payment_refund", "refund_failure"})
_SOURCES = ("charge", "refund", "dispute")


class SourceMissing(ValueError):
    """A line about a payment that does not say which one."""


@dataclass(frozen=True)
class StripeLine(Line):
    """One movement as Stripe's books tell it.

    `kind` and `found`: the object that tells us how to book it; a payment, which is not on the line, is found by its
    name. `payment`: the payment it is of.
    `mark`: our own or another product's, `customer`: Stripe's, `email`: the payer's, where the line shows one.
    `kind` `charge`: of a time before PaymentIntents; nothing of ours is paid so, and it is not booked.
    """

    kind: str = ""
    found: Answer | None = None
    payment: str | None = None
    mark: str | None = None
    customer: str | None = None
    email: str | None = None


def line_of(transaction: Answer, stripe: Stripe) -> StripeLine | None:
    """The movement that a balance transaction stands for; None for what is no gift's money, such as a payout.

    :raises StripeUnavailable, StripeRefused: its source cannot be fetched.
    :raises KeyError, TypeError, ValueError: it is not what it should be.
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
    )


def _fee(transaction: Answer, source: Answer) -> Fee | None:
    """A refund costs nothing as a rule, and is booked without a fee."""
    fee = Fee(_whole(transaction["fee"]), str(transaction["currency"]))
    return None if source["object"] == "refund" and not fee.amount else fee


def _movement(transaction: Answer, source: Answer) -> str | None:
    if source["object"] == "charge":
        named = _id_of(source.get("payment_intent")) or str(source["id"])
        return named if source["status"] == "succeeded" else None
    if source["object"] == "refund":
        return str(source["id"]) + ("" if _whole(transaction["amount"]) < 0 else FAILED)
    return str(transaction["id"]) if source["object"] == "dispute" else None


def _payer(source: Answer) -> str | None:
    """The address that stands with a charge."""
    beside_the_card = source.get("billing_details")
    named = beside_the_card.get("email") if isinstance(beside_the_card, Mapping) else None
    found = named or source.get("receipt_email")
    return found if isinstance(found, str) else None


def _as_charged(transaction: Answer, source: Answer) -> GivenAmount:
    amount = _whole(transaction["amount"])
    if transaction["currency"] == source["currency"]:
        return GivenAmount(amount)
    # Settled in another currency: the books keep to what was charged.
    if source["object"] == "dispute":
        return worth_of(transaction, source)
    charged = _whole(source.get("amount_captured") or source["amount"])
    return GivenAmount(charged if amount > 0 else -charged)


def _source(transaction: Answer, stripe: Stripe) -> Answer | None:
    """The object behind a line, which we asked to have expanded; fetched where only its name came."""
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
    """An amount of minor units; anything else is no amount, and is not made into one."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
        raise TypeError(type(value).__name__)
    return int(value)


def _id_of(value: Any) -> str | None:
    """An expandable field: the id, whether it came expanded or not."""
    named = value.get("id") if isinstance(value, Mapping) else value
    return str(named) if named else None
