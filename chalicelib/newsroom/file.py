"""Checks the newsroom's settings file. Every mistake names the setting and says what to write instead."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chalicelib.kernel import money
from chalicelib.kernel.ids import IDENTIFIER
from chalicelib.newsroom import frames, sender
from chalicelib.newsroom.checks import NewsroomError
from chalicelib.newsroom.checks import one_of as _one_of
from chalicelib.newsroom.checks import only as _only
from chalicelib.newsroom.checks import table as _table
from chalicelib.newsroom.checks import text as _text
from chalicelib.newsroom.checks import whole as _whole
from chalicelib.newsroom.checks import words as _words
from chalicelib.newsroom.checks import wrong as _wrong
from chalicelib.newsroom.rules import INTERVALS, CurrencyRules, Earning, Interval, Limits, Newsroom, Tier, Words
from chalicelib.newsroom.sender import SenderError

__all__ = ["LEAST", "PAYMENT_PAGE_LANGUAGES", "NewsroomError", "read"]

# Stripe's least charge by settlement currency, in minor units, with margin for the exchange rate.
# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts, read 2026-11.
LEAST = {
    "eur": 50,
    "usd": 50,
    "gbp": 30,
    "pln": 200,
    "chf": 50,
    "czk": 1500,
    "sek": 300,
    "nok": 300,
    "uah": 3000,
}
# What both Checkout and the customer portal speak (API version 2026-10-28.endive). `auto` is left out on purpose:
# there is no Ukrainian, and Stripe's guess may be Russian.
PAYMENT_PAGE_LANGUAGES = frozenset(
    "bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru sk sl"
    " sv th tr vi zh zh-HK zh-TW".split()
)
# https://docs.stripe.com/api/checkout/sessions/create: a line item's name, and the text beside the button.
LONGEST_PRODUCT, LONGEST_NOTE = 250, 1200
_ACCENT = re.compile(r"#[0-9a-fA-F]{6}")
_PICTURE = re.compile(r"https://[A-Za-z0-9.-]+(:\d+)?/[!#$&-;=?-\[\]_a-z~%]+", re.ASCII)
_KNOWN = frozenset(
    "name languages time_zone mail_from tiers currencies default_currency default_interval grace_days campaigns"
    " payment_page_language accent share_image texts product_name limits frames".split()
)


def read(raw: Mapping[str, Any]) -> Newsroom:
    """The parsed TOML file, checked.

    :raises NewsroomError: at the first mistake.
    """
    _only(raw, _KNOWN)
    languages = _languages(raw)
    tiers = _tiers(raw, languages)
    listed = _table(raw, "currencies") or _wrong("currencies", "at least one section such as [currencies.eur]")
    currencies = {code: _currency(code, rules, [tier.name for tier in tiers]) for code, rules in listed.items()}
    return Newsroom(
        name=_words(raw, "name", languages),
        languages=languages,
        time_zone=_time_zone(raw),
        mail_from=_mail_from(raw),
        tiers=tiers,
        currencies=currencies,
        default_currency=_one_of(raw, "default_currency", list(currencies)),
        default_interval=_one_of(raw, "default_interval", INTERVALS),  # type: ignore[arg-type] # just checked
        grace_days=_whole(raw.get("grace_days"), "grace_days", "days from 0 to 60", 0, 60),
        campaigns=_campaigns(raw, languages),
        payment_page_language=_payment_page_language(raw, languages),
        accent=_text(raw, "accent", "a colour such as #7a1f2b", _ACCENT),
        share_image=_share_image(raw),
        texts=_texts(_table(raw, "texts"), languages),
        product_name=_words(raw, "product_name", languages, longest=LONGEST_PRODUCT),
        limits=_limits(_table(raw, "limits")),
        frames=frames.read(raw),
    )


def _share_image(raw: Mapping[str, Any]) -> str:
    """Where messengers fetch the picture of a shared link from: they take whole addresses over https alone."""
    instead = "the whole address of a picture, such as https://news.example/share.jpg; or leave it out"
    return _text(raw, "share_image", instead, _PICTURE) if "share_image" in raw else ""


def _time_zone(raw: Mapping[str, Any]) -> str:
    """One that there is: a wrong one would be noticed by the first page with a date on it."""
    instead = "a time zone such as Europe/Kyiv"
    name = _text(raw, "time_zone", instead)
    return name if is_time_zone(name) else _wrong("time_zone", instead)


def is_time_zone(name: str) -> bool:
    """Whether there is a time zone of this name, on every machine."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return not name.startswith(("posix", "right/", "local"))  # a machine's own: Lambda has none of them


def _texts(raw: Mapping[str, Any], languages: Sequence[str]) -> Mapping[str, Words]:
    on_stripes_page = ("checkout.note_once", "checkout.note_recurring")
    return {
        name: _words(raw, name, languages, lines=True, longest=LONGEST_NOTE if name in on_stripes_page else None)
        for name in raw
    }


def _mail_from(raw: Mapping[str, Any]) -> str:
    """One mailbox, in the form in which it is read again."""
    try:
        return str(sender.read(_text(raw, "mail_from", "the sender's address, such as support@news.example")))
    except SenderError as error:
        _wrong("mail_from", str(error))


def _languages(raw: Mapping[str, Any]) -> tuple[str, ...]:
    value = raw.get("languages")
    known = isinstance(value, list) and all(lang in ("uk", "en") for lang in value)
    if not value or not known or len(set(value)) != len(value):
        _wrong("languages", 'a list such as ["uk", "en"], the first one being the default')
    return tuple(value)


def _payment_page_language(raw: Mapping[str, Any], languages: Sequence[str]) -> Words:
    words = _words(raw, "payment_page_language", languages)
    if not set(words.values()) <= PAYMENT_PAGE_LANGUAGES:
        _wrong("payment_page_language", "languages that Stripe's page speaks, such as en, de or pl; never auto")
    return words


def _tiers(raw: Mapping[str, Any], languages: Sequence[str]) -> tuple[Tier, ...]:
    value = raw.get("tiers")
    if not isinstance(value, list) or not value:
        _wrong("tiers", "at least one [[tiers]] section, the lowest tier first")
    tiers: list[Tier] = []
    for number, tier in enumerate(value, 1):
        if not isinstance(tier, dict):
            _wrong("tiers", "each tier as a [[tiers]] section")
        _only(tier, ("name", "title", "opens"), "tiers")
        name = _text(tier, "name", f"a short name for tier {number}")
        if not IDENTIFIER.fullmatch(name) or name in [known.name for known in tiers]:
            _wrong(f"tiers.{name}.name", "a name of its own, made of Latin letters, digits and dashes")
        tiers.append(Tier(name, _words(tier, "title", languages), _words(tier, "opens", languages)))
    return tuple(tiers)


def _campaigns(raw: Mapping[str, Any], languages: Sequence[str]) -> Mapping[str, Words]:
    table = _table(raw, "campaigns")
    for slug in table:
        if not IDENTIFIER.fullmatch(slug) or not slug.strip("."):  # dots alone lead elsewhere in an address
            _wrong(f"campaigns.{slug}", "a name made of Latin letters, digits and dashes")
    return {slug: _words(table, slug, languages) for slug in table}


def _currency(code: str, raw: Any, tiers: Sequence[str]) -> CurrencyRules:
    where = f"currencies.{code}"
    if not isinstance(raw, dict):
        _wrong(where, f"a table: [currencies.{code}]")
    if code in money.RETIRED:
        _wrong(
            where, f"{money.RETIRED[code]}, which has taken its place; what was given in {code} stays in the books"
        )
    _only(raw, ("minimum", "maximum", "presets", "earns", "refund_suspected_up_to"), where)
    if code not in money.EVERY:
        _wrong(where, "a currency Stripe takes, in lower case, such as eur")
    step = money.smallest_step(code)
    least = LEAST.get(code, 1)
    minimum = _whole(raw.get("minimum"), f"{where}.minimum", f"at least {least} minor units", least, money.LARGEST)
    most = money.LARGEST
    maximum = _whole(raw.get("maximum"), f"{where}.maximum", f"from {minimum} to {most} minor units", minimum, most)
    for name, bound in (("minimum", minimum), ("maximum", maximum)):
        if bound % step:
            _wrong(f"{where}.{name}", f"a multiple of {step}: this currency has no smaller coins")
    for section in ("presets", "earns"):
        _only(_table(raw, section), INTERVALS, f"{where}.{section}")
    presets = {name: _presets(raw, name, where, (minimum, maximum, step)) for name in INTERVALS}
    earns = {name: _earns(raw, name, where, tiers, maximum) for name in INTERVALS}
    setting = f"{where}.refund_suspected_up_to"
    suspected = _whole(raw.get("refund_suspected_up_to", 0), setting, f"from 0 to {most} minor units", 0, most)
    return CurrencyRules(minimum, maximum, presets, earns, suspected)


def _presets(raw: Mapping[str, Any], interval: Interval, where: str, bounds: tuple[int, int, int]) -> tuple[int, ...]:
    minimum, maximum, step = bounds
    value = _table(raw, "presets").get(interval)
    if not isinstance(value, list) or not value:
        _wrong(f"{where}.presets.{interval}", "a list of amounts in minor units, such as [300, 500, 1500]")
    instead = f"amounts from {minimum} to {maximum} in minor units, each a multiple of {step}"
    for amount in value:
        if _whole(amount, f"{where}.presets.{interval}", instead, minimum, maximum) % step:
            _wrong(f"{where}.presets.{interval}", instead)
    if len(set(value)) != len(value):
        _wrong(f"{where}.presets.{interval}", "each amount once")
    return tuple(value)


def _earns(
    raw: Mapping[str, Any], interval: Interval, where: str, tiers: Sequence[str], maximum: int
) -> tuple[Earning, ...]:
    setting = f"{where}.earns.{interval}"
    value = _table(raw, "earns").get(interval)
    if not isinstance(value, list) or not all(isinstance(rule, dict) for rule in value):
        _wrong(setting, 'a list such as [{ from = 300, tier = "member" }]')
    rules = []
    for rule in value:
        _only(rule, ("from", "tier", "days"), setting)
        days = rule.get("days")
        if interval == "once":
            _whole(days, f"{setting}.days", "for how many days a one-off gift opens the tier", 1, 3660)
        elif days is not None:
            _wrong(f"{setting}.days", "no days here: a recurring gift opens its tier for what is paid")
        instead = f"an amount in minor units, at most {maximum}"
        amount = _whole(rule.get("from"), f"{setting}.from", instead, 1, maximum)
        rules.append(Earning(amount, _one_of(rule, "tier", tiers), days))
    rules.sort(key=lambda rule: rule.from_amount)
    if len({rule.from_amount for rule in rules}) != len(rules):
        _wrong(setting, "each amount once")
    ranks = [tiers.index(rule.tier) for rule in rules]
    if ranks != sorted(ranks):
        _wrong(setting, "larger amounts for higher tiers")
    if interval == "month" and {rule.tier for rule in rules} != set(tiers):
        _wrong(setting, f"a monthly amount for every tier ({', '.join(tiers)})")
    return tuple(rules)


def _limits(raw: Mapping[str, Any]) -> Limits:
    names = [item.name for item in fields(Limits)]
    for name, value in raw.items():
        if name not in names:
            _wrong(f"limits.{name}", f"one of {', '.join(names)}")
        _whole(value, f"limits.{name}", "a number from 1 to 1000000", 1, 1_000_000)
    return Limits(**raw)
