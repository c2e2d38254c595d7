"""A provider's books in memory, of any size, and a ledger that is booked from them: for walks over days.

Nobody is behind it: a notification writes the entry itself, so that a million lines take seconds.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from chalicelib.booking.actions.apply import Deps
from chalicelib.booking.rail import Line, LineStatus, Notification, Outcome
from chalicelib.closing.actions.close_days import close_days
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import Change, Item, ItemPage, Put
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import STRIPE, Entry, Kind, Movement
from chalicelib.mail.actions.send import MailSender
from chalicelib.reconciling.run import MoneyTally, Run
from localdev.around import Around
from testkit.memory_table import MemoryTable
from testkit.reconciling import Hours
from tests.rails.test_made_up_rail import NEWSROOM

ZONE = NEWSROOM.zone
WHO = SupporterId("s_1")
PAGE = 100


class Indexed(Around):
    """A table in memory whose index is kept sorted, so that a day of thousands is walked in seconds; counts units.

    `read`: half a unit for each 4 KB of the index, one for each item; `written`: one for each write.
    """

    def __init__(self) -> None:
        super().__init__(MemoryTable())
        self._index: dict[str, list[tuple[str, str, str]]] = {}
        self.read, self.written, self.killed_at = 0.0, 0, -1

    def get(self, key: tuple[str, str], *, hurried: bool = False, eventual: bool = False) -> Item | None:
        """See the port."""
        self.read += 1
        return super().get(key, hurried=hurried, eventual=eventual)

    def write(self, change: Any) -> Item | None:
        """See the port."""
        self.written += 1
        if self.written == self.killed_at:
            raise Killed
        before = self.inner.get(_key(change))
        answer = super().write(change)
        self._list(_key(change), before)
        return answer

    def transact(self, changes: Sequence[Change]) -> None:
        """See the port."""
        for _change in changes:
            self.written += 1
            if self.written == self.killed_at:
                raise Killed
        befores = [self.inner.get(_key(change)) for change in changes]
        super().transact(changes)
        for change, before in zip(changes, befores, strict=True):
            self._list(_key(change), before)

    def query_index(
        self,
        pk: str,
        *,
        up_to: str | None = None,
        after: str | None = None,
        limit: int | None = None,
        start: Any = None,
    ) -> ItemPage:
        """See the port."""
        del limit, start
        found = self._index.get(pk, [])
        first = 0 if after is None else bisect_right(found, (after, "~", "~"))
        last = len(found) if up_to is None else bisect_left(found, (up_to, "", ""))
        items = [cast("Item", self.inner.get((own, sort))) for _, own, sort in found[first:last]]
        self.read += max(0.5, len(items) / 13 * 0.5)
        return ItemPage(items)

    def _list(self, key: tuple[str, str], before: Item | None) -> None:
        if before is not None and "gsi1pk" in before:
            listed = self._index[before["gsi1pk"]]
            del listed[bisect_left(listed, (before["gsi1sk"], *key))]
        after = self.inner.get(key)
        if after is not None and "gsi1pk" in after:
            insort(self._index.setdefault(after["gsi1pk"], []), (after["gsi1sk"], *key))


class Killed(BaseException):
    """The function ends here and now."""


def _key(change: Any) -> tuple[str, str]:
    return (change.item["pk"], change.item["sk"]) if isinstance(change, Put) else change.key


@dataclass
class Books:
    """The provider's lines, and the newsroom that walks over them. A line is `{"id", "at", "amount", …}`."""

    now: int
    lines: list[dict[str, Any]] = field(default_factory=list)
    table: Indexed = field(default_factory=Indexed)
    hours: Hours = field(default_factory=lambda: Hours(a_call=0.3))
    shown: Callable[[list[Mapping[str, Any]]], list[Any]] = list  # what the list shows in the place of a page
    status: dict[str, LineStatus] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    rail: str = STRIPE

    def moves(self, name: str, at: int, amount: int = 500, currency: str = "eur", *, told: bool = True) -> None:
        """Money moved at this second; `told`: it is booked already."""
        insort(self.lines, {"id": name, "at": at, "amount": amount, "currency": currency}, key=_at)
        if told:
            self.book(name, at, amount, currency)

    def book(self, name: str, at: int, amount: int = 500, currency: str = "eur") -> None:
        """As a notification would."""
        moved = Movement(name, "gift", name, amount, currency, at, livemode=False, rail=self.rail)
        self.table.transact(ledger.book([Entry(moved)], WHO, ZONE)[:2])

    # ---- the statement ----

    def lines_of(self, since: int, until: int) -> Iterator[Any]:
        """Newest first, by pages, each of which is a call."""
        first = bisect_left(self.lines, since, key=_at)
        last = bisect_right(self.lines, until, key=_at)
        self.hours.call()
        while True:
            page = self.lines[max(first, last - PAGE) : last][::-1]
            yield from self.shown([{"object": "line", **one} for one in page])
            if len(page) < PAGE:
                return
            last = self.lines.index(page[-1], max(first, last - PAGE))  # more may have come before it meanwhile
            self.hours.call()

    # ---- a run ----

    def run(self, *, by_hand: bool = False, seconds: float | None = 600, days: int = 35) -> MoneyTally:
        """One run of the ring; answers what it found."""
        tally = MoneyTally()
        deps = Deps(table=self.table, newsroom=NEWSROOM, email_key="k", pause=lambda _seconds: None)
        run = Booking(
            books=self,
            deps=deps,
            mail_sender=cast("MailSender", Silent()),
            limits=self.hours.limits(4, None if by_hand else seconds),
            now=lambda: BusinessTime(self.now),
            real_now=lambda: RealTime(self.now),
            live=False,
            by_hand=by_hand,
            days=days,
        )
        close_days(run, tally, BooksStatement(self))
        return tally


class Silent:
    """Sends no mail."""

    def deliver(self, mails: object, now: object) -> None:
        """Nothing."""


@dataclass(frozen=True, kw_only=True)
class Booking(Run):
    """A run whose notifications are the names of lines, which it books itself."""

    books: Books

    def apply(self, notification: Any) -> Outcome:
        """Book the line."""
        found = next(one for one in self.books.lines if one["id"] == notification)
        self.books.book(found["id"], found["at"], found["amount"], found["currency"])
        return "applied"


@dataclass
class BooksStatement:
    """Implements `booking.rail.Statement` on the lines."""

    books: Books

    @property
    def rail(self) -> str:
        """The books' rail."""
        return self.books.rail

    def lines(self, since: int, until: int) -> Iterator[Any]:
        """See the contract."""
        return self.books.lines_of(since, until)

    def made_at(self, raw: Mapping[str, Any]) -> int:
        """See the contract."""
        return int(raw["at"])

    def read(self, raw: Mapping[str, Any]) -> Line | None:
        """See the contract."""
        return Line(raw["id"], raw["amount"], raw["currency"], pending=bool(raw.get("pending")))

    def notification(self, line: Line) -> Notification:
        """Its name: `Booking` knows what to do."""
        return cast("Notification", line.movement)

    def is_foreign(self, line: Line) -> bool:
        """None is."""
        del line
        return False

    def note_foreign(self, line: Line) -> None:
        """See the contract."""

    def look_for(self, movement: str, kind: Kind, occurred_at: int) -> LineStatus:
        """What the test said, else that there is no such line."""
        del kind, occurred_at
        self.books.asked.append(movement)
        there = any(one["id"] == movement for one in self.books.lines)
        return self.books.status.get(movement, "listed" if there else "unknown")


def _at(line: Mapping[str, Any]) -> int:
    return int(line["at"])
