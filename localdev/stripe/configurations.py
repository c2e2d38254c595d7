"""What an account is set up with: itself, its portal configurations, its payment-method configurations.

An account's default portal configuration comes from the dashboard; those of the API are beside it, and no call makes
one of them the default. https://docs.stripe.com/api/customer_portal/configurations/create
"""

from typing import Any

from localdev.stripe import ids
from localdev.stripe.account import Account
from localdev.stripe.config import ACCOUNT
from localdev.stripe.errors import ApiRefusal, Json, missing_param
from localdev.stripe.params import merged_metadata
from localdev.stripe.session_rules import check_url

PORTAL, METHODS = "billing_portal.configuration", "payment_method_configuration"
DEFAULT_PORTAL, DEFAULT_METHODS = "bpc_1SpilnoStandIn", "pmc_1SpilnoStandIn"
# What the stand-in's account is allowed to take; any other method stays unavailable, whatever is preferred.
_CAPABLE = ("apple_pay", "bancontact", "blik", "card", "google_pay", "ideal", "link", "p24", "sepa_debit")
_REASONS = (
    "customer_service",
    "low_quality",
    "missing_features",
    "other",
    "switched_service",
    "too_complex",
    "too_expensive",
    "unused",
)
_HEADLINE_LENGTH, _NAME_LENGTH = 60, 100


def ensure_defaults(account: Account) -> None:
    """The account's own default configurations, as the dashboard makes them."""
    if account.store.get(DEFAULT_PORTAL, PORTAL) is None:
        switched_on = ("payment_method_update", "subscription_cancel", "subscription_pause")
        features = {name: {"enabled": True} for name in switched_on}
        made = new_portal(account, {"features": features})
        account.put(made | {"id": DEFAULT_PORTAL, "is_default": True})
    if account.store.get(DEFAULT_METHODS, METHODS) is None:
        chosen = {name: {"display_preference": {"preference": "on"}} for name in ("card", "link", "sepa_debit")}
        account.put(_methods(DEFAULT_METHODS, account.now(), "Default", chosen) | {"is_default": True})


def own_account(account: Account) -> Json:
    """`GET /v1/account`: an organisation that may take money; `write_note(ACCOUNT, …)` plays another state."""
    return {
        "id": ACCOUNT,
        "object": "account",
        "business_profile": None,
        "capabilities": {f"{name}_payments": "active" for name in _CAPABLE if not name.endswith("_pay")},
        "charges_enabled": True,
        "country": "PL",
        "created": 1_767_225_600,
        "default_currency": "eur",
        "details_submitted": True,
        "email": "office@nadrichchia.example",
        "payouts_enabled": True,
        "type": "standard",
    } | account.store.note(ACCOUNT)


def new_portal(account: Account, params: Json) -> Json:
    """A portal configuration made by the API, not written yet."""
    if "features" not in params:
        raise missing_param("features")
    made: Json = {
        "id": ids.new("bpc"),
        "object": PORTAL,
        "active": True,
        "application": None,
        "business_profile": {"headline": None, "privacy_policy_url": None, "terms_of_service_url": None},
        "created": account.now(),
        "default_return_url": None,
        "features": _features({}, {}),
        "is_default": False,
        "livemode": False,
        "login_page": {"enabled": False, "url": None},
        "metadata": {},
        "name": None,
        "updated": account.now(),
    }
    return changed_portal(account, made, params)


def changed_portal(account: Account, known: Json, params: Json) -> Json:
    """The configuration with these parameters in it, not written yet.

    :raises ApiRefusal: 400 for an address that is none, a headline that is too long, or a feature that lacks a part.
    """
    if params.get("default_return_url"):
        check_url(params["default_return_url"], "default_return_url")
    profile = known["business_profile"] | {key: value or None for key, value in _given(params, "business_profile")}
    for name in ("privacy_policy_url", "terms_of_service_url"):
        if profile[name]:
            check_url(profile[name], f"business_profile[{name}]")
    if len(profile["headline"] or "") > _HEADLINE_LENGTH:
        raise ApiRefusal(f"Invalid string: at most {_HEADLINE_LENGTH} characters", param="business_profile[headline]")
    changes: Json = {name: params[name] or None for name in ("default_return_url", "name") if name in params}
    return known | {
        **changes,
        "active": params.get("active", known["active"]),
        "business_profile": profile,
        "features": _features(known["features"], params.get("features") or {}),
        "metadata": merged_metadata(known["metadata"], params.get("metadata")),
        "updated": account.now(),
    }


def new_methods(account: Account, params: Json) -> Json:
    """A payment-method configuration made by the API, not written yet."""
    return _methods(ids.new("pmc"), account.now(), params.get("name") or "Default", params)


def changed_methods(known: Json, params: Json) -> Json:
    """The configuration with these preferences, not written yet."""
    changes = {key: _method(key, value, known.get(key)) for key, value in params.items() if isinstance(value, dict)}
    return known | {
        "name": params.get("name", known["name"]),
        "active": params.get("active", known["active"]),
        **changes,
    }


def _given(params: Json, name: str) -> list[tuple[str, Any]]:
    value = params.get(name) or {}
    return list(value.items())


def _methods(identifier: str, now: int, name: str, params: Json) -> Json:
    chosen = {key: value for key, value in params.items() if isinstance(value, dict)}
    return {
        "id": identifier,
        "object": METHODS,
        "active": True,
        "application": None,
        "is_default": False,
        "livemode": False,
        "name": name,
        "parent": None,
        # Cards cannot be turned off by leaving them out: what is not named keeps Stripe's own default.
        **{key: _method(key, chosen.get(key, {}), None) for key in sorted({*_CAPABLE, *chosen})},
        "start": now,  # for the store's order alone; never shown
    }


def _method(name: str, sent: Json, known: Json | None) -> Json:
    default = known["display_preference"]["preference"] if known else "on" if name in ("card", "link") else "off"
    preference = (sent.get("display_preference") or {}).get("preference", default)
    value = ("on" if name in ("card", "link") else "off") if preference == "none" else preference
    return {
        "available": value == "on" and name in _CAPABLE,
        "display_preference": {"overridable": None, "preference": preference, "value": value},
    }


def _features(known: Json, sent: Json) -> Json:
    cancel = _feature(known, sent, "subscription_cancel", mode="at_period_end", proration_behavior="none")
    cancel["cancellation_reason"] = _reasons(known, sent)
    pause = _feature(known, sent, "subscription_pause")
    month = {"interval": "month", "interval_count": 1}
    pause.setdefault("duration", {"interval_options": [month], "type": "interval_options"})
    for option in pause["duration"].setdefault("interval_options", []):
        option.setdefault("interval_count", 1)
    update = _feature(known, sent, "subscription_update", proration_behavior="none", products=None)
    update = {
        "billing_cycle_anchor": None,
        "trial_update_behavior": "end_trial",
        "default_allowed_updates": [],
    } | update
    if update["enabled"]:
        raise ApiRefusal("The stand-in does not play subscription_update.", param="features[subscription_update]")
    customer = _feature(known, sent, "customer_update")
    customer["allowed_updates"] = customer.get("allowed_updates") or []
    if customer["enabled"] and not customer["allowed_updates"]:
        raise missing_param("features[customer_update][allowed_updates]")
    return {
        "customer_update": customer,
        "invoice_history": _feature(known, sent, "invoice_history"),
        "payment_method_update": _feature(known, sent, "payment_method_update", payment_method_configuration=None),
        "subscription_cancel": cancel,
        "subscription_pause": pause,
        "subscription_update": {"schedule_at_period_end": {"conditions": []}} | update,
    }


def _feature(known: Json, sent: Json, name: str, **defaults: Any) -> Json:
    merged = {"enabled": False} | defaults | known.get(name, {}) | sent.get(name, {})
    return {key: value if value != "" else None for key, value in merged.items()}


def _reasons(known: Json, sent: Json) -> Json:
    before = known.get("subscription_cancel", {}).get("cancellation_reason")
    default = {"enabled": False, "feedback_options": None, "options": list(_REASONS)}
    after: Json = (before or default) | sent.get("subscription_cancel", {}).get("cancellation_reason", {})
    return after | {"options": after["options"] or list(_REASONS)}
