"""The card that a recurring gift is charged to: what its holder recognises it by, and when it expires."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Card:
    """A payment card. `brand` in the provider's words (Stripe's: `visa`, `mastercard`); `last4`: its last digits."""

    brand: str
    last4: str
    exp_month: int
    exp_year: int

    @property
    def expires(self) -> str:
        """The last month in which it can be charged, as `YYYY-MM`."""
        return f"{self.exp_year:04d}-{self.exp_month:02d}"

    def ended_by(self, at: int) -> bool:
        """Whether its last month is over at this time, in seconds. Months are UTC: no bank tells its midnight."""
        day = datetime.fromtimestamp(at, UTC)
        return (day.year, day.month) > (self.exp_year, self.exp_month)
