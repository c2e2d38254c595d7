"""Two standings of one person as one: everything that each of them holds, once."""

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
