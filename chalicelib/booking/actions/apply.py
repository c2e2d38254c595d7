"""Apply a notification of a rail: locate, read, refetch, decide, commit, in this order.

    1 locate the supporter       may ask the provider
    2 read the state's version   strongly consistent
    3 refetch                    for what can change, only an answer fetched after step 2 counts
    4 decide                     pure
    5 commit                     one transaction: version, movements, sums, access, mails, notification done

With 3 before 2, three workers can interleave so that older facts overwrite newer ones (decision 0005). A transaction
that lost starts again at 1. A movement is booked once because of its guard row, put if absent; an entry whose
movement is booked already is dropped together with its sums and its mail.
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from chalicelib.booking.actions.commit import Commit, fresh
from chalicelib.booking.actions.locate import locate
from chalicelib.booking.rail import Committing, FindGift, Notification, Outcome, Subject
from chalicelib.booking.rules.changes import Alarm
from chalicelib.booking.rules.decide import decide
from chalicelib.booking.rules.erased import without_person
from chalicelib.booking.rules.facts import Facts
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Change, Contended, Table, TableUnavailable, TransactionLost
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rows import failed_payments
from chalicelib.ledger.rules.movements import Booked, Entry
from chalicelib.newsroom.rules import Newsroom
from chalicelib.observing import metrics
from chalicelib.observing.log import alarm, log
from chalicelib.supporters.rows import supporters

_MOST_TRIES = 40
# Movements in one transaction. DynamoDB takes at most 100 changes; a movement makes two rows, a mail and its sums.
_MOST_MOVEMENTS = 10


@dataclass(frozen=True, kw_only=True)
class Deps:
    """What booking needs from outside. `pause` waits between tries, in seconds."""

    table: Table
    newsroom: Newsroom
    email_key: str
    pause: Callable[[float], None] = time.sleep

    def find_gift(self) -> FindGift:
        """A look-up of gifts in the ledger that reads each gift once; to be made anew for each try."""
        return cache(partial(ledger.booked_gift, self.table))


@dataclass(frozen=True)
class Applied:
    """What became of a notification, and the ids of the mails that it put in the outbox."""

    outcome: Outcome
    mails: tuple[str, ...] = ()


def apply(notification: Notification, deps: Deps, *, now: BusinessTime) -> Applied:
    """Apply one notification, any number of times with the same result.

    :raises Outage, Refused, ValueError, NobodyNamed, GiftNotFound: nothing was changed.
    :raises TableUnavailable: whether anything was changed is not known; applying it again finds out.
    """
    find_gift = deps.find_gift()
    subject = notification.subject(find_gift)
    if not isinstance(subject, Subject):
        return finish(notification, Committing(subject), deps.table)
    mails: tuple[str, ...] = ()
    done: frozenset[str] = frozenset()
    while True:
        part = _part(_Try(notification, subject, deps, find_gift, done, now))
        mails, done = mails + part.applied.mails, done | part.about
        if part.last:
            return replace(part.applied, mails=mails)
        find_gift = deps.find_gift()


@dataclass(frozen=True)
class _Try:
    """One try to apply a part of a notification. `done`: what earlier parts were about (`Facts.about`)."""

    notification: Notification
    subject: Subject
    deps: Deps
    find_gift: FindGift
    done: frozenset[str]
    now: BusinessTime


@dataclass(frozen=True)
class _Part:
    """The result of a part of a notification; nearly always there is one part only.

    A charge may carry more refunds than one transaction can hold. The last part marks the notification as done. If it
    is applied again from the beginning, what earlier parts booked is not booked again.
    """

    applied: Applied
    about: frozenset[str] = frozenset()
    last: bool = True


def _part(one: _Try) -> _Part:
    for attempt in range(_MOST_TRIES):
        try:
            return _once(one)
        except TransactionLost:
            if one.notification.is_done():
                return _Part(Applied("applied"))
            one.deps.pause(random.uniform(0.01, 0.04) * min(attempt + 1, 10))  # noqa: S311 - spreads tries, no secret
            one = replace(one, find_gift=one.deps.find_gift())
    raise Contended


def _once(one: _Try) -> _Part:
    """One try, from locating on; the numbers are the steps of the module's docstring.

    :raises TransactionLost: another worker was faster, nothing was changed.
    """
    deps, notification, table = one.deps, one.notification, one.deps.table
    located = locate(one.subject, table, deps.email_key, deps.newsroom, one.now)  # 1
    state = supporters.read_state(table, located.supporter)  # 2
    while state.moved_to:  # joined to another supporter, or merged into one
        located = replace(located, supporter=state.moved_to)
        state = supporters.read_state(table, state.moved_to)
    erased = state.erased is not None
    if notification.is_known(state, one.find_gift):
        return _Part(finish(notification, Committing("applied", located.known_supporter, erased=erased), table))
    whole = notification.facts(one.find_gift)  # 3
    if whole is None:
        return _Part(finish(notification, Committing("ignored", located.known_supporter, erased=erased), table))
    facts, last = whole.part(_MOST_MOVEMENTS, one.done)
    gifts = {gift.id: one.find_gift(gift.id) for gift in facts.gifts}
    booked = {name: known for name, known in gifts.items() if known}
    if owner := _other_owner(facts, booked, located.supporter, table):
        if one.subject.booked_for:
            raise TransactionLost([])  # two gifts in two supporters' ledgers: one transaction must not touch both
        return _once(replace(one, subject=replace(one.subject, booked_for=owner)))
    proven = _is_proven(one.subject, located.supporter, table)
    failed = _failed_before(facts, booked, located.supporter, table)
    decided = decide(facts, state, deps.newsroom, proven=proven, booked=booked, failed=failed, at=one.now)  # 4
    decided = without_person(decided, state)
    changes = fresh(decided, gifts, failed, table)
    commit = Commit(notification.id, located, state, facts, changes, deps.email_key, deps.newsroom.zone, one.now)
    beside = Committing("applied", commit.supporter, facts, state.epoch, last, commit.in_history, erased)
    _committed([*commit.changes(), *notification.alongside(beside)], commit.alarms(), table)  # 5
    _log_booked(changes.entries)
    return _Part(Applied("applied", tuple(mail.id for mail in changes.mails)), facts.about, last)


def _is_proven(subject: Subject, located: SupporterId, table: Table) -> bool:
    """Whether the session in which the gift was begun is the located supporter's, or of who is one with them now."""
    if subject.proven is None or subject.proven == located:
        return subject.proven is not None
    return supporters.who_now(table, subject.proven) == located


def _other_owner(
    facts: Facts, booked: Mapping[str, Booked], located: SupporterId, table: Table
) -> SupporterId | None:
    """Another supporter in whose ledger one of these gifts stands: booked meanwhile, or under another address.

    The ledger decides whose a gift is. Otherwise one gift would open something for both of them. A record that is
    being merged into the located one is the same supporter already, though its gifts have not moved yet.
    """
    known = [*booked.values(), *(one.gift for one in facts.reversals)]
    others = {gift.supporter for gift in known} - {"", located}
    owners = (supporters.who_now(table, other) for other in sorted(others))
    return next((owner for owner in owners if owner != located), None)


def _failed_before(
    facts: Facts, booked: Mapping[str, Booked], supporter: SupporterId, table: Table
) -> frozenset[str]:
    """The invoices whose payment failed before, as far as that is noted: of payments not booked yet, of refusals."""
    told = {gift.invoice for gift in facts.gifts if gift.id not in booked}
    told |= {facts.failure.invoice} if facts.failure else set()
    return frozenset(one for one in told if one and failed_payments.is_noted(table, supporter, one))


def _committed(planned: Sequence[Change], alarms: Sequence[Alarm], table: Table) -> None:
    """Write the transaction, then raise its alarms, also if its answer was lost: better twice than not at all."""
    try:
        if planned:
            table.transact(planned)
    except TableUnavailable:
        _raise(alarms)
        raise
    _raise(alarms)


def _log_booked(booked: Sequence[Entry]) -> None:
    """Log each entry that this transaction booked; movements that were booked before are not among them."""
    for entry in booked:
        moved = entry.movement
        counts = metrics.gift(moved.amount, moved.currency) if moved.kind == "gift" else None
        facts = {"movement": moved.id, "payment": moved.gift, "invoice": moved.invoice}
        log.info(f"{moved.kind} booked", counts=counts, **facts)


def _raise(alarms: Sequence[Alarm]) -> None:
    for one in alarms:
        alarm(one.code, **one.facts)


def finish(notification: Notification, committing: Committing, table: Table) -> Applied:
    """Mark a notification as done where nothing is left to change."""
    if changes := notification.alongside(committing):
        try:
            table.transact(changes)
        except TransactionLost:
            return Applied("applied")
    return Applied(committing.outcome)
