"""What rows that wait for a code share: a guess is counted before it is compared; a used or expired row stays so.

Such a row has `expires`, `tries` and, once it was used, `used`. DynamoDB deletes late, so every condition looks at
`expires` itself.
"""

from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import EXISTING, Condition, ConditionFailed, Item, Key, Table, Update

GUESSES = 5


def count_guess(table: Table, key: Key, now: RealTime, until: str = "expires") -> Item | None:
    """Count a guess; answers the row as it is then, None when no guess is left, or the row is used or over.

    The count comes first and in one conditional write, so that of a thousand parallel guesses five are compared.
    """
    left = Condition("tries", "<", GUESSES)
    try:
        return table.write(Update(key, add={"tries": 1}, only_if=(*still_open(now, until), left)))
    except ConditionFailed:
        return None


def still_open(now: RealTime, until: str = "expires") -> tuple[Condition, ...]:
    """The conditions that a row is there, not used, and its code not over; `until` names the attribute of its end."""
    return *EXISTING, Condition("used", "absent"), Condition(until, ">", now)
