"""Refunds: money that the newsroom gives back.

When Stripe sends them:
- refund.created: a refund was made; with most methods the money leaves our balance at once.
- refund.updated: it arrived, or its reference became known.
- refund.failed: the bank sent it back, days later; the money is ours again.
- charge.refunded: the same as an event about the charge; it has no list of refunds, and its sum is cumulative, so the
  refunds themselves are fetched.
- charge.refund.updated: the old name of refund.updated.
"""

from chalicelib.booking.rules.facts import Facts, ReversalFacts
from chalicelib.ledger.rules.movements import FAILED, Booked, Movement
from chalicelib.rails.stripe.events.handler import Handler, Lookups, Snapshot, Who
from chalicelib.rails.stripe.events.payments import who_gave
from chalicelib.rails.stripe.events.reversal import facts_of_reversal, payment_of
from chalicelib.rails.stripe.events.shapes import BalanceTransaction, OfPayment, PaidCharge, Refund
from chalicelib.rails.stripe.port import Stripe


def _taken(refund: Refund, gift: Booked, stripe: Stripe) -> ReversalFacts:
    left = refund.status in ("succeeded", "failed") or refund.balance_transaction is not None
    came_back = refund.status == "failed" or (left and refund.status == "canceled")
    movements: list[Movement] = []
    if left:
        movements.append(_moved(refund, gift, refund.id, -refund.amount, refund.created))
    if came_back:
        at = _came_back_at(refund, stripe)
        movements.append(_moved(refund, gift, f"{refund.id}{FAILED}", refund.amount, at))
    holds = refund.amount if left and not came_back else 0
    return ReversalFacts(refund.id, "refund", gift, holds, tuple(movements), refund.status or "")


def _came_back_at(refund: Refund, stripe: Stripe) -> int:
    """When the money of a failed refund came back; where Stripe names no movement, when the refund was made."""
    back = refund.failure_balance_transaction
    if isinstance(back, str):
        back = BalanceTransaction.model_validate(stripe.balance_transaction(back))
    return back.created if back else refund.created


def _moved(refund: Refund, gift: Booked, name: str, amount: int, at: int) -> Movement:
    of = gift.movement
    return Movement(
        name,
        "refund",
        of.gift,
        amount,
        refund.currency,
        at,
        of.livemode,
        invoice=of.invoice,
        recurring=of.recurring,
        rail=of.rail,
    )


def _fetched(snapshot: Snapshot, stripe: Stripe) -> Refund:
    return Refund.model_validate(stripe.refund(snapshot["id"]))


def _payment(snapshot: Snapshot, stripe: Stripe) -> str | None:
    told = OfPayment.model_validate(snapshot)
    return payment_of(told.payment_intent, told.charge, stripe)


def _who(snapshot: Snapshot, sources: Lookups) -> Who | None:
    payment = _payment(snapshot, sources.stripe)
    return who_gave(payment, sources) if payment else None


def _facts(snapshot: Snapshot, sources: Lookups) -> Facts | None:
    payment = _payment(snapshot, sources.stripe)
    return facts_of_reversal(
        payment, sources, lambda gift: [_taken(_fetched(snapshot, sources.stripe), gift, sources.stripe)]
    )


def _who_was_charged(snapshot: Snapshot, sources: Lookups) -> Who | None:
    payment = PaidCharge.model_validate(snapshot).payment_intent
    return who_gave(payment, sources) if payment else None


def _facts_of_charge(snapshot: Snapshot, sources: Lookups) -> Facts | None:
    charge = PaidCharge.model_validate(snapshot)

    def taken(gift: Booked) -> list[ReversalFacts]:
        refunds = sources.stripe.refunds_of_charge(charge.id)
        return [_taken(Refund.model_validate(refund), gift, sources.stripe) for refund in refunds]

    return facts_of_reversal(charge.payment_intent, sources, taken)


REFUND = Handler(_who, _facts)
REFUNDED_CHARGE = Handler(_who_was_charged, _facts_of_charge)
