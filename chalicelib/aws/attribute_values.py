"""Values as DynamoDB writes them: `{"N": "500"}`, `{"S": "eur"}`, `{"L": […]}`.

boto3's own converter makes decimals of all numbers, and importing it imports all of boto3. Here numbers are whole,
and what is neither text, bytes, number, truth, nothing, list nor map is refused.
"""

from collections.abc import Mapping
from typing import Any

_AS_THEY_ARE = {"S": str, "BOOL": bool, "B": bytes}


def to_wire(value: Any) -> dict[str, Any]:
    """A value of an item as DynamoDB takes it.

    :raises TypeError: for what no row may hold: fractions, sets, objects.
    """
    if value is None:
        return {"NULL": True}
    if isinstance(value, Mapping):
        return {"M": {name: to_wire(part) for name, part in value.items()}}
    if isinstance(value, (list, tuple)):
        return {"L": [to_wire(part) for part in value]}
    if isinstance(value, int) and not isinstance(value, bool):
        return {"N": str(int(value))}
    for kind, held in _AS_THEY_ARE.items():
        if isinstance(value, held):
            return {kind: value}
    # The value itself is not named: it may be somebody's.
    raise TypeError(f"No row holds a {type(value).__name__}.")


def from_wire(value: Mapping[str, Any]) -> Any:
    """The value that DynamoDB answered.

    :raises TypeError: for a kind that no row holds.
    """
    ((kind, held),) = value.items()
    if kind in _AS_THEY_ARE:
        return held
    if kind == "N":
        return int(held)
    if kind == "NULL":
        return None
    if kind == "L":
        return [from_wire(part) for part in held]
    if kind == "M":
        return {name: from_wire(part) for name, part in held.items()}
    raise TypeError(f"No row holds a value of the kind {kind}.")
