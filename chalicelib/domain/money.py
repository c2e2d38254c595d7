"""Money: an integer of minor units and a currency. Never a float, never a sum across currencies.

How many decimals a currency has on Stripe's wire:
https://docs.stripe.com/currencies#zero-decimal and #three-decimal, read 2026-11. Every currency Stripe charges in is
here, whatever a newsroom accepts: the books must be able to show all money that Stripe may tell of.
"""

from dataclasses import dataclass

from chalicelib.domain.errors import BadInput

ZERO_DECIMALS = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split())
THREE_DECIMALS = frozenset("bhd jod kwd omr tnd".split())
# Two decimals on the wire, but only whole units can be charged (ISK) or paid out (HUF, TWD).
WHOLE_UNITS_ONLY = frozenset({"isk", "huf", "twd"})
TWO_DECIMALS = frozenset(
    "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc"
    " cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg idr ils inr jmd kes kgs khr kyd kzt"
    " lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr"
    " pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd tzs uah usd uyu uzs wst xcd"
    " yer zar zmw".split()
)
# Sources disagree on how many decimals UGX has on the wire; a wrong guess charges a hundredfold.
REFUSED = frozenset({"ugx"})

LARGEST = 99_999_999  # Stripe's own ceiling for an amount is eight digits


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
    """How many decimals a currency has on Stripe's wire: 0, 2 or 3.

    :raises BadInput: `unknown_currency` for anything not in the table, upper case included.
    """
    if currency in TWO_DECIMALS or currency in WHOLE_UNITS_ONLY:
        return 2
    if currency in ZERO_DECIMALS:
        return 0
    if currency in THREE_DECIMALS:
        return 3
    raise BadInput("We cannot take this currency.", code="unknown_currency", field="currency")


def smallest_step(currency: str) -> int:
    """Amounts must be multiples of this many minor units: 1, 10 (three decimals) or 100 (whole units only)."""
    if currency in THREE_DECIMALS:
        return 10
    return 100 if currency in WHOLE_UNITS_ONLY else 1


def to_decimal_text(money: Money) -> str:
    """The crossing out: minor units to major units as text, `500 eur` -> `5.00`. Exact, without float."""
    places = decimals(money.currency)
    sign = "-" if money.amount < 0 else ""
    digits = str(abs(money.amount)).rjust(places + 1, "0")
    return sign + (digits if places == 0 else f"{digits[:-places]}.{digits[-places:]}")


def from_decimal_text(text: str, currency: str) -> Money:
    """The crossing in: what a person typed (`5`, `5,50`, `1 000.00`) to minor units. Exact, without float.

    `1,000` is refused rather than read as 1: who writes it may well mean a thousand.

    :raises BadInput: `bad_amount` for signs, letters, exponents, or more decimals than the currency has.
    """
    places = decimals(currency)
    plain = "".join(text.split()).replace(",", ".")
    whole, dot, fraction = plain.partition(".")
    readable = whole.isascii() and whole.isdigit() and (not dot or (fraction.isascii() and fraction.isdigit()))
    written = max(places, 2)  # people write `500.00` in any currency
    if not readable or len(plain) > 12 or len(fraction) > written or len(fraction.rstrip("0")) > places:  # noqa: PLR2004 - past any real gift
        raise BadInput("Please write the amount in digits, such as 5 or 7.50.", code="bad_amount", field="amount")
    return Money(int(whole) * 10**places + int(fraction.rstrip("0").ljust(places, "0") or 0), currency)
