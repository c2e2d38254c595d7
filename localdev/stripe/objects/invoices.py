"""Invoices, and invoice payments (which link an invoice to its payment intent). Their lines are in `lines`."""

from localdev.stripe import ids
from localdev.stripe.errors import Json
from localdev.stripe.objects.prices import listed

# How many lines an invoice shows by itself; the others are in its list of lines.
SHOWN_LINES = 10


def invoice(now: int, subscription: Json, customer: Json, *, reason: str, back: tuple[int, int]) -> Json:
    """A draft invoice without lines yet; `with_lines` gives it those, and its sums.

    `back` is `period_start`/`period_end`, which look back (equal on the first one); what is paid for stands on the
    lines. `reason` is Stripe's `billing_reason`.
    """
    identifier = ids.new("in")
    return {
        "id": identifier,
        "object": "invoice",
        "account_country": "DE",
        "account_name": "Nadrichchia News",
        "account_tax_ids": None,
        "amount_due": 0,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_remaining": 0,
        "amount_shipping": 0,
        "application": None,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": {
            "disabled_reason": None,
            "enabled": False,
            "liability": None,
            "provider": None,
            "status": None,
        },
        "automatically_finalizes_at": None,
        "billing_reason": reason,
        "collection_method": "charge_automatically",
        "created": now,
        "currency": subscription["currency"],
        "custom_fields": None,
        "customer": customer["id"],
        "customer_account": None,
        "customer_address": customer["address"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_phone": None,
        "customer_shipping": None,
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
        "default_payment_method": None,
        "default_source": None,
        "default_tax_rates": list(subscription["default_tax_rates"]),
        "description": None,
        "discounts": [],
        "due_date": None,
        "effective_at": None,
        "ending_balance": None,
        "footer": None,
        "from_invoice": None,
        "hosted_invoice_url": None,
        "invoice_pdf": None,
        "issuer": {"type": "self"},
        "last_finalization_error": None,
        "latest_revision": None,
        "lines": listed([], f"/v1/invoices/{identifier}/lines"),
        "livemode": False,
        "metadata": {},
        "next_payment_attempt": None,
        "number": None,
        "on_behalf_of": None,
        "parent": {
            "quote_details": None,
            "subscription_details": {
                "metadata": dict(subscription["metadata"]),
                "subscription": subscription["id"],
            },
            "type": "subscription_details",
        },
        "payment_settings": {"default_mandate": None, "payment_method_options": None, "payment_method_types": None},
        "period_end": back[1],
        "period_start": back[0],
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "receipt_number": None,
        "rendering": None,
        "shipping_cost": None,
        "shipping_details": None,
        "starting_balance": customer["balance"],
        "statement_descriptor": None,
        "status": "draft",
        "status_transitions": {
            "finalized_at": None,
            "marked_uncollectible_at": None,
            "paid_at": None,
            "voided_at": None,
        },
        "subtotal": 0,
        "subtotal_excluding_tax": 0,
        "test_clock": None,
        "total": 0,
        "total_discount_amounts": [],
        "total_excluding_tax": 0,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
        "webhooks_delivered_at": None,
    }


def with_lines(draft: Json, lines: list[Json], sums: Json) -> Json:
    """The draft with these lines (the first ten are shown) and what they come to."""
    for line in lines:
        line["invoice"] = draft["id"]
    shown = listed(lines[:SHOWN_LINES], draft["lines"]["url"], has_more=len(lines) > SHOWN_LINES)
    due = max(0, sums["total"])
    return draft | sums | {"amount_due": due, "amount_remaining": due, "lines": shown}


def invoice_payment(now: int, of: Json, intent_id: str) -> Json:
    """The open link between an invoice and the payment intent that is to pay it."""
    return {
        "id": ids.new("inpay"),
        "object": "invoice_payment",
        "amount_paid": None,
        "amount_requested": of["amount_due"],
        "created": now,
        "currency": of["currency"],
        "invoice": of["id"],
        "is_default": True,
        "livemode": False,
        "payment": {"payment_intent": intent_id, "type": "payment_intent"},
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }


def payments_of(invoice_payments: list[Json], invoice_id: str) -> Json:
    """What `invoice.payments` holds when, and only when, it is expanded."""
    return listed(invoice_payments, f"/v1/invoice_payments?invoice={invoice_id}")
