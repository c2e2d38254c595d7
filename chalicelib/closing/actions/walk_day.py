"""The walk over one day: each line of the provider's books against its entry, page by page, newest first.

A line without entry is booked at once, with its page. Entries are read from the index beside each page; what is not
listed there is read by its name. What is left at the day's end without a line is open, and is asked about.

Whatever list changes meanwhile, a movement counts once: lines of the same movement are the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from chalicelib.booking.rail import Line, Statement
from chalicelib.closing.actions.book_line import compare, entry_for
from chalicelib.closing.rows import opens, seals
from chalicelib.closing.rows.seals import Walk
from chalicelib.closing.rules.days import Day, day_of
from chalicelib.closing.rules.seal import MOST_NAMED, DaySeal
from chalicelib.closing.rules.sums import DaySums, with_entry, with_line
from chalicelib.kernel.outages import Outage
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import Movement
from chalicelib.ledger.rules.stored import EntryUnreadable, ListedEntry, UnreadableEntry
from chalicelib.reconciling.circuit_breaker import CircuitBreaker
from chalicelib.reconciling.run import Currency, MoneyTally, Run, name_of

PAGE = 100  # lines
_PAGES_KEPT = 10  # pages after which the place is stored
_NEAR = 60  # seconds that an entry and its line are apart at most, as a rule; others are found by their name


@dataclass
class _Found:
    """What a walk has found by now, as `Walk` and `DaySeal` have it."""

    sums: DaySums = field(default_factory=dict)
    pending: int = 0
    differing: int = 0
    differences: tuple[str, ...] = ()
    bad: int = 0
    undecided: int = 0


@dataclass
class Walking:
    """What a walk works with: the run, its tally, the provider's statement, and the run's circuit breaker.

    `steps`: how many pages and days were walked in this run.
    """

    run: Run
    tally: MoneyTally
    statement: Statement
    breaker: CircuitBreaker
    steps: int = 0


class DayWalk:
    """One walk over one day, from its end or from where an earlier run came.

    :param earlier: how far an earlier run has come; None: begin anew.
    :param keeps: store the place, so that a later run can go on. `kept`: it was stored.
    """

    kept = False

    def __init__(self, working: Walking, day: Day, earlier: Walk | None, *, keeps: bool) -> None:
        self._working, self._day, self._keeps = working, day, keeps
        self._run, self._tally, self._statement = working.run, working.tally, working.statement
        self._table, self._rail = self._run.deps.table, working.statement.rail
        self._began = earlier.began if earlier else self._run.now()
        self._at = self._from = earlier.at if earlier else day.until
        self._tail = list(earlier.tail) if earlier else []
        self._listed = set(self._tail)
        self._seen_before, self._left = frozenset(self._tail), frozenset(earlier.left if earlier else ())
        self._ahead: list[tuple[str, int]] = []  # found, with the times of their entries, not behind the place yet
        self._found = _Found(**{name: getattr(earlier, name) for name in vars(_Found())}) if earlier else _Found()
        self._stable: Walk | None = earlier
        self._pages = 0
        self._low = self._at + _NEAR + 1  # entries of this second and later are read
        self._waiting: dict[str, ListedEntry] = {}  # entries that no line has named yet
        self._broken: dict[str, UnreadableEntry] = {}
        self._by_name: set[str] = set()  # movements of this day whose entry was found by its name

    def to_end(self) -> DaySeal:
        """Walk to the day's end; answers what is to be sealed, which is not written here.

        :raises RingEnded, Outage, Refused: the walk was not ended; with `keeps` its place is stored.
        """
        try:
            for page in _pages(self._statement.lines(self._day.since, self._at)):
                self._walk_page(page)
            self._end()
        except Exception:
            self._keep()
            raise
        return DaySeal(self._day, **vars(self._found))

    # ---- a page ----

    def _walk_page(self, page: list[Any]) -> None:
        lines: list[tuple[Any, Line]] = []
        missing: list[Line] = []
        for raw in page:
            self._tally.seen += 1
            self._try(name_of(raw), partial(self._read, raw, lines), raw)
        self._load(self._at - _NEAR)
        for raw, line in lines:
            self._try(name_of(raw), partial(self._match, line, missing), raw)
        for line in reversed(missing):
            self._try(line.movement, partial(self._book, line))
        self._working.steps += 1
        self._pages += 1
        self._ahead = [(name, at) for name, at in self._ahead if at <= self._at]
        left = tuple(one.id for one in self._waiting.values() if self._at < one.occurred_at <= self._at + _NEAR)
        tail = tuple(dict.fromkeys((*self._tail, *(name for name, _ in self._ahead))))
        self._stable = Walk(self._day, self._at, tail, left, **vars(self._found), began=self._began)
        if self._pages % _PAGES_KEPT == 0:
            self._keep()

    def _try(self, what: str, work: Any, raw: Any = None) -> None:
        """Do one piece of work; what fails is counted for the run and for the day.

        :raises RingEnded: the provider or the table is down, or the time is over.
        """
        undecided = self._tally.undecided
        if self._run.attempt(what, work, self._working.breaker, self._tally):
            return
        if self._tally.undecided > undecided:
            self._found.undecided += 1
        else:
            self._found.bad += 1
        if raw is not None:
            self._leave_out(raw)

    def _leave_out(self, raw: Any) -> None:
        """Add a line that cannot be used to `left_out`, if it says an amount and a currency."""
        try:
            amount, currency = raw["amount"], raw["currency"]
        except (KeyError, TypeError):
            return
        if type(amount) is int and isinstance(currency, str):
            self._tally.left_out[currency] = self._tally.left_out.get(currency, 0) + amount

    def _read(self, raw: Any, lines: list[tuple[Any, Line]]) -> None:
        at = self._statement.made_at(raw)
        if not self._day.since <= at <= self._from:
            return  # of another day, or of what an earlier run has seen
        if at < self._at:
            self._at = at
            self._tail.clear()
        line = self._statement.read(raw)
        if line is None or line.movement in self._listed:
            return
        self._listed.add(line.movement)
        self._tail.append(line.movement)
        if line.pending:
            self._found.pending += 1
        else:
            lines.append((raw, line))

    # ---- lines and entries ----

    def _load(self, down_to: int) -> None:
        """Read from the index what is booked from this second on and was not read yet."""
        if down_to >= self._low:
            return
        for entry in ledger.entries_between(self._table, self._rail, down_to, self._low - 1):
            if isinstance(entry, UnreadableEntry):
                self._broken[entry.movement] = entry
            elif entry.id not in self._by_name and not self._was_found(entry):
                self._waiting[entry.id] = entry
        self._low = down_to

    def _was_found(self, entry: ListedEntry) -> bool:
        """Whether an earlier run, whose place this one goes on from, has seen the line of an entry."""
        passed = self._from < self._day.until and entry.occurred_at > self._from
        return entry.id in self._seen_before or (passed and entry.id not in self._left)

    def _match(self, line: Line, missing: list[Line]) -> None:
        if line.movement in self._broken:
            raise EntryUnreadable(self._broken.pop(line.movement))
        entry: ListedEntry | Movement | None = self._waiting.pop(line.movement, None)
        if entry is None:
            stored = ledger.entry_of(self._table, line.movement)
            if stored is None:
                missing.append(line)
                return
            entry = stored.entry.movement
            self._by_name.add(line.movement)
        self._compare(line, entry)

    def _book(self, line: Line) -> None:
        """Book a line that has no entry, unless it is foreign, and compare what is booked then."""
        if self._statement.is_foreign(line):
            self._statement.note_foreign(line)
            return
        self._by_name.add(line.movement)
        try:
            entry, applied = entry_for(line, self._run, self._statement)
        except Outage:
            raise
        except Exception:
            stored = ledger.entry_of(self._table, line.movement)
            self._compare(line, stored.entry.movement if stored else None)
            raise
        if applied == "foreign":
            self._statement.note_foreign(line)
            return
        self._tally.applied += applied == "booked"
        self._compare(line, entry)

    def _compare(self, line: Line, moved: ListedEntry | Movement | None) -> None:
        found = compare(line, moved)
        sums = self._tally.currencies
        self._found.sums = with_line(self._found.sums, line.movement, found.line, line.currency)
        sums.setdefault(line.currency, Currency()).provider += found.line
        if moved is not None:
            self._found.sums = with_entry(self._found.sums, line.movement, moved.amount, moved.currency)
            sums.setdefault(moved.currency, Currency()).ledger += moved.amount
            self._ahead.append((line.movement, moved.occurred_at))
            self._settle(line, moved)
            if not self._day.has(moved.occurred_at):
                # Its own day may have waited for this line.
                day = day_of(moved.occurred_at, self._zone).name
                opens.close(self._table, day, line.movement, self._rail, self._run.now())
        if not found.agrees:
            self._tally.differences.append(line.movement)
            self._found.differing += 1
            self._found.differences = (*self._found.differences, line.movement)[:MOST_NAMED]

    def _settle(self, line: Line, moved: ListedEntry | Movement) -> None:
        if moved.fee is None and line.fee and ledger.note_fee(self._table, line.movement, line.fee, self._zone):
            self._tally.fees += 1

    # ---- the end ----

    def _end(self) -> None:
        self._load(self._day.since - _NEAR)
        for broken in self._broken.values():
            if broken.occurred_at is None or self._day.has(broken.occurred_at):
                self._run.note(name_of({"id": broken.movement}), EntryUnreadable(broken), self._tally)
                self._found.bad += 1
        for entry in self._waiting.values():
            if self._day.has(entry.occurred_at) and entry.id not in self._listed:
                self._try(
                    name_of({"id": entry.id}), partial(opens.add, self._table, self._day, entry, self._run.now())
                )

    def _keep(self) -> None:
        """Store the place; entries behind it that no line has named by now are open."""
        if not self._keeps or self._stable is None:
            return
        for entry in self._waiting.values():
            passed = self._day.has(entry.occurred_at) and entry.occurred_at > self._stable.at + _NEAR
            if passed and entry.id not in self._listed:
                opens.add(self._table, self._day, entry, self._run.now())
        seals.write_walk(self._table, self._stable, self._rail)
        self.kept = True

    @property
    def _zone(self) -> Any:
        return self._run.deps.newsroom.zone


def _pages(lines: Iterator[Mapping[str, Any]]) -> Iterator[list[Any]]:
    """Lines in pages; if the list breaks off, the lines before that come first."""
    page: list[Any] = []
    try:
        for raw in lines:
            page.append(raw)
            if len(page) == PAGE:
                yield page
                page = []
    except Exception:
        if page:
            yield page
        raise
    if page:
        yield page
