"""Payment intents, charges and the balance transactions behind them."""

from dataclasses import dataclass

from localdev.stripe import ids
from localdev.stripe.errors import Json
from localdev.stripe.objects.customers import EMPTY_ADDRESS, method_details

_DAY = 86_400


def payment_intent(now: int, amount: int, currency: str, **given: object) -> Json:
    """A payment intent before its first attempt. `given`: metadata, customer, description, setup_future_usage."""
    identifier = ids.new("pi")
    return {
        "id": identifier,
        "object": "payment_intent",
        "allowed_payment_method_types": None,
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{identifier}_secret_{ids.new('x')[2:]}",
        "confirmation_method": "automatic",
        "created": now,
        "currency": currency,
        "customer": None,
        "customer_account": None,
        "description": None,
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "managed_payments": {"enabled": False},
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {
            "card": {
                "installments": None,
                "mandate_options": None,
                "network": None,
                "request_three_d_secure": "automatic",
            }
        },
        "payment_method_types": ["card", "sepa_debit"],
        "payment_record": None,
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    } | {key: value for key, value in given.items() if value is not None}


@dataclass(frozen=True)
class Refusal:
    """Why a bank refuses: error code, decline code, the sentences for payer and seller, the network's own code."""

    code: str
    decline_code: str
    message: str
    seller: str
    network: str
    advice: str | None = None

    @property
    def reason(self) -> str:
        """`charge.outcome.reason`."""
        return self.decline_code


DECLINED = Refusal(
    "card_declined",
    "generic_decline",
    "Your card was declined.",
    "The bank did not return any further details with this decline.",
    "05",
    "try_again_later",
)
EXPIRED = Refusal(
    "expired_card",
    "expired_card",
    "Your card has expired.",
    "The bank returned the decline code `expired_card`.",
    "54",
    "confirm_card_data",
)
UNAUTHENTICATED = Refusal(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
    "The bank returned the decline code `authentication_required`.",
    "1A",
)


def charge(
    now: int, intent: Json, method: Json, status: str, *, recurring: bool, refusal: Refusal = DECLINED
) -> Json:
    """A charge of `intent`: succeeded, pending or failed. A subscription's charge has empty metadata."""
    return {
        "id": ids.new("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0 if status == "failed" else intent["amount"],
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": {**method["billing_details"], "address": dict(method["billing_details"]["address"])},
        "calculated_statement_descriptor": "SPILNO* NADRICHCHIA",
        "captured": status != "failed",
        "created": now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": {} if recurring else dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": _outcome(status, refusal),
        "paid": status == "succeeded",
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": method_details(method),
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": status,
        "transfer_data": None,
        "transfer_group": None,
    } | _presented(intent)


def _presented(intent: Json) -> Json:
    """What adaptive pricing showed the payer; absent when it was the charge's own currency."""
    shown = intent.get("presentment_details")
    return {"presentment_details": dict(shown)} if shown else {}


def _outcome(status: str, refusal: Refusal) -> Json:
    declined = status == "failed"
    return {
        "advice_code": refusal.advice if declined else None,
        "network_advice_code": None,
        "network_decline_code": refusal.network if declined else None,
        "network_status": "declined_by_network" if declined else "approved_by_network",
        "reason": refusal.reason if declined else None,
        "risk_level": "normal",
        "risk_score": 21,
        "seller_message": refusal.seller if declined else "Payment complete.",
        "type": "issuer_declined" if declined else "authorized",
    }


def decline(method: Json, charge_id: str, refusal: Refusal = DECLINED) -> Json:
    """`payment_intent.last_payment_error` after a refused payment."""
    card = method["type"] == "card"
    return {
        "advice_code": refusal.advice,
        "charge": charge_id,
        "code": refusal.code if card else "payment_intent_payment_attempt_failed",
        "decline_code": refusal.decline_code,
        "doc_url": f"https://docs.stripe.com/error-codes#{refusal.code.replace('_', '-')}",
        "message": refusal.message if card else "The debit was refused by the bank.",
        "payment_method": {**method, "billing_details": {**method["billing_details"], "address": EMPTY_ADDRESS}},
        "type": "card_error",
    }


def next_action(merchant: str) -> Json:
    """What the payer has to do: let the bank ask them (3-D Secure)."""
    return {
        "type": "use_stripe_sdk",
        "use_stripe_sdk": {"merchant": merchant, "type": "three_d_secure_redirect"},
    }


def fee(amount: int) -> int:
    """What Stripe would keep, in minor units: 1.5 % rounded half up, and 25; plausible, not its price list."""
    return min(amount, (amount * 15 + 500) // 1000 + 25)


def balance_transaction(now: int, kind: str, amount: int, currency: str, source: str, cost: int = 0) -> Json:
    """Money that moved on the account's balance. `amount` and `cost` in minor units; outgoing amounts are negative.

    `type=adjustment` says little; `reporting_category` tells disputes and their reversals apart:
    https://docs.stripe.com/reports/reporting-categories.
    """
    categories = {"payment": "charge", "payment_refund": "refund", "adjustment": "dispute"}
    if kind == "adjustment" and amount > 0:
        categories["adjustment"] = "dispute_reversal"
    details = {"amount": cost, "application": None, "currency": currency, "type": "stripe_fee"}
    return {
        "id": ids.new("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now - now % _DAY + 7 * _DAY,
        "balance_type": "payments",
        "created": now,
        "currency": currency,
        "description": None,
        "exchange_rate": None,
        "fee": cost,
        "fee_details": [{**details, "description": "Stripe processing fees"}] if cost else [],
        "net": amount - cost,
        "reporting_category": categories.get(kind, kind),
        "source": source,
        "status": "pending",
        "type": kind,
    }
