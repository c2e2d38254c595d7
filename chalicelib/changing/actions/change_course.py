"""Pause, resume, stop or keep a recurring gift, each made as `change_gift.py` says; twice is the same as once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from chalicelib.changing.actions import note as notes
from chalicelib.changing.actions.note import ChangedMeanwhile, ToNote, decided_anew
from chalicelib.changing.actions.own_gift import OwnGift, as_notified, deliver, look_up, read_gift
from chalicelib.changing.rules.change import GiftPrice
from chalicelib.changing.rules.pause import pause_from
from chalicelib.changing.rules.possible import payment_on_its_way, refusal
from chalicelib.changing.rules.reasons import Reason, cancellation_details
from chalicelib.kernel.ids import SupporterId
from chalicelib.rails.stripe import change_gift as at_stripe
from chalicelib.rails.stripe.gift_at_stripe import GiftAtStripe, waits
from chalicelib.rails.stripe.port import StripeRefused, StripeUnavailable
from chalicelib.supporters.rules.access import RecurringGift
from chalicelib.supporters.rules.asked import Asked
from chalicelib.wiring import Wiring


@dataclass(frozen=True)
class _Step:
    """What is to be noted, and the call to Stripe that makes it, with its idempotency key."""

    asked: Asked
    make: Callable[[str], GiftAtStripe | None]
    facts: dict[str, Any]


def pause_gift(wiring: Wiring, supporter: SupporterId, gift_id: str, months: int) -> RecurringGift:
    """Skip so many payments of a monthly gift, beginning with the next one.

    :raises NotFound: `unknown_gift`.
    :raises Conflict: `payment_due`, `gift_paused`, `not_monthly`, `gift_ending`, `gift_ended`, `busy`.
    """

    def prepare(own: OwnGift) -> _Step | None:
        anchor, first = own.at_stripe.payments_from
        pause = pause_from(first, anchor, GiftPrice.of(own.gift).rhythm, months)
        if own.gift.status == "paused" and own.gift.resumes_at == pause.resumes_at:
            return None
        _refuse("pause", own)
        _refuse_unpaid(own, wiring)
        asked = Asked("", "pause", wiring.now(), resumes_at=pause.resumes_at)
        return _Step(
            asked,
            lambda key: at_stripe.pause(own.at_stripe, pause.resumes_at, wiring.stripe, key),
            {"months": months, "until": pause.next_payment_at},
        )

    return _take_course(wiring, supporter, gift_id, prepare)


def pause_until(wiring: Wiring, supporter: SupporterId, gift_id: str, resumes_at: int) -> RecurringGift:
    """Pause a gift again until the time that its pause had before it was resumed; for an undo."""

    def prepare(own: OwnGift) -> _Step | None:
        if own.gift.status == "paused" or resumes_at <= wiring.now():
            return None
        _refuse("pause", own)
        asked = Asked("", "pause", wiring.now(), resumes_at=resumes_at)
        return _Step(asked, lambda key: at_stripe.pause(own.at_stripe, resumes_at, wiring.stripe, key), {})

    return _take_course(wiring, supporter, gift_id, prepare, undoable=False)


def resume_gift(wiring: Wiring, supporter: SupporterId, gift_id: str, *, undoable: bool = True) -> RecurringGift:
    """Take payments again, from the next one on that is not paid for yet.

    :raises NotFound: `unknown_gift`.
    :raises Conflict: `gift_ending`, `gift_ended`, `busy`.
    """

    def prepare(own: OwnGift) -> _Step | None:
        _refuse("resume", own)
        if own.gift.status != "paused":
            return None
        asked = Asked("", "resume", wiring.now())
        return _Step(asked, lambda key: at_stripe.resume(own.at_stripe, wiring.stripe, key), {})

    return _take_course(wiring, supporter, gift_id, prepare, undoable=undoable)


def stop_gift(
    wiring: Wiring,
    supporter: SupporterId,
    gift_id: str,
    *,
    reason: Reason | None = None,
    comment: str | None = None,
    undoable: bool = True,
) -> RecurringGift:
    """Stop a gift at the end of what is paid.

    :raises NotFound: `unknown_gift`.
    :raises Conflict: `gift_ended`, `busy`.
    """

    def prepare(own: OwnGift) -> _Step | None:
        _refuse("stop", own)
        gift = own.gift
        if gift.ends_at is not None and not gift.will_renew:
            return None
        details, now = cancellation_details(reason, comment), wiring.now()
        paid = own.state.standing.in_force(gift).paid_through
        return _Step(
            Asked("", "stop", now),
            lambda key: at_stripe.stop(own.at_stripe, paid, details, now, wiring.stripe, key),
            {"reason": reason, "comment": comment},
        )

    return _take_course(wiring, supporter, gift_id, prepare, undoable=undoable)


def stop_again(wiring: Wiring, supporter: SupporterId, gift_id: str, ends_at: int) -> RecurringGift:
    """Let a gift end when it was to end before somebody kept it, or stopped it sooner; for an undo.

    If that is past, a payment may have come since: it ends with what is paid.

    :raises NotFound: `unknown_gift`.
    :raises Conflict: `gift_ended`, `busy`.
    """
    if ends_at <= wiring.now():
        return stop_gift(wiring, supporter, gift_id, undoable=False)

    def prepare(own: OwnGift) -> _Step | None:
        _refuse("stop", own)
        if own.gift.ends_at == ends_at:
            return None
        asked = Asked("", "stop", wiring.now())
        return _Step(asked, lambda key: at_stripe.stop_at(own.at_stripe, ends_at, {}, wiring.stripe, key), {})

    return _take_course(wiring, supporter, gift_id, prepare, undoable=False)


def keep_gift(wiring: Wiring, supporter: SupporterId, gift_id: str, *, undoable: bool = True) -> RecurringGift:
    """Keep a gift that was set to end.

    :raises NotFound: `unknown_gift`.
    :raises Conflict: `gift_ended`, `busy`.
    """

    def prepare(own: OwnGift) -> _Step | None:
        _refuse("keep", own)
        if own.gift.ends_at is None:
            return None
        asked = Asked("", "keep", wiring.now())
        return _Step(asked, lambda key: at_stripe.keep(own.at_stripe, wiring.stripe, key), {})

    return _take_course(wiring, supporter, gift_id, prepare, undoable=undoable)


def _take_course(
    wiring: Wiring,
    supporter: SupporterId,
    gift_id: str,
    prepare: Callable[[OwnGift], _Step | None],
    *,
    undoable: bool = True,
) -> RecurringGift:
    """Look up, decide, note, ask Stripe, apply; `prepare` answers None where it is so already."""

    def once() -> RecurringGift:
        own = look_up(wiring, supporter, gift_id)
        if pending := waits(own.at_stripe, wiring.stripe):
            notes.give_up(own, pending, wiring)
            raise ChangedMeanwhile
        step = prepare(own)
        if step is None:
            return own.gift
        asked = notes.note(own, ToNote(step.asked, step.facts, undo=undoable), wiring.table, wiring.now())
        _make(own, step, asked, wiring)
        return read_gift(wiring, supporter, gift_id)

    return decided_anew(once)


def _make(own: OwnGift, step: _Step, asked: Asked, wiring: Wiring) -> None:
    supporter, gift_id = own.state.id, own.gift.id
    try:
        answer = step.make(f"{asked.act}:{gift_id}:{asked.id}")
    except StripeUnavailable as away:
        if away.key_spent:
            notes.ask_anew(supporter, gift_id, asked, wiring.table)
        raise
    except StripeRefused:
        notes.forget(supporter, gift_id, asked, wiring.table)
        raise
    if answer is None:
        notes.forget(supporter, gift_id, asked, wiring.table)
    else:
        deliver(wiring, as_notified(wiring).book_gift(answer))


def _refuse(act: Literal["pause", "resume", "stop", "keep"], own: OwnGift) -> None:
    if problem := refusal(act, own.gift):
        raise problem


def _refuse_unpaid(own: OwnGift, wiring: Wiring) -> None:
    """Refuse where a payment is still on its way: it would be taken although the next ones are skipped."""
    if own.at_stripe.payment_on_its_way(wiring.stripe, wiring.now()):
        raise payment_on_its_way()
