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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from chalicelib.actions.locate_supporter import Located, locate
from chalicelib.domain.booking import CHECKOUT_ORDER, Changes, CheckoutFacts, Facts, MailToSend, decide
from chalicelib.domain.ids import new_id
from chalicelib.domain.newsroom import Newsroom
from chalicelib.domain.supporter import State
from chalicelib.ports import Stripe
from chalicelib.store import checkouts, inbox, keys, ledger, outbox, supporters
from chalicelib.store.checkouts import Checkout
from chalicelib.store.table import NEW, Change, Put, Table, TransactionLost
from chalicelib.stripe_events.handler import MARK, Handler

Outcome = Literal["applied", "ignored", "foreign"]
_MOST_TRIES = 40


class NobodyNamedError(Exception):
    """Money came without a customer or an address: there is nobody to book it for, a person must look."""


class Contended(Exception):  # noqa: N818 - reads as what happened
    """Others were at the same supporter all the time; the event stays pending and is tried again later."""


@dataclass(frozen=True)
class Deps:
    """What applying needs from outside. `pause` waits between tries, in seconds."""

    table: Table
    stripe: Stripe
    newsroom: Newsroom
    email_key: str
    site_id: str
    pause: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Told:
    """Something Stripe told: by an event (`event_id`), or by the session a reader came back with (no event)."""

    handler: Handler
    snapshot: Mapping[str, Any]
    event_id: str | None = None


@dataclass(frozen=True)
class Applied:
    """What became of it, and the mails that are now waiting to be sent."""

    outcome: Outcome
    mails: tuple[str, ...] = ()


def apply(told: Told, deps: Deps, *, now: int, real_now: int) -> Applied:
    """Apply one telling, any number of times with the same result.

    :raises StripeUnavailable, StripeRefused, TableUnavailable, Contended, ValueError: nothing was changed.
    """
    who = told.handler.who(told.snapshot, deps.stripe)
    if who is None:
        return _without_effect(told, "ignored", deps, now)
    if who.metadata.get(MARK) != deps.site_id:
        return _without_effect(told, "foreign", deps, now)
    for attempt in range(_MOST_TRIES):
        located = locate(who, deps.table, deps.stripe, deps.email_key, deps.newsroom, now)
        state = supporters.read_state(deps.table, located.supporter)
        facts = told.handler.facts(told.snapshot, deps.stripe)
        if facts is None:
            return _without_effect(told, "ignored", deps, now)
        row = checkouts.read(deps.table, facts.checkout.id) if facts.checkout else None
        facts = _still_news(facts, row)
        proven = who.supporter == located.supporter
        changes = _fresh(decide(facts, state, deps.newsroom, proven=proven), deps.table)
        commit = _Commit(deps, told.event_id, located, state, facts, row, changes, now, real_now)
        try:
            if planned := commit.changes():
                deps.table.transact(planned)
        except TransactionLost:
            if _done(told, deps.table):
                return Applied("applied")
            deps.pause(random.uniform(0.01, 0.04) * min(attempt + 1, 10))  # noqa: S311 - spreads tries, no secret
            continue
        return Applied("applied", tuple(mail.id for mail in changes.mails))
    raise Contended


def _without_effect(told: Told, outcome: Outcome, deps: Deps, now: int) -> Applied:
    if told.event_id:
        try:
            deps.table.transact([inbox.finished(told.event_id, outcome, now)])
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


def _fresh(changes: Changes, table: Table) -> Changes:
    """Without the entries that are booked already, nor their mails, nor mails that were written already."""
    entries = tuple(entry for entry in changes.entries if not ledger.is_booked(table, entry.payment.id))
    booked = {entry.payment.id for entry in entries}

    def still_new(mail: MailToSend) -> bool:
        return mail.about in booked if mail.about else not outbox.exists(table, mail.id)

    return Changes(
        changes.standing,
        changes.customers,
        entries,
        tuple(mail for mail in changes.mails if still_new(mail)),
        changes.log,
    )


@dataclass(frozen=True)
class _Commit:
    """Everything that one transaction needs, and its changes in the order of the data model."""

    deps: Deps
    event_id: str | None
    located: Located
    state: State
    facts: Facts
    row: Checkout | None
    decided: Changes
    now: int
    real_now: int

    def changes(self) -> list[Change]:
        """The whole transaction, empty when there is nothing new. An unpaid checkout creates no supporter."""
        changes: list[Change] = []
        about_somebody = bool(self.facts.payments or self.facts.subscription or self.decided.mails)
        if about_somebody and self.located.nobody:
            raise NobodyNamedError
        if about_somebody or not (self.located.new_profile or self.located.nobody):
            changes += self._supporter()
            for entry in self.decided.entries:
                changes += ledger.book(entry, self.located.supporter)
            changes += [outbox.put(mail, self.located.supporter, self.now) for mail in self.decided.mails]
        if self.facts.checkout:
            changes += self._checkout(self.facts.checkout)
        if self.event_id:
            changes.append(inbox.finished(self.event_id, "applied", self.now))
        return changes

    def _supporter(self) -> list[Change]:
        changes: list[Change] = []
        supporter, key = self.located.supporter, self.deps.email_key
        if self.located.new_profile:
            changes += supporters.new_supporter(supporter, self.located.new_profile, key)
        if self.located.new_customer:
            changes.append(supporters.link_customer(self.located.new_customer, supporter))
        after = State(supporter, self.state.version, self.state.epoch, self.decided.standing, self.decided.customers)
        if after != self.state or self.decided.entries:
            changes.append(supporters.save_state(after))
            if self.decided.log:
                changes.append(self._log())
        return changes

    def _log(self) -> Put:
        pk, sk = keys.log(self.located.supporter, self.now, new_id())
        return Put({"pk": pk, "sk": sk, "tags": list(self.decided.log), "event": self.event_id or ""}, NEW)

    def _checkout(self, told: CheckoutFacts) -> list[Change]:
        row = self.row
        if row is None or CHECKOUT_ORDER.index(told.status) <= CHECKOUT_ORDER.index(row.status):
            return []
        subscription = self.facts.subscription.id if self.facts.subscription else None
        movement = self.facts.payments[0].id if self.facts.payments and not subscription else None
        earned = {
            "supporter": self.located.supporter,
            "subscription": subscription,
            "movement": movement,
            "customer": self.facts.customer,
            "epoch": self.state.epoch,
        }
        return [checkouts.moved_on(row, told.status, earned, self.real_now)]
