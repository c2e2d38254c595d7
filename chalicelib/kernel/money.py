"""Money: an integer of minor units and a currency. Never a float, never a sum across currencies.

Which currencies Stripe charges in, and how many decimals each has on its wire:
https://docs.stripe.com/currencies, with #zero-decimal, #three-decimal and #special-cases; read 2026-11-29 in stored
copies of it and in two public copies of the list of that year. Every currency of that list is here, whatever a
newsroom accepts, but for UGX (below): the books must be able to show all money that Stripe may report. Its API's own
list ("Invalid currency: …") names a few more, such as btn and ghs, that the page says nothing about: they are not
accepted, and shown in minor units.

Two questions that must not be mixed up: may somebody give in a currency (`decimals`, which refuses), and how is an
amount in the books written (`shown`, which never fails: one damaged row must not hide the others).
"""

from collections.abc import Mapping
from dataclasses import dataclass

ZERO_DECIMALS = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split())
THREE_DECIMALS = frozenset("bhd jod kwd omr tnd".split())
# Two decimals on the wire, but only whole units can be charged (ISK) or paid out (HUF, TWD).
WHOLE_UNITS_ONLY = frozenset({"isk", "huf", "twd"})
TWO_DECIMALS = frozenset(
    "aed afn all amd aoa ars aud awg azn bam bbd bdt bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc"
    " cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg idr ils inr jmd kes kgs khr kyd kzt"
    " lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr"
    " pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd tzs uah usd uyu uzs wst xcd"
    " xcg yer zar zmw".split()
)
# Currencies that no longer exist, and their successors: nobody can give in them, while older gifts stand in the
# books. Stripe's list still has the first two. All have two decimals.
# ANG: ISO 4217 amendment 176, no electronic payments since 2025-03-31. BGN: Bulgaria has the euro since 2026-01-01.
RETIRED: Mapping[str, str] = {
    "ang": "xcg",
    "bgn": "eur",
    "eek": "eur",
    "hrk": "eur",
    "ltl": "eur",
    "lvl": "eur",
    "sll": "sle",
}
# UGX is in none of these sets. Sources disagree on how many decimals it has on the wire: one page of Stripe's lists
# it among those without, and among the special cases as one with two. A wrong guess charges a hundredfold.
EVERY = TWO_DECIMALS | ZERO_DECIMALS | THREE_DECIMALS | WHOLE_UNITS_ONLY  # every currency that gifts may be in

LARGEST = 99_999_999  # Stripe's own ceiling for an amount is eight digits


class CurrencyUnknown(ValueError):
    """A currency that gifts may not be in. Where a reader named it, the caller answers with a 400."""


@dataclass(frozen=True, order=False)
class Money:
    """An amount in minor units (cents, kopiykas; for JPY whole yen). May be negative: a refund is."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError(f"An amount is an int of minor units, not {type(self.amount).__name__}.")
        decimals(self.currency)

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up.")
        return Money(self.amount + other.amount, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __str__(self) -> str:
        return f"{to_decimal_text(self)} {self.currency.upper()}"


def decimals(currency: str) -> int:
    """How many decimals a currency that gifts may be in has at Stripe: 0, 2 or 3.

    :raises CurrencyUnknown: it is not in `EVERY`: unknown, retired, or in upper case.
    """
    found = None if currency in RETIRED else places(currency)
    if found is None:
        raise CurrencyUnknown(f"{currency!r} is no currency that we can take.")
    return found


def places(currency: object) -> int | None:
    """How many decimals a currency in the books has, retired ones included; None if unknown."""
    if not isinstance(currency, str):
        return None
    if currency in TWO_DECIMALS or currency in WHOLE_UNITS_ONLY or currency in RETIRED:
        return 2
    if currency in ZERO_DECIMALS:
        return 0
    return 3 if currency in THREE_DECIMALS else None


def shown(amount: object, currency: object) -> str:
    """An amount in the books (minor units) as an operator reads it: `5.00`. Never fails.

    `12345 xyz (minor units)` in a currency whose decimals are unknown, so that nobody takes it for major units;
    `unreadable` for anything but an int.
    """
    if type(amount) is not int:
        return UNREADABLE
    known = places(currency)
    return f"{amount} {currency} (minor units)" if known is None else _text(amount, known)


def with_currency(amount: object, currency: object) -> str:
    """An amount in the books as `shown` writes it, with its currency: `5.00 EUR`. Never fails."""
    known = type(amount) is int and places(currency) is not None
    return f"{shown(amount, currency)} {str(currency).upper()}" if known else shown(amount, currency)


UNREADABLE = "unreadable"


def smallest_step(currency: str) -> int:
    """The minor units that every amount must be a multiple of: 1, 10 (three decimals) or 100 (whole units only)."""
    if currency in THREE_DECIMALS:
        return 10
    return 100 if currency in WHOLE_UNITS_ONLY else 1


def to_decimal_text(money: Money) -> str:
    """Minor units to major units as text, `500 eur` -> `5.00`. Exact, without float."""
    return _text(money.amount, decimals(money.currency))


def _text(amount: int, decimal_places: int) -> str:
    sign = "-" if amount < 0 else ""
    digits = str(abs(amount)).rjust(decimal_places + 1, "0")
    return sign + (digits if decimal_places == 0 else f"{digits[:-decimal_places]}.{digits[-decimal_places:]}")
