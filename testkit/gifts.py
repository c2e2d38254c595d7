"""Recurring gifts as a supporter's state keeps them."""

from typing import Any

from chalicelib.supporters.rules.access import RecurringGift, SubscriptionStatus
from chalicelib.supporters.rules.paid_time import PaidPeriod


def recurring_gift(  # noqa: PLR0913, PLR0917 - the parts of a gift
    name: str,
    tier: str | None,
    started_at: int,
    paid_through: int,
    status: SubscriptionStatus = "active",
    amount: int = 500,
    currency: str = "eur",
    interval: str = "month",
    customer: str = "cus_1",
    **more: Any,
) -> RecurringGift:
    """One that was paid for from its start to `paid_through`, all of it at one tier and kept as one period."""
    periods = (PaidPeriod(started_at, paid_through, tier),) if paid_through > started_at else ()
    values = {"periods": periods, **more}
    return RecurringGift(name, started_at, status, amount, currency, interval, customer, **values)
