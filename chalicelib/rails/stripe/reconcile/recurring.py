"""Ring 3, recurring gifts: compare each with its subscription at Stripe, and bring it up to date.

This finds changes that move no money and that no event told: a stop, a pause, an end, a month that cost nothing.

A scheduled run looks at a thirtieth of them, so that each is looked at once in some 30 days, however many there are;
where it ended is stored. A few hundred are all looked at each day. Of gifts that are not on Stripe's list a run that
saw the whole list asks about each; others ask about those whose next payment did not come.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from chalicelib.booking.rules.facts import RecurringFacts
from chalicelib.booking.rules.recurring import differs
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.outages import Outage
from chalicelib.rails.stripe.events.billing_shapes import OwnSubscription, Subscription
from chalicelib.rails.stripe.events.handler import Who
from chalicelib.rails.stripe.events.subscriptions import subscription_facts
from chalicelib.rails.stripe.metadata import MARK
from chalicelib.rails.stripe.port import Answer, StripeRefused
from chalicelib.rails.stripe.recognise import known_subscriber, ours
from chalicelib.rails.stripe.reconcile.run import StripeRun
from chalicelib.reconciling import progress
from chalicelib.reconciling.progress import Round
from chalicelib.reconciling.run import RecurringTally, RingEnded, name_of
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import ENDED, RecurringGift

_SUPPORTER = "gifts of a supporter"  # without the supporter's id, which is not logged
_DAYS, _LEAST = 30, 100  # days of a round; at least a page of Stripe's list each day


def recurring(run: StripeRun, tally: RecurringTally) -> None:
    """Look at today's share of the open subscriptions at Stripe and of our own recurring gifts; by hand at all."""
    begin = Round() if run.by_hand else progress.round_of(run.deps.table)
    look = _Look(run, tally, begin)
    try:
        look.at_share()
    except RingEnded as ended:
        if ended.why == "time" and not run.by_hand:
            progress.note_round(run.deps.table, look.round)
        raise
    if not run.by_hand:
        progress.note_round(run.deps.table, replace(look.round, at=run.now()))


def share_of(size: int) -> int | None:
    """How many of a list of this size a day looks at; None: all, as nobody has counted it yet."""
    return max(_LEAST, -(-size // _DAYS)) if size else None


class _Look:
    """One run over the two lists of recurring gifts. `round`: how far it has come."""

    def __init__(self, run: StripeRun, tally: RecurringTally, begin: Round) -> None:
        self._run, self._tally, self._begin, self.round = run, tally, begin, begin
        self._breaker, self._listed, self._foreign = run.breaker(), set[str](), set[str]()

    def at_share(self) -> None:
        """Look at both lists, each from where the last run ended, as far as today's share of it goes."""
        to_end = self._at_subscriptions(share_of(self._begin.size))
        self._at_supporters(share_of(self._begin.people), whole=to_end and self._begin.before is None)

    def _at_subscriptions(self, most: int | None) -> bool:
        """Look at this many subscriptions; answers whether the list was read to its end."""
        seen, last = 0, None
        for found in self._run.deps.stripe.subscriptions(until=self._begin.before):
            created = _created(found)
            # Many may have the same second, at which the next run begins.
            if most is not None and seen >= most and created is not None and created != last:
                self.round = replace(self.round, before=created)
                return False
            look = partial(self._at_subscription, found)
            self._run.attempt(name_of(found), look, self._breaker, self._tally)
            seen, last = seen + 1, created if created is not None else last
            self.round = replace(self.round, before=last, seen=self._begin.seen + seen)
        self.round = replace(self.round, before=None, seen=0, size=self._begin.seen + seen)
        return True

    def _at_subscription(self, found: Answer) -> None:
        if not _is_ours(found, self._run):
            self._foreign.add(found["id"])
            self._tally.foreign = len(self._foreign)
            return
        self._listed.add(found["id"])
        _bring_up_to_date(found, self._run, self._tally)

    def _at_supporters(self, most: int | None, *, whole: bool) -> None:
        """Ask about the gifts of this many supporters. `whole`: all that Stripe lists were seen in this run."""
        passed = 0
        for supporter in supporters.with_recurring(self._run.deps.table, self._begin.behind):
            self._run.go_on()
            if most is not None and passed >= most:
                return
            for gift in self._gifts_of(supporter):
                if gift.id not in self._listed and gift.status not in ENDED and (whole or self._is_late(gift)):
                    ask = partial(_ask_for, gift.id, self._run, self._tally)
                    self._run.attempt(gift.id, ask, self._breaker, self._tally)
            passed += 1
            self.round = replace(self.round, behind=supporter, passed=self._begin.passed + passed)
        self.round = replace(self.round, behind=None, passed=0, people=self._begin.passed + passed)

    def _is_late(self, gift: RecurringGift) -> bool:
        return gift.paid_through < self._run.now()

    def _gifts_of(self, supporter: SupporterId) -> Sequence[RecurringGift]:
        try:
            return supporters.read_state(self._run.deps.table, supporter).standing.recurring
        except Outage:
            raise
        except Exception as error:  # noqa: BLE001 - one row that cannot be read must not stop the others
            self._run.note(_SUPPORTER, error, self._tally)
            return ()


def _created(found: Answer) -> int | None:
    """When a subscription was created, in seconds; None where it does not say."""
    created = found.get("created") if isinstance(found, Mapping) else None
    return created if type(created) is int else None


def _is_ours(found: Answer, run: StripeRun) -> bool:
    """Whether a subscription is ours: by its mark or as a supporter's gift; in a run by hand also by its checkout."""
    current = OwnSubscription.model_validate(found)
    who = Who(current.metadata, current.customer, subscription=current.id)
    if run.by_hand:
        return ours(who, run.deps, run.deps.stripe) is not None
    return who.is_ours(run.deps.site_id) or (
        MARK not in who.metadata and bool(known_subscriber(who, run.deps.table, run.deps.email_key))
    )


def _ask_for(subscription: str, run: StripeRun, tally: RecurringTally) -> None:
    try:
        found = run.deps.stripe.subscription(subscription)
    except StripeRefused as refused:
        if not refused.missing:
            raise
        tally.unknown_at_stripe += 1
        return
    _bring_up_to_date(found, run, tally)


def _bring_up_to_date(found: Answer, run: StripeRun, tally: RecurringTally) -> None:
    tally.seen += 1
    subscription = Subscription.model_validate(found)
    current = subscription_facts(subscription)
    known = _known(current, run)
    stale = known is None or differs(current, known)
    if stale:
        run.apply_found("subscription", found)
        known = _known(current, run)
    period_end = subscription.period_end or 0
    unpaid = known is not None and current.status == "active" and period_end > known.paid_through
    latest = run.deps.stripe.invoice(subscription.latest_invoice) if unpaid and subscription.latest_invoice else None
    paid = latest is not None and latest["status"] == "paid"
    if latest is not None and paid:
        run.apply_found("invoice", latest)
    tally.applied += stale or paid


def _known(current: RecurringFacts, run: StripeRun) -> RecurringGift | None:
    supporter = supporters.find_by_customer(run.deps.table, current.customer, run.deps.email_key)
    if supporter is None:
        return None
    gifts = supporters.read_state(run.deps.table, supporter).standing.recurring
    return next((gift for gift in gifts if gift.id == current.id), None)
