"""Changes that a gift's own supporter asked for, as they are booked: one mail each, with the link that undoes it.

Our call notes what is asked for before it asks the provider (`supporters/rules/asked.py`); then either it or the
provider's notification is first to see that the change is made. Whoever is, decides here, and removes the note.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.booking.rules.earning import earned_at, receipt_values
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.rhythm import rhythm_of
from chalicelib.ledger.rules.movements import Movement
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.newsroom.rules import Newsroom
from chalicelib.supporters.rules.access import ENDED, RecurringGift
from chalicelib.supporters.rules.asked import Asked, AskedAct

LifecycleChange = tuple[str, MailToSend | None]
CHANGED = "recurring:gift:changed"
_ACTS: Mapping[str, AskedAct] = {
    "recurring:gift:stopped": "stop",
    "recurring:gift:resumed": "keep",
    "recurring:gift:paused": "pause",
    "recurring:gift:unpaused": "resume",
    CHANGED: "change",
}


def explained(
    before: RecurringGift | None, after: RecurringGift, lifecycle: Sequence[LifecycleChange], at: BusinessTime | None
) -> tuple[RecurringGift, list[LifecycleChange]]:
    """The gift without the note of a change that is made, and the changes with the undo link of what was asked."""
    asked = before.asked if before else None
    if asked is None:
        return after, list(lifecycle)
    done = [tag for tag, _ in lifecycle if (act := _ACTS.get(tag)) and asked.explains(act, at)]
    over = done or asked.is_over(at) or after.status in ENDED
    return (
        replace(after, asked=None if over else asked),
        [(tag, _with_undo(mail, asked) if tag in done and mail else mail) for tag, mail in lifecycle],
    )


def _with_undo(mail: MailToSend, asked: Asked) -> MailToSend:
    if mail.about:  # the receipt of what was charged, named by its payment
        return replace(mail, values={**mail.values, "undo": asked.undo})
    # Named by what was asked for: pausing, resuming and pausing again within a month makes three mails.
    return replace(mail, id=f"{mail.id}:{asked.id}", values={**mail.values, "undo": asked.undo})


def is_changed(before: RecurringGift | None, after: RecurringGift, at: BusinessTime | None) -> Asked | None:
    """What was asked for, if the gift is now as that said; a charged change is made once its period is paid for."""
    asked = before.asked if before else None
    if asked is None or not asked.explains("change", at):
        return None
    wanted = (asked.amount, asked.interval, asked.interval_count)
    if wanted != (after.amount, after.interval, after.interval_count):
        return None
    since = asked.charge_from
    if since is None or any(one.start >= since for one in after.periods if one.invoice and not one.free):
        return asked
    return None


def changed_mail(asked: Asked, after: RecurringGift, charged: Movement | None, newsroom: Newsroom) -> MailToSend:
    """The mail about a changed price; where something was `charged` for it, also the receipt of that payment."""
    rhythm = rhythm_of(after.interval, after.interval_count)
    earned = earned_at(newsroom, after.currency, after.amount, rhythm) if rhythm else None
    values: dict[str, Any] = {
        "currency": after.currency,
        "interval": after.interval,
        "interval_count": after.interval_count,
        "gift_amount": after.amount,
        "was_amount": asked.was_amount,
        "was_interval": asked.was_interval,
        "was_interval_count": asked.was_interval_count,
        "next_payment_at": after.next_payment_at,
        "next_amount": asked.next_amount,
        "amount": 0,
    }
    tier = earned.tier if earned else None
    values["same_level"] = (tier == after.tier) or None
    if charged is None:
        return MailToSend(f"{after.id}:changed", "recurring_changed", values, tier)
    paid = {**values, **receipt_values(charged)}
    return MailToSend(f"{charged.id}:thanks", "recurring_changed", paid, tier, about=charged.id)
