"""Undo a change of a recurring gift: it becomes what it was before, and what a raise has charged goes back.

Each step may be made again after an answer that was lost: the gift is looked up anew, and what went back of a payment
counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.changing.actions.change_course import keep_gift, pause_until, resume_gift, stop_again
from chalicelib.changing.actions.change_gift import set_back
from chalicelib.changing.actions.note import decided_anew
from chalicelib.changing.actions.own_gift import as_notified, deliver, look_up
from chalicelib.changing.rules.change import GiftPrice
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.rhythm import Rhythm, rhythm_of
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import Movement
from chalicelib.ledger.rules.stored import UnreadableEntry
from chalicelib.observing.log import alarm
from chalicelib.rails.stripe.gift_at_stripe import given_back
from chalicelib.rails.stripe.port import ALREADY_REFUNDED, StripeRefused, StripeUnavailable
from chalicelib.supporters.rows import supporters
from chalicelib.undo.rows import undos
from chalicelib.undo.rows.undos import Undo
from chalicelib.wiring import Wiring


def undo(wiring: Wiring, undo: Undo) -> None:
    """Give a recurring gift back what it was before a change; to be called by the undo link.

    :raises Conflict: `gift_changed`: it was changed once more since; and what the change back is refused for.
    """
    facts, supporter = undo.facts, supporters.who_now(wiring.table, undo.supporter)
    gift = str(facts["gift"])
    match facts["act"]:
        case "stop":
            undo_stop(wiring, supporter, facts)
        case "keep":
            stop_again(wiring, supporter, gift, facts.get("ends_at", 0))
        case "pause":
            resume_gift(wiring, supporter, gift, undoable=False)
        case "resume":
            if until := facts.get("resumes_at"):
                pause_until(wiring, supporter, gift, until)
        case _:
            _undo_price(wiring, undo, supporter, gift)


def undo_stop(wiring: Wiring, supporter: SupporterId, facts: Mapping[str, Any]) -> None:
    """Let a gift that was stopped go on, to the later day on which it was to end, if it was; again, nothing more.

    :param facts: of the undo: the `gift`, and when it was to end before (`ends_at`).
    """
    if ends_at := facts.get("ends_at"):
        stop_again(wiring, supporter, facts["gift"], ends_at)
    else:
        keep_gift(wiring, supporter, facts["gift"], undoable=False)


@dataclass(frozen=True)
class _Change:
    """A change of a price, from `was` to `made`.

    `since`: payments of periods from then on are its consequence, but for that of the `invoice` there was before.
    """

    was: GiftPrice
    made: GiftPrice
    since: int
    charged_now: bool
    next_payment_at: int | None
    invoice: str | None

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "_Change":
        charge_from = facts.get("charge_from")
        return cls(
            GiftPrice(facts["amount"], _rhythm(facts["interval"], facts["interval_count"])),
            GiftPrice(facts["to_amount"], _rhythm(facts["to_interval"], facts["to_interval_count"])),
            facts["at"] if charge_from is None else charge_from,
            charge_from is not None,
            facts.get("next_payment_at"),
            facts.get("invoice"),
        )

    def is_before_the_next(self, paid: Movement) -> bool:
        """Whether a payment is for time before the next one: what credit has paid for leaves no payment."""
        return not (paid.period and self.next_payment_at) or paid.period.start < self.next_payment_at


def _rhythm(unit: object, count: object) -> Rhythm:
    return rhythm_of(unit, count) or Rhythm("month")


def _undo_price(wiring: Wiring, undo: Undo, supporter: SupporterId, gift_id: str) -> None:
    change = _Change.of(undo.facts)
    decided_anew(lambda: _set_back(wiring, supporter, gift_id, change))
    for payment, amount in _to_refund(wiring, undo, supporter, gift_id, change):
        _refund(wiring, undo, payment, amount)


def _set_back(wiring: Wiring, supporter: SupporterId, gift_id: str, change: _Change) -> None:
    own = look_up(wiring, supporter, gift_id)
    price = GiftPrice.of(own.gift)
    if price not in (change.was, change.made):
        raise Conflict("This support was changed once more since then.", code="gift_changed")
    if price != change.was:
        set_back(wiring, own, change.was, change.next_payment_at)


def _to_refund(
    wiring: Wiring, undo: Undo, supporter: SupporterId, gift_id: str, change: _Change
) -> Iterator[tuple[str, int]]:
    """What is to go back of which payment: all that was charged for the change, and of a later one the difference."""
    payments = _payments_of(wiring, supporter, gift_id, change)
    back = {one.gift: one.refunded for one in supporters.read_state(wiring.table, supporter).standing.reversals}
    for number, paid in enumerate(payments):
        for_the_change = change.charged_now and number == 0 and change.is_before_the_next(paid)
        wanted = paid.amount if for_the_change else paid.amount - change.was.amount
        # Under a key that Stripe answers no more it may have given back what we have not heard of.
        given = given_back(paid.id, wiring.stripe) if _spent(undo) else 0
        left = min(wanted, paid.amount) - max(back.get(paid.id, 0), given)
        if left > 0 and change.made.amount > change.was.amount:
            yield paid.id, left


def _payments_of(wiring: Wiring, supporter: SupporterId, gift_id: str, change: _Change) -> list[Movement]:
    """The payments of a gift that a change has led to, in order of time."""
    found = ledger.entries_of(wiring.table, supporter)
    moved = (one.entry.movement for one in found if not isinstance(one, UnreadableEntry))
    paid = [one for one in moved if one.kind == "gift" and one.recurring == gift_id]
    of_then = [
        one for one in paid if one.period and one.period.start >= change.since and one.invoice != change.invoice
    ]
    return sorted(of_then, key=lambda one: one.occurred_at)


def _spent(undo: Undo) -> int:
    """How many idempotency keys of its refunds Stripe has answered with a failure."""
    return int(undo.facts.get("spent", 0))


def _refund(wiring: Wiring, undo: Undo, payment: str, amount: int) -> None:
    params = {"payment_intent": payment, "amount": amount, "reason": "requested_by_customer"}
    try:
        refund = wiring.stripe.create_refund(params, idempotency_key=f"undo:{undo.id}:{payment}:{_spent(undo)}")
    except StripeUnavailable as away:
        if away.key_spent:  # Stripe repeats this failure under the key for as long as the link lives
            wiring.table.write(undos.noted(undo, spent=_spent(undo) + 1))
        raise
    except StripeRefused as refused:
        # Given back meanwhile: the ledger hears of that by itself. All else was promised: a person must look.
        if str(refused) != ALREADY_REFUNDED:
            alarm("undo_not_refunded", payment=payment, amount=amount, why=str(refused))
        return
    deliver(wiring, as_notified(wiring).book_refund(refund))
