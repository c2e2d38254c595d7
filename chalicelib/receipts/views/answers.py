"""The JSON answers about what a supporter gave."""

from typing import Literal

from pydantic import Field

from chalicelib.http.answers import JsonAnswer, Moment


class GivenPayment(JsonAnswer):
    """A payment; `amount` and how much of it was `refunded` in the currency's minor unit.

    `disputed`: the payer's bank holds it, or has taken it for good. `article`: the page that the gift came from.
    """

    id: str
    at: Moment
    amount: int
    currency: str
    interval: Literal["once", "day", "week", "month", "year"]
    status: Literal["paid", "partly_refunded", "refunded", "disputed"]
    refunded: int
    article: str | None = None
    campaign: str | None = None
    receipt: str | None = Field(
        description="The receipt's reference; null while it has none.", examples=["2026-000123-K7QX-9M2D"]
    )


class GivenPayments(JsonAnswer):
    """A supporter's payments, newest first, at most fifty; `next`: the cursor of those after them, null at the end.

    `unreadable`: ids of payments that are in the books and cannot be read; only where there are any.
    """

    items: list[GivenPayment]
    next: str | None
    unreadable: list[str] | None = None
