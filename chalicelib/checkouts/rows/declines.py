"""Refused cards: one item for each checkout, whoever started it. Like the checkout, it expires after forty days."""

from collections.abc import Sequence

from chalicelib.kernel import keys
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Change, Condition, Table, Update, compare_and_swap

_KEPT = 40 * 86_400


def count(table: Table, checkout: str, event_id: str, most: int, now: RealTime) -> Sequence[str]:
    """Note the event of a refused card, once; answers the ids of all noted events, at most `most`.

    :raises Contended: others wrote first at every try; the call may be repeated later.
    """

    def plan() -> tuple[list[Change], Sequence[str]]:
        item = table.get(keys.declines(checkout))
        noted: list[str] = item["events"] if item else []
        if event_id in noted or len(noted) >= most:
            return [], noted
        unchanged = Condition("events", "=", noted) if item else Condition("pk", "absent")
        values = {"events": [*noted, event_id], "expires": now + _KEPT}
        return [Update(keys.declines(checkout), set=values, only_if=(unchanged,))], [*noted, event_id]

    return compare_and_swap(table, plan)
