"""Decide what facts about a recurring gift change: ledger entries, its new state in the standing, lifecycle mails."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.booking.rules.asked import CHANGED, LifecycleChange, changed_mail, explained, is_changed
from chalicelib.booking.rules.changes import Changes, Tag
from chalicelib.booking.rules.earning import earned_at, receipt_values
from chalicelib.booking.rules.facts import CheckoutFacts, Facts, RecurringFacts
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.rhythm import rhythm_of
from chalicelib.ledger.rules.movements import Booked, Entry
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.newsroom.rules import Newsroom
from chalicelib.supporters.rules.access import DAY, ENDED, RecurringGift
from chalicelib.supporters.rules.card import Card
from chalicelib.supporters.rules.paid_time import PaidPeriod, with_period


def recurring(
    facts: Facts,
    changes: Changes,
    newsroom: Newsroom,
    booked: Mapping[str, Booked],
    failed: Collection[str] = (),
    at: BusinessTime | None = None,
) -> Changes:
    """Book the payments and bring the recurring gift up to date. To be called only with `facts.recurring`.

    :param failed: the invoices whose payment had failed before: their receipts say that all is well again.
    :param at: now, by which a change that was asked for long ago is no longer expected; None: however long ago.
    """
    current = facts.recurring
    assert current is not None, "See above."
    before = next((gift for gift in changes.standing.recurring if gift.id == current.id), None)
    earned = _tier_of(current, newsroom)
    for gift in facts.gifts:
        earned = booked[gift.id].tier if gift.id in booked else earned
    after = _merged(before, current, earned)
    others = tuple(gift for gift in changes.standing.recurring if gift.id != current.id)
    kind = "thanks_recurring" if current.first else "renewed"
    receipt = {**_what_is_given(current), "next_payment_at": after.next_payment_at}
    if current.first:
        receipt["source"] = facts.source
    made = is_changed(before, after, at)
    # What was charged for a change is told in the mail about the change.
    charged = max(facts.gifts, key=lambda gift: gift.amount, default=None) if made and made.charged_now else None
    mails = [
        MailToSend(
            f"{gift.id}:thanks",
            kind,
            {**receipt_values(gift), **receipt, "recovered": gift.invoice in failed or None},
            earned,
            about=gift.id,
        )
        for gift in facts.gifts
        if gift is not charged
    ]
    lifecycle = _lifecycle_changes(
        before, after, _open_until(changes.standing.paid(after)), facts, newsroom.grace_days * DAY
    )
    if made:
        lifecycle.append((CHANGED, changed_mail(made, after, charged, newsroom)))
    after, lifecycle = explained(before, after, lifecycle, at)
    started = _on_its_way(facts.checkout, after)
    return replace(
        changes,
        standing=replace(changes.standing, recurring=tuple(sorted((*others, after), key=lambda gift: gift.id))),
        entries=tuple(Entry(gift, facts.campaign, facts.source, earned) for gift in facts.gifts),
        mails=(*mails, *started, *(mail for _, mail in lifecycle if mail)),
        failure=facts.failure,
        log=(*(Tag("gift:recurring:booked", gift.id) for gift in facts.gifts), *(Tag(tag) for tag, _ in lifecycle)),
    )


def differs(current: RecurringFacts, known: RecurringGift) -> bool:
    """Whether the provider has a gift in another state than it is stored in."""
    if current.rhythm != rhythm_of(known.interval, known.interval_count):
        return True
    if current.card_known and current.status not in ENDED and current.card != known.card:
        return True  # also a gift of before this was kept: its card is filled in here
    names = ("status", "ends_at", "stopped_at", "amount", "currency", "next_payment_at")
    return any(getattr(current, name) != getattr(known, name) for name in names)


def _what_is_given(current: RecurringFacts) -> dict[str, Any]:
    """The recurring gift's own price and rhythm, for the receipt of a payment that may have been of another sum.

    As on the paid invoice: the gift may have been changed before we hear of the payment.
    """
    rhythm = current.paid.rhythm if current.paid else current.rhythm
    amount = current.paid.amount if current.paid else 0
    return {"gift_amount": amount, "interval": rhythm.unit, "interval_count": rhythm.count}


def _open_until(paid: Sequence[PaidPeriod]) -> int | None:
    """Until when the paid periods open anything, in seconds; None when they open nothing."""
    last = max(paid, key=lambda period: period.end, default=None)
    return last.end if last and last.tier else None


def _tier_of(current: RecurringFacts, newsroom: Newsroom) -> str | None:
    if current.paid is None:
        return None
    earned = earned_at(newsroom, current.currency, current.paid.amount, current.paid.rhythm)
    return earned.tier if earned else None


def _merged(before: RecurringGift | None, current: RecurringFacts, earned: str | None) -> RecurringGift:
    periods = before.periods if before else ()
    if current.paid:
        span = current.paid.period
        periods = with_period(
            periods, PaidPeriod(span.start, span.end, earned, current.paid.invoice, current.paid.free)
        )
    return RecurringGift(
        id=current.id,
        started_at=current.started_at,
        status=current.status,
        amount=current.amount,
        currency=current.currency,
        interval=current.rhythm.unit,
        interval_count=current.rhythm.count,
        customer=current.customer,
        ends_at=current.ends_at,
        stopped_at=current.stopped_at,
        next_payment_at=current.next_payment_at,
        retry_at=_retry_at(before, current),
        resumes_at=current.resumes_at if current.status == "paused" else None,
        unpaid=current.unpaid and current.status in ENDED,
        periods=periods,
        card=_card(before, current),
        asked=before.asked if before else None,
    )


def _card(before: RecurringGift | None, current: RecurringFacts) -> Card | None:
    """The card that is charged next: none of a gift that has ended, the one of before where nobody asked for it."""
    if current.status in ENDED:
        return None
    if current.card_known:
        return current.card
    return before.card if before else None


def _retry_at(before: RecurringGift | None, current: RecurringFacts) -> int | None:
    """When a failed payment is tried again; None once it arrived, or when it will not be tried again."""
    if current.status in ENDED:
        return None
    if current.retry_known:
        return current.retry_at
    arrived = before is None or (current.status == "active" and before.periods)
    return None if before is None or arrived else before.retry_at


def _on_its_way(checkout: CheckoutFacts | None, after: RecurringGift) -> list[MailToSend]:
    """The `processing` mail for a first payment by a delayed method, which takes days; none once it has failed."""
    if checkout is None or checkout.status != "processing" or after.periods or after.status == "past_due":
        return []
    values = {"amount": after.amount, "currency": after.currency, **_rhythm(after)}
    return [MailToSend(f"{checkout.id}:processing", "processing", values)]


def _rhythm(gift: RecurringGift) -> dict[str, Any]:
    return {"interval": gift.interval, "interval_count": gift.interval_count}


def _lifecycle_changes(
    before: RecurringGift | None,
    after: RecurringGift,
    paid_until: int | None,
    facts: Facts,
    grace: int,
) -> list[LifecycleChange]:
    """The lifecycle changes from `before` to `after`, each as its tag in the history and its mail, if any.

    :param paid_until: until when paid periods open something, less what was taken back; None when they open nothing.
    :param grace: seconds for which a late renewal still opens.
    """
    values: dict[str, Any] = {"amount": after.amount, "currency": after.currency, **_rhythm(after)}
    lifecycle: list[LifecycleChange] = []
    if before is None:
        lifecycle.append(("recurring:gift:started", None))
    late = paid_until + grace if paid_until else None
    lifecycle += _stops(before, after, late if after.unpaid else paid_until, values)
    lifecycle += _pauses(before, after, paid_until, values)
    if (failed := facts.failed) and after.status not in ENDED:
        failing = {
            "next_attempt_at": failed.next_attempt_at,
            "access_until": late,
            "again": failed.again,
            "first": not after.periods,
            "needs": failed.needs,
            "recurring": after.id,
            # What will be tried again may succeed by itself: nobody is asked to do anything about it then.
            "pay_at": failed.pay_at if failed.needs or failed.next_attempt_at is None else None,
        }
        mail = MailToSend(f"{failed.id}:failed", "payment_failed", values | failing)
        lifecycle.append(("recurring:payment:failed", mail))
    return lifecycle


def _stops(
    before: RecurringGift | None,
    after: RecurringGift,
    paid_until: int | None,
    values: dict[str, Any],
) -> list[LifecycleChange]:
    if after.status in ENDED:
        if before is not None and before.status in ENDED:
            return []
        over = {"ended_at": after.ends_at, "access_until": paid_until, "unpaid": after.unpaid}
        return [("recurring:gift:ended", MailToSend(f"{after.id}:ended", "recurring_ended", values | over))]
    if after.ends_at is not None:
        if before is not None and before.ends_at == after.ends_at:
            return []
        goes_on = after.next_payment_at is not None or (paid_until or 0) >= after.ends_at
        open_until = after.ends_at if goes_on and paid_until else paid_until
        end = {"ends_at": after.ends_at, "access_until": open_until, "next_payment_at": after.next_payment_at}
        mail = MailToSend(_about_stop(after, "ends"), "recurring_will_end", values | end)
        return [("recurring:gift:stopped", mail)]
    if before is not None and before.ends_at is not None:
        # Without this mail, the last one they got would say that nothing more is charged.
        mail = _goes_on(_about_stop(before, "resumed"), after, values)
        return [("recurring:gift:resumed", mail if after.will_renew else None)]
    return []


def _pauses(
    before: RecurringGift | None, after: RecurringGift, paid_until: int | None, values: dict[str, Any]
) -> list[LifecycleChange]:
    # The mail's name holds the end of the paid time: one mail for each pause, however often it is noticed.
    was, is_now = before is not None and before.status == "paused", after.status == "paused"
    if is_now and not was:
        until = {"access_until": paid_until, "resumes_at": after.resumes_at, "next_payment_at": after.next_payment_at}
        mail = MailToSend(f"{after.id}:paused:{after.paid_through}", "recurring_paused", values | until)
        return [("recurring:gift:paused", mail)]
    if was and after.will_renew:
        mail = _goes_on(f"{after.id}:unpaused:{after.paid_through}", after, values)
        return [("recurring:gift:unpaused", mail)]
    return []


def _goes_on(name: str, after: RecurringGift, values: dict[str, Any]) -> MailToSend:
    next_payment = {"next_payment_at": after.next_payment_at if after.status != "past_due" else None}
    return MailToSend(name, "recurring_resumed", values | next_payment, after.tier)


def _about_stop(gift: RecurringGift, change: str) -> str:
    """A mail's id for one stop: stopping, resuming and stopping again for the same day makes a mail each time."""
    return f"{gift.id}:{change}:{gift.ends_at}" + (f":{gift.stopped_at}" if gift.stopped_at else "")
