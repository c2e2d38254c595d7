"""Which of the amounts offered is chosen at first, and which one takes its place in another rhythm or currency.

The middle one, of an even number the lower of the two. The elements go by the same rule (elements/donate).
"""

from collections.abc import Sequence


def middle(presets: Sequence[int]) -> int:
    """The amount that is chosen when nobody asked for one: 5 of 3, 5, 10, 15."""
    return presets[(len(presets) - 1) // 2]


def of_same_rank(amount: int, before: Sequence[int], after: Sequence[int]) -> int | None:
    """The amount of `after` at the place that `amount` has in `before`; None if it is none of those offered."""
    if amount not in before:
        return None
    return after[min(list(before).index(amount), len(after) - 1)]
