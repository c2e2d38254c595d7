"""The price list, `prices.toml`, checked."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("prices.toml")
FROM_MEMORY = "memory"


@dataclass(frozen=True)
class Price:
    """`price` US dollars for `per` of `unit`; `free` of them in every month. `read` is when the source said so."""

    name: str
    price: Decimal
    per: int
    unit: str
    source: str
    read: date
    free: int = 0

    @property
    def each(self) -> Decimal:
        """Of one."""
        return self.price / self.per


@dataclass(frozen=True)
class PriceList:
    """All prices by key, their day, and Stripe's own: a share of the amount, and so much a gift."""

    day: date
    region: str
    prices: Mapping[str, Price]
    stripe_share: Decimal
    stripe_fixed: Decimal

    def __getitem__(self, key: str) -> Price:
        return self.prices[key]


def read(file: Path = FILE) -> PriceList:
    """The list.

    :raises ValueError: an entry is not as it should be.
    """
    told: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    day, region, stripe = told.pop("date"), told.pop("region"), told.pop("stripe")
    try:
        prices = {key: Price(**{**entry, "price": Decimal(entry["price"])}) for key, entry in told.items()}
    except (TypeError, KeyError) as error:
        raise ValueError(f"{file.name}: {error}") from None
    if wrong := [key for key, price in prices.items() if price.price <= 0 or price.per <= 0 or price.free < 0]:
        raise ValueError(f"{file.name}: {', '.join(wrong)}")
    return PriceList(day, region, prices, stripe["share"], stripe["fixed"])
