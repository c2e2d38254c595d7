"""The result of a rehearsal: the figures, and the table that a newsroom can show its readers."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from chalicelib.kernel.money import shown
from ops.rehearsal.check import Found
from ops.rehearsal.stand_in import Json

_APART = 3  # seconds of business time: events made closer together belong to one happening


@dataclass
class Figures:
    """All figures of a rehearsal. Amounts in minor units, by currency; times in seconds, `milliseconds` by step."""

    seed: int
    supporters: int
    months: int
    gifts: int = 0
    money: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    events: int = 0
    never_made: int = 0
    deliveries: Mapping[str, int] = field(default_factory=dict)
    orders: int = 0
    faults: Mapping[str, int] = field(default_factory=dict)
    checks: int = 0
    found: Found = field(default_factory=Found)
    months_found: list[list[str]] = field(default_factory=list)
    unfit: Mapping[str, int] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)
    milliseconds: Mapping[str, int] = field(default_factory=dict)
    slowest: tuple[str, float] = ("", 0.0)
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Nothing lost, nothing doubled, nothing unexplained."""
        return self.found.money_is_right

    def as_json(self) -> dict[str, Any]:
        """The figures as JSON, with `lost`, `doubled` and `unexplained` at the top."""
        told = asdict(self)
        slowest, seconds = told.pop("slowest")
        found = told.pop("found")
        return {"passed": self.passed, **found, **told, "slowest_step": slowest, "slowest_seconds": round(seconds, 1)}

    def rows(self) -> Iterator[tuple[str, str]]:
        """The rows of the table: a label and a figure."""
        yield "supporters", f"{self.supporters:,}"
        yield "months played", str(self.months)
        yield "gifts", f"{self.gifts:,}"
        for currency, sums in self.money.items():
            yield f"money, {currency.upper()}", _money(sums, currency)
        yield "events made", f"{self.events:,}, of which Stripe lost {self.never_made:,} for good"
        yield "deliveries", ", ".join(f"{count:,} {name}" for name, count in self.deliveries.items())
        yield "orders tried", f"{self.orders:,} different ones"
        yield "fault points", ", ".join(f"{count:,} {name}" for name, count in self.faults.items() if count)
        yield "checks", f"{self.checks:,}, each of everything"
        yield "", ""
        yield "lost", f"{self.found.lost:,}"
        yield "doubled", f"{self.found.doubled:,}"
        yield "unexplained", f"{self.found.unexplained:,} minor units"
        yield "mails told twice", f"{self.found.told_twice:,}"
        yield "gifts not thanked for", f"{self.found.unthanked:,}"
        yield "access other than earned", f"{self.found.access:,} supporters"
        yield "left waiting", f"{self.found.waiting:,}"
        yield "rebuilt otherwise", f"{self.found.rebuilt:,} rows"
        yield "", ""
        yield "slowest step", f"{self.slowest[0]}, {self.slowest[1]:.1f} s"
        yield "took", f"{int(self.seconds) // 60} min {int(self.seconds) % 60} s, seed {self.seed}"


def _money(sums: Mapping[str, int], currency: str) -> str:
    names = {"paid": "given", "refunded": "given back", "lost": "lost in disputes", "net": "kept"}
    told = ((word, shown(sums[name], currency)) for name, word in names.items())
    return ", ".join(f"{amount} {word}" for word, amount in told)


class Steps:
    """Times the steps and remembers the slowest."""

    def __init__(self) -> None:
        self.slowest = ("", 0.0)
        self.by_kind: Counter[str] = Counter()
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._began

    @contextmanager
    def step(self, kind: str, which: str = "") -> Iterator[None]:
        """Time one step of a kind; `which` names it."""
        began = time.monotonic()
        yield
        took = time.monotonic() - began
        self.by_kind[kind] += round(took * 1000)
        if took > self.slowest[1]:
            self.slowest = (f"{kind} ({which})" if which else kind, took)


def told_in_order(events: Iterable[tuple[int, Json]], arrivals: Iterable[str]) -> tuple[int, int, int]:
    """Count in which orders the events arrived at the app; they are given in the order in which they were made.

    Answers how many arrivals were repeated, how many came after one that was made later, and in how many different
    orders all events of one happening arrived (with repetitions and gaps).
    """
    happening, made = _happenings(events)
    seen: set[str] = set()
    newest: dict[str, int] = {}
    orders: dict[str, list[str]] = {}
    repeated = late = 0
    for event in arrivals:
        if event not in made:
            continue  # a forgotten one: it counts as never made
        seq, kind, about = made[event]
        orders.setdefault(happening[event], []).append(kind)
        if event in seen:
            repeated += 1
        else:
            late += seq < newest.get(about, 0)
        seen.add(event)
        newest[about] = max(seq, newest.get(about, 0))
    return repeated, late, len({tuple(order) for order in orders.values()})


def _happenings(events: Iterable[tuple[int, Json]]) -> tuple[dict[str, str], dict[str, tuple[int, str, str]]]:
    """The happening that each event belongs to; and when it was made, its type and whom it is about."""
    happening: dict[str, str] = {}
    made: dict[str, tuple[int, str, str]] = {}
    last: dict[str, tuple[int, int]] = {}
    for seq, event in events:
        value = event["data"]["object"]
        about = str(value.get("customer") or value.get("payment_intent") or value["id"])
        made[event["id"]] = (seq, event["type"], about)
        at, number = last.get(about, (0, 0))
        number += abs(event["created"] - at) > _APART
        last[about] = (event["created"], number)
        happening[event["id"]] = f"{about} {number}"
    return happening, made
