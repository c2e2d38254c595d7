"""Ring 3, recurring gifts: compare each with its subscription at Stripe, and bring it up to date.

This finds changes that move no money: a stop, a pause, an end, a month that cost nothing.

If a run has not enough time for all, the next one begins where the last one was cut off, so that over some days all
of them are looked at, and none is always the last.
"""

from collections.abc import Callable, Sequence
from functools import partial

from chalicelib.booking.rules.facts import RecurringFacts
from chalicelib.booking.rules.recurring import differs
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.outages import Outage
from chalicelib.rails.stripe.events.billing_shapes import OwnSubscription, Subscription
from chalicelib.rails.stripe.events.handler import MARK, Who
from chalicelib.rails.stripe.events.subscriptions import subscription_facts
from chalicelib.rails.stripe.port import Answer, StripeRefused
from chalicelib.rails.stripe.recognise import known_subscriber, ours
from chalicelib.rails.stripe.reconcile.run import StripeRun
from chalicelib.reconciling import progress
from chalicelib.reconciling.progress import Place
from chalicelib.reconciling.run import RecurringTally, RingEnded, name_of
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import ENDED, RecurringGift

_SUPPORTER = "gifts of a supporter"  # without the supporter's id, which is not logged


def recurring(run: StripeRun, tally: RecurringTally) -> None:
    """Look at every open subscription of ours at Stripe, then at every recurring gift that Stripe did not list."""
    begin = Place() if run.by_hand else progress.place(run.deps.table, progress.RECURRING)
    look = _Look(run, tally, begin)
    try:
        look.at_all()
    except RingEnded as ended:
        if ended.why == "time" and not run.by_hand:
            progress.note_place(run.deps.table, progress.RECURRING, look.place)
        raise
    if begin != Place():
        progress.note_place(run.deps.table, progress.RECURRING, Place())


class _Look:
    """One run over the two lists of recurring gifts. `place`: how far it has come."""

    def __init__(self, run: StripeRun, tally: RecurringTally, begin: Place) -> None:
        self._run, self._tally, self._begin, self.place = run, tally, begin, begin
        self._breaker, self._listed, self._foreign = run.breaker(), set[str](), set[str]()

    def at_all(self) -> None:
        """Look at both lists, from where the last run was cut off to the end, then from the beginning to there.

        All subscriptions are listed even if only a part is looked at: gifts that are not on Stripe's list at all must
        be asked about one by one.
        """
        before, behind = self._begin.before, self._begin.behind
        self._at_subscriptions(lambda created: before is None or created <= before)
        self._at_supporters(lambda supporter: behind is None or supporter > behind)
        if before is not None:
            self._at_subscriptions(lambda created: created > before)
        if behind is not None:
            self._at_supporters(lambda supporter: supporter <= behind)

    def _at_subscriptions(self, wanted: Callable[[int], bool]) -> None:
        for found in self._run.deps.stripe.subscriptions():
            look = partial(self._at_subscription, found, wanted)
            self._run.attempt(name_of(found), look, self._breaker, self._tally)

    def _at_subscription(self, found: Answer, wanted: Callable[[int], bool]) -> None:
        if not _is_ours(found, self._run):
            self._foreign.add(found["id"])
            self._tally.foreign = len(self._foreign)
            return
        self._listed.add(found["id"])
        created = int(found.get("created") or 0)
        if wanted(created):
            self.place = Place(created, self._begin.behind)
            _bring_up_to_date(found, self._run, self._tally)

    def _at_supporters(self, wanted: Callable[[str], bool]) -> None:
        self.place = Place(None, self._begin.behind)
        for supporter in supporters.with_recurring(self._run.deps.table):
            self._run.go_on()
            if wanted(supporter):
                for gift in self._gifts_of(supporter):
                    if gift.status not in ENDED and gift.id not in self._listed:
                        ask = partial(_ask_for, gift.id, self._run, self._tally)
                        self._run.attempt(gift.id, ask, self._breaker, self._tally)
                self.place = Place(None, supporter)

    def _gifts_of(self, supporter: SupporterId) -> Sequence[RecurringGift]:
        try:
            return supporters.read_state(self._run.deps.table, supporter).standing.recurring
        except Outage:
            raise
        except Exception as error:  # noqa: BLE001 - one row that cannot be read must not stop the others
            self._run.note(_SUPPORTER, error, self._tally)
            return ()


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
