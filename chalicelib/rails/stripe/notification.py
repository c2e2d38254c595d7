"""An object of Stripe's as a notification for booking: from an event, from reconcile, or from a payer who came back.

In one try each object is fetched at most twice: once to find out whose it is, and once more after the supporter's
state was read.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Literal

from chalicelib.booking.rail import Committing, FindGift, Subject
from chalicelib.booking.rules.facts import Facts
from chalicelib.checkouts.rows import checkouts
from chalicelib.checkouts.rows.checkouts import Checkout
from chalicelib.checkouts.rules.status import CHECKOUT_ORDER, is_behind
from chalicelib.inbox import rows as inbox
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import Change
from chalicelib.rails.stripe.about import left_of, supporter_of
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.events.envelope import Event
from chalicelib.rails.stripe.events.handler import Handler, Lookups, Snapshot, Who
from chalicelib.rails.stripe.events.sessions import RETURNED, email_typed
from chalicelib.rails.stripe.events.shapes import Customer
from chalicelib.rails.stripe.metadata import LANGUAGE
from chalicelib.rails.stripe.port import Stripe
from chalicelib.rails.stripe.recognise import ours
from chalicelib.rails.stripe.relay import Remembering
from chalicelib.supporters.rules.state import State


class StripeNotification:
    """Implements `booking.rail.Notification` for one object of Stripe's.

    :param snapshot: the object, as it came.
    :param now: for the inbox's row.
    :param real_now: for the checkout's row.
    :param event: the event that the object came with, if there was one.
    """

    def __init__(
        self,
        handler: Handler,
        snapshot: Snapshot,
        deps: StripeDeps,
        *,
        now: BusinessTime,
        real_now: RealTime,
        event: Event | None = None,
    ) -> None:
        self.id = event.id if event else ""
        self._event = event
        self._handler, self._snapshot, self._deps = handler, snapshot, deps
        self._now, self._real_now = now, real_now
        self._before = Remembering(deps.stripe)
        self._checkout: Checkout | None = None

    def subject(self, find_gift: FindGift) -> Subject | Literal["ignored", "foreign"]:
        """Whose it is, by what never changes of the object; if that is not enough, by its checkout at Stripe."""
        who = self._handler.who(self._snapshot, Lookups(self._before, find_gift))
        if who is None:
            return "ignored"
        known = ours(who, self._deps, self._before)
        return subject_of(known, self._before) if known else "foreign"

    def is_known(self, state: State, find_gift: FindGift) -> bool:
        """Whether the stored state is newer, as far as the handler knows without fetching anything."""
        return self._handler.known(self._snapshot, Lookups(self._before, find_gift), state)

    def facts(self, find_gift: FindGift) -> Facts | None:
        """The facts at Stripe now; without the checkout's status if it is behind the stored one.

        So no mail says "processing" after "failed": the transaction's condition is that the row still has the status
        that was read, so of two workers at the same time the later one starts again.
        """
        facts = self._handler.facts(self._snapshot, Lookups(Remembering(self._deps.stripe), find_gift))
        told = facts.checkout if facts else None
        self._checkout = checkouts.read(self._deps.table, told.id) if told else None
        if facts and told and self._checkout and is_behind(told.status, self._checkout.status):
            return facts.without_checkout()
        return facts

    def alongside(self, committing: Committing) -> Sequence[Change]:
        """The changes that move the checkout to its next status and mark the event as done."""
        changes = self._moved_on(committing)
        if self._event and committing.last:
            about, in_history = self._about(committing), committing.in_history
            erased = committing.erased if committing.supporter else None
            left = left_of(self._event, about, self._deps.table, erased=erased)
            changes.append(
                inbox.finished(self.id, committing.outcome, self._now, about, in_history=in_history, body=left)
            )
        return changes

    def is_done(self) -> bool:
        """Whether the event is marked as done in the inbox."""
        stored = inbox.read(self._deps.table, self.id) if self.id else None
        return stored is not None and stored.status in inbox.DONE

    def _about(self, committing: Committing) -> SupporterId | None:
        """The supporter whom the event is about; an ignored event, too, may be about a payer whom we know."""
        if committing.outcome == "ignored" and committing.supporter is None:
            return supporter_of(self._snapshot, self._deps.table, self._deps.email_key)
        return committing.supporter

    def _moved_on(self, committing: Committing) -> list[Change]:
        facts, row = committing.facts, self._checkout
        if facts is None or facts.checkout is None or row is None:
            return []
        status = facts.checkout.status
        if CHECKOUT_ORDER.index(status) <= CHECKOUT_ORDER.index(row.status):
            return []
        subscription = facts.recurring.id if facts.recurring else None
        earned = {
            "supporter": committing.supporter,
            "subscription": subscription,
            "movement": facts.gifts[0].id if facts.gifts and not subscription else None,
            "customer": facts.customer,
            "epoch": committing.epoch,
        }
        return [checkouts.moved_on(row, status, earned, self._real_now)]


def returned(session_id: str, deps: StripeDeps, *, now: BusinessTime, real_now: RealTime) -> StripeNotification:
    """The checkout that a payer came back from, fetched once: they wait for it.

    :raises StripeUnavailable, StripeRefused: nothing is known.
    """
    session = deps.stripe.checkout_session(session_id)
    return StripeNotification(RETURNED, session, deps, now=now, real_now=real_now)


def subject_of(who: Who, stripe: Stripe) -> Subject:
    """Convert a `Who` of Stripe's into booking's `Subject`."""
    return Subject(
        booked_for=who.booked_for,
        proven=who.supporter,
        customer=who.customer,
        addresses=partial(_addresses, who, stripe),
        language=who.metadata.get(LANGUAGE),
    )


def _addresses(who: Who, stripe: Stripe) -> Iterable[str | None]:
    """Every address of the payer at Stripe, the most trusted first; each is fetched only when it is asked for."""
    yield email_typed(who, stripe)
    yield who.billed_to
    yield Customer.model_validate(stripe.customer(who.customer)).email if who.customer else None
