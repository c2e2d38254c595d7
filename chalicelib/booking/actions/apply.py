"""Apply what Stripe told: locate, read, refetch, decide, commit, in this order.

    1 locate the supporter       may ask Stripe
    2 read the state's version   strongly consistent
    3 refetch from Stripe        a snapshot is never trusted for what can change
    4 decide                     pure
    5 commit                     one transaction: version, movements, sums, access, mails, event done

Every other order of 2 and 3 has an interleaving of three workers that ends wrong: see decision 0005. A transaction
that lost starts again at 1. The guard of uniqueness is the movement's own row; an entry whose movement is known is
dropped together with its sums and its mail.
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from chalicelib.booking.actions.commit import Commit, fresh
from chalicelib.booking.actions.locate import locate
from chalicelib.booking.rules.changes import Alarm
from chalicelib.booking.rules.decide import decide
from chalicelib.booking.rules.facts import Facts
from chalicelib.checkouts.rows import checkouts
from chalicelib.checkouts.rows.checkouts import Checkout
from chalicelib.checkouts.rules.status import CHECKOUT_ORDER
from chalicelib.inbox import rows as inbox
from chalicelib.kernel.table import Change, Contended, Table, TableUnavailable, TransactionLost
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import Booked, Entry
from chalicelib.newsroom.rules import Newsroom
from chalicelib.observing import metrics
from chalicelib.observing.log import alarm, log
from chalicelib.rails.stripe.events.handler import Handler, Snapshot, Sources, Who
from chalicelib.rails.stripe.port import Stripe
from chalicelib.rails.stripe.recognise import ours
from chalicelib.supporters.rows import supporters

Outcome = Literal["applied", "ignored", "foreign"]
_MOST_TRIES = 40
# Movements in one transaction. DynamoDB takes 100 changes in one; a movement is two rows, a mail and its sums.
_MOST_MOVEMENTS = 10


@dataclass(frozen=True)
class Deps:
    """What applying needs from outside. `pause` waits between tries, in seconds."""

    table: Table
    stripe: Stripe
    newsroom: Newsroom
    email_key: str
    site_id: str
    pause: Callable[[float], None] = time.sleep

    @property
    def sources(self) -> Sources:
        """Whom handlers may ask."""
        return Sources(self.stripe, partial(ledger.booked_gift, self.table))


@dataclass(frozen=True)
class Told:
    """Something Stripe told: by an event (`event_id`), or by the session a reader came back with (no event)."""

    handler: Handler
    snapshot: Snapshot
    event_id: str | None = None


@dataclass(frozen=True)
class Applied:
    """What became of it, and the mails that are now waiting to be sent."""

    outcome: Outcome
    mails: tuple[str, ...] = ()


def apply(told: Told, deps: Deps, *, now: int, real_now: int) -> Applied:
    """Apply one telling, any number of times with the same result.

    :raises StripeUnavailable, StripeRefused, Contended, ValueError, NobodyNamedError, GiftNotFoundError: nothing was
        changed.
    :raises TableUnavailable: whether anything was changed is not known; applying it again finds out.
    """
    who = told.handler.who(told.snapshot, deps.sources)
    if who is None:
        return finish(told.event_id, "ignored", deps.table, now)
    known = ours(who, deps.table, deps.stripe, deps.site_id)
    if known is None:
        return finish(told.event_id, "foreign", deps.table, now)
    mails: tuple[str, ...] = ()
    done: frozenset[str] = frozenset()
    while True:
        part = _part(told, known, deps, done, now=now, real_now=real_now)
        mails, done = mails + part.applied.mails, done | part.about
        if part.last:
            return replace(part.applied, mails=mails)


@dataclass(frozen=True)
class _Part:
    """What became of a part of what was told; nearly always it is all of it.

    A charge may carry more refunds than one transaction can hold. The event is done with the last part; what earlier
    ones booked is dropped when all of it is told again.
    """

    applied: Applied
    about: frozenset[str] = frozenset()
    last: bool = True


def _part(told: Told, who: Who, deps: Deps, done: frozenset[str], *, now: int, real_now: int) -> _Part:
    for attempt in range(_MOST_TRIES):
        try:
            return _once(told, who, deps, done, now=now, real_now=real_now)
        except TransactionLost:
            if _done(told, deps.table):
                return _Part(Applied("applied"))
            deps.pause(random.uniform(0.01, 0.04) * min(attempt + 1, 10))  # noqa: S311 - spreads tries, no secret
    raise Contended


def _once(told: Told, who: Who, deps: Deps, done: frozenset[str], *, now: int, real_now: int) -> _Part:
    """One try, from the read on; the numbers are those of the module's first lines.

    :param done: what earlier parts of it were about.

    :raises TransactionLost: somebody else was faster, nothing was changed.
    """
    located = locate(who, deps.table, deps.stripe, deps.email_key, deps.newsroom, now)  # 1
    state = supporters.read_state(deps.table, located.supporter)  # 2
    while state.moved_to:  # they are somebody else by now: `ops supporter correct`
        located = replace(located, supporter=state.moved_to)
        state = supporters.read_state(deps.table, state.moved_to)
    if told.handler.known(told.snapshot, deps.sources, state):
        return _Part(finish(told.event_id, "applied", deps.table, now))
    whole = told.handler.facts(told.snapshot, deps.sources)  # 3
    if whole is None:
        return _Part(finish(told.event_id, "ignored", deps.table, now))
    facts, last = whole.part(_MOST_MOVEMENTS, done)
    gifts = {gift.id: deps.sources.booked(gift.id) for gift in facts.gifts}
    booked = {name: known for name, known in gifts.items() if known}
    if owner := _other_owner(facts, booked, located.supporter):
        if who.booked_for:
            raise TransactionLost([])  # of several gifts, each in another ledger: never one in both
        return _once(told, replace(who, booked_for=owner), deps, done, now=now, real_now=real_now)
    row = checkouts.read(deps.table, facts.checkout.id) if facts.checkout else None
    facts = _still_news(facts, row)
    proven = who.supporter == located.supporter
    decided = decide(facts, state, deps.newsroom, proven=proven, booked=booked)  # 4
    changes = fresh(decided, gifts, deps.table)
    event_id, zone = told.event_id if last else None, deps.newsroom.zone
    commit = Commit(event_id, located, state, facts, row, changes, deps.email_key, zone, now, real_now)
    _committed(commit.changes(), commit.alarms(), deps.table)  # 5
    _tell(changes.entries)
    return _Part(Applied("applied", tuple(mail.id for mail in changes.mails)), facts.about, last)


def _other_owner(facts: Facts, booked: Mapping[str, Booked], located: str) -> str | None:
    """Another supporter in whose ledger one of these gifts stands: booked meanwhile, or told of another address.

    The ledger settles whose a gift is. Otherwise it would open something to both of them.
    """
    known = [*booked.values(), *(one.gift for one in facts.taken_back)]
    return next((gift.supporter for gift in known if gift.supporter not in ("", located)), None)


def _committed(planned: Sequence[Change], alarms: Sequence[Alarm], table: Table) -> None:
    """All of it or nothing, and then the alarms; also where the answer was lost: twice is better than not at all."""
    try:
        if planned:
            table.transact(planned)
    except TableUnavailable:
        _raise(alarms)
        raise
    _raise(alarms)


def _tell(booked: Sequence[Entry]) -> None:
    """Only what this transaction booked: of the same movement told again, there is no entry left here."""
    for entry in booked:
        moved = entry.movement
        counts = metrics.gift(moved.amount, moved.currency) if moved.kind == "gift" else None
        facts = {"movement": moved.id, "payment": moved.gift, "invoice": moved.invoice}
        log.info(f"{moved.kind} booked", counts=counts, **facts)


def _raise(alarms: Sequence[Alarm]) -> None:
    for one in alarms:
        alarm(one.code, **one.facts)


def finish(event_id: str | None, outcome: Outcome, table: Table, now: int) -> Applied:
    """Mark an event as done that changes nothing (more)."""
    if event_id:
        try:
            table.transact([inbox.finished(event_id, outcome, now)])
        except TransactionLost:
            return Applied("applied")
    return Applied(outcome)


def _done(told: Told, table: Table) -> bool:
    if not told.event_id:
        return False
    stored = inbox.read(table, told.event_id)
    return stored is not None and stored.status in inbox.DONE


def _still_news(facts: Facts, row: Checkout | None) -> Facts:
    """Without a checkout's status that is behind what we know: nobody hears "processing" after "failed".

    The transaction holds the row to the status that was read, so of two tellers at once the later one looks again.
    """
    if row is None or facts.checkout is None:
        return facts
    behind = CHECKOUT_ORDER.index(facts.checkout.status) < CHECKOUT_ORDER.index(row.status)
    return replace(facts, checkout=None) if behind else facts
