"""Close the books day by day: walk each day that has ended, seal it, and look again at what was not settled.

By schedule, once an hour: the days behind the stored place, oldest first, as far as the time goes; then days that
differed or had payments under way, open movements, and one old day, which is added up again. By hand: every day of
the window whole, the day of now included, which gets no seal.

A day is never waited for: what cannot be looked at or does not agree is sealed as such, told by an alarm, and walked
again, while the next days are closed.
"""

from contextlib import suppress
from dataclasses import replace
from functools import partial

from chalicelib.booking.rail import Statement
from chalicelib.closing.actions.ask_open import ask_open
from chalicelib.closing.actions.walk_day import DayWalk, Walking
from chalicelib.closing.rows import opens, seals
from chalicelib.closing.rows.seals import DaysPlace, SealUnreadable
from chalicelib.closing.rules.days import READY, Day, day_of, named, near, not_walked, ready, window
from chalicelib.closing.rules.seal import KEPT, DaySeal, next_to_add, otherwise
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.outages import Outage
from chalicelib.observing import metrics
from chalicelib.observing.log import alarm, log
from chalicelib.reconciling.run import MoneyTally, RingEnded, Run

_ONE_A_DAY = 20 * 3600  # seconds between two days that are added up again


def close_days(run: Run, tally: MoneyTally, statement: Statement, *, share: float = 1.0) -> None:
    """Walk the days that are due, book what is missing in them, and seal them; a difference raises an alarm.

    :param share: of the run's time; the rest is for the run's other parts.
    :raises RingEnded, Outage, Refused: it could not go on, and what it did stays done. That its time is over is no
        error where it came further: the next run goes on from there.
    """
    closing = _Closing(replace(run, share=run.share * share), tally, statement)
    try:
        if run.by_hand:
            closing.whole_window()
        else:
            closing.what_is_due()
    finally:
        if tally.differences:
            alarm("reconcile_difference", movements=len(tally.differences), first=tally.differences[0])
        if not run.by_hand:
            with suppress(Outage):  # then the figure is missing, which raises its alarm
                closing.count_days()


class _Closing:
    """One run over the days of one rail."""

    def __init__(self, run: Run, tally: MoneyTally, statement: Statement) -> None:
        self._run, self._tally, self._statement = run, tally, statement
        self._table, self._rail, self._zone = run.deps.table, statement.rail, run.deps.newsroom.zone
        self._working = Walking(run, tally, statement, run.breaker())

    def whole_window(self) -> None:
        """Walk every day of the window, then ask about every open movement."""
        now, sealed = self._run.now(), None
        days = window(now, self._run.days, self._zone)
        for number, day in enumerate(days, 1):
            seal = DayWalk(self._working, day, None, keeps=False).to_end()
            if day.until + READY <= now:
                self._seal(seal, self._sealed(day.name))
                sealed = day
            self._run.on_step(number, len(days))
        if sealed is not None:
            self._move_on(days[0], sealed)
        ask_open(self._working, None)
        self._compare_sums()

    def what_is_due(self) -> None:
        """Walk what is due, as far as the time goes."""
        try:
            self._new_days()
            self._again()
            ask_open(self._working, self._run.now())
            self._add_up_one()
        except RingEnded as ended:
            if ended.why != "time" or not self._working.steps:
                raise
            log.info("days go on in the next run", steps=self._working.steps)
        self._compare_sums()

    def count_days(self) -> None:
        """Count for the metric how many ended days have no seal."""
        now = self._run.now()
        place = self._place(now)
        count = not_walked(place.through, place.day, now, self._zone)
        log.info("days", open=count, counts=metrics.days_open(count))

    # ---- days ----

    def _new_days(self) -> None:
        now = self._run.now()
        place = self._place(now)
        for day in ready(place.through, place.day, now, self._zone):
            self._run.go_on()
            self._walk(day)
            self._working.steps += 1
            seals.walked_through(self._table, self._rail, day)

    def _again(self) -> None:
        """Walk again the days whose seal says so."""
        now = self._run.now()
        for item in list(opens.due(self._table, self._rail, now)):
            if not opens.is_open(item):
                name = seals.name_of(item)
                self._run.attempt(name, partial(self._walk_again, name), self._working.breaker, self._tally)

    def _walk_again(self, name: str) -> None:
        self._walk(self._as_sealed(named(name, self._zone)))

    def _add_up_one(self) -> None:
        """Add up again the old day that is next, once a day."""
        now = self._run.now()
        place = seals.place(self._table, self._rail)
        if place is None or now - place.added_at < _ONE_A_DAY:
            return
        at = next_to_add(place.added, place.through, now)
        day = self._as_sealed(day_of(at, self._zone))
        if day.until <= place.through:
            self._walk(day)
        seals.note_added(self._table, self._rail, max(day.until, at), now)

    def _as_sealed(self, day: Day) -> Day:
        """A day as it was sealed, which may have been in another time zone; else as the calendar has it."""
        seal = self._sealed(day.name)
        return seal.day if isinstance(seal, DaySeal) and near(seal.day, day) else day

    def _sealed(self, name: str) -> DaySeal | SealUnreadable | None:
        try:
            return seals.read(self._table, name, self._rail)
        except SealUnreadable as unreadable:
            return unreadable

    def _walk(self, day: Day) -> None:
        before, now = self._sealed(day.name), self._run.now()
        earlier = seals.read_walk(self._table, day, self._rail, now)
        if earlier and isinstance(before, DaySeal) and before.sealed_at >= earlier.began:
            earlier = None  # left behind by a run that was ended before it could forget it
        walk = DayWalk(self._working, day, earlier, keeps=True)
        found, calendar = walk.to_end(), named(day.name, self._zone)
        if day != calendar and isinstance(before, DaySeal) and otherwise(before, found):
            # It was no other time zone that its bounds are of: somebody wrote over them.
            found = DayWalk(self._working, calendar, None, keeps=True).to_end()
        self._seal(found, before)
        if earlier or walk.kept:
            seals.end_walk(self._table, day.name, self._rail)

    def _seal(self, found: DaySeal, before: DaySeal | SealUnreadable | None) -> None:
        """Write a day's seal; tell if the day was closed, and is found otherwise now."""
        name, known = found.day.name, before if isinstance(before, DaySeal) else None
        # What cannot be read was not written by us.
        changed = otherwise(known, found) if known else before is not None
        if changed:
            self._tally.changed.append(name)
            alarm("day_changed", day=name)
        found = replace(found, changed=(known.changed if known else 0) + changed)
        self._tally.closed += found.state == "closed"
        stands = known is not None and known == replace(found, sealed_at=known.sealed_at)
        if stands and found.state == "closed" and not found.pending:
            return
        seals.write(self._table, found, self._rail, self._run.now())

    def _move_on(self, first: Day, last: Day) -> None:
        """Note that all days of the window have a seal, if none before it is left."""
        place = seals.place(self._table, self._rail)
        if self._run.days >= KEPT if place is None else place.through >= first.since - 1:
            seals.walked_through(self._table, self._rail, last)

    def _place(self, now: BusinessTime) -> DaysPlace:
        """How far the days are walked; before the first run to the day before the last 35."""
        known = seals.place(self._table, self._rail)
        return known or DaysPlace(window(now, KEPT, self._zone)[0].since - 1)

    def _compare_sums(self) -> None:
        if self._tally.undecided:
            return  # not everything could be looked at
        for code, one in sorted(self._tally.currencies.items()):
            if one.unexplained or one.missing:
                alarm("reconcile_difference", currency=code, unexplained=one.unexplained, missing=one.missing)
