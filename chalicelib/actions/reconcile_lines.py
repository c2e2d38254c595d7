"""Balance transactions as movements: which movement of ours a line of Stripe's own books stands for.

What kind of money it is follows from its source and its sign, not from its type alone: a refund that the bank sent
back is `refund_failure` for cards and another `payment_refund` for other methods. A payment by a delayed method has a
line while it is still pending; when it fails, the line `payment_failure_refund` takes it away again. Neither is money
that arrived. https://docs.stripe.com/reports/balance-transaction-types
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.movements import FAILED, Fee
from chalicelib.ports import Answer, Stripe
from chalicelib.stripe_events.handler import MARK

_UNDONE = "payment_failure_refund"


@dataclass(frozen=True)
class Line:
    """One movement as Stripe's books tell it. `amount` is signed, in minor units of `currency`, as charged.

    `kind` and `found`: the object that tells us how to book it; a payment, which is not on the line, is found by its
    name. `payment`: the payment it is of. `mark`: our own or another product's, where the line shows one.
    """

    movement: str
    kind: str
    found: Answer | None
    amount: int
    currency: str
    fee: Fee
    payment: str | None
    mark: str | None = None


def line_of(transaction: Answer, stripe: Stripe) -> Line | None:
    """The movement that a balance transaction stands for; None for what is no gift's money, such as a payout."""
    source = _source(transaction, stripe)
    name = _movement(transaction, source) if source else None
    if source is None or name is None:
        return None
    kind = "payment_intent" if source["object"] == "charge" else str(source["object"])
    payment = _id_of(source.get("payment_intent"))
    return Line(
        movement=name,
        kind=kind,
        found=None if kind == "payment_intent" else source,
        amount=_as_charged(transaction, source),
        currency=str(source["currency"]),
        fee=Fee(int(transaction["fee"]), str(transaction["currency"])),
        payment=payment,
        mark=(source.get("metadata") or {}).get(MARK) if kind == "payment_intent" else None,
    )


def _movement(transaction: Answer, source: Answer) -> str | None:
    if transaction["type"] == _UNDONE:
        return None
    if source["object"] == "charge":
        return _id_of(source.get("payment_intent")) if source["status"] == "succeeded" else None
    if source["object"] == "refund":
        return str(source["id"]) + ("" if transaction["amount"] < 0 else FAILED)
    return str(transaction["id"]) if source["object"] == "dispute" else None


def _as_charged(transaction: Answer, source: Answer) -> int:
    amount = int(transaction["amount"])
    if transaction["currency"] == source["currency"]:
        return amount
    # Settled in another currency: the books keep to what was charged.
    charged = int(source.get("amount_captured") or source["amount"])
    return charged if amount > 0 else -charged


def _source(transaction: Answer, stripe: Stripe) -> Answer | None:
    """The object behind a line, which we asked to have expanded; fetched where only its name came."""
    source = transaction.get("source")
    if isinstance(source, Mapping):
        return source if source.get("object") in ("charge", "refund", "dispute") else None
    fetch: dict[str, Callable[[str], Answer]] = {
        "ch": stripe.charge,
        "py": stripe.charge,
        "re": stripe.refund,
        "pyr": stripe.refund,
        "dp": stripe.dispute,
        "du": stripe.dispute,
    }
    found = fetch.get(str(source).partition("_")[0])
    return found(str(source)) if found else None


def _id_of(value: Any) -> str | None:
    """An expandable field: the id, whether it came expanded or not."""
    named = value.get("id") if isinstance(value, Mapping) else value
    return str(named) if named else None
