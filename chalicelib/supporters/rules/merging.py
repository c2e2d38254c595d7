"""Two standings of one person as one, and one gift taken out of a standing."""

from collections.abc import Collection
from dataclasses import replace

from chalicelib.supporters.rules.access import Standing


def merged(one: Standing, other: Standing) -> Standing:
    """All grants, recurring gifts and reversals of both. What both know of one gift is as `one` has it."""
    grants, recurring = {grant.id for grant in one.grants}, {gift.id for gift in one.recurring}
    reversals = {reversal.gift: reversal for reversal in (*other.reversals, *one.reversals)}
    return Standing(
        (*one.grants, *(grant for grant in other.grants if grant.id not in grants)),
        (*one.recurring, *(gift for gift in other.recurring if gift.id not in recurring)),
        tuple(reversals[gift] for gift in sorted(reversals)),
    )


def split(standing: Standing, payments: Collection[str], recurring: str | None) -> tuple[Standing, Standing]:
    """One gift's part of a standing, and what is left of it.

    :param payments: the gift's payments: one, or all of the `recurring` gift.
    """
    taken = Standing(
        tuple(one for one in standing.grants if one.id in payments),
        tuple(one for one in standing.recurring if one.id == recurring),
        tuple(one for one in standing.reversals if one.gift in payments),
    )
    left = replace(
        standing,
        grants=tuple(one for one in standing.grants if one not in taken.grants),
        recurring=tuple(one for one in standing.recurring if one not in taken.recurring),
        reversals=tuple(one for one in standing.reversals if one not in taken.reversals),
    )
    return taken, left
