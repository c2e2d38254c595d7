"""Subscriptions and their item. Periods are on the item; `current_period_end` of the subscription is gone."""

from localdev.stripe import ids
from localdev.stripe.errors import Json
from localdev.stripe.objects.prices import listed, plan


def subscription(now: int, customer: str, price: Json, quantity: int, period_end: int, **given: object) -> Json:
    """An active subscription whose first period is paid. `given`: metadata, description, default method."""
    identifier = ids.new("sub")
    return {
        "id": identifier,
        "object": "subscription",
        "application": None,
        "application_fee_percent": None,
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": now,
        "billing_cycle_anchor_config": None,
        "billing_mode": {"flexible": {"proration_discounts": "included"}, "type": "flexible"},
        "billing_schedules": [],
        "billing_thresholds": None,
        "cancel_at": None,
        "cancel_at_period_end": False,
        "canceled_at": None,
        "cancellation_details": cancellation_details(),
        "collection_method": "charge_automatically",
        "created": now,
        "currency": price["currency"],
        "customer": customer,
        "customer_account": None,
        "days_until_due": None,
        "default_payment_method": None,
        "default_source": None,
        "default_tax_rates": [],
        "description": None,
        "discounts": [],
        "ended_at": None,
        "invoice_settings": {
            "account_tax_ids": None,
            "custom_fields": None,
            "description": None,
            "footer": None,
            "issuer": {"type": "self"},
        },
        "items": listed(
            [item(identifier, price, quantity, now, period_end)],
            f"/v1/subscription_items?subscription={identifier}",
        ),
        "latest_invoice": None,
        "livemode": False,
        "managed_payments": {"enabled": False},
        "metadata": {},
        "next_pending_invoice_item_invoice": None,
        "on_behalf_of": None,
        "pause_collection": None,
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "pending_invoice_item_interval": None,
        "pending_setup_intent": None,
        "pending_update": None,
        "schedule": None,
        "start_date": now,
        "status": "active",
        "test_clock": None,
        "transfer_data": None,
        "trial_end": None,
        "trial_settings": {
            "end_behavior": {"billing_cycle_anchor": None, "missing_payment_method": "create_invoice"}
        },
        "trial_start": None,
    } | {key: value for key, value in given.items() if value is not None}


def cancellation_details(reason: str | None = None, **said: object) -> Json:
    """Why a subscription ends. `said`: the supporter's `comment` and `feedback`."""
    return {"comment": None, "feedback": None, "feedback_option": None} | said | {"reason": reason}


def item(subscription_id: str, price: Json, quantity: int, start: int, end: int) -> Json:
    """What a subscription charges for, with its current period."""
    return {
        "id": ids.new("si"),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": start,
        "current_period_end": end,
        "current_period_start": start,
        "current_trial": None,
        "discounts": [],
        "metadata": {},
        "plan": plan(price),
        "price": price,
        "quantity": quantity,
        "subscription": subscription_id,
        "tax_rates": [],
    }


def period(of: Json) -> tuple[int, int]:
    """The current period's start and end, Unix seconds."""
    first = of["items"]["data"][0]
    return first["current_period_start"], first["current_period_end"]


def moved(of: Json, start: int, end: int) -> Json:
    """The list of its items, each with this period."""
    data = [{**one, "current_period_start": start, "current_period_end": end} for one in of["items"]["data"]]
    return {**of["items"], "data": data}
