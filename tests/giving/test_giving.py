"""A wish to give is held against the newsroom's rules; each refusal says which field, and what would be right."""

import tomllib
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

import chalicelib
from chalicelib.checkouts.rules import wish as giving
from chalicelib.checkouts.rules.wish import Wish
from chalicelib.kernel import email_address
from chalicelib.kernel.errors import BadInput
from chalicelib.newsroom import file as newsroom_file
from chalicelib.newsroom.rules import CurrencyRules, Newsroom, interval_of

SITE = "https://news.example"
SHIPPED = Path(chalicelib.__file__).with_name("newsroom.toml")


def newsroom() -> Newsroom:
    made = newsroom_file.read(tomllib.loads(SHIPPED.read_text(encoding="utf-8")))
    rules = CurrencyRules(1000, 100_000, {}, {})
    return replace(made, currencies={**made.currencies, "kwd": rules, "huf": rules})


GOOD = Wish(500, "eur", "once", email_address.read("ada@reader.example"), "uk", "winter", f"{SITE}/a", "/about")


@pytest.mark.parametrize(
    "wish",
    [
        GOOD,
        Wish(100, "eur", "month"),
        Wish(500_000, "eur", "year"),
        Wish(5000, "uah", "once"),
        Wish(1010, "kwd", "once"),
        Wish(1100, "huf", "once"),
        replace(GOOD, return_to=f"{SITE}/дякуємо".encode().decode("ascii", "ignore")),
    ],
)
def test_a_wish_within_the_rules_passes(wish: Wish) -> None:
    giving.check(wish, newsroom(), [SITE])


EUR = {"field": "amount", "minimum": 100, "maximum": 500_000}
SMALL = {"field": "amount", "minimum": 1000, "maximum": 100_000}


@pytest.mark.parametrize(
    ("change", "code", "details"),
    [
        ({"currency": "xxx"}, "unknown_currency", {"field": "currency"}),
        ({"currency": "EUR"}, "unknown_currency", {"field": "currency"}),
        ({"currency": "gbp"}, "unknown_currency", {"field": "currency"}),
        ({"amount": 99}, "amount_too_small", EUR),
        ({"amount": 0}, "amount_too_small", EUR),
        ({"amount": -500}, "amount_too_small", EUR),
        ({"amount": -(10**18)}, "amount_too_small", EUR),
        ({"amount": 500_001}, "amount_too_large", EUR),
        ({"amount": 10**18}, "amount_too_large", EUR),
        ({"amount": 1005, "currency": "kwd"}, "bad_amount", SMALL),
        ({"amount": 1050, "currency": "huf"}, "bad_amount", SMALL),
        ({"campaign": "summer"}, "unknown_campaign", {"field": "campaign"}),
        ({"campaign": ""}, "unknown_campaign", {"field": "campaign"}),
        ({"source": "https://evil.example/"}, "bad_source", {"field": "source"}),
        ({"source": "//evil.example"}, "bad_source", {"field": "source"}),
        ({"return_to": "https://evil.example/"}, "bad_return_to", {"field": "return_to"}),
        ({"return_to": "/\\evil.example"}, "bad_return_to", {"field": "return_to"}),
    ],
)
def test_a_refusal_names_the_field_and_the_bounds(
    change: dict[str, object], code: str, details: dict[str, object]
) -> None:
    with pytest.raises(BadInput) as refused:
        giving.check(replace(GOOD, **change), newsroom(), [SITE])  # type: ignore[arg-type] # a table of changes
    told = dict(refused.value.details)
    # The bounds are minor units, so they go with their currency.
    assert told.pop("currency", None) == (change.get("currency", GOOD.currency) if "minimum" in details else None)
    assert (refused.value.code, told) == (code, details)
    assert refused.value.status == 400
    assert refused.value.title.endswith("."), "a sentence, for a person"


@pytest.mark.parametrize(
    ("sent", "used"),
    [
        ({"source": "/a-path-names-no-page"}, {"source": None}),
        ({"source": "", "return_to": ""}, {"source": None, "return_to": None}),
        ({"source": None, "return_to": None}, {"source": None, "return_to": None}),
        ({"source": f"{SITE}/?a|b"}, {"source": f"{SITE}/?a%7Cb"}),
        ({"return_to": f"{SITE}/дякуємо?{'x' * 2000}"}, {"return_to": f"{SITE}/{quote('дякуємо')}"}),
        ({"return_to": f"{SITE}/{'x' * 2000}"}, {"return_to": None}),
    ],
)
def test_nobody_is_refused_for_an_address_of_the_newsrooms(sent: dict[str, object], used: dict[str, object]) -> None:
    wish = replace(GOOD, **sent)  # type: ignore[arg-type] # a table of changes
    assert giving.check(wish, newsroom(), [SITE]) == replace(GOOD, **{**sent, **used})  # type: ignore[arg-type]


def test_the_refusal_writes_the_bound_as_people_do() -> None:
    with pytest.raises(BadInput, match=r"1\.00 EUR"):
        giving.check(replace(GOOD, amount=1), newsroom(), [SITE])
    with pytest.raises(BadInput, match=r"5000\.00 EUR"):
        giving.check(replace(GOOD, amount=10**9), newsroom(), [SITE])


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 501},
        {"currency": "usd"},
        {"interval": "month"},
        {"email": None},
        {"language": "en"},
        {"campaign": None},
        {"source": None},
        {"return_to": None},
    ],
)
def test_any_change_of_a_wish_makes_it_another(change: dict[str, object]) -> None:
    assert replace(GOOD).fingerprint() == GOOD.fingerprint()
    assert replace(GOOD, **change).fingerprint() != GOOD.fingerprint()  # type: ignore[arg-type] # a table of changes


def test_the_way_back_is_a_whole_address() -> None:
    assert GOOD.return_to_absolute("https://api.example/x") == "https://api.example/x/about"
    assert replace(GOOD, return_to=f"{SITE}/a").return_to_absolute("https://api.example") == f"{SITE}/a"
    assert replace(GOOD, return_to=None).return_to_absolute("https://api.example") is None


@pytest.mark.parametrize(
    ("word", "interval"),
    [("once", "once"), ("month", "month"), ("year", "year"), ("week", "once"), ("", "once"), (None, "once")],
)
def test_an_interval_that_is_none_of_ours_is_once(word: str | None, interval: str) -> None:
    assert interval_of(word) == interval


def test_a_tier_is_found_by_its_name_while_the_newsroom_has_it() -> None:
    made = newsroom()
    assert [made.tier(name) for name in made.tier_names] == list(made.tiers)
    assert made.tier("no longer there") is None
    assert made.tier(None) is None
