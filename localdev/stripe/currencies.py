"""Which currencies Stripe charges in, and the least it charges.

Without ANG (XCG since 2025-03-31) and BGN (euro since 2026-01-01), which Stripe's list still has: they are no more.

Sources, read 2026-11-29: https://docs.stripe.com/currencies (the list) and
https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts.
"""

from localdev.stripe.errors import ApiRefusal

_SUPPORTED = frozenset(
    """
    aed afn all amd aoa ars aud awg azn bam bbd bdt bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp
    cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr
    isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn
    myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle
    sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx usd uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw
    """.split()
)
# Minor units. Where Stripe names no minimum the charge has to reach about 0.50 in what it settles to; 30 UAH is that.
_LEAST = {
    "aud": 50, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50, "gbp": 30, "hkd": 400,
    "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "nok": 300, "nzd": 50, "pln": 200, "ron": 200, "sek": 300,
    "sgd": 50, "uah": 3000, "usd": 50,
}  # fmt: skip
_MOST = 99_999_999
# Two decimals on the wire that are always 00: https://docs.stripe.com/currencies#special-cases. HUF and TWD are whole
# only when they are paid out; charges take their decimals.
_WHOLE = frozenset({"isk", "ugx"})
# https://docs.stripe.com/currencies#zero-decimal and #three-decimal
NO_DECIMALS = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split())
THREE_DECIMALS = frozenset("bhd jod kwd omr tnd".split())


def exponent(currency: str) -> int:
    """How many decimals the minor unit stands for: 0, 2 or 3."""
    return 0 if currency in NO_DECIMALS else 3 if currency in THREE_DECIMALS else 2


def check_currency(currency: str, param: str) -> None:
    """Refuse what Stripe does not charge in.

    :raises ApiRefusal: 400.
    """
    if currency not in _SUPPORTED:
        raise ApiRefusal(f"Invalid currency: {currency}. Stripe does not support it.", param=param)


def least(currency: str) -> int:
    """The least that is charged, in minor units."""
    return _LEAST.get(currency, 1)


def step(currency: str) -> int:
    """What a charge's amount has to be a multiple of, in minor units."""
    return 100 if currency in _WHOLE else 10 if currency in THREE_DECIMALS else 1


def check_step(amount: int, currency: str, param: str) -> None:
    """Refuse fractions that the currency does not have although its minor unit does.

    :raises ApiRefusal: 400.
    """
    if amount % step(currency):
        become = "effectively zero-decimal" if currency in _WHOLE else "effectively two-decimal"
        raise ApiRefusal(
            f"Invalid amount. Currency {currency.upper()} has become {become} and charged amounts must be evenly "
            f"divisible by {step(currency)}. See https://stripe.com/docs/currencies#zero-decimal for more "
            "information.",
            param=param,
        )


def check_amount(amount: int, currency: str, param: str) -> None:
    """Refuse an amount, in minor units, that is beyond Stripe's limits.

    :raises ApiRefusal: 400, or `amount_too_large`.
    """
    check_step(amount, currency, param)
    if abs(amount) > _MOST:
        raise ApiRefusal(
            f"Amount must be no more than {_MOST} {currency} in minor units", code="amount_too_large", param=param
        )


def check_total(total: int, currency: str) -> None:
    """Refuse totals, in minor units, that Stripe would refuse.

    :raises ApiRefusal: 400 `amount_too_small` or `amount_too_large`.
    """
    if total < least(currency):
        smallest = f"{least(currency)} {currency} in minor units"
        raise ApiRefusal(
            f"The Checkout Session's total amount due must add up to at least {smallest}",
            code="amount_too_small",
        )
    if total > _MOST:
        raise ApiRefusal(
            f"The Checkout Session's total amount due must be no more than {_MOST} {currency} in minor units",
            code="amount_too_large",
        )
