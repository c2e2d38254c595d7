"""Carry a statement out: at Stripe and in the books, with the link that undoes it. Again, it changes nothing more."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.changing.actions.note import with_note
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import Table, written
from chalicelib.leaving.rules.plan import GiveBack, LeavingPlan, Stop, plan
from chalicelib.leaving.rules.statements import LeavingStatement
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import STRIPE
from chalicelib.ledger.rules.stored import UnreadableEntry
from chalicelib.newsroom.rules import Newsroom
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.gift_at_stripe import AsNotified
from chalicelib.rails.stripe.leave_gift import CannotGiveBack, Leaver, Leaving
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.asked import Asked
from chalicelib.undo.rows import undos
from chalicelib.undo.rows.undos import DAY, Undo

UNDO_KIND = "stop"


@dataclass(frozen=True)
class CarriedOut:
    """What was done. `mails`: those that were put in the outbox, to be sent now.

    `under_way`: a payment is still on its way, and has to go back once it arrives. `for_a_person`: why somebody must
    decide, empty where nobody must.
    """

    mails: Sequence[str] = ()
    under_way: bool = False
    for_a_person: str = ""


def plan_for(statement: LeavingStatement, table: Table, newsroom: Newsroom, now: BusinessTime) -> LeavingPlan:
    """What a statement would do now to what its supporter gives."""
    if statement.supporter is None:
        return LeavingPlan()
    supporter = supporters.who_now(table, statement.supporter)
    state = supporters.read_state(table, supporter)
    payments = [
        one.entry.movement
        for one in ledger.entries_of(table, supporter)
        if not isinstance(one, UnreadableEntry) and one.entry.movement.kind == "gift"
    ]
    return plan(statement, state.standing, payments, newsroom.zone, now)


def carry_out(statement: LeavingStatement, deps: StripeDeps, *, now: BusinessTime, real_now: RealTime) -> CarriedOut:
    """Do what the statement means.

    Gifts are ended before money goes back: nothing is charged meanwhile. If it breaks off, the next call goes on.

    :raises Outage, Refused: it is not done, or not wholly.
    """
    if statement.supporter is None:
        return CarriedOut(for_a_person="nobody")
    supporter = supporters.who_now(deps.table, statement.supporter)
    todo = plan_for(statement, deps.table, deps.newsroom, now)
    if any(one.rail != STRIPE for back in todo.give_backs for one in back.payments):
        return CarriedOut(for_a_person="other_rail")
    leaving = Leaving(f"{statement.id}:{statement.tries}", _why(statement))
    leaver, mails = Leaver(deps.stripe, AsNotified(deps, now, real_now), leaving), list[str]()
    for stop in todo.stops:
        mails += _stop(stop, statement, supporter, leaver, deps.table, now)
    try:
        for back in todo.give_backs:
            mails += _give_back(back, leaver)
    except CannotGiveBack as error:
        return CarriedOut(mails, for_a_person=f"refused:{error.code}")
    under_way = any(back.gift is not None and leaver.payment_under_way(back.gift.id) for back in todo.give_backs)
    return CarriedOut(mails, under_way=under_way)


def _why(statement: LeavingStatement) -> dict[str, str]:
    """What Stripe's dashboard shows: that it came without a sign-in, and under which number."""
    words = f"{statement.kind}, statement {statement.reference}"
    return {"comment": f"{words}: {statement.comment}" if statement.comment else words}


def _stop(
    stop: Stop,
    statement: LeavingStatement,
    supporter: SupporterId,
    leaver: Leaver,
    table: Table,
    now: BusinessTime,
) -> Sequence[str]:
    gift, until = stop.gift.id, BusinessTime(max(stop.ends_at, now + DAY))
    facts = {"gift": gift} if stop.gift.ends_at is None else {"gift": gift, "ends_at": stop.gift.ends_at}
    undo = Undo(supporter, f"stop-{statement.id}-{gift}", UNDO_KIND, until, facts)
    written(table, undos.put(undo))  # a repeated try finds it there
    # Noted before anything is stopped: whoever books it first, we or the webhook, writes the mail with the undo.
    asked = Asked(statement.id, "stop", now, undo=undo.id)
    supporters.change_state(table, supporter, lambda state: with_note(state, gift, asked))
    return leaver.stop_gift(gift, paid_through=stop.paid_through, not_before=stop.not_before, now=now).mails


def _give_back(back: GiveBack, leaver: Leaver) -> list[str]:
    mails: list[str] = []
    if back.gift is not None:
        mails += leaver.end_gift(back.gift.id).mails
    for payment in sorted(back.payments, key=lambda one: (one.occurred_at, one.id)):
        mails += leaver.give_back_payment(payment.id).mails
    return mails
