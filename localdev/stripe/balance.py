"""Movements on the account's balance: one balance transaction for each, converted if the account settles elsewhere.

What was charged and what arrives may be in two currencies. The books keep to what was charged, as the ledger does.
"""

from decimal import ROUND_HALF_UP, Decimal

from localdev.stripe.account import Account
from localdev.stripe.currencies import exponent
from localdev.stripe.errors import ApiRefusal, Json
from localdev.stripe.objects import payments as build

# What one unit is worth in euro; made up, but in a plausible order. Sums are computed in these decimals only.
_IN_EURO = {
    "eur": Decimal(1), "usd": Decimal("0.88"), "gbp": Decimal("1.15"), "chf": Decimal("1.05"),
    "pln": Decimal("0.235"), "czk": Decimal("0.0405"), "uah": Decimal("0.0205"), "sek": Decimal("0.0895"),
    "jpy": Decimal("0.0061"), "huf": Decimal("0.0025"),
}  # fmt: skip
_NOTE = "settlement"


def settles_in(account: Account) -> str | None:
    """The one currency that every charge is converted to; None: each currency has a balance of its own."""
    found = account.store.note(_NOTE).get("currency")
    return None if found is None else str(found)


def set_settlement(account: Account, currency: str | None) -> None:
    """From now on convert every movement to this currency; None ends that.

    :raises ApiRefusal: 400 for a currency without a made-up rate.
    """
    if currency is not None and currency not in _IN_EURO:
        raise ApiRefusal(f"The stand-in knows no exchange rate for {currency}.", param="currency")
    account.store.write_note(_NOTE, currency=currency)


def enter(
    account: Account,
    kind: str,
    amount: int,
    currency: str,
    source: str,
    cost: int = 0,
    settled: tuple[int, str] | None = None,
) -> Json:
    """Write the balance transaction of one movement. `amount` (signed) and `cost` in minor units of `currency`.

    Conversion is by the day's rate, rounded half up to the settlement currency's minor unit; `settled` says what it
    is there instead, and then `cost` is in that currency.

    :raises ApiRefusal: 400 for a currency without a made-up rate.
    """
    if settled is None:
        to = settles_in(account) or currency
        rate = _rate(currency, to)
        moved, kept = _converted(amount, rate), _converted(cost, rate)
    else:
        (moved, to), kept = settled, cost
        rate = (Decimal(moved) / amount).quantize(Decimal("0.000001"))
    entry = build.balance_transaction(account.now(), kind, moved, to, source, cost=kept)
    if to != currency:
        # A number on the wire, as Stripe sends it; no sum is computed from it.
        entry["exchange_rate"] = float(rate)
        account.store.write_note(entry["id"], amount=amount, currency=currency)
    return account.put(entry)


def charged(account: Account, entry: Json) -> tuple[int, str]:
    """The movement as it was charged: minor units (signed) and currency, before any conversion."""
    if entry["exchange_rate"] is None:
        return entry["amount"], entry["currency"]
    note = account.store.note(entry["id"])
    return note["amount"], note["currency"]


def _rate(currency: str, to: str) -> Decimal:
    """How many minor units of `to` one minor unit of `currency` is worth."""
    if currency == to:
        return Decimal(1)
    if currency not in _IN_EURO:
        raise ApiRefusal(f"The stand-in knows no exchange rate for {currency}.", param="currency")
    whole = _IN_EURO[currency] / _IN_EURO[to]
    return (whole * Decimal(10) ** (exponent(to) - exponent(currency))).quantize(Decimal("0.000001"))


def _converted(amount: int, rate: Decimal) -> int:
    return int((amount * rate).quantize(Decimal(1), ROUND_HALF_UP))
