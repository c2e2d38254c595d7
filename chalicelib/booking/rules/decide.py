"""Decide what a rail's facts change: the one place where money, access and mails are decided.

`decide(facts, state, newsroom)` is pure. It may be called any number of times, in any order, about the same facts:
what it adds to the standing is keyed by the payment, what it replaces is the latest that the provider said, and
`paid_through` only grows. That an entry is booked only once is guarded where it is committed.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType

from chalicelib.booking.rules.changes import Changes, Tag
from chalicelib.booking.rules.earning import earned_by, receipt_values
from chalicelib.booking.rules.facts import CheckoutFacts, Facts
from chalicelib.booking.rules.recurring import recurring
from chalicelib.booking.rules.reversal import reverse
from chalicelib.kernel.moments import BusinessTime
from chalicelib.ledger.rules.movements import Booked, Entry
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.newsroom.rules import Newsroom
from chalicelib.supporters.rules.access import Grant
from chalicelib.supporters.rules.state import State


def decide(
    facts: Facts,
    state: State,
    newsroom: Newsroom,
    *,
    proven: bool = False,
    booked: Mapping[str, Booked] = MappingProxyType({}),
    failed: Collection[str] = (),
    at: BusinessTime | None = None,
) -> Changes:
    """What these facts change for this supporter.

    :param proven: the gift was started by a browser whose session proved this supporter. Only then is the customer at
        the provider used for their later gifts: somebody who merely typed the address must not leave their own card
        and name there. Signing in later where the gift was started proves it too
        (`signing_in/actions/adopt_customers.py`).
    :param booked: the gifts that are booked already, by id; they keep the tier that they earned then.
    :param failed: the invoices among these facts whose payment had failed before, as far as we have heard.
    :param at: now, by which a change that was asked for long ago is no longer expected; None: however long ago.
    """
    customers = dict(state.customers)
    if proven and facts.customer and facts.currency:
        customers[facts.currency] = facts.customer
    changes = Changes(state.standing, customers)
    if facts.recurring:
        changes = recurring(facts, changes, newsroom, booked, failed, at)
    else:
        changes = _one_off(facts, changes, newsroom, booked)
    for one in facts.reversals:
        changes = reverse(one, changes)
    return changes


def _one_off(facts: Facts, changes: Changes, newsroom: Newsroom, booked: Mapping[str, Booked]) -> Changes:
    standing = changes.standing
    entries, mails, log = [], [], []
    for gift in facts.gifts:
        earned = booked.get(gift.id) or earned_by(newsroom, gift.currency, gift.amount, "once")
        tier, days = (earned.tier, earned.days) if earned else (None, None)
        if tier and all(grant.id != gift.id for grant in standing.grants):
            standing = replace(standing, grants=(*standing.grants, Grant(gift.id, tier, gift.occurred_at, days=days)))
        entries.append(Entry(gift, facts.campaign, facts.source, tier, days))
        thanks = {**receipt_values(gift), "source": facts.source}
        mails.append(MailToSend(f"{gift.id}:thanks", "thanks_once", thanks, tier, about=gift.id))
        log.append(Tag("gift:one_off:booked", gift.id))
    mails += _checkout_mails(facts.checkout)
    return replace(changes, standing=standing, entries=tuple(entries), mails=tuple(mails), log=tuple(log))


def _checkout_mails(checkout: CheckoutFacts | None) -> list[MailToSend]:
    kinds = {"processing": "processing", "failed": "payment_failed_once"}
    if checkout is None or checkout.status not in kinds:
        return []
    values = {"amount": checkout.amount, "currency": checkout.currency, "interval": checkout.interval}
    return [MailToSend(f"{checkout.id}:{checkout.status}", kinds[checkout.status], values)]
