"""Customers and their payment methods."""

import hashlib
from typing import Any

from localdev.stripe import ids
from localdev.stripe.errors import Json

EMPTY_ADDRESS: Json = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))


def customer(now: int, **given: Any) -> Json:
    """A customer. `given` are checked parameters; only what Stripe would keep as it is."""
    identifier = ids.new("cus")
    given = given | whole_addresses(given)
    kept = ("address", "description", "email", "metadata", "name", "phone", "preferred_locales", "shipping")
    return {
        "id": identifier,
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": now,
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": None,
        "invoice_prefix": hashlib.sha256(identifier.encode()).hexdigest()[:8].upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {},
        "name": None,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    } | {key: given[key] for key in kept if given.get(key) not in (None, "")}


def whole_addresses(given: Json) -> Json:
    """An address with all its parts, whichever of them were said; within what is to be shipped, too."""
    whole: Json = {}
    if given.get("address"):
        whole["address"] = EMPTY_ADDRESS | given["address"]
    if given.get("shipping"):
        shipping = given["shipping"]
        whole["shipping"] = shipping | {"address": EMPTY_ADDRESS | shipping["address"]}
    return whole


def payment_method(now: int, kind: str, last4: str, billing: Json, customer_id: str | None) -> Json:
    """A card or a SEPA debit mandate. `billing` is `billing_details(...)`."""
    return {
        "id": ids.new("pm"),
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": billing,
        kind: _card(last4) if kind == "card" else _sepa(last4),
        "created": now,
        "customer": customer_id,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "radar_options": {},
        "type": kind,
    }


def billing_details(email: str | None, name: str | None, country: str | None = None) -> Json:
    """What the payer typed on the checkout page."""
    address = {**EMPTY_ADDRESS, "country": country}
    return {"address": address, "email": email, "name": name, "phone": None, "tax_id": None}


def _card(last4: str) -> Json:
    return {
        "brand": "visa",
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "DE",
        "display_brand": "visa",
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": _fingerprint(last4),
        "funding": "credit",
        "generated_from": None,
        "last4": last4,
        "networks": {"available": ["visa"], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def _sepa(last4: str) -> Json:
    return {
        "bank_code": "37040044",
        "branch_code": "",
        "country": "DE",
        "fingerprint": _fingerprint(last4),
        "generated_from": {"charge": None, "setup_attempt": None},
        "last4": last4,
    }


def method_details(method: Json) -> Json:
    """`charge.payment_method_details` for a payment method."""
    if method["type"] == "sepa_debit":
        own = {**method["sepa_debit"], "mandate": None}
        own.pop("generated_from")
        return {"sepa_debit": own, "type": "sepa_debit"}
    card = method["card"]
    kept = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "wallet")
    details = {key: card[key] for key in (*kept, "regulated_status")}
    return {
        "card": details
        | {
            "amount_authorized": None,
            "authorization_code": None,
            "electronic_commerce_indicator": None,
            "extended_authorization": {"status": "disabled"},
            "incremental_authorization": {"status": "unavailable"},
            "installments": None,
            "mandate": None,
            "multicapture": {"status": "unavailable"},
            "network": "visa",
            "network_token": {"used": False},
            "network_transaction_id": _fingerprint(card["last4"])[:15],
            "three_d_secure": None,
            "transaction_link_id": None,
        },
        "type": "card",
    }


def _fingerprint(last4: str) -> str:
    return hashlib.sha256(last4.encode()).hexdigest()[:16]
