"""What a fact from Stripe changes: the one place where money, access and mails are decided.

`decide(facts, state, newsroom)` is pure. It may be asked any number of times, in any order, about the same facts:
what it adds to the standing is keyed by the payment, what it takes over is the latest that Stripe said, and what
grows (`paid_through`) only grows. That an entry is booked once is not decided here but guarded where it is committed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from chalicelib.domain.access import DAY, Grant, RecurringGift, Standing
from chalicelib.domain.newsroom import Earning, Interval, Newsroom
from chalicelib.domain.supporter import State

CheckoutStatus = Literal["open", "processing", "paid", "failed", "expired"]
ENDED = ("canceled", "incomplete_expired")  # Stripe's words for a subscription that will never take money again
# A checkout's status moves forward only: what is paid is not reopened by an older telling.
CHECKOUT_ORDER: tuple[CheckoutStatus, ...] = ("open", "expired", "processing", "failed", "paid")


@dataclass(frozen=True)
class Payment:
    """Money that arrived. `id` is the PaymentIntent's, `amount` in minor units, `occurred_at` its own `created`."""

    id: str
    amount: int
    currency: str
    occurred_at: int
    livemode: bool
    invoice: str | None = None
    subscription: str | None = None


@dataclass(frozen=True)
class SubscriptionFacts:
    """A subscription as Stripe says it stands now; `paid_through` only when a paid invoice said so.

    `stopped_at`: when somebody last asked to end it, which names the receipts for that and for taking it back.
    """

    id: str
    status: str
    started_at: int
    ends_at: int | None
    amount: int
    currency: str
    interval: Interval
    customer: str
    paid_through: int | None = None
    paid_amount: int | None = None
    first: bool = False
    stopped_at: int | None = None


@dataclass(frozen=True)
class CheckoutFacts:
    """How a checkout of ours stands, and what it is for."""

    id: str
    status: CheckoutStatus
    amount: int
    currency: str
    interval: Interval


@dataclass(frozen=True)
class Facts:
    """What one event, or one return from Stripe, tells after everything in it was fetched anew."""

    payments: tuple[Payment, ...] = ()
    subscription: SubscriptionFacts | None = None
    checkout: CheckoutFacts | None = None
    customer: str | None = None
    currency: str | None = None
    campaign: str | None = None
    source: str | None = None
    failed: "FailedRenewal | None" = None


@dataclass(frozen=True)
class FailedRenewal:
    """A renewal that was refused; `id` names the invoice and the try. `next_attempt_at` None: Stripe gave up."""

    id: str
    next_attempt_at: int | None


@dataclass(frozen=True)
class Entry:
    """A ledger entry to be: one movement of money, signed."""

    kind: Literal["gift", "refund", "dispute"]
    payment: Payment
    campaign: str | None
    source: str | None


@dataclass(frozen=True)
class MailToSend:
    """A mail as a fact: `id` names what it tells (`pi_…:thanks`), `about` the movement it goes with, if any.

    `kind` and `values` are those of `chalicelib.mails`, times in seconds; `tier` becomes words when it is sent.
    """

    id: str
    kind: str
    values: Mapping[str, Any]
    tier: str | None = None
    about: str | None = None


@dataclass(frozen=True)
class Changes:
    """What is to be committed together."""

    standing: Standing
    customers: Mapping[str, str]
    entries: tuple[Entry, ...] = ()
    mails: tuple[MailToSend, ...] = ()
    log: tuple[str, ...] = ()


def decide(facts: Facts, state: State, newsroom: Newsroom, *, proven: bool = False) -> Changes:
    """What these facts change for this supporter.

    :param proven: the gift was started by a browser whose session proved this supporter. Only then is its Stripe
        customer theirs for later gifts at once: whoever merely typed the address must not leave their own card and
        name there. Signing in where the gift was started proves it later (`actions/adopt_customers.py`).
    """
    customers = dict(state.customers)
    if proven and facts.customer and facts.currency:
        customers[facts.currency] = facts.customer
    entries = tuple(Entry("gift", payment, facts.campaign, facts.source) for payment in facts.payments)
    booked = Changes(state.standing, customers, entries)
    return _recurring(facts, booked, newsroom) if facts.subscription else _one_off(facts, booked, newsroom)


def _one_off(facts: Facts, changes: Changes, newsroom: Newsroom) -> Changes:
    standing, mails, log = changes.standing, [], []
    for payment in facts.payments:
        earned = _earned(newsroom, payment.currency, payment.amount, "once")
        known = any(grant.id == payment.id for grant in standing.grants)
        if earned and not known:
            grant = Grant(payment.id, earned.tier, payment.occurred_at, days=earned.days)
            standing = replace(standing, grants=(*standing.grants, grant))
        tier = earned.tier if earned else None
        mails.append(MailToSend(f"{payment.id}:thanks", "thanks_once", _told(payment), tier, about=payment.id))
        log.append("gift:one_off:booked")
    return replace(changes, standing=standing, mails=(*mails, *_checkout_mails(facts.checkout)), log=tuple(log))


def _checkout_mails(checkout: CheckoutFacts | None) -> tuple[MailToSend, ...]:
    kinds = {"processing": "processing", "failed": "payment_failed_once"}
    if checkout is None or checkout.status not in kinds:
        return ()
    values = {"amount": checkout.amount, "currency": checkout.currency, "interval": checkout.interval}
    return (MailToSend(f"{checkout.id}:{checkout.status}", kinds[checkout.status], values),)


def _recurring(facts: Facts, changes: Changes, newsroom: Newsroom) -> Changes:
    told = facts.subscription
    assert told is not None, "Asked only for facts that tell of a subscription."
    before = next((gift for gift in changes.standing.recurring if gift.id == told.id), None)
    after = _merged(before, told, newsroom)
    others = tuple(gift for gift in changes.standing.recurring if gift.id != told.id)
    gifts = tuple(sorted((*others, after), key=lambda gift: gift.id))
    kind = "thanks_recurring" if told.first else "renewed"
    rhythm = {"interval": told.interval, "next_payment_at": after.paid_through}
    mails = [
        MailToSend(f"{payment.id}:thanks", kind, {**_told(payment), **rhythm}, after.tier, about=payment.id)
        for payment in facts.payments
    ]
    turns = _turns(before, after, facts, newsroom.grace_days * DAY)
    return replace(
        changes,
        standing=replace(changes.standing, recurring=gifts),
        mails=(*mails, *(mail for _, mail in turns if mail)),
        log=(*["gift:recurring:booked"] * len(facts.payments), *(tag for tag, _ in turns)),
    )


def _merged(before: RecurringGift | None, told: SubscriptionFacts, newsroom: Newsroom) -> RecurringGift:
    paid_through = max(before.paid_through if before else told.started_at, told.paid_through or 0)
    tier = before.tier if before else None
    # The tier follows the payment that reaches furthest, whatever order the payments were told in.
    if told.paid_through is not None and told.paid_through >= paid_through:
        earned = _earned(newsroom, told.currency, told.paid_amount or 0, told.interval)
        tier = earned.tier if earned else None
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


def _turns(
    before: RecurringGift | None, after: RecurringGift, facts: Facts, grace: int
) -> list[tuple[str, MailToSend | None]]:
    """The turns that a recurring gift took, each with what the supporter hears of it."""
    values = {"amount": after.amount, "currency": after.currency, "interval": after.interval}
    turns: list[tuple[str, MailToSend | None]] = []
    if before is None:
        turns.append(("recurring:gift:started", None))
    ended = after.status in ENDED
    if ended and (before is None or before.status not in ENDED):
        over = {"ended_at": after.ends_at, "access_until": after.paid_through}
        turns.append(("recurring:gift:ended", MailToSend(f"{after.id}:ended", "recurring_ended", values | over)))
    elif not ended and after.ends_at is not None and (before is None or before.ends_at != after.ends_at):
        mail = MailToSend(_about_stop(after, "ends"), "recurring_will_end", values | {"ends_at": after.ends_at})
        turns.append(("recurring:gift:stopped", mail))
    elif before is not None and before.ends_at is not None and after.ends_at is None:
        # Without it the last they heard would be that nothing more is charged.
        next_payment = {"next_payment_at": after.paid_through if after.status == "active" else None}
        mail = MailToSend(_about_stop(before, "resumed"), "recurring_resumed", values | next_payment, after.tier)
        turns.append(("recurring:gift:resumed", mail if after.will_renew else None))
    if failed := facts.failed:
        late = {"next_attempt_at": failed.next_attempt_at, "access_until": after.paid_through + grace}
        turns.append(("recurring:payment:failed", MailToSend(f"{failed.id}:failed", "payment_failed", values | late)))
    return turns


def _about_stop(gift: RecurringGift, turn: str) -> str:
    """A mail's name for one stop: stopped, resumed and stopped again for the same day is told each time."""
    return f"{gift.id}:{turn}:{gift.ends_at}" + (f":{gift.stopped_at}" if gift.stopped_at else "")


def _earned(newsroom: Newsroom, currency: str, amount: int, interval: Interval) -> Earning | None:
    rules = newsroom.currencies.get(currency)
    return rules.earned(amount, interval) if rules else None


def _told(payment: Payment) -> dict[str, Any]:
    return {"amount": payment.amount, "currency": payment.currency, "paid_at": payment.occurred_at}
