"""The newsroom's own settings, as the code sees them after `newsroom/file.py` has checked the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Literal

from chalicelib.kernel.languages import understood
from chalicelib.kernel.rhythm import Rhythm

Interval = Literal["once", "month", "year"]
INTERVALS: tuple[Interval, ...] = ("once", "month", "year")


def interval_of(word: str | None) -> Interval:
    """Stripe's or our own word for a rhythm; `once` for none."""
    return next((known for known in INTERVALS if known == word), "once")


Words = Mapping[str, str]  # the same text by language: {"uk": …, "en": …}


@dataclass(frozen=True)
class Tier:
    """A level of support. `title` names it, `opens` says in a few words what it opens."""

    name: str
    title: Words
    opens: Words


@dataclass(frozen=True)
class Earning:
    """From this amount (minor units) a gift earns a tier; a one-off gift for so many days."""

    from_amount: int
    tier: str
    days: int | None = None


@dataclass(frozen=True)
class CurrencyRules:
    """Bounds, presets and earnings in one currency; all amounts in its minor units, earnings lowest first.

    `refund_suspected_up_to`: up to this amount a payment that its card's network calls fraudulent is given back at
    once, which costs less than the dispute that would follow; 0: never by itself.
    """

    minimum: int
    maximum: int
    presets: Mapping[Interval, tuple[int, ...]]
    earns: Mapping[Interval, tuple[Earning, ...]]
    refund_suspected_up_to: int = 0

    def earned(self, amount: int, interval: Interval) -> Earning | None:
        """What a gift of this amount earns: the dearest rule it reaches, or nothing."""
        reached = [rule for rule in self.earns[interval] if amount >= rule.from_amount]
        return reached[-1] if reached else None

    def earned_at(self, amount: int, rhythm: Rhythm) -> Earning | None:
        """What so much at every payment of this rhythm earns.

        Whole years are held against the rules for a year, all else against those for a month, by what it comes to:
        15 € every three months is 5 € a month, 72 € every two years is 36 € a year.
        """
        if rhythm.by_the_year:
            return self.earned(rhythm.yearly(amount), "year")
        return self.earned(rhythm.monthly(amount), "month")


@dataclass(frozen=True)
class Limits:
    """How much one client or one address may ask for; the counts are per ten minutes unless they say otherwise."""

    checkouts: int = 60
    sign_ins: int = 30
    mails_per_address_and_hour: int = 6
    mails_to_new_addresses_and_hour: int = 60


@dataclass(frozen=True)
class Newsroom:
    """One newsroom. Tiers stand lowest first: a higher one includes the lower. `mail_from`: as `newsroom/sender.py`.

    `frames`: as `newsroom/frames.py`.
    """

    name: Words
    languages: tuple[str, ...]
    time_zone: str
    mail_from: str
    tiers: tuple[Tier, ...]
    currencies: Mapping[str, CurrencyRules]
    default_currency: str
    default_interval: Interval
    grace_days: int
    campaigns: Mapping[str, Words]
    payment_page_language: Words
    accent: str
    texts: Mapping[str, Words]
    product_name: Words
    limits: Limits = field(default_factory=Limits)
    share_image: str = ""  # the address of the picture that messengers show beside a link to the giving page
    frames: tuple[str, ...] = ()

    @property
    def zone(self) -> tzinfo:
        """Its time zone: the months and days of people are counted in it."""
        from zoneinfo import ZoneInfo  # whoever only asks for tiers does not load it

        return ZoneInfo(self.time_zone)

    @property
    def tier_names(self) -> tuple[str, ...]:
        """Names of the tiers, lowest first."""
        return tuple(tier.name for tier in self.tiers)

    def tier(self, name: str | None) -> Tier | None:
        """The tier of this name; None for none, and for one that the newsroom no longer has."""
        return next((tier for tier in self.tiers if tier.name == name), None)

    def language(self, wanted: str | None) -> str:
        """The wanted language, however it is written, if the newsroom speaks it; else its first one."""
        meant = understood(wanted)
        return meant if meant in self.languages else self.languages[0]
