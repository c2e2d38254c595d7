"""How a charge was paid, and the name that was given with it: what a receipt says of the payer.

`payment_method_details` of a charge has a `type` and, under that name, what Stripe knows of it
(https://docs.stripe.com/api/charges/object). New methods come without a new API version, so nothing here fails for
what it does not know, and no more is kept than a receipt shows.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from chalicelib.ledger.rules.movements import MethodOfPayment
from chalicelib.rails.stripe.events.shapes import Charge

LONGEST_NAME = 100  # characters of a payer's name
_WORD = re.compile(r"[a-z0-9_]{1,40}")  # Stripe's names of methods and brands
_LAST4 = re.compile(r"[0-9A-Za-z]{1,4}")
_LAST4_NAMES = ("last4", "iban_last4")  # iDEAL and Bancontact have the account's under the second
# Whoever pays chooses the name, and the mail goes to the address that they typed: no name is an advertisement.
_LINK = re.compile(r"://|www\.|@|\.[a-z]{2,}/", re.IGNORECASE)


def method_of(charge: Charge | None) -> MethodOfPayment | None:
    """The method of payment; None where the charge does not say one that we can read."""
    details = _part(charge.payment_method_details) if charge else {}
    kind = _form(details.get("type"), _WORD)
    if kind is None:
        return None
    own = _part(details.get(kind))
    brand = _form(own.get("brand"), _WORD)
    last4 = next(filter(None, (_form(own.get(name), _LAST4) for name in _LAST4_NAMES)), None)
    return MethodOfPayment(kind, None if brand == "unknown" else brand, last4)


def payer_of(charge: Charge | None) -> str | None:
    """The name that was given with the payment, on one line; None where there is none that can be shown."""
    if charge is None:
        return None
    typed = charge.billing_details.name if charge.billing_details else None
    at_paypal = _part(_part(charge.payment_method_details).get("paypal")).get("payer_name")
    return _name(typed) or _name(at_paypal)


def _name(typed: Any) -> str | None:
    if not isinstance(typed, str):
        return None
    seen = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in typed)
    name = " ".join(seen.split())[:LONGEST_NAME].strip()
    return None if not name or _LINK.search(name) else name


def _part(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _form(value: Any, form: re.Pattern[str]) -> str | None:
    return value if isinstance(value, str) and form.fullmatch(value) else None
