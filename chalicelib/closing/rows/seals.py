"""Seals of days, and the place of a walk that a run had no time to end; how far all days are walked.

A seal is written when a day was walked to its end, and only then: what a run saw of a day before its time was over
stands in the walk's own row, sums and place together. So whatever two runs write at once, and wherever one is killed,
each row is true by itself.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from chalicelib.closing.rules.days import Day
from chalicelib.closing.rules.seal import DaySeal, again_at
from chalicelib.closing.rules.sums import DaySums, Side, Sides
from chalicelib.kernel import keys
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import EXISTING, NEW, Condition, ConditionFailed, Item, Put, Table, Update, every

_GONE_ON_WITH = 2 * 86_400  # seconds in which a walk is gone on with; later it begins anew


@dataclass(frozen=True)
class Walk:
    """How far a walk has come: newest line first, down to the second `at`, of which it has seen the `tail`.

    `left`: movements of the seconds right above that are booked and whose lines were not seen yet.
    `sums` and the counts are those of a seal, of the lines that were seen. `began`: seconds.
    """

    day: Day
    at: int
    tail: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    sums: DaySums = field(default_factory=dict)
    pending: int = 0
    differing: int = 0
    differences: tuple[str, ...] = ()
    bad: int = 0
    undecided: int = 0
    began: int = 0


@dataclass(frozen=True)
class DaysPlace:
    """How far the days of a rail are walked. `through`: up to and with this second every day has a seal.

    `day`: the date of the day that ended with it; empty before the first.
    `added`: the last second of the day that was last added up again, `added_at`: when that was.
    """

    through: int
    day: str = ""
    added: int | None = None
    added_at: int = 0


class SealUnreadable(ValueError):
    """The row of a seal is not as it was written: somebody wrote over it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The seal of {name} cannot be read.")


def read(table: Table, name: str, rail: str) -> DaySeal | None:
    """The seal of a day; None: it has none.

    :raises SealUnreadable: somebody wrote over it.
    """
    item = table.get(keys.seal(name, rail))
    return seal_of(item) if item else None


def seal_of(item: Item) -> DaySeal:
    """A seal from its row.

    :raises SealUnreadable: somebody wrote over it.
    """
    try:
        found = DaySeal(**_found(item), changed=int(item.get("changed", 0)), sealed_at=int(item["sealed_at"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise SealUnreadable(name_of(item)) from None
    if found.state != item.get("state"):
        raise SealUnreadable(name_of(item))
    return found


def name_of(item: Item) -> str:
    """The date of the day that a row is about (`2026-11-28`)."""
    return str(item["pk"]).split("#")[1]


def write(table: Table, seal: DaySeal, rail: str, now: BusinessTime) -> None:
    """Write a day's seal, and list it if it is to be walked again."""
    pk, sk = keys.seal(seal.day.name, rail)
    row = {"pk": pk, "sk": sk, **_stored(seal), "state": seal.state, "sealed_at": now}
    row |= {"changed": seal.changed} if seal.changed else {}
    due = again_at(seal, now)
    if due is not None:
        row |= {"due": keys.moment(due), "gsi1pk": keys.days_work(rail), "gsi1sk": f"{keys.moment(due)}#{pk}"}
    table.write(Put(row))


def of_day(table: Table, name: str, rail: str) -> Iterator[Item]:
    """What is stored of one day: its seal, its walk, and what is open of it."""
    return every(partial(table.query, keys.day(name, rail)))


def read_walk(table: Table, day: Day, rail: str, now: BusinessTime) -> Walk | None:
    """How far a walk over this day has come; None: it begins anew."""
    item = table.get(keys.walk(day.name, rail))
    if item is None or int(item.get("began", 0)) < now - _GONE_ON_WITH:
        return None
    found = Walk(
        **_found(item),
        at=int(item["at"]),
        tail=tuple(item["tail"]),
        left=tuple(item["left"]),
        began=int(item["began"]),
    )
    return found if found.day == day else None


def write_walk(table: Table, walk: Walk, rail: str) -> None:
    """Store how far a walk has come, in the place of what was stored before."""
    pk, sk = keys.walk(walk.day.name, rail)
    more = {
        "at": walk.at,
        "tail": list(walk.tail),
        "left": list(walk.left),
        "began": walk.began,
        "expires": walk.began + 2 * _GONE_ON_WITH,
    }
    table.write(Put({"pk": pk, "sk": sk, **_stored(walk), **more}))


def end_walk(table: Table, name: str, rail: str) -> None:
    """Note that a walk has ended, so that none goes on from its place; the row goes by itself."""
    with suppress(ConditionFailed):
        table.write(Update(keys.walk(name, rail), remove=("began",), only_if=EXISTING))


def place(table: Table, rail: str) -> DaysPlace | None:
    """How far the days of a rail are walked; None before the first."""
    item = table.get(keys.days_walked(rail))
    if item is None:
        return None
    added = item.get("added")
    last, name = int(item["at"]), str(item.get("day", ""))
    return DaysPlace(last, name, None if added is None else int(added), int(item.get("added_at", 0)))


def walked_through(table: Table, rail: str, day: Day) -> None:
    """Note that every day up to and with this one has a seal; never back, even beside another run."""
    pk, sk = keys.days_walked(rail)
    try:
        table.write(Put({"pk": pk, "sk": sk, "at": day.until, "day": day.name}, NEW))
    except ConditionFailed:
        further = Update((pk, sk), set={"at": day.until, "day": day.name}, only_if=(Condition("at", "<", day.until),))
        with suppress(ConditionFailed):  # another run is further already
            table.write(further)


def note_added(table: Table, rail: str, last: int, now: BusinessTime) -> None:
    """Note which day was added up again, by its last second."""
    table.write(Update(keys.days_walked(rail), set={"added": last, "added_at": now}))


def _stored(found: DaySeal | Walk) -> dict[str, Any]:
    counts = {name: getattr(found, name) for name in ("pending", "differing", "bad", "undecided")}
    row: dict[str, Any] = {name: count for name, count in counts.items() if count}
    row |= {"differences": list(found.differences)} if found.differences else {}
    sums = {code: {"provider": _side(one.provider), "ledger": _side(one.ledger)} for code, one in found.sums.items()}
    return {"since": found.day.since, "until": found.day.until, **row, "sums": sums}


def _side(side: Side) -> dict[str, Any]:
    return {"count": side.count, "amount": side.amount, "digest": f"{side.digest:032x}"}


def _found(item: Item) -> dict[str, Any]:
    return {
        "day": Day(name_of(item), int(item["since"]), int(item["until"])),
        "sums": {
            str(code): Sides(_read_side(one["provider"]), _read_side(one["ledger"]))
            for code, one in item["sums"].items()
        },
        **{name: int(item.get(name, 0)) for name in ("pending", "differing", "bad", "undecided")},
        "differences": tuple(map(str, item.get("differences", ()))),
    }


def _read_side(found: Mapping[str, Any]) -> Side:
    return Side(int(found["count"]), int(found["amount"]), int(found["digest"], 16))
