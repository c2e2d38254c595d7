"""Rows that wait for a code: guesses are counted before anybody compares, and what is over stays over.

Such a row has `expires`, `tries` and, once it was used, `used`. DynamoDB deletes late, so every condition looks at
`expires` itself.
"""

from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import EXISTING, Condition, ConditionFailed, Item, Key, Table, Update

GUESSES = 5


def count_guess(table: Table, key: Key, now: RealTime) -> Item | None:
    """Count a guess; answers the row as it is then, None when no guess is left, it is used, or its time is over.

    The count comes first and in one conditional write, so that a thousand parallel guesses are five.
    """
    left = Condition("tries", "<", GUESSES)
    try:
        return table.write(Update(key, add={"tries": 1}, only_if=(*still_open(now), left)))
    except ConditionFailed:
        return None


def still_open(now: RealTime) -> tuple[Condition, ...]:
    """That the row is there, not used, and its time not over."""
    return *EXISTING, Condition("used", "absent"), Condition("expires", ">", now)
