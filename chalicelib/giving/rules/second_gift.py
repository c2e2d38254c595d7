"""Whether a wish would begin a second recurring gift beside one that goes on, which needs a deliberate yes."""

from collections.abc import Sequence

from chalicelib.checkouts.rules.wish import Wish
from chalicelib.supporters.rules.access import RecurringGift, Standing


def goes_on_already(wish: Wish, standing: Standing) -> Sequence[RecurringGift]:
    """The recurring gifts of the same currency that go on; none where the wish is for a gift made once.

    One in another currency is no slip: whoever moved to another country begins it on purpose.
    """
    if wish.interval == "once":
        return ()
    return [gift for gift in standing.recurring if gift.goes_on and gift.currency == wish.currency]
