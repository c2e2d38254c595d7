"""Note a change before Stripe is asked to make it, with what undoes it; take the note back if it is not made.

The note makes the change one fact: its id is the idempotency key's, two taps share it, and whoever books what came of
it finds the undo link for the mail.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from chalicelib.changing.actions.own_gift import OwnGift
from chalicelib.kernel import keys
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import SupporterId, new_id
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import EXISTING, Change, Contended, Delete, Key, Table, Update, compare_and_swap
from chalicelib.observing.log import log
from chalicelib.rails.stripe.change_gift import void
from chalicelib.rails.stripe.gift_at_stripe import Waits
from chalicelib.supporters.rows import history, supporters
from chalicelib.supporters.rules.access import RecurringGift
from chalicelib.supporters.rules.asked import Asked
from chalicelib.supporters.rules.state import State, stored_gift
from chalicelib.undo.rows import undos
from chalicelib.undo.rows.undos import DAY, Undo
from chalicelib.wiring import Wiring

KIND = "gift"
_UNDER_WAY = 60  # seconds: a call that noted another change may still be at it
_MOST_TRIES = 5
T = TypeVar("T")


class ChangedMeanwhile(Exception):
    """The gift is not as it was when the change was decided: decide anew."""


def decided_anew(change: Callable[[], T]) -> T:
    """What `change` answers; called again as long as the gift changed meanwhile.

    :raises Conflict: `busy`: it kept changing.
    """
    for _ in range(_MOST_TRIES):
        with suppress(ChangedMeanwhile):
            return change()
    raise _busy()


@dataclass(frozen=True)
class ToNote:
    """A change that is asked for: `asked` without its id, and what its supporter's history says of it (`facts`).

    `undo`: whether it can be undone, which an undo itself cannot.
    """

    asked: Asked
    facts: Mapping[str, Any] = field(default_factory=dict)
    undo: bool = True


def note(own: OwnGift, wanted: ToNote, table: Table, now: BusinessTime) -> Asked:
    """Note the change, with its undo and its line of history, in one transaction; the note of the same one again.

    :raises ChangedMeanwhile: see there.
    :raises Conflict: `busy`: another change of this gift is being made, or others kept changing this supporter.
    """
    supporter = own.state.id

    def plan() -> tuple[Sequence[Change], Asked]:
        state = supporters.read_state(table, supporter)
        gift = stored_gift(state, own.gift.id)
        if known := gift.asked:
            lasts = _UNDER_WAY if known.charged_now else DAY
            if known.same_as(wanted.asked) and now < known.at + lasts:
                return [], known
            if now < known.at + _UNDER_WAY and not known.charged_now:
                raise _busy()
        if replace(gift, asked=None) != replace(own.gift, asked=None):
            raise ChangedMeanwhile
        name = new_id()
        undo = Undo(supporter, name, KIND, BusinessTime(now + DAY), _before(own, wanted.asked))
        asked = replace(wanted.asked, id=name, undo=undo.id if wanted.undo else "")
        facts = {"gift": gift.id, **wanted.facts}
        line = history.line(supporter, now, [f"recurring:{asked.act}:asked"], unique=name, **facts)
        more = [undos.put(undo)] if wanted.undo else []
        return [supporters.save_state(with_note(state, gift.id, asked)), *more, line], asked

    try:
        asked = compare_and_swap(table, plan)
    except Contended:
        raise _busy() from None
    undoes = "no" if wanted.undo else "yes"
    log.info("gift change asked", act=asked.act, subscription=own.gift.id, undo=undoes)
    return asked


def with_note(state: State, gift_id: str, asked: Asked | None) -> State:
    """The state with this note on a gift, or with none."""
    recurring = tuple(replace(gift, asked=asked) if gift.id == gift_id else gift for gift in state.standing.recurring)
    return replace(state, standing=replace(state.standing, recurring=recurring))


def _before(own: OwnGift, asked: Asked) -> dict[str, Any]:
    """What the undo needs: the gift as it was, and what was asked for."""
    gift: RecurringGift = own.gift
    facts = {
        "gift": gift.id,
        "act": asked.act,
        "at": asked.at,
        "amount": gift.amount,
        "interval": gift.interval,
        "interval_count": gift.interval_count,
        "next_payment_at": gift.next_payment_at,
        "resumes_at": gift.resumes_at,
        "ends_at": gift.ends_at,
        "invoice": own.at_stripe.subscription.latest_invoice,
        "charge_from": asked.charge_from,
        "to_amount": asked.amount,
        "to_interval": asked.interval,
        "to_interval_count": asked.interval_count,
    }
    return {name: value for name, value in facts.items() if value is not None}


def forget(supporter: SupporterId, gift_id: str, asked: Asked, table: Table) -> None:
    """Take a note back, with its undo: the change was not made."""

    def plan() -> tuple[Sequence[Change], None]:
        state = supporters.read_state(table, supporter)
        if stored_gift(state, gift_id).asked != asked:
            return [], None  # made meanwhile, or another one
        gone = [Delete(_undo_key(supporter, asked))] if asked.undo else []
        return [supporters.save_state(with_note(state, gift_id, None)), *gone], None

    compare_and_swap(table, plan)
    log.info("gift change refused", act=asked.act, subscription=gift_id)


def give_up(own: OwnGift, pending: Waits, wiring: Wiring) -> bool:
    """See to it that a change that waits for its payment is never made; False where it was paid at the last moment.

    Its note goes with it, so that the same change, asked for once more, is asked of Stripe under another key.
    """
    void(pending.invoice, wiring.stripe)
    if wiring.stripe.invoice(pending.invoice)["status"] == "paid":
        return False
    noted = stored_gift(supporters.read_state(wiring.table, own.state.id), own.gift.id).asked
    if noted is not None and noted.charged_now:
        forget(own.state.id, own.gift.id, noted, wiring.table)
    return True


def ask_anew(supporter: SupporterId, gift_id: str, asked: Asked, table: Table) -> None:
    """Give the note a new id for its idempotency key: Stripe repeats a failure under the old one for a day."""

    def plan() -> tuple[Sequence[Change], None]:
        state = supporters.read_state(table, supporter)
        if stored_gift(state, gift_id).asked != asked:
            return [], None
        return [supporters.save_state(with_note(state, gift_id, replace(asked, id=new_id())))], None

    compare_and_swap(table, plan)


def prolong_undo(supporter: SupporterId, asked: Asked, table: Table, now: BusinessTime) -> None:
    """Let a change be undone for a day from its confirmation on, which its payer may give until tomorrow."""
    if asked.undo:
        table.write(Update(_undo_key(supporter, asked), set={"until": now + 2 * DAY}, only_if=EXISTING))


def _undo_key(supporter: SupporterId, asked: Asked) -> Key:
    return keys.undo(supporter, asked.undo.removeprefix(f"{supporter}."))


def _busy() -> Conflict:
    return Conflict("This support is being changed just now. Please try again.", code="busy")
