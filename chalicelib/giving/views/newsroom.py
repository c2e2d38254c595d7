"""`GET /v1/newsroom`: what a donate button needs to know."""

from collections.abc import Sequence
from typing import Any

from chalicelib.http import cookies
from chalicelib.http.call import Answer, Call, kept_by_all
from chalicelib.http.origins import websites_with_cookies
from chalicelib.http.sites import cookie_domain
from chalicelib.kernel import money
from chalicelib.kernel.typed_amount import own_words
from chalicelib.newsroom.rules import INTERVALS, CurrencyRules, Earning

_CACHE = kept_by_all(60)


def show(call: Call) -> Answer:
    """The newsroom's offer and words: the same for everybody, so that any cache may keep them for a minute."""
    newsroom, settings = call.wiring.newsroom, call.wiring.settings
    body = {
        "name": newsroom.name,
        "languages": newsroom.languages,
        "livemode": settings.livemode,
        "default_currency": newsroom.default_currency,
        "default_interval": newsroom.default_interval,
        "countries": newsroom.countries,
        "tiers": [{"name": tier.name, "title": tier.title, "opens": tier.opens} for tier in newsroom.tiers],
        "currencies": {code: _currency(code, rules) for code, rules in newsroom.currencies.items()},
        "payment_page_language": newsroom.payment_page_language,
        "texts": {name: newsroom.texts.get(name, {}) for name in ("appeal_title", "appeal")},
        "colours": {"accent": newsroom.accent},
        "links": {
            "donate": f"{settings.public_url}/donate",
            "account": f"{settings.public_url}/account",
            "sign_in": f"{settings.public_url}/sign-in",
            "read": f"{settings.public_url}/read/",
        },
        "hint": {
            "name": cookies.name(settings, "ask"),
            "domain": cookie_domain(settings.public_url, settings.site_origins),
        },
        "cookie_origins": websites_with_cookies(settings),
        "embeds": newsroom.embeds,
        "meter": newsroom.meter and {"free": newsroom.meter.free, "signed_in": newsroom.meter.signed_in},
    }
    return Answer(body, cache=_CACHE)


def _currency(code: str, rules: CurrencyRules) -> dict[str, Any]:
    return {
        "decimals": money.decimals(code),
        "step": money.smallest_step(code),
        "words": own_words(code),
        "minimum": rules.minimum,
        "maximum": rules.maximum,
        "presets": {interval: rules.presets[interval] for interval in INTERVALS},
        "earns": {interval: _earns(rules.earns[interval]) for interval in INTERVALS},
    }


def _earns(rules: Sequence[Earning]) -> list[dict[str, Any]]:
    return [
        {"from": rule.from_amount, "tier": rule.tier} | ({"days": rule.days} if rule.days is not None else {})
        for rule in rules
    ]
