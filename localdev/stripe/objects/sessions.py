"""Checkout sessions and portal sessions."""

from localdev.stripe import ids
from localdev.stripe.errors import Json
from localdev.stripe.params import merged_metadata

DAY = 86_400
_FLOWS = (
    "customer_update",
    "subscription_cancel",
    "subscription_pause",
    "subscription_update",
    "subscription_update_confirm",
)
_ONLY_IF_GIVEN = ("excluded_payment_method_types",)


def checkout_session(now: int, params: Json, *, total: int, currency: str, base_url: str) -> Json:
    """An open session. `params` are checked parameters; `total` in minor units of `currency`."""
    identifier = ids.new("cs_test")
    subscription = params["mode"] == "subscription"
    texts: Json = dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance"))
    given = {key: params.get(key) for key in ("after_expiration", "allow_promotion_codes", "cancel_url", "locale")}
    given |= {key: params.get(key) for key in ("client_reference_id", "customer", "customer_email", "success_url")}
    return (
        {
            "id": identifier,
            "object": "checkout.session",
            "adaptive_pricing": {"enabled": params.get("adaptive_pricing", {}).get("enabled", True)},
            "allowed_payment_method_types": params.get("allowed_payment_method_types"),
            "amount_subtotal": total,
            "amount_total": total,
            "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
            "billing_address_collection": params.get("billing_address_collection"),
            "client_secret": None,
            "collected_information": None,
            "consent": None,
            "consent_collection": params.get("consent_collection"),
            "created": now,
            "currency": currency,
            "currency_conversion": None,
            "custom_fields": [],
            "custom_text": texts | (params.get("custom_text") or {}),
            "customer_account": None,
            "customer_creation": _customer_creation(params, subscription=subscription),
            "customer_details": None,
            "discounts": None if subscription else [],
            "expires_at": params.get("expires_at", now + DAY),
            "integration_identifier": params.get("integration_identifier"),
            "invoice": None,
            "invoice_creation": None if subscription else _no_invoice(),
            "livemode": False,
            "managed_payments": {"enabled": False},
            "metadata": merged_metadata({}, params.get("metadata")),
            "mode": params["mode"],
            "origin_context": params.get("origin_context"),
            "payment_intent": None,
            "payment_link": None,
            "payment_method_collection": "always" if subscription else "if_required",
            "payment_method_configuration_details": {
                "id": params.get("payment_method_configuration", "pmc_1SpilnoStandIn"),
                "parent": None,
            },
            "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
            "payment_method_types": _methods(params),
            "payment_status": "unpaid",
            "permissions": None,
            "phone_number_collection": {"enabled": False},
            "recovered_from": None,
            "saved_payment_method_options": None,
            "setup_intent": None,
            "shipping_address_collection": None,
            "shipping_cost": None,
            "shipping_options": [],
            "status": "open",
            "submit_type": params.get("submit_type"),
            "subscription": None,
            "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
            "ui_mode": params.get("ui_mode", "hosted_page"),
            "url": f"{base_url}/c/pay/{identifier}",
            "wallet_options": None,
        }
        | given
        | {name: params[name] for name in _ONLY_IF_GIVEN if name in params}
    )


def _customer_creation(params: Json, *, subscription: bool) -> str | None:
    if params.get("customer"):
        return None
    return "always" if subscription else params.get("customer_creation", "if_required")


def _methods(params: Json) -> list[str]:
    """Dynamic payment methods: what the page offers. SEPA only collects euro."""
    offered = ["card", "sepa_debit"] if params["currency"] == "eur" else ["card"]
    allowed, excluded = params.get("allowed_payment_method_types"), params.get("excluded_payment_method_types", [])
    return [kind for kind in offered if kind not in excluded and (allowed is None or kind in allowed)]


def _no_invoice() -> Json:
    empty = ("account_tax_ids", "custom_fields", "description", "footer", "issuer", "rendering_options")
    return {"enabled": False, "invoice_data": {**dict.fromkeys(empty), "metadata": {}}}


def customer_details(email: str | None, name: str | None) -> Json:
    """What a finished session says of the payer."""
    address = {**dict.fromkeys(("city", "line1", "line2", "postal_code", "state")), "country": "DE"}
    return {
        "address": address,
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }


def portal_session(now: int, params: Json, base_url: str) -> Json:
    """A customer portal session, with the flow it was asked for."""
    identifier = ids.new("bps")
    return {
        "id": identifier,
        "object": "billing_portal.session",
        "configuration": params.get("configuration", "bpc_1SpilnoStandIn"),
        "created": now,
        "customer": params["customer"],
        "customer_account": None,
        "flow": _flow(params.get("flow_data")),
        "livemode": False,
        "locale": params.get("locale"),
        "on_behalf_of": None,
        "return_url": params.get("return_url"),
        "url": f"{base_url}/p/session/{identifier}",
    }


def _flow(data: Json | None) -> Json | None:
    if data is None:
        return None
    after = {"hosted_confirmation": None, "redirect": None, "type": "portal_homepage"} | data.get(
        "after_completion", {}
    )
    flow: Json = {"after_completion": after, "type": data["type"], **{kind: data.get(kind) for kind in _FLOWS}}
    if flow["subscription_cancel"]:
        flow["subscription_cancel"] = {"retention": None} | flow["subscription_cancel"]
    return flow
