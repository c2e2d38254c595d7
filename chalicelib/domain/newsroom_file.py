"""Checks the newsroom's settings file. Every mistake names the setting and says what to write instead."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, NoReturn

from chalicelib.domain import money, sender
from chalicelib.domain.errors import BadInput
from chalicelib.domain.ids import IDENTIFIER
from chalicelib.domain.newsroom import (
    INTERVALS,
    CurrencyRules,
    Earning,
    Interval,
    Limits,
    Newsroom,
    Tier,
    Words,
)
from chalicelib.domain.sender import SenderError

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
_ACCENT = re.compile(r"#[0-9a-fA-F]{6}")
_KNOWN = frozenset(
    "name languages time_zone mail_from tiers currencies default_currency default_interval grace_days campaigns"
    " payment_page_language accent texts product_name limits".split()
)


class NewsroomError(Exception):
    """The newsroom's file has a mistake; the sentence names the setting and what to write instead."""


def read(raw: Mapping[str, Any]) -> Newsroom:
    """The parsed TOML file, checked.

    :raises NewsroomError: at the first mistake.
    """
    for name in raw:
        if name not in _KNOWN:
            _wrong(name, f"one of {', '.join(sorted(_KNOWN))}")
    languages = _languages(raw)
    tiers = _tiers(raw, languages)
    listed = _table(raw, "currencies") or _wrong("currencies", "at least one section such as [currencies.eur]")
    currencies = {code: _currency(code, rules, [tier.name for tier in tiers]) for code, rules in listed.items()}
    return Newsroom(
        name=_words(raw, "name", languages),
        languages=languages,
        time_zone=_text(raw, "time_zone", "a time zone such as Europe/Kyiv"),
        mail_from=_mail_from(raw),
        tiers=tiers,
        currencies=currencies,
        default_currency=_one_of(raw, "default_currency", list(currencies)),
        default_interval=_one_of(raw, "default_interval", INTERVALS),  # type: ignore[arg-type] # just checked
        grace_days=_whole(raw.get("grace_days"), "grace_days", "days from 0 to 60", 0, 60),
        campaigns=_campaigns(raw, languages),
        payment_page_language=_payment_page_language(raw, languages),
        accent=_text(raw, "accent", "a colour such as #7a1f2b", _ACCENT),
        texts={name: _words(_table(raw, "texts"), name, languages) for name in _table(raw, "texts")},
        product_name=_words(raw, "product_name", languages),
        limits=_limits(_table(raw, "limits")),
    )


def _wrong(setting: str, instead: str) -> NoReturn:
    raise NewsroomError(f"In the newsroom's file, '{setting}' is wrong. Write {instead}.")


def _table(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = raw.get(name, {})
    return value if isinstance(value, dict) else _wrong(name, "a table of settings")


def _text(raw: Mapping[str, Any], name: str, instead: str, shape: re.Pattern[str] | None = None) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value.strip() or (shape and not shape.fullmatch(value)):
        _wrong(name, instead)
    return value


def _mail_from(raw: Mapping[str, Any]) -> str:
    """One mailbox, in the form in which it is read again."""
    try:
        return str(sender.read(_text(raw, "mail_from", "the sender's address, such as support@news.example")))
    except SenderError as error:
        _wrong("mail_from", str(error))


def _one_of(raw: Mapping[str, Any], name: str, choices: Sequence[str]) -> str:
    value = raw.get(name)
    return value if value in choices else _wrong(name, f"one of {', '.join(choices)}")  # type: ignore[return-value]


def _whole(value: object, setting: str, instead: str, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        _wrong(setting, instead)
    return value


def _languages(raw: Mapping[str, Any]) -> tuple[str, ...]:
    value = raw.get("languages")
    known = isinstance(value, list) and all(lang in ("uk", "en") for lang in value)
    if not value or not known or len(set(value)) != len(value):
        _wrong("languages", 'a list such as ["uk", "en"], the first one being the default')
    return tuple(value)


def _words(raw: Mapping[str, Any], name: str, languages: Sequence[str]) -> Words:
    value = raw.get(name)
    texts = [value.get(lang) for lang in languages] if isinstance(value, dict) else [None]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        _wrong(name, f"a text for each of your languages ({', '.join(languages)})")
    return {str(lang): str(text) for lang, text in value.items()}  # type: ignore[union-attr] # a dict, as just checked


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
        name = _text(tier, "name", f"a short name for tier {number}")
        if not IDENTIFIER.fullmatch(name) or name in [known.name for known in tiers]:
            _wrong(f"tiers.{name}.name", "a name of its own, made of Latin letters, digits and dashes")
        tiers.append(Tier(name, _words(tier, "title", languages), _words(tier, "opens", languages)))
    return tuple(tiers)


def _campaigns(raw: Mapping[str, Any], languages: Sequence[str]) -> Mapping[str, Words]:
    table = _table(raw, "campaigns")
    for slug in table:
        if not IDENTIFIER.fullmatch(slug):
            _wrong(f"campaigns.{slug}", "a name made of Latin letters, digits and dashes")
    return {slug: _words(table, slug, languages) for slug in table}


def _currency(code: str, raw: Any, tiers: Sequence[str]) -> CurrencyRules:
    where = f"currencies.{code}"
    if not isinstance(raw, dict):
        _wrong(where, f"a table: [currencies.{code}]")
    try:
        step = money.smallest_step(code) if money.decimals(code) >= 0 else 1
    except BadInput:
        _wrong(where, "a currency Stripe takes, in lower case, such as eur")
    least = LEAST.get(code, 1)
    minimum = _whole(raw.get("minimum"), f"{where}.minimum", f"at least {least} minor units", least, money.LARGEST)
    most = money.LARGEST
    maximum = _whole(raw.get("maximum"), f"{where}.maximum", f"from {minimum} to {most} minor units", minimum, most)
    presets = {name: _presets(raw, name, where, (minimum, maximum, step)) for name in INTERVALS}
    earns = {name: _earns(raw, name, where, tiers) for name in INTERVALS}
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
    return tuple(value)


def _earns(raw: Mapping[str, Any], interval: Interval, where: str, tiers: Sequence[str]) -> tuple[Earning, ...]:
    setting = f"{where}.earns.{interval}"
    value = _table(raw, "earns").get(interval)
    if not isinstance(value, list) or not all(isinstance(rule, dict) for rule in value):
        _wrong(setting, 'a list such as [{ from = 300, tier = "member" }]')
    rules = []
    for rule in value:
        days = rule.get("days")
        if interval == "once":
            _whole(days, f"{setting}.days", "for how many days a one-off gift opens the tier", 1, 3660)
        elif days is not None:
            _wrong(f"{setting}.days", "no days here: a recurring gift opens its tier for what is paid")
        amount = _whole(rule.get("from"), f"{setting}.from", "an amount in minor units", 1, money.LARGEST)
        rules.append(Earning(amount, _one_of(rule, "tier", tiers), days))
    rules.sort(key=lambda rule: rule.from_amount)
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
