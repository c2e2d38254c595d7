"""What the giving form offers: amounts in one currency and rhythm, and what each of them opens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from chalicelib.newsroom.presets import middle
from chalicelib.newsroom.rules import Interval, Newsroom


@dataclass(frozen=True)
class Earned:
    """What a gift opens from this amount (minor units) on.

    `opens` says what in a few words that can follow "opens" («всі статті для спільноти»). `until` is the end of what
    a one-off gift opens; None for a recurring gift, which opens for as long as it goes on.
    """

    from_amount: int
    tier: str
    title: str
    opens: str
    until: datetime | None = None


@dataclass(frozen=True)
class GiftForm:
    """The offer in one currency and interval, and what is chosen now.

    All amounts in minor units. `amount` is the chosen one, a preset or the reader's own; None: nothing chosen yet
    (the middle preset is). `own_text` is what the reader typed, if it was not understood.
    `earns` stands lowest first. `payment_language` is the language of Stripe's page.
    """

    currency: str
    interval: Interval
    currencies: tuple[str, ...]
    presets: tuple[int, ...]
    minimum: int
    maximum: int
    earns: tuple[Earned, ...]
    payment_language: str
    amount: int | None = None
    own_text: str = ""

    def earned(self, amount: int) -> Earned | None:
        """What this amount opens; None if nothing."""
        reached = [rule for rule in self.earns if amount >= rule.from_amount]
        return reached[-1] if reached else None

    @property
    def button(self) -> str:
        """The key of the words on the button: to support once, or to go on supporting."""
        return "donate.button_once" if self.interval == "once" else "donate.button_recurring"

    @property
    def selected(self) -> int | None:
        """The amount that is selected when the page opens; None when the reader's own text is shown instead."""
        if self.own_text:
            return None
        if self.amount is not None:
            return self.amount
        return middle(self.presets)

    @property
    def runs(self) -> list[tuple[Earned | None, list[int]]]:
        """The presets, those side by side that open the same together with what they open."""
        return [(rule, list(amounts)) for rule, amounts in groupby(self.presets, self.earned)]


def gift_form(
    newsroom: Newsroom,
    *,
    lang: str,
    now: datetime,
    currency: str | None = None,
    interval: Interval | None = None,
    amount: int | None = None,
    own_text: str = "",
    access_until: datetime | None = None,
) -> GiftForm:
    """The offer of this newsroom, in its own words and bounds.

    :param access_until: the end of what this reader already has; the days of a one-off gift add up from there.
    :raises KeyError: when the newsroom does not take this currency.
    """
    currency = currency or newsroom.default_currency
    interval = interval or newsroom.default_interval
    rules = newsroom.currencies[currency]
    tiers = {tier.name: tier for tier in newsroom.tiers}
    start = max(now, access_until or now)
    return GiftForm(
        currency=currency,
        interval=interval,
        currencies=tuple(newsroom.currencies),
        presets=rules.presets[interval],
        minimum=rules.minimum,
        maximum=rules.maximum,
        earns=tuple(
            Earned(
                rule.from_amount,
                rule.tier,
                tiers[rule.tier].title[lang],
                tiers[rule.tier].opens[lang],
                start + timedelta(days=rule.days) if rule.days is not None else None,
            )
            for rule in rules.earns[interval]
        ),
        payment_language=newsroom.payment_page_language[lang],
        amount=amount,
        own_text=own_text,
    )


def lowest_that_opens(newsroom: Newsroom, currency: str, interval: Interval, tiers: Iterable[str]) -> int | None:
    """The least amount (minor units) that earns one of these tiers and can be given; None: none does."""
    wanted = set(tiers)
    rules = newsroom.currencies[currency]
    fitting = [rule.from_amount for rule in rules.earns[interval] if rule.tier in wanted]
    return max(min(fitting), rules.minimum) if fitting else None
