"""Disputes: money that a supporter's bank takes back.

When Stripe sends them:
- charge.dispute.created: a dispute, or (`warning_…`) only an inquiry; it moves no money itself.
- charge.dispute.funds_withdrawn: the money is gone until the dispute is won. An inquiry may become a dispute first.
- charge.dispute.updated, charge.dispute.closed: evidence was sent, it was won or lost; moves no money itself.
- charge.dispute.funds_reinstated: the money is back; even of a lost one, after an appeal.

Whatever the event's type, the money that moved is in the dispute's balance transactions. Those never change, so the
ones in the snapshot may be used together with those fetched.
"""

from chalicelib.booking.rules.facts import Facts, ReversalFacts
from chalicelib.ledger.rules.movements import Booked, Fee, Movement
from chalicelib.rails.stripe.events.handler import Handler, Lookups, Snapshot, Who
from chalicelib.rails.stripe.events.intents import PaymentNotShown
from chalicelib.rails.stripe.events.payments import who_gave
from chalicelib.rails.stripe.events.reversal import facts_of_reversal, payment_of
from chalicelib.rails.stripe.events.settlement import as_given
from chalicelib.rails.stripe.events.shapes import BalanceTransaction, Dispute, OfPayment
from chalicelib.rails.stripe.port import Stripe


def _payment(snapshot: Snapshot, stripe: Stripe) -> str | None:
    told = OfPayment.model_validate(snapshot)
    return payment_of(told.payment_intent, told.charge, stripe)


def _who(snapshot: Snapshot, sources: Lookups) -> Who | None:
    payment = _payment(snapshot, sources.stripe)
    return who_gave(payment, sources) if payment else None


def _facts(snapshot: Snapshot, sources: Lookups) -> Facts | None:
    payment = _payment(snapshot, sources.stripe)
    return facts_of_reversal(payment, sources, lambda gift: [_taken(snapshot, gift, sources.stripe)])


def _facts_of_withdrawn(snapshot: Snapshot, sources: Lookups) -> Facts | None:
    facts = _facts(snapshot, sources)
    _must_have_moved(facts, sign=-1)
    return facts


def _facts_of_reinstated(snapshot: Snapshot, sources: Lookups) -> Facts | None:
    facts = _facts(snapshot, sources)
    _must_have_moved(facts, sign=1)
    return facts


def _must_have_moved(facts: Facts | None, *, sign: int) -> None:
    """Refuse a dispute that is told to have moved money in this direction, and names no such movement.

    :raises PaymentNotShown: it is tried again.
    """
    if facts and not any(one.amount * sign > 0 for reversal in facts.reversals for one in reversal.movements):
        raise PaymentNotShown


def _taken(snapshot: Snapshot, gift: Booked, stripe: Stripe) -> ReversalFacts:
    dispute = Dispute.model_validate(stripe.dispute(snapshot["id"]))
    moved = _transactions(Dispute.model_validate(snapshot), stripe) | _transactions(dispute, stripe)
    amounts = as_given(moved.values(), dispute.amount, dispute.currency)
    movements = tuple(_moved(one, amounts[one.id], dispute, gift) for one in moved.values())
    holds = max(0, -sum(movement.amount for movement in movements))
    return ReversalFacts(dispute.id, "dispute", gift, holds, movements, dispute.status)


def _transactions(dispute: Dispute, stripe: Stripe) -> dict[str, BalanceTransaction]:
    found = [
        BalanceTransaction.model_validate(stripe.balance_transaction(one)) if isinstance(one, str) else one
        for one in dispute.balance_transactions
    ]
    return {one.id: one for one in found}


def _moved(transaction: BalanceTransaction, amount: int, dispute: Dispute, gift: Booked) -> Movement:
    of = gift.movement
    return Movement(
        transaction.id,
        "dispute",
        of.gift,
        amount,
        dispute.currency,
        transaction.created,
        of.livemode,
        invoice=of.invoice,
        recurring=of.recurring,
        rail=of.rail,
        fee=Fee(transaction.fee, transaction.currency),
    )


DISPUTE = Handler(_who, _facts)
WITHDRAWN = Handler(_who, _facts_of_withdrawn)
REINSTATED = Handler(_who, _facts_of_reinstated)
