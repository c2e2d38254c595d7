"""A currency's section of the newsroom's file: bounds, presets, and what an amount earns."""

from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from chalicelib.kernel import money
from chalicelib.newsroom.checks import Section, held, or_write, then, wrong
from chalicelib.newsroom.rules import CurrencyRules, Earning
from chalicelib.newsroom.values import NOTHING, SettingsSoFar, one_of, whole

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
_RULES = 'a list such as [{ from = 300, tier = "member" }]'


def _code(code: str, said: SettingsSoFar) -> str:
    said.currencies = (*said.currencies, code)
    if gone := money.RETIRED.get(code):
        raise wrong(f"{gone}, which has taken its place; what was given in {code} stays in the books")
    if code not in money.EVERY:
        raise wrong("a currency Stripe takes, in lower case, such as eur")
    return code


def _bound(value: Any, least: int, instead: str, step: int) -> int:
    amount = whole(value, least, money.LARGEST, instead)
    if amount % step:
        raise wrong(f"a multiple of {step}: this currency has no smaller coins")
    return amount


def _minimum(value: Any, said: SettingsSoFar) -> int:
    least = LEAST.get(said.currency, 1)
    said.minimum = _bound(value, least, f"at least {least} minor units", said.step)
    return said.minimum


def _maximum(value: Any, said: SettingsSoFar) -> int:
    instead = f"from {said.minimum} to {money.LARGEST} minor units"
    said.maximum = _bound(value, said.minimum, instead, said.step)
    return said.maximum


def _presets(value: Any, said: SettingsSoFar) -> tuple[int, ...]:
    if not isinstance(value, list) or not value:
        raise wrong("a list of amounts in minor units, such as [300, 500, 1500]")
    instead = f"amounts from {said.minimum} to {said.maximum} in minor units, each a multiple of {said.step}"
    if any(whole(amount, said.minimum, said.maximum, instead) % said.step for amount in value):
        raise wrong(instead)
    if len(set(value)) != len(value):
        raise wrong("each amount once")
    return tuple(value)


def _from(value: Any, said: SettingsSoFar) -> int:
    return whole(value, 1, said.maximum, f"an amount in minor units, at most {said.maximum}")


class _Earning(Section):
    from_amount: Annotated[int, held(_from)] = Field(alias="from")
    tier: Annotated[str, held(lambda value, said: one_of(value, said.tiers))]
    days: Any = None  # held against the interval, below


def _earns(sections: list[_Earning], info: ValidationInfo) -> tuple[Earning, ...]:
    tiers = info.context.tiers if info.context else ()
    rules = sorted((Earning(**dict(one)) for one in sections), key=lambda rule: rule.from_amount)
    for rule in rules:
        if info.field_name == "once":
            whole(rule.days, 1, 3660, "for how many days a one-off gift opens the tier", "days")
        elif rule.days is not None:
            raise wrong("no days here: a recurring gift opens its tier for what is paid", "days")
    if len({rule.from_amount for rule in rules}) != len(rules):
        raise wrong("each amount once")
    ranks = [tiers.index(rule.tier) for rule in rules]
    if ranks != sorted(ranks):
        raise wrong("larger amounts for higher tiers")
    if info.field_name == "month" and set(ranks) != set(range(len(tiers))):
        raise wrong(f"a monthly amount for every tier ({', '.join(tiers)})")
    return tuple(rules)


Value = TypeVar("Value")
Presets = Annotated[tuple[int, ...], held(_presets)]
Earns = Annotated[list[Annotated[_Earning, or_write(_RULES)]], AfterValidator(_earns), or_write(_RULES)]
Amount = Annotated[int, Field(ge=0, le=money.LARGEST), or_write(f"from 0 to {money.LARGEST} minor units")]


class _ByInterval(Section, Generic[Value]):
    once: Value
    month: Value
    year: Value


class _Currency(Section):
    minimum: Annotated[int, held(_minimum)]
    maximum: Annotated[int, held(_maximum)]
    presets: _ByInterval[Presets] = NOTHING
    earns: _ByInterval[Earns] = NOTHING
    refund_suspected_up_to: Amount = 0


def _rules(section: _Currency) -> CurrencyRules:
    by_interval = {"presets": dict(section.presets), "earns": dict(section.earns)}
    return CurrencyRules(**{**dict(section), **by_interval})


def _tables(listed: Any) -> Any:
    """Refuse what is no section, before its name is checked: that mistake is reported first."""
    for code, section in listed.items() if isinstance(listed, dict) else ():
        if not isinstance(section, dict):
            raise wrong(f"a table: [currencies.{code}]", code)
    return listed


Currencies = Annotated[
    dict[Annotated[str, then(_code)], Annotated[_Currency, AfterValidator(_rules)]],
    Field(min_length=1),
    BeforeValidator(_tables),
    or_write("at least one section such as [currencies.eur]"),
]
