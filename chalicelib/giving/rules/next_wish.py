"""What a reader is asked for after a gift: after a one-off gift a monthly one, and that once. Never the other way."""

from dataclasses import dataclass

from chalicelib.newsroom.rules import CurrencyRules, Interval, Newsroom


@dataclass(frozen=True)
class GiverSoFar:
    """What is known of the giver without telling one person what another holds.

    That is: what the session of this browser says, whoever is signed in, and what this browser paid within a day.
    `monthly`: a recurring gift, also one that has ended. `one_offs`: gifts before this one.
    """

    monthly: bool = False
    one_offs: bool = False


@dataclass(frozen=True)
class MonthlyWish:
    """A monthly gift to ask for, in minor units, and the tier that it earns, if any."""

    amount: int
    tier: str | None = None


def next_wish(
    newsroom: Newsroom, interval: Interval, amount: int, currency: str, giver: GiverSoFar
) -> MonthlyWish | None:
    """The wish after a gift of `amount` (minor units); None where nothing is asked for.

    The least of the amounts on the page that opens by the month what this gift opened for a time. Never more a month
    than was just given.
    """
    rules = newsroom.currencies.get(currency)
    if interval != "once" or giver.monthly or giver.one_offs or rules is None:
        return None
    wanted = _rank(newsroom, _earned(rules, "once", amount))
    offered = rules.presets["month"]
    enough = (preset for preset in offered if _rank(newsroom, _earned(rules, "month", preset)) >= wanted)
    asked = min(next(enough, offered[0]), amount)
    return MonthlyWish(asked, _earned(rules, "month", asked)) if asked >= rules.minimum else None


def _earned(rules: CurrencyRules, interval: Interval, amount: int) -> str | None:
    reached = [rule.tier for rule in rules.earns[interval] if amount >= rule.from_amount]
    return reached[-1] if reached else None


def _rank(newsroom: Newsroom, tier: str | None) -> int:
    return newsroom.tier_names.index(tier) if tier in newsroom.tier_names else -1
