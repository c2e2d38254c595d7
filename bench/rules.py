"""What DynamoDB charges for, by AWS's published rules. Pure: sizes in, units out.

Sources: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html (units),
…/CapacityUnitCalculations.html (sizes of items), …/GSI.html (writes to an index), …/WorkingWithItems.html (a write
whose condition does not hold is charged all the same).

Items are as they travel: `{"pk": {"S": "…"}, …}`. A unit is a float, as an eventually consistent read is half of one.
"""

import base64
from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

from chalicelib.kernel.schema import PROJECTED

Wire = Mapping[str, Mapping[str, Any]]
KB = 1024
_IN_INDEX = frozenset({"pk", "sk", "gsi1pk", "gsi1sk", *PROJECTED})


def size(item: Wire) -> int:
    """Bytes of an item: its names in UTF-8 and its values."""
    return sum(len(name.encode()) + _value(value) for name, value in item.items())


def _value(value: Mapping[str, Any]) -> int:
    kind: str
    held: Any
    ((kind, held),) = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "N":  # about a byte for two digits, and one more, and one for a minus
            digits = held.lstrip("-").replace(".", "").strip("0")
            return ceil(len(digits) / 2) + 1 + int(held.startswith("-"))
        case "B":
            return len(held if isinstance(held, bytes) else base64.b64decode(held))
        case "BOOL" | "NULL":
            return 1
        case "M":
            return 3 + len(held) + size(held)
        case "L":
            return 3 + len(held) + sum(_value(part) for part in held)
        case _:
            raise ValueError(f"Nothing of ours is stored as {kind}.")


def read(items: Iterable[Wire], *, consistent: bool) -> float:
    """A get (one item or none), or one page of a query or a scan: whole 4 KB of all together, at least one."""
    whole = max(1, ceil(sum(size(item) for item in items) / (4 * KB)))
    return float(whole) if consistent else whole / 2


def write(before: Wire | None, after: Wire | None, *, transaction: bool) -> float:
    """What the table is charged for one change: whole KB of the larger of both; twice that in a transaction."""
    larger = max(size(before or {}), size(after or {}))
    return float(max(1, ceil(larger / KB)) * (2 if transaction else 1))


def write_to_index(before: Wire | None, after: Wire | None) -> float:
    """What the sparse index is charged for one change: nothing unless what it holds of the item changes.

    A transaction doubles only what the table is charged.
    """
    was, is_now = _entry(before), _entry(after)
    if was == is_now:
        return 0.0
    if was is None or is_now is None or _place(was) != _place(is_now):  # one entry goes, or comes, or both
        return float(sum(_whole(entry) for entry in (was, is_now) if entry is not None))
    return float(max(_whole(was), _whole(is_now)))


def _entry(item: Wire | None) -> Wire | None:
    if item is None or "gsi1pk" not in item or "gsi1sk" not in item:
        return None
    return {name: value for name, value in item.items() if name in _IN_INDEX}


def _place(entry: Wire) -> tuple[Any, Any]:
    return entry["gsi1pk"], entry["gsi1sk"]


def _whole(entry: Wire) -> int:
    return max(1, ceil(size(entry) / KB))
