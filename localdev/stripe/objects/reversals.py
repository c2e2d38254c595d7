"""Refunds and disputes."""

from localdev.stripe import ids
from localdev.stripe.errors import Json

_DAY = 86_400
_EVIDENCE = """
    access_activity_log billing_address cancellation_policy cancellation_policy_disclosure cancellation_rebuttal
    customer_communication customer_email_address customer_name customer_purchase_ip customer_signature
    duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id product_description receipt
    refund_policy refund_policy_disclosure refund_refusal_explanation service_date service_documentation
    shipping_address shipping_carrier shipping_date shipping_documentation shipping_tracking_number
    uncategorized_file uncategorized_text
""".split()


def refund(now: int, charge: Json, amount: int, **given: object) -> Json:
    """A refund of `amount` minor units. It names the charge and the intent, neither invoice nor subscription."""
    return {
        "id": ids.new("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "customer": charge["customer"],
        "customer_account": None,
        "destination_details": _destination(charge["payment_method_details"]["type"]),
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": None,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
        **_presented(charge, amount),
    } | {key: value for key, value in given.items() if value is not None}


def _presented(charge: Json, amount: int) -> Json:
    """The refund's share of what adaptive pricing showed the payer, rounded down; absent without it."""
    shown = charge.get("presentment_details")
    if not shown:
        return {}
    return {
        "presentment_details": {
            "presentment_amount": shown["presentment_amount"] * amount // charge["amount"],
            "presentment_currency": shown["presentment_currency"],
        }
    }


def _destination(kind: str) -> Json:
    if kind != "card":
        return {"type": kind}
    card = {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"}
    return {"card": card, "type": "card"}


def dispute(now: int, charge: Json, amount: int) -> Json:
    """A dispute that waits for the newsroom's answer; its balance transactions are whole objects."""
    card = charge["payment_method_details"]["type"] == "card"
    case = {"brand": "visa", "case_type": "chargeback", "network": "visa", "network_reason_code": "83"}
    return {
        "id": ids.new("dp"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(_EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + 9 * _DAY,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "intended_submission_method": None,
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": "fraudulent" if card else "debit_not_authorized",
        "status": "needs_response",
    } | ({"payment_method_details": {"card": case, "type": "card"}} if card else {})


def fraud_warning(now: int, charge: Json, kind: str) -> Json:
    """A card network's warning that a charge is likely to be disputed. `kind` is Stripe's `fraud_type`."""
    return {
        "id": ids.new("issfr"),
        "object": "radar.early_fraud_warning",
        "actionable": True,
        "charge": charge["id"],
        "created": now,
        "fraud_type": kind,
        "livemode": False,
        "payment_intent": charge["payment_intent"],
    }
