"""The port to Stripe: the calls that we make. `client.py` implements it.

Stripe's answers come as plain dictionaries in the shapes of API version 2026-10-28.endive;
`events/shapes.py` reads the fields that we need.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from chalicelib.kernel.outages import Outage, Refused

API_VERSION = "2026-10-28.endive"
ALREADY_REFUNDED = "charge_already_refunded"  # code of a refusal: nothing of the payment is left to give back
Answer = Mapping[str, Any]


class StripeUnavailable(Outage):
    """Stripe did not answer, answered 5xx, or asks us to slow down. Try again later; the result is not known.

    `key_spent`: Stripe answered 5xx, or repeated a stored failure: it repeats it for this idempotency key for a day.
    """

    def __init__(self, what: str, *, key_spent: bool = False) -> None:
        super().__init__(what)
        self.key_spent = key_spent


class StripeRefused(Refused):
    """Stripe refused the request for good. `code`: Stripe's own; `missing`: a named object does not exist."""


class Stripe(Protocol):
    """The calls that we make to Stripe. Each may raise `StripeUnavailable` or `StripeRefused`."""

    def create_checkout_session(self, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """`POST /v1/checkout/sessions`."""

    def checkout_session(self, session_id: str) -> Answer:
        """`GET /v1/checkout/sessions/{id}`."""

    def checkout_session_of_payment(self, payment_intent: str) -> Answer | None:
        """`GET /v1/checkout/sessions?payment_intent=…`, the one there is."""

    def checkout_session_of_subscription(self, subscription: str) -> Answer | None:
        """`GET /v1/checkout/sessions?subscription=…`, the one there is."""

    def expire_checkout_session(self, session_id: str) -> Answer:
        """`POST /v1/checkout/sessions/{id}/expire`; refused for one that is not open."""

    def payment_intent(self, payment_intent_id: str) -> Answer:
        """`GET /v1/payment_intents/{id}` with `latest_charge.balance_transaction` expanded."""

    def charge(self, charge_id: str) -> Answer:
        """`GET /v1/charges/{id}`."""

    def refund(self, refund_id: str) -> Answer:
        """`GET /v1/refunds/{id}`."""

    def refunds_of_charge(self, charge_id: str) -> Sequence[Answer]:
        """`GET /v1/refunds?charge=…`, all of them."""

    def create_refund(self, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """`POST /v1/refunds`."""

    def dispute(self, dispute_id: str) -> Answer:
        """`GET /v1/disputes/{id}`; its balance transactions are always in it."""

    def invoice(self, invoice_id: str) -> Answer:
        """`GET /v1/invoices/{id}` with `payments` expanded."""

    def invoice_paid_off_stripe(self, invoice_id: str) -> Answer:
        """`GET /v1/invoices/{id}` with `amount_paid_off_stripe` expanded: what of it was paid outside Stripe."""

    def balance_transaction(self, transaction_id: str) -> Answer:
        """`GET /v1/balance_transactions/{id}`."""

    def payments_of_invoice(self, invoice_id: str) -> Sequence[Answer]:
        """`GET /v1/invoice_payments?invoice=…`."""

    def invoice_payments_of(self, payment_intent: str) -> Sequence[Answer]:
        """`GET /v1/invoice_payments?payment[payment_intent]=…`: the one way from a payment to its invoice."""

    def lines_of_invoice(self, invoice_id: str) -> Sequence[Answer]:
        """`GET /v1/invoices/{id}/lines`, all of them."""

    def invoices_of_subscription(self, subscription: str) -> Sequence[Answer]:
        """`GET /v1/invoices?subscription=…`, all of them."""

    def price(self, price_id: str) -> Answer:
        """`GET /v1/prices/{id}`."""

    def subscription(self, subscription_id: str) -> Answer:
        """`GET /v1/subscriptions/{id}` with what it is charged to expanded, if the key may read that."""

    def update_subscription(self, subscription_id: str, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """`POST /v1/subscriptions/{id}`; nothing in the answer is expanded."""

    def resume_subscription(self, subscription_id: str, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """`POST /v1/subscriptions/{id}/resume`: one with status `paused`, as the dashboard leaves it."""

    def cancel_subscription(self, subscription_id: str, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """`DELETE /v1/subscriptions/{id}`: it ends at once."""

    def preview_invoice(self, params: Mapping[str, Any]) -> Answer:
        """`POST /v1/invoices/create_preview`: the next invoice, now or after a change; it changes nothing."""

    def pay_invoice(self, invoice_id: str, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """`POST /v1/invoices/{id}/pay`; a card that is refused is `StripeRefused` with its code, and was tried."""

    def finalize_invoice(self, invoice_id: str) -> Answer:
        """`POST /v1/invoices/{id}/finalize` without collecting it; refused for one that is no draft."""

    def void_invoice(self, invoice_id: str) -> Answer:
        """`POST /v1/invoices/{id}/void`: nobody can pay it any more; refused for one that is not open."""

    def customer(self, customer_id: str) -> Answer:
        """`GET /v1/customers/{id}`."""

    def subscriptions_of_customer(self, customer_id: str) -> Sequence[Answer]:
        """`GET /v1/subscriptions?customer=…`: all that have not ended."""

    def delete_customer(self, customer_id: str) -> Answer:
        """`DELETE /v1/customers/{id}`: name, address and cards go, subscriptions end, payments stay."""

    def events(self, *, since: int, undelivered: bool = False) -> Iterator[Answer]:
        """`GET /v1/events`, newest first, created at or after `since`, page after page. Reaches back 30 days."""

    def balance_transactions(self, *, since: int, until: int) -> Iterator[Answer]:
        """`GET /v1/balance_transactions` with `source` expanded, newest first, created from `since` to `until`."""

    def subscriptions(self, *, until: int | None = None) -> Iterator[Answer]:
        """`GET /v1/subscriptions`: every one that has not ended, newest first; expanded as `subscription` is.

        :param until: only those created at this second or earlier.
        """

    def create_portal_session(
        self, customer: str, *, return_url: str, locale: str, flow: Mapping[str, Any] | None = None
    ) -> Answer:
        """`POST /v1/billing_portal/sessions`; `flow`: straight to one of the portal's tasks (`flow_data`)."""
