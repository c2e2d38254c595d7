"""The newsroom's own settings as the code uses them, after `newsroom/file.py` has checked the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Literal

from chalicelib.kernel.languages import understood
from chalicelib.kernel.rhythm import Rhythm

Interval = Literal["once", "month", "year"]
INTERVALS: tuple[Interval, ...] = ("once", "month", "year")


def interval_of(word: str | None) -> Interval:
    """The interval of this name (`month`, `year`); `once` for any other name, and for None."""
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
    """A rule: from this amount (minor units) a gift earns a tier; a one-off gift for `days` days."""

    from_amount: int
    tier: str
    days: int | None = None


@dataclass(frozen=True)
class CurrencyRules:
    """Bounds, presets and earnings in one currency; all amounts in its minor units, earnings lowest first.

    `refund_suspected_up_to`: up to this amount a payment with an early fraud warning is refunded at once, which costs
    less than the dispute that would follow; 0: no such refunds.
    """

    minimum: int
    maximum: int
    presets: Mapping[Interval, tuple[int, ...]]
    earns: Mapping[Interval, tuple[Earning, ...]]
    refund_suspected_up_to: int = 0

    def earned(self, amount: int, interval: Interval) -> Earning | None:
        """What a gift of this amount earns: the highest rule that it reaches, or None."""
        reached = [rule for rule in self.earns[interval] if amount >= rule.from_amount]
        return reached[-1] if reached else None

    def earned_at(self, amount: int, rhythm: Rhythm) -> Earning | None:
        """What a recurring gift of this amount at every payment earns.

        Rhythms of whole years follow the rules for a year, all others those for a month, by what the amount comes to
        in that time: 15 € every three months is 5 € a month, 72 € every two years is 36 € a year.
        """
        if rhythm.by_the_year:
            return self.earned(rhythm.yearly(amount), "year")
        return self.earned(rhythm.monthly(amount), "month")


@dataclass(frozen=True)
class Meter:
    """How many metered articles are open to a reader in a calendar month; supporters are never counted.

    `free`: to everybody. `signed_in`: to who is signed in.
    """

    free: int
    signed_in: int


@dataclass(frozen=True)
class Limits:
    """The rate limits of one client or one address, per ten minutes unless the name says otherwise.

    `metered`: articles that the meter opens for the first time to readers who are not signed in, an hour.
    """

    checkouts: int = 60
    sign_ins: int = 30
    cancellations: int = 60
    mails_per_address_and_hour: int = 6
    mails_to_new_addresses_and_hour: int = 60
    metered: int = 300


@dataclass(frozen=True)
class GiftLinks:
    """How many articles a supporter may give in a calendar month; 0: none are given."""

    per_month: int = 5


Taken = Literal["teaser", "nothing"]


@dataclass(frozen=True)
class Machines:
    """What machines may take of articles that are not open to all, by what they do with it; none gets the whole text.

    `search`: search engines. `preview`: cards beside a shared link. `archive`: archives of the web. `ai_answers`: AI
    that answers people and names its source. `ai_training`: AI that learns from it.
    """

    search: Taken = "teaser"
    preview: Taken = "teaser"
    archive: Taken = "teaser"
    ai_answers: Taken = "teaser"
    ai_training: Taken = "nothing"


@dataclass(frozen=True)
class Editor:
    """Who asks and thanks in the newsroom's name; all of it may be empty.

    `picture`: a path of the website, or an address there, see `newsroom/editor.py`. `word`: their word of thanks.
    """

    name: Words = field(default_factory=dict)
    role: Words = field(default_factory=dict)
    picture: str = ""
    word: Words = field(default_factory=dict)


@dataclass(frozen=True)
class Legal:
    """The organisation that receives the money, as receipts name it; empty where the newsroom's file does not say it.

    `id`: its number in a register, with the register's name. `tax_text`: what a yearly statement says about tax;
    without one it says that it is no tax document.
    """

    name: Words = field(default_factory=dict)
    address: Words = field(default_factory=dict)
    id: Words = field(default_factory=dict)
    tax_text: Words = field(default_factory=dict)

    def in_one_line(self, lang: str) -> str:
        """Name, address and number, separated by commas; empty where nothing is said."""
        parts = (self.name.get(lang, ""), *self.address.get(lang, "").splitlines(), self.id.get(lang, ""))
        return ", ".join(part.strip(" ,") for part in parts if part.strip(" ,"))


@dataclass(frozen=True)
class Newsroom:
    """The settings of one newsroom. Tiers stand lowest first: a higher one includes the lower.

    `mail_from`: see `newsroom/sender.py`. `frames`: hosts, `embeds`: scripts and hosts, see `newsroom/frames.py`.
    `countries`: the currency in which readers of a country are asked first. `show_supporters`: whether pages say how
    many people give. `meter`: None where metered articles are for members.
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
    embeds: tuple[str, ...] = ()
    editor: Editor = field(default_factory=Editor)
    legal: Legal = field(default_factory=Legal)
    countries: Mapping[str, str] = field(default_factory=dict)
    show_supporters: bool = False
    meter: Meter | None = None
    gift_links: GiftLinks = field(default_factory=GiftLinks)
    machines: Machines = field(default_factory=Machines)

    def currency_of(self, country: str) -> str:
        """The currency in which readers of this country (`UA`) are asked first; the default one for all others."""
        return self.countries.get(country, self.default_currency)

    @property
    def zone(self) -> tzinfo:
        """The newsroom's time zone, in which days are shown and months are summed."""
        from zoneinfo import ZoneInfo  # imported here: who only asks for tiers does not load it

        return ZoneInfo(self.time_zone)

    @property
    def tier_names(self) -> tuple[str, ...]:
        """Names of the tiers, lowest first."""
        return tuple(tier.name for tier in self.tiers)

    def tier(self, name: str | None) -> Tier | None:
        """The tier of this name; None for None, and for a tier that the newsroom no longer has."""
        return next((tier for tier in self.tiers if tier.name == name), None)

    def language(self, wanted: str | None) -> str:
        """The wanted language, however its code is written, if the newsroom has it; else the newsroom's first one."""
        return understood(wanted, self.languages) or self.languages[0]
