"""What the facts about a recurring gift change: its payments, its place in the standing, and its turns."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from chalicelib.domain.access import DAY, RecurringGift
from chalicelib.domain.changes import Changes, Entry, MailToSend, Tag
from chalicelib.domain.facts import ENDED, Facts, SubscriptionFacts
from chalicelib.domain.movements import Booked
from chalicelib.domain.newsroom import Newsroom
from chalicelib.domain.telling import earned_by, told_of

Turn = tuple[str, MailToSend | None]


def recurring(facts: Facts, changes: Changes, newsroom: Newsroom, booked: Mapping[str, Booked]) -> Changes:
    """Book the payments and bring the recurring gift up to date. Asked only for facts that tell of a subscription."""
    told = facts.subscription
    assert told is not None, "See above."
    before = next((gift for gift in changes.standing.recurring if gift.id == told.id), None)
    earned = _tier_of(told, newsroom)
    for gift in facts.gifts:
        earned = booked[gift.id].tier if gift.id in booked else earned
    after = _merged(before, told, earned, newsroom.tier_names)
    others = tuple(gift for gift in changes.standing.recurring if gift.id != told.id)
    kind = "thanks_recurring" if told.first else "renewed"
    rhythm = {"interval": told.interval, "next_payment_at": after.paid_through}
    mails = [
        MailToSend(f"{gift.id}:thanks", kind, {**told_of(gift), **rhythm}, after.tier, about=gift.id)
        for gift in facts.gifts
    ]
    paid = changes.standing.paid(after)
    turns = _turns(before, after, paid[-1][1] if paid else None, facts, told, newsroom.grace_days * DAY)
    return replace(
        changes,
        standing=replace(changes.standing, recurring=tuple(sorted((*others, after), key=lambda gift: gift.id))),
        entries=tuple(Entry(gift, facts.campaign, facts.source, earned) for gift in facts.gifts),
        mails=(*mails, *(mail for _, mail in turns if mail)),
        log=(*(Tag("gift:recurring:booked", gift.id) for gift in facts.gifts), *(Tag(tag) for tag, _ in turns)),
    )


def _tier_of(told: SubscriptionFacts, newsroom: Newsroom) -> str | None:
    earned = earned_by(newsroom, told.currency, told.paid_amount or 0, told.interval)
    return earned.tier if earned else None


def _merged(
    before: RecurringGift | None, told: SubscriptionFacts, earned: str | None, tiers: Sequence[str]
) -> RecurringGift:
    paid_through = max(before.paid_through if before else told.started_at, told.paid_through or 0)
    tier = before.tier if before else None
    # The tier follows the payment that reaches furthest, and of two for the same period the larger one, whatever
    # order they were told in: who raises a gift in the middle of a month pays for the rest of that month once more.
    if told.paid_through is not None and told.paid_through >= paid_through:
        same_period = before is not None and before.paid_through == told.paid_through
        tier = max((tier, earned), key=partial(_rank, tiers)) if same_period else earned
    return RecurringGift(
        id=told.id,
        tier=tier,
        started_at=told.started_at,
        paid_through=paid_through,
        status=told.status,
        amount=told.amount,
        currency=told.currency,
        interval=told.interval,
        customer=told.customer,
        ends_at=told.ends_at,
        stopped_at=told.stopped_at,
    )


def _rank(tiers: Sequence[str], tier: str | None) -> int:
    return tiers.index(tier) if tier in tiers else -1


def _turns(
    before: RecurringGift | None,
    after: RecurringGift,
    paid_until: int | None,
    facts: Facts,
    told: SubscriptionFacts,
    grace: int,
) -> list[Turn]:
    """The turns that a recurring gift took, each with what the supporter hears of it.

    :param paid_until: less what was taken back; None when nothing is left.
    """
    values: dict[str, Any] = {"amount": after.amount, "currency": after.currency, "interval": after.interval}
    turns: list[Turn] = []
    if before is None:
        turns.append(("recurring:gift:started", None))
    turns += _stops(before, after, paid_until, values, unpaid=told.unpaid)
    turns += _pauses(before, after, paid_until, values)
    if (failed := facts.failed) and after.status not in ENDED:
        late = {"next_attempt_at": failed.next_attempt_at, "access_until": paid_until + grace if paid_until else None}
        mail = MailToSend(f"{failed.id}:failed", "payment_failed", values | late | {"again": failed.again})
        turns.append(("recurring:payment:failed", mail))
    return turns


def _stops(
    before: RecurringGift | None,
    after: RecurringGift,
    paid_until: int | None,
    values: dict[str, Any],
    *,
    unpaid: bool,
) -> list[Turn]:
    if after.status in ENDED:
        if before is not None and before.status in ENDED:
            return []
        over = {"ended_at": after.ends_at, "access_until": paid_until, "unpaid": unpaid}
        return [("recurring:gift:ended", MailToSend(f"{after.id}:ended", "recurring_ended", values | over))]
    if after.ends_at is not None:
        if before is not None and before.ends_at == after.ends_at:
            return []
        mail = MailToSend(_about_stop(after, "ends"), "recurring_will_end", values | {"ends_at": after.ends_at})
        return [("recurring:gift:stopped", mail)]
    if before is not None and before.ends_at is not None:
        # Without it the last they heard would be that nothing more is charged.
        mail = _goes_on(_about_stop(before, "resumed"), after, values)
        return [("recurring:gift:resumed", mail if after.will_renew else None)]
    return []


def _pauses(
    before: RecurringGift | None, after: RecurringGift, paid_until: int | None, values: dict[str, Any]
) -> list[Turn]:
    # Named by the paid time in which it happened: told once however often, and again for another pause later.
    was, is_now = before is not None and before.status == "paused", after.status == "paused"
    if is_now and not was:
        until = {"access_until": paid_until}
        mail = MailToSend(f"{after.id}:paused:{after.paid_through}", "recurring_paused", values | until)
        return [("recurring:gift:paused", mail)]
    if was and after.will_renew:
        mail = _goes_on(f"{after.id}:unpaused:{after.paid_through}", after, values)
        return [("recurring:gift:unpaused", mail)]
    return []


def _goes_on(name: str, after: RecurringGift, values: dict[str, Any]) -> MailToSend:
    next_payment = {"next_payment_at": after.paid_through if after.status == "active" else None}
    return MailToSend(name, "recurring_resumed", values | next_payment, after.tier)


def _about_stop(gift: RecurringGift, turn: str) -> str:
    """A mail's name for one stop: stopped, resumed and stopped again for the same day is told each time."""
    return f"{gift.id}:{turn}:{gift.ends_at}" + (f":{gift.stopped_at}" if gift.stopped_at else "")
