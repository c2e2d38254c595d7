"""Decide what a refund or a dispute changes: entries for the money that went back, and the access it had earned."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.booking.rules.changes import Alarm, Changes, Tag
from chalicelib.booking.rules.facts import ReversalFacts
from chalicelib.ledger.rules.movements import Entry, Movement
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.supporters.rules.access import Standing
from chalicelib.supporters.rules.reversals import Reversal, with_reversal

_TAGS: Mapping[tuple[str, bool], str] = {
    ("refund", False): "gift:refund:booked",
    ("refund", True): "gift:refund:failed",
    ("dispute", False): "gift:dispute:withdrawn",
    ("dispute", True): "gift:dispute:reinstated",
}


def reverse(taken: ReversalFacts, changes: Changes) -> Changes:
    """Book what a refund or dispute moved, and note what it holds of the gift.

    One that moved nothing changes nothing; it may still raise an alarm.
    """
    changes = replace(changes, alarms=(*changes.alarms, *_alarms(taken)))
    if not taken.movements:
        return changes
    gift = taken.gift.movement
    reversal = Reversal(
        gift.id,
        gift.amount,
        refunds={taken.by: taken.holds} if taken.kind == "refund" else {},
        disputes={taken.by: taken.holds} if taken.kind == "dispute" else {},
        recurring=gift.recurring,
        period=gift.period,
        invoice=gift.invoice if gift.period else None,
    )
    reversals = with_reversal(changes.standing.reversals, reversal)
    reversal_now = next(one for one in reversals if one.gift == gift.id)
    return replace(
        changes,
        standing=replace(changes.standing, reversals=reversals),
        entries=(
            *changes.entries,
            *(Entry(moved, taken.gift.campaign, taken.gift.source) for moved in taken.movements),
        ),
        mails=(*changes.mails, *_mails(taken, reversal_now, changes.standing)),
        log=(*changes.log, *(Tag(_TAGS[moved.kind, moved.amount > 0], moved.id) for moved in taken.movements)),
    )


def _alarms(taken: ReversalFacts) -> list[Alarm]:
    """Alarms for inquiries and disputes: the newsroom must answer them within days, or it loses the money.

    And for a refund that the bank sent back: it is owed still, and after a withdrawal within 14 days.
    """
    payment = taken.gift.movement.id
    if taken.kind == "refund":
        owed = [moved for moved in taken.movements if moved.amount > 0 and taken.status == "failed"]
        return [Alarm("refund_failed", {"refund": taken.by, "payment": payment}, about=moved.id) for moved in owed]
    facts: dict[str, str | int] = {"dispute": taken.by, "payment": payment}
    if taken.status == "warning_needs_response":
        return [Alarm("dispute_inquiry", facts)]
    withdrawn = (moved for moved in taken.movements if moved.kind == "dispute" and moved.amount < 0)
    return [Alarm("dispute_opened", facts, about=moved.id) for moved in withdrawn]


def _mails(taken: ReversalFacts, reversal: Reversal, standing: Standing) -> list[MailToSend]:
    """The mails about a refund. None about a dispute: its supporter has asked their own bank for it.

    A refund that had failed before we heard of it makes only the mail about its failure, a cancelled one makes none.
    """
    if taken.kind == "dispute" or taken.status == "canceled":
        return []
    return [_mail(moved, taken, reversal, standing) for moved in taken.movements if taken.holds or moved.amount > 0]


def _mail(moved: Movement, taken: ReversalFacts, reversal: Reversal, standing: Standing) -> MailToSend:
    values: dict[str, Any] = {"amount": abs(moved.amount), "currency": moved.currency}
    if moved.amount > 0:
        return MailToSend(f"{moved.id}:told", "refund_failed", values, about=moved.id)
    gift = taken.gift.movement
    values |= {"paid_at": moved.occurred_at, "reference": moved.id}
    values |= {"gift_amount": gift.amount, "gift_at": gift.occurred_at, "full": reversal.refunded >= gift.amount}
    of = [one for one in standing.recurring if one.id == gift.recurring]
    values["opened"] = any(one.tier for one in of) or any(grant.id == gift.id for grant in standing.grants)
    values["renews"] = any(one.will_renew for one in of)
    return MailToSend(f"{moved.id}:told", "refunded", values, about=moved.id)
