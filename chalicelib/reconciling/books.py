"""Compare a provider's books with the ledger: lines that disagree, lines without entry, entries without line."""

from functools import partial
from typing import Any

from chalicelib.booking.rail import Line, Statement
from chalicelib.kernel import keys
from chalicelib.kernel.outages import Outage
from chalicelib.kernel.table import TransactionLost
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import Fee
from chalicelib.ledger.rules.stored import EntryUnreadable, ListedEntry, StoredEntry, UnreadableEntry
from chalicelib.reconciling.run import Currency, MoneyTally, RingEnded, Run, name_of

_MOST_ASKED = 200  # entries that the provider is asked about one by one; with more, something larger is wrong


class Books:
    """A provider's books and the ledger, compared in one run. What fails is counted, and the others go on."""

    def __init__(self, run: Run, tally: MoneyTally, statement: Statement) -> None:
        self._run, self._tally, self._table, self._statement = run, tally, run.deps.table, statement
        self._listed: set[str] = set()
        self._missing: list[Line] = []
        self._breaker = run.breaker()

    def look_at_all(self, since: int, *, share: float) -> None:
        """Compare every line since then (seconds), newest first, until this share of the run's time is over.

        :raises RingEnded, Outage, Refused: the list was not read to its end.
        """
        for raw in self._statement.lines(since):
            if self._run.limits.over(share):
                raise RingEnded("time")
            self._tally.seen += 1
            if not self._run.attempt(name_of(raw), partial(self._look_at, raw), self._breaker, self._tally):
                self._leave_out(raw)

    def book_missing(self) -> None:
        """Book the lines that have no entry yet, oldest first."""
        for line in reversed(self._missing):
            self._run.attempt(line.movement, partial(self._book_or_note, line), self._breaker, self._tally)

    def look_for_unheard_of(self, since: int) -> None:
        """Find entries of the window that have no line. Its line may only be late: the provider is asked about it."""
        untold: list[ListedEntry] = []
        for entry in ledger.entries(self._table, self._statement.rail, keys.month(since)):
            note = partial(self._note_untold, entry, since, untold)
            self._run.attempt(_name_of(entry), note, self._breaker, self._tally)
        # A line that could not be read may be the line of any of these entries: then each of them is asked about.
        ask = len(untold) <= _MOST_ASKED or bool(self._tally.bad_lines)
        for entry in untold:
            compare = partial(self._compare_untold, entry, ask=ask)
            self._run.attempt(_name_of(entry), compare, self._breaker, self._tally)

    def _look_at(self, raw: Any) -> None:
        """Compare a line with its entry, or remember that it has none."""
        line = self._statement.read(raw)
        if line is None:
            return
        self._listed.add(line.movement)
        entry = ledger.entry_of(self._table, line.movement)
        if entry is None:
            self._missing.append(line)
        else:
            self._compare(line, entry)

    def _leave_out(self, raw: Any) -> None:
        """Add a line that cannot be read to `left_out`, if it says an amount and a currency."""
        try:
            amount, currency = raw["amount"], raw["currency"]
        except (KeyError, TypeError):
            return
        if type(amount) is int and isinstance(currency, str):
            self._tally.left_out[currency] = self._tally.left_out.get(currency, 0) + amount

    def _book_or_note(self, line: Line) -> None:
        if self._statement.is_foreign(line):
            self._statement.note_foreign(line)
            return
        try:
            entry, foreign = self._booked(line)
        except Outage:
            raise
        except Exception:
            self._compare(line, ledger.entry_of(self._table, line.movement))
            raise
        if foreign:
            self._statement.note_foreign(line)
        else:
            self._tally.applied += entry is not None
            self._compare(line, entry)

    def _booked(self, line: Line) -> tuple[StoredEntry | None, bool]:
        """The entry of a line that had none, booked now if that is possible; and whether the line is foreign."""
        entry = ledger.entry_of(self._table, line.movement)  # maybe booked by now, together with another line's
        if entry is not None:
            return entry, False
        outcome = self._run.apply(self._statement.notification(line))
        entry = ledger.entry_of(self._table, line.movement)
        return entry, entry is None and outcome != "applied"

    def _compare(self, line: Line, entry: StoredEntry | None) -> None:
        if entry is None:
            self._sums(line.currency).provider += line.amount
            self._tally.differences.append(line.movement)
            return
        moved = entry.entry.movement
        agrees = line.agrees(moved.amount, moved.currency)
        self._sums(line.currency).provider += moved.amount if agrees else line.amount
        self._sums(moved.currency).ledger += moved.amount
        if not agrees:
            self._tally.differences.append(line.movement)
        if moved.fee is None and line.fee:
            self._settle(line.fee, entry)

    def _settle(self, fee: Fee, entry: StoredEntry) -> None:
        try:
            self._table.transact(ledger.settle_fee(entry, fee, self._run.deps.newsroom.zone))
        except TransactionLost:
            return  # another worker noted the fee just now, or the next run will
        self._tally.fees += 1

    def _sums(self, currency: str) -> Currency:
        return self._tally.currencies.setdefault(currency, Currency())

    def _note_untold(self, entry: ListedEntry | UnreadableEntry, since: int, untold: list[ListedEntry]) -> None:
        name = entry.id if isinstance(entry, ListedEntry) else entry.movement
        if name in self._listed or (entry.occurred_at is not None and entry.occurred_at < since):
            return
        if isinstance(entry, UnreadableEntry):
            raise EntryUnreadable(entry)
        untold.append(entry)

    def _compare_untold(self, entry: ListedEntry, *, ask: bool) -> None:
        if ask and self._statement.knows(entry):
            return
        sums = self._sums(entry.currency)
        sums.ledger += entry.amount
        sums.missing += entry.amount
        self._tally.differences.append(entry.id)


def _name_of(entry: ListedEntry | UnreadableEntry) -> str:
    return name_of({"id": entry.id if isinstance(entry, ListedEntry) else entry.movement})
