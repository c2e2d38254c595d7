"""The schema of the newsroom's settings file: what may stand in it, and what to write instead of a mistake."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from chalicelib.i18n.texts import LANGUAGES
from chalicelib.kernel.ids import IDENTIFIER
from chalicelib.newsroom import checks, sender
from chalicelib.newsroom.checks import NewsroomFileWrong, Section, held, or_write, then, wrong
from chalicelib.newsroom.countries import held_countries
from chalicelib.newsroom.currencies import Currencies
from chalicelib.newsroom.editor import EditorSection, as_editor
from chalicelib.newsroom.frames import HOST, MOST, SCRIPT, USUAL
from chalicelib.newsroom.legal import LegalSection, as_legal
from chalicelib.newsroom.machines import MachinesSection, as_machines
from chalicelib.newsroom.meter import MeterSection, as_meter
from chalicelib.newsroom.rules import INTERVALS, GiftLinks, Interval, Limits, Newsroom, Tier, Words
from chalicelib.newsroom.sender import SenderWrong
from chalicelib.newsroom.values import NOTHING, PICTURE, Line, SettingsSoFar, one_of, whole, words

__all__ = ["PAYMENT_PAGE_LANGUAGES", "NewsroomFileWrong", "read"]

# Languages of both Checkout and the customer portal (API version 2026-10-28.endive). `auto` is left out on purpose:
# there is no Ukrainian, and Stripe's guess may be Russian.
PAYMENT_PAGE_LANGUAGES = frozenset(
    "bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru sk sl"
    " sv th tr vi zh zh-HK zh-TW".split()
)
# https://docs.stripe.com/api/checkout/sessions/create: a line item's name, and the text beside the button.
LONGEST_PRODUCT, LONGEST_NOTE = 250, 1200
_LISTED = f'a list such as ["uk", "en"], the first one being the default. Languages: {", ".join(LANGUAGES)}'
_HOSTS = (
    "each host as it stands in the frame's address, in small letters, without https:// and a path, such as"
    " www.youtube.com or *.arcgis.com"
)


def is_time_zone(name: str) -> bool:
    """Whether a time zone of this name exists on every machine."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return not name.startswith(("posix", "right/", "local"))  # zones that some machines add: Lambda has none of them


def _texts(table: dict[str, Any], said: SettingsSoFar) -> dict[str, Words]:
    longest = dict.fromkeys(("checkout.note_once", "checkout.note_recurring"), LONGEST_NOTE)
    return {name: words(text, said, name, longest=longest.get(name), lines=True) for name, text in table.items()}


def _page_languages(value: Any, said: SettingsSoFar) -> Words:
    spoken = words(value, said)
    if not set(spoken.values()) <= PAYMENT_PAGE_LANGUAGES:
        raise wrong("languages that Stripe's page speaks, such as en, de or pl; never auto")
    return spoken


def _languages(listed: list[str], said: SettingsSoFar) -> tuple[str, ...]:
    if len(set(listed)) != len(listed) or not set(listed) <= set(LANGUAGES):
        raise wrong(_LISTED)
    said.languages = tuple(listed)
    return said.languages


def _time_zone(name: str) -> str:
    """Refuse an unknown time zone at once: else the first page with a date would fail."""
    if not is_time_zone(name):
        raise ValueError
    return name


def _mail_from(text: str) -> str:
    """Check the sender's mailbox, and write it in its normalised form."""
    if not text.strip():
        raise ValueError
    try:
        return str(sender.read(text))
    except SenderWrong as error:
        raise wrong(str(error)) from None


def _slug(name: str) -> str:
    if not IDENTIFIER.fullmatch(name) or not name.strip("."):  # dots alone lead elsewhere in an address
        raise wrong("a name made of Latin letters, digits and dashes")
    return name


def _limits(table: dict[str, Any]) -> Limits:
    names = [item.name for item in fields(Limits)]
    for name, value in table.items():
        if name not in names:
            raise wrong(f"one of {', '.join(names)}", name)
        whole(value, 1, 1_000_000, "a number from 1 to 1000000", name)
    return Limits(**table)


class _GiftLinks(Section):
    per_month: Annotated[int, Field(ge=0, le=100), or_write("a number from 0 (no gift links) to 100")] = 5


Host = Annotated[str, Field(pattern=f"^{HOST}$"), or_write(_HOSTS)]
_SCRIPTS = (
    "each script by its whole address without a query, or a host whose scripts may all run, such as"
    " https://www.instagram.com/embed.js or datawrapper.dwcdn.net"
)
Script = Annotated[str, Field(pattern=SCRIPT), or_write(_SCRIPTS)]


def _tier_name(value: Any, said: SettingsSoFar) -> str:
    if not isinstance(value, str) or not value.strip():
        raise wrong(f"a short name for tier {len(said.tiers) + 1}", alone=True)
    return value


class _Tier(Section):
    name: Annotated[str, held(_tier_name)]
    title: Line
    opens: Line


def _tier(section: _Tier, said: SettingsSoFar) -> Tier:
    tier = Tier(**dict(section))
    if not IDENTIFIER.fullmatch(tier.name) or tier.name in said.tiers:
        raise wrong("a name of its own, made of Latin letters, digits and dashes", tier.name, "name")
    said.tiers = (*said.tiers, tier.name)
    return tier


class _File(Section):
    """The settings. Their order matters: each may be checked against those before it."""

    languages: Annotated[
        list[Annotated[str, or_write(_LISTED)]],
        Field(min_length=1),
        then(_languages),
        or_write(_LISTED),
    ]
    tiers: Annotated[
        list[Annotated[_Tier, or_write("each tier as a [[tiers]] section"), then(_tier)]],
        Field(min_length=1),
        AfterValidator(tuple),
        or_write("at least one [[tiers]] section, the lowest tier first"),
    ]
    currencies: Currencies = NOTHING
    name: Line
    time_zone: Annotated[str, AfterValidator(_time_zone), or_write("a time zone such as Europe/Kyiv")]
    mail_from: Annotated[
        str, AfterValidator(_mail_from), or_write("the sender's address, such as support@news.example")
    ]
    default_currency: Annotated[str, held(lambda value, said: one_of(value, said.currencies))]
    default_interval: Annotated[Interval, or_write(f"one of {', '.join(INTERVALS)}")]
    grace_days: Annotated[int, Field(ge=0, le=60), or_write("days from 0 to 60")]
    countries: Annotated[dict[str, Any], then(held_countries)] = NOTHING
    campaigns: dict[Annotated[str, AfterValidator(_slug)], Line] = NOTHING
    payment_page_language: Annotated[Words, held(_page_languages)]
    accent: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$"), or_write("a colour such as #7a1f2b")]
    share_image: Annotated[
        str,
        Field(pattern=PICTURE),
        or_write("the whole address of a picture, such as https://news.example/share.jpg; or leave it out"),
    ] = ""  # the picture that messengers show beside a shared link: they accept whole https addresses only
    editor: Annotated[EditorSection, AfterValidator(as_editor)] = NOTHING
    legal: Annotated[LegalSection | None, AfterValidator(as_legal)] = Field(default=None, validate_default=True)
    show_supporters: Annotated[bool, or_write("true or false")] = False
    meter: Annotated[MeterSection | None, AfterValidator(as_meter)] = None
    texts: Annotated[dict[str, Any], then(_texts)] = NOTHING
    product_name: Annotated[Words, held(lambda value, said: words(value, said, longest=LONGEST_PRODUCT))]
    limits: Annotated[dict[str, Any], AfterValidator(_limits)] = NOTHING
    gift_links: Annotated[_GiftLinks, AfterValidator(lambda section: GiftLinks(**dict(section)))] = NOTHING
    machines: Annotated[MachinesSection, AfterValidator(as_machines)] = NOTHING
    frames: Annotated[
        list[Host],
        Field(max_length=MOST),
        AfterValidator(lambda hosts: tuple(dict.fromkeys(hosts))),
        or_write(f'a list of at most {MOST} hosts, such as ["www.youtube.com", "player.vimeo.com"]'),
    ] = Field(default=list(USUAL), validate_default=True)
    embeds: Annotated[
        list[Script],
        Field(max_length=MOST),
        AfterValidator(lambda scripts: tuple(dict.fromkeys(scripts))),
        or_write(f'a list of at most {MOST} scripts and hosts, such as ["https://www.instagram.com/embed.js"]'),
    ] = Field(default=[], validate_default=True)


def read(raw: Mapping[str, Any]) -> Newsroom:
    """Check the parsed TOML file and answer its settings.

    :raises NewsroomFileWrong: at the first mistake.
    """
    return Newsroom(**dict(checks.read(_File, raw, SettingsSoFar())))
