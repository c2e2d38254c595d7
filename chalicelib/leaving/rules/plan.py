"""What a statement means for what somebody gives: which gifts stop, and when; which money goes back.

A contract is a recurring gift, or a gift made once. Withdrawing from it is possible for 14 days, counted from the day
after it was made; what counts is when the statement came, not when it was confirmed. After that a withdrawal stops
what still runs, as a cancellation would.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import count, takewhile

from chalicelib.kernel.billing_days import payment_day, payment_from
from chalicelib.kernel.moments import BusinessTime, end_of_day
from chalicelib.kernel.rhythm import Rhythm, rhythm_of
from chalicelib.leaving.rules.statements import LeavingStatement
from chalicelib.ledger.rules.movements import Movement
from chalicelib.supporters.rules.access import ENDED, RecurringGift, Standing

WITHDRAWAL_DAYS = 14
GIVEN_BACK = "given_back"
_SATURDAY, _WEEK = 5, 7  # as `date.weekday` counts
_MOST_PAYMENTS = 500  # that are listed until a day that somebody chose


@dataclass(frozen=True)
class Stop:
    """A recurring gift that stops: at `ends_at`, after the `payments` still to come.

    `paid_through`: until when it is paid for. `not_before`: the moment that was chosen.
    """

    gift: RecurringGift
    ends_at: int
    paid_through: int
    not_before: int | None = None
    payments: tuple[int, ...] = ()


@dataclass(frozen=True)
class GiveBack:
    """A contract that is undone: its `payments` go back, less what went back before, and `gift` ends now.

    `gift` None: a gift made once.
    """

    payments: tuple[Movement, ...]
    amount: int
    currency: str
    gift: RecurringGift | None = None

    @property
    def id(self) -> str:
        """The recurring gift's, or the payment's."""
        return self.gift.id if self.gift else self.payments[0].id


@dataclass(frozen=True)
class LeavingPlan:
    """What is to be done. `too_late`: it was a withdrawal, and for these gifts its time was over.

    `stopped`: gifts that are meant too, and were to end as soon before.
    """

    stops: tuple[Stop, ...] = ()
    give_backs: tuple[GiveBack, ...] = ()
    stopped: tuple[RecurringGift, ...] = ()
    too_late: bool = False

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to do."""
        return not self.stops and not self.give_backs

    @property
    def outcome(self) -> str:
        """What it comes to, in a word."""
        if self.give_backs:
            return GIVEN_BACK
        if self.stops:
            return "too_late" if self.too_late else "stopped"
        return "stopped_already" if self.stopped else "nothing"

    @property
    def ids(self) -> tuple[str, ...]:
        """The gifts that something is done about."""
        return (*(one.gift.id for one in self.stops), *(one.id for one in self.give_backs))


def plan(
    statement: LeavingStatement, standing: Standing, payments: Sequence[Movement], zone: tzinfo, now: BusinessTime
) -> LeavingPlan:
    """What the statement means for the supporter whose standing and payments these are.

    :param payments: all gifts in their ledger.
    """
    running = [gift for gift in standing.recurring if gift.status not in ENDED]
    meant = [gift for gift in running if _is_meant(statement, gift.id, payments)]
    if statement.kind == "cancel":
        return _stopped(statement, meant, standing, zone, now)
    in_time = [gift for gift in standing.recurring if _in_time(statement, gift.started_at, zone)]
    in_time = [gift for gift in in_time if _is_meant(statement, gift.id, payments)]
    given = [_of_recurring(gift, payments, standing) for gift in in_time]
    given += [
        _of_payments((one,), standing)
        for one in payments
        if not one.recurring and statement.target in ("", one.id) and _in_time(statement, one.occurred_at, zone)
    ]
    # What went back before and runs no more needs nothing; a gift that runs is ended, even if nothing is left of it.
    # Once that was begun, it is looked at to the end: a payment may still be on its way.
    begun = statement.outcome == GIVEN_BACK
    given = [one for one in given if begun or one.amount or (one.gift and one.gift.status not in ENDED)]
    late = _stopped(statement, [gift for gift in meant if gift not in in_time], standing, zone, now)
    if given and not statement.target:
        return LeavingPlan(give_backs=tuple(given))  # who withdraws from the new gift did not mean the old one
    return LeavingPlan(late.stops, tuple(given), late.stopped, too_late=bool(late.stops))


def may_withdraw_until(made_at: int, zone: tzinfo) -> int:
    """The last second in which somebody may withdraw from a contract made then.

    The day on which it was made does not count, and a period that would end on a Saturday or a Sunday ends on the
    next Monday: Regulation (EEC, Euratom) 1182/71, art. 3(1) and (4). Holidays are a person's to know.
    """
    last = datetime.fromtimestamp(made_at, zone).date() + timedelta(days=WITHDRAWAL_DAYS)
    if last.weekday() >= _SATURDAY:
        last += timedelta(days=_WEEK - last.weekday())
    return end_of_day(last, zone)


def start_of(day: date, zone: tzinfo) -> int:
    """The first second of a day in a time zone."""
    return int(datetime.combine(day, time(), zone).timestamp())


def _in_time(statement: LeavingStatement, made_at: int, zone: tzinfo) -> bool:
    return statement.received_at <= may_withdraw_until(made_at, zone)


def _is_meant(statement: LeavingStatement, recurring: str, payments: Iterable[Movement]) -> bool:
    """Whether a recurring gift is meant: named by itself, by one of its payments, or because no other is named."""
    if statement.target in ("", recurring):
        return True
    return any(one.id == statement.target and one.recurring == recurring for one in payments)


def _stopped(
    statement: LeavingStatement, gifts: Iterable[RecurringGift], standing: Standing, zone: tzinfo, now: BusinessTime
) -> LeavingPlan:
    not_before = start_of(statement.when, zone) if statement.when else None
    stops, stopped = [], []
    for gift in gifts:
        stop = _stop(gift, standing.in_force(gift).paid_through, not_before, now)
        if gift.ends_at is not None and gift.ends_at <= stop.ends_at:
            stopped.append(gift)
        else:
            stops.append(stop)
    return LeavingPlan(tuple(stops), stopped=tuple(stopped))


def _stop(gift: RecurringGift, paid_through: int, not_before: int | None, now: BusinessTime) -> Stop:
    """Stop a gift at the end of its paid time; later, if somebody chose a day after that."""
    present = gift.next_payment_at if gift.will_renew else None
    if present is None:  # paused, unpaid, or to end already: no payment is to come that could be waited for
        return Stop(gift, max(now, gift.ends_at or paid_through), paid_through)
    if not_before is None or not_before <= present:
        return Stop(gift, present, paid_through, not_before)
    rhythm = rhythm_of(gift.interval, gift.interval_count) or Rhythm("month")
    anchor = _anchor(gift.started_at, rhythm, present)
    first = payment_from(anchor, rhythm, present)
    days = (payment_day(anchor, rhythm, number) for number in count(first))
    payments = list(takewhile(lambda at: at < not_before, days))[:_MOST_PAYMENTS]
    ends_at = payment_day(anchor, rhythm, first + len(payments))
    return Stop(gift, ends_at, paid_through, not_before, tuple(payments))


def _anchor(started_at: int, rhythm: Rhythm, payment: int) -> int:
    """From when the gift's payments are counted: its start, unless a change of interval has moved them."""
    kept = payment_day(started_at, rhythm, payment_from(started_at, rhythm, payment)) == payment
    return started_at if kept else payment


def _of_recurring(gift: RecurringGift, payments: Iterable[Movement], standing: Standing) -> GiveBack:
    own = tuple(one for one in payments if one.recurring == gift.id)
    return _of_payments(own, standing, gift)


def _of_payments(payments: tuple[Movement, ...], standing: Standing, gift: RecurringGift | None = None) -> GiveBack:
    back = {one.gift: one.refunded for one in standing.reversals}
    left = tuple(one for one in payments if one.amount > back.get(one.id, 0))
    amount = sum(one.amount - back.get(one.id, 0) for one in left)
    currency = gift.currency if gift else payments[0].currency
    return GiveBack(left or (() if gift else payments), amount, currency, gift)
