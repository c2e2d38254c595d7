"""Whether to go on after an outage: single objects may be out of order at Stripe, or nobody may be there at all."""

from chalicelib.kernel.table import Table, TableUnavailable
from chalicelib.rails.stripe.port import Stripe, StripeRefused, StripeUnavailable

IN_A_ROW = 3  # outages after which we ask whether anybody is there


class Lookout:
    """Counts outages in a row for one run of background work."""

    def __init__(self, table: Table, stripe: Stripe) -> None:
        self._table, self._stripe, self._row = table, stripe, 0

    def away(self, error: Exception | None, now: int) -> str | None:
        """After one try and its error, if any: `stripe` or `table` when that one does not answer anybody."""
        self._row = self._row + 1 if isinstance(error, (StripeUnavailable, TableUnavailable)) else 0
        if self._row < IN_A_ROW:
            return None
        self._row = 0
        return who_is_away(self._table, self._stripe, now)


def who_is_away(table: Table, stripe: Stripe, now: int) -> str | None:
    """`table`, `stripe`, or None when both answer."""
    if not table.describe():
        return "table"
    try:
        next(iter(stripe.events(since=now)), None)
    except StripeUnavailable:
        return "stripe"
    except StripeRefused:
        return None  # it is there
    return None
