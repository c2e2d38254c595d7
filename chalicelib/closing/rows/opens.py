"""Open movements: what we have booked, and of which its provider has not told by a line of its books.

A line of a direct debit may come days later, one of midnight on the next day. Each is asked about daily.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from chalicelib.booking.rail import LineStatus
from chalicelib.closing.rules.days import DAY, Day
from chalicelib.closing.rules.seal import KEPT
from chalicelib.kernel import keys
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import EXISTING, NEW, Condition, ConditionFailed, Item, Put, Table, Update, every
from chalicelib.ledger.rules.movements import Kind
from chalicelib.ledger.rules.stored import ListedEntry

_DAILY = 20 * 3600  # less than a day, so that an hour that is missed loses none

_KNOWN_FOR = 40 * 86_400  # seconds: a little longer than a day is walked again
_LISTING = ("due", "gsi1pk", "gsi1sk")


@dataclass(frozen=True)
class OpenMovement:
    """A movement without a line. `day`: the name of the day in which it happened; `seen_at`: when it was found open.

    `status` `unknown`: the provider does not know it, or it moved no money; `listed`: its line has come by now.
    """

    day: str
    id: str
    kind: Kind
    amount: int
    currency: str
    occurred_at: int
    seen_at: int
    status: LineStatus = "waiting"


def add(table: Table, day: Day, entry: ListedEntry, now: BusinessTime) -> None:
    """Note that an entry has no line, to be asked about at once; nothing if that is noted or answered already."""
    key = keys.open_movement(day.name, entry.id, entry.rail)
    row = {
        "pk": key[0],
        "sk": key[1],
        **_listed(key, now, entry.rail),
        "status": "waiting",
        **{name: getattr(entry, name) for name in ("id", "kind", "amount", "currency", "occurred_at")},
        "seen_at": now,
    }
    with suppress(ConditionFailed):
        table.write(Put(row, NEW))


def close(table: Table, day: str, movement: str, rail: str, now: BusinessTime) -> None:
    """Note that a movement is not open, as its line has come; nothing if it never was. The row goes by itself."""
    key = keys.open_movement(day, movement, rail)
    told = {"status": "listed", "expires": now + _KNOWN_FOR}
    with suppress(ConditionFailed):
        table.write(Update(key, set=told, remove=_LISTING, only_if=EXISTING))


def ask_again(table: Table, moved: OpenMovement, rail: str, status: LineStatus, now: BusinessTime) -> None:
    """Note what the provider said of an open movement, and that it is to be asked about again in a day.

    What it has not known for 35 days is told no more: a person was told of it daily.
    """
    key = keys.open_movement(moved.day, moved.id, rail)
    waits = Condition("status", "<>", "listed")  # another run may have found its line meanwhile
    over = status == "unknown" and now - moved.seen_at > KEPT * DAY
    listed = {} if over else _listed(key, now + _DAILY, rail)
    with suppress(ConditionFailed):
        changes = {"status": status, **listed}
        table.write(Update(key, set=changes, remove=_LISTING if over else (), only_if=(*EXISTING, waits)))


def due(table: Table, rail: str, up_to: int | None) -> Iterator[Item]:
    """Rows of seals and open movements that are to be looked at again by this second; None: all of them."""
    until = None if up_to is None else f"{keys.moment(up_to)}~"
    return every(partial(table.query_index, keys.days_work(rail), up_to=until))


def is_open(item: Item) -> bool:
    """Whether a row is one of an open movement."""
    return str(item["sk"]).startswith(keys.OPEN_PREFIX)


def read(table: Table, item: Item) -> OpenMovement | None:
    """An open movement as it stands now, by its row in the index; None: its line has come."""
    found = table.get((str(item["pk"]), str(item["sk"])))
    moved = open_of(found) if found else None
    return None if moved is None or moved.status == "listed" else moved


def open_of(item: Item) -> OpenMovement:
    """An open movement from its row."""
    return OpenMovement(
        day=str(item["pk"]).split("#")[1],
        id=str(item["id"]),
        kind=item["kind"],
        amount=int(item["amount"]),
        currency=str(item["currency"]),
        occurred_at=int(item["occurred_at"]),
        seen_at=int(item["seen_at"]),
        status=item["status"],
    )


def _listed(key: tuple[str, str], at: int, rail: str) -> dict[str, str]:
    moment = keys.moment(at)
    return {"due": moment, "gsi1pk": keys.days_work(rail), "gsi1sk": f"{moment}#{key[0]}#{key[1]}"}
