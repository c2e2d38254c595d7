"""Refused cards, one item for each checkout, whoever started it. It expires with the checkout's own row."""

from collections.abc import Sequence

from chalicelib.kernel import keys
from chalicelib.kernel.table import Condition, ConditionFailed, Table, Update

_KEPT = 40 * 86_400
_MOST_TRIES = 10


class Busy(Exception):  # noqa: N818 - reads as what happened
    """Others were counting all the time."""


def count(table: Table, checkout: str, event_id: str, most: int, now: int) -> Sequence[str]:
    """Note that an event told of a refused card, once; answers all that were noted, `most` at the most.

    :raises Busy: it may be counted again later.
    """
    for _ in range(_MOST_TRIES):
        item = table.get(keys.declines(checkout))
        noted: list[str] = item["events"] if item else []
        if event_id in noted or len(noted) >= most:
            return noted
        unchanged = Condition("events", "=", noted) if item else Condition("pk", "absent")
        values = {"events": [*noted, event_id], "expires": now + _KEPT}
        try:
            table.write(Update(keys.declines(checkout), set=values, only_if=(unchanged,)))
        except ConditionFailed:
            continue
        return [*noted, event_id]
    raise Busy
