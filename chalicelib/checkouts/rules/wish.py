"""A reader's wish to give, and its check by the newsroom's rules."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from chalicelib.kernel import money
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.urls import safe_return, safe_source
from chalicelib.newsroom.rules import Interval, Newsroom


@dataclass(frozen=True)
class Wish:
    """What a reader wants to give. `amount`: minor units of `currency`; `language`: the one asked for, if any."""

    amount: int
    currency: str
    interval: Interval
    email: EmailAddress | None = None
    language: str | None = None
    campaign: str | None = None
    source: str | None = None
    return_to: str | None = None

    def fingerprint(self) -> str:
        """SHA-256 of the wish, equal for equal wishes: by it an attempt is held to one wish."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def return_to_absolute(self, public_url: str) -> str | None:
        """The return URL as a whole address; a path is one of our own pages."""
        if self.return_to and self.return_to.startswith("/"):
            return f"{public_url}{self.return_to}"
        return self.return_to


def check(wish: Wish, newsroom: Newsroom, origins: Iterable[str]) -> Wish:
    """Check a wish by the newsroom's rules; answers it with its addresses made safe (`kernel/urls.py`).

    :raises BadInput: names the field; for amounts also `minimum` and `maximum` in minor units.
    """
    within_bounds(wish.amount, wish.currency, newsroom)
    if wish.campaign is not None and wish.campaign not in newsroom.campaigns:
        raise BadInput("We do not know this campaign.", code="unknown_campaign", field="campaign")
    allowed = tuple(origins)
    source, return_to = safe_source(wish.source or "", allowed), safe_return(wish.return_to or "", allowed)
    return replace(wish, source=source, return_to=return_to)


def within_bounds(amount: int, currency: str, newsroom: Newsroom) -> None:
    """Check an amount (minor units) by the newsroom's bounds for its currency.

    :raises BadInput: `unknown_currency`; else with `minimum` and `maximum` in minor units.
    """
    rules = newsroom.currencies.get(currency)
    if rules is None:
        raise unknown_currency()
    bounds = {
        "field": "amount",
        "minimum": rules.minimum,
        "maximum": rules.maximum,
        "currency": currency,
    }
    if amount < rules.minimum:
        least = money.Money(rules.minimum, currency)
        raise BadInput(f"The smallest amount we can take is {least}.", code="amount_too_small", **bounds)
    if amount > rules.maximum:
        most = money.Money(rules.maximum, currency)
        raise BadInput(
            f"The largest amount we take here is {most}. Please write to us.", code="amount_too_large", **bounds
        )
    if amount % money.smallest_step(currency):
        raise BadInput("This currency has no such small coins. Please round the amount.", code="bad_amount", **bounds)


def unknown_currency() -> BadInput:
    """The problem for a currency that this newsroom does not take."""
    return BadInput("We cannot take this currency.", code="unknown_currency", field="currency")
