"""Rate limits by sliding window: at most so many calls in *any* window of so many seconds.

Two items per client, the current window's and the previous one's, each with ten counters. Old counters leave one by
one, so nobody gets twice the limit at the border of two windows, and nobody waits longer than needed.

    previous  |. . . . . 3 4 9 .|          a call here, in the middle of the third tenth:
    current                     |2 5 1     the last ten tenths count, and the one it is in
"""

from collections.abc import Iterator

from chalicelib.kernel import keys
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import (
    EXISTING,
    NEW,
    Condition,
    ConditionFailed,
    Delete,
    Item,
    Key,
    Table,
    Update,
    written,
)

_PARTS = 10


def take(table: Table, scope: str, who: str, limit: int, window: int, now: RealTime) -> int:
    """Count one call, unless that would make more than `limit` in the last `window` seconds.

    Answers 0 if it was counted, else the seconds until the next one is allowed: what is refused is not counted.
    `who` is a hash, never an address. `window` is a multiple of ten; its beginning is rounded down to a tenth, in
    favour of the limit.
    """
    number = now // window
    before = table.get(keys.rate(scope, who, number - 1))
    room = limit - sum(count for _, count in _counted(before, None, window, now))
    current = _add(table, keys.rate(scope, who, number), room, window, now)
    return 0 if current is None else _wait(before, current, limit, window, now)


def put_back(table: Table, scope: str, who: str, window: int, now: RealTime) -> None:
    """Undo one `take` that was made at the same `now`."""
    key = keys.rate(scope, who, now // window)
    written(table, Update(key, add={"total": -1, _counter(window, now): -1}, only_if=EXISTING))


def first(table: Table, scope: str, who: str, window: int, now: RealTime) -> bool:
    """True for the first caller in `window` seconds, across all processes; so something is reported only once."""
    return take(table, scope, who, 1, window, now) == 0


def has_room(table: Table, scope: str, who: str, limit: int, window: int, now: RealTime) -> bool:
    """Whether `take` would allow one more call now. Counts nothing."""
    number = now // window
    before, current = (table.get(keys.rate(scope, who, each)) for each in (number - 1, number))
    return sum(count for _, count in _counted(before, current, window, now)) < limit


def forget(table: Table, scope: str, who: str, window: int, now: RealTime) -> None:
    """Reset the limit of one client: delete its counters."""
    for number in (now // window - 1, now // window):
        table.write(Delete(keys.rate(scope, who, number)))


def _add(table: Table, key: Key, room: int, window: int, now: RealTime) -> Item | None:
    """Count one call in the current window: None once counted, or the window's item if there is no room."""
    counter = _counter(window, now)
    # Each item is read as the previous one for a whole window after its own.
    expires = (now // window + 2) * window + window // _PARTS
    # First for an item that has room, then for a new one; once more, as another call may have made it meanwhile.
    for only_if in (Condition("total", "<", room), *NEW, Condition("total", "<", room)):
        try:
            if room > 0:
                table.write(Update(key, {"expires": expires}, {"total": 1, counter: 1}, only_if=(only_if,)))
                return None
        except ConditionFailed as failed:
            if failed.item is not None and only_if.test == "<":
                return failed.item
    return table.get(key) or {}


def _counter(window: int, now: RealTime) -> str:
    return f"part{now % window * _PARTS // window}"


def _counted(before: Item | None, current: Item | None, window: int, now: RealTime) -> Iterator[tuple[int, int]]:
    """(number of the tenth since 1970, count) for every tenth that still counts now, oldest first."""
    first = now // window * _PARTS
    oldest = first + now % window * _PARTS // window - _PARTS
    for item, start in ((before, first - _PARTS), (current, first)):
        for part in range(_PARTS):
            count = int((item or {}).get(f"part{part}", 0))
            if count and start + part >= oldest:
                yield start + part, count


def _wait(before: Item | None, current: Item | None, limit: int, window: int, now: RealTime) -> int:
    counted = list(_counted(before, current, window, now))
    left = sum(count for _, count in counted)
    for tenth, count in counted:
        left -= count
        if left < limit:
            return max(1, (tenth + _PARTS + 1) * window // _PARTS - now)
    return window
