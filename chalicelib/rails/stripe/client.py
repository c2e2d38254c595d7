"""Stripe's API through the official SDK, of the version it pins, with time-outs that fit API Gateway's 29 seconds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

import stripe

from chalicelib.rails.stripe.port import API_VERSION, Answer, StripeRefused, StripeUnavailable

_TIMEOUT = (2, 8)  # seconds to connect and to read; the SDK's own 80 would outlive the function
_PAGE = 100  # the most that Stripe lists at once
# What a subscription is charged to: its own method, else the customer's.
_CHARGED = ("default_payment_method", "customer.invoice_settings.default_payment_method")
_NOT_FOUND, _CONFLICT, _TOO_MANY, _SERVER = 404, 409, 429, 500


class StripeApi:
    """Implements `port.Stripe` through the official SDK. `base`: another server than Stripe's, such as the stand-in.

    `payment_methods` (`pmc_…`) and `portal` (`bpc_…`) are our own configurations, made by `ops setup`; without them
    Stripe takes the account's defaults, which other products on the account may share.
    """

    def __init__(self, key: str, base: str | None = None, *, payment_methods: str = "", portal: str = "") -> None:
        self._methods = {"payment_method_configuration": payment_methods} if payment_methods else {}
        self._portal = {"configuration": portal} if portal else {}
        self._client = stripe.StripeClient(
            key,
            stripe_version=API_VERSION,
            http_client=stripe.RequestsClient(timeout=_TIMEOUT),
            max_network_retries=1,
            base_addresses={"api": base} if base else {},
        )

    def create_checkout_session(self, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """`POST /v1/checkout/sessions`."""
        typed = cast("Any", {**self._methods, **params})
        return _asked(lambda: self._client.v1.checkout.sessions.create(typed, {"idempotency_key": idempotency_key}))

    def checkout_session(self, session_id: str) -> Answer:
        """`GET /v1/checkout/sessions/{id}`."""
        return _asked(lambda: self._client.v1.checkout.sessions.retrieve(session_id))

    def checkout_session_of_payment(self, payment_intent: str) -> Answer | None:
        """`GET /v1/checkout/sessions?payment_intent=…`, the one there is."""
        return self._session({"payment_intent": payment_intent})

    def checkout_session_of_subscription(self, subscription: str) -> Answer | None:
        """`GET /v1/checkout/sessions?subscription=…`, the one there is."""
        return self._session({"subscription": subscription})

    def _session(self, of: Mapping[str, Any]) -> Answer | None:
        asked: Any = {**of, "limit": 1}
        found = _asked(lambda: self._client.v1.checkout.sessions.list(asked))
        return cast("Answer", found["data"][0]) if found["data"] else None

    def expire_checkout_session(self, session_id: str) -> Answer:
        """`POST /v1/checkout/sessions/{id}/expire`; refused for one that is not open."""
        return _asked(lambda: self._client.v1.checkout.sessions.expire(session_id))

    def payment_intent(self, payment_intent_id: str) -> Answer:
        """`GET /v1/payment_intents/{id}` with `latest_charge.balance_transaction` expanded."""
        with_fee: Any = {"expand": ["latest_charge.balance_transaction"]}
        retrieve = self._client.v1.payment_intents.retrieve
        try:
            return _asked(lambda: retrieve(payment_intent_id, with_fee))
        except StripeRefused as refused:
            if refused.missing:
                raise
            # A gift must be booked even if its fee cannot be fetched. Reconcile asks for the fee again.
            return _asked(lambda: retrieve(payment_intent_id))

    def charge(self, charge_id: str) -> Answer:
        """`GET /v1/charges/{id}`."""
        return _asked(lambda: self._client.v1.charges.retrieve(charge_id))

    def refund(self, refund_id: str) -> Answer:
        """`GET /v1/refunds/{id}`."""
        return _asked(lambda: self._client.v1.refunds.retrieve(refund_id))

    def refunds_of_charge(self, charge_id: str) -> Sequence[Answer]:
        """`GET /v1/refunds?charge=…`, all of them."""
        return list(_pages(self._client.v1.refunds.list, {"charge": charge_id}))

    def create_refund(self, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """`POST /v1/refunds`."""
        typed = cast("Any", dict(params))
        return _asked(lambda: self._client.v1.refunds.create(typed, {"idempotency_key": idempotency_key}))

    def dispute(self, dispute_id: str) -> Answer:
        """`GET /v1/disputes/{id}`; its balance transactions are always in it."""
        return _asked(lambda: self._client.v1.disputes.retrieve(dispute_id))

    def invoice(self, invoice_id: str) -> Answer:
        """`GET /v1/invoices/{id}` with `payments` expanded."""
        return _asked(lambda: self._client.v1.invoices.retrieve(invoice_id, {"expand": ["payments"]}))

    def invoice_paid_off_stripe(self, invoice_id: str) -> Answer:
        """`GET /v1/invoices/{id}` with `amount_paid_off_stripe` expanded."""
        expand: Any = ["amount_paid_off_stripe"]
        return _asked(lambda: self._client.v1.invoices.retrieve(invoice_id, {"expand": expand}))

    def balance_transaction(self, transaction_id: str) -> Answer:
        """`GET /v1/balance_transactions/{id}`."""
        return _asked(lambda: self._client.v1.balance_transactions.retrieve(transaction_id))

    def payments_of_invoice(self, invoice_id: str) -> Sequence[Answer]:
        """`GET /v1/invoice_payments?invoice=…`."""
        return list(_pages(self._client.v1.invoice_payments.list, {"invoice": invoice_id}))

    def invoice_payments_of(self, payment_intent: str) -> Sequence[Answer]:
        """`GET /v1/invoice_payments?payment[payment_intent]=…`: the one way from a payment to its invoice."""
        payment = {"type": "payment_intent", "payment_intent": payment_intent}
        return list(_pages(self._client.v1.invoice_payments.list, {"payment": payment}))

    def lines_of_invoice(self, invoice_id: str) -> Sequence[Answer]:
        """`GET /v1/invoices/{id}/lines`, all of them."""
        return list(_pages(lambda params: self._client.v1.invoices.line_items.list(invoice_id, params), {}))

    def invoices_of_subscription(self, subscription: str) -> Sequence[Answer]:
        """`GET /v1/invoices?subscription=…`, all of them."""
        return list(_pages(self._client.v1.invoices.list, {"subscription": subscription}))

    def price(self, price_id: str) -> Answer:
        """`GET /v1/prices/{id}`."""
        return _asked(lambda: self._client.v1.prices.retrieve(price_id))

    def subscription(self, subscription_id: str) -> Answer:
        """`GET /v1/subscriptions/{id}` with what it is charged to expanded, if the key may read that."""
        charged: Any = {"expand": list(_CHARGED)}
        retrieve = self._client.v1.subscriptions.retrieve
        try:
            return _asked(lambda: retrieve(subscription_id, charged))
        except StripeRefused as refused:
            if refused.missing:
                raise
            # A gift must be booked even with a key that may not read payment methods; its card is not shown then.
            return _asked(lambda: retrieve(subscription_id))

    def update_subscription(self, subscription_id: str, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """`POST /v1/subscriptions/{id}`; nothing in the answer is expanded."""
        typed, once = cast("Any", dict(params)), _once(idempotency_key)
        return _asked(lambda: self._client.v1.subscriptions.update(subscription_id, typed, once))

    def resume_subscription(self, subscription_id: str, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """`POST /v1/subscriptions/{id}/resume`: one with status `paused`, as the dashboard leaves it."""
        typed, once = cast("Any", dict(params)), _once(idempotency_key)
        return _asked(lambda: self._client.v1.subscriptions.resume(subscription_id, typed, once))

    def cancel_subscription(self, subscription_id: str, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """`DELETE /v1/subscriptions/{id}`: it ends at once."""
        typed, once = cast("Any", dict(params)), _once(idempotency_key)
        return _asked(lambda: self._client.v1.subscriptions.cancel(subscription_id, typed, once))

    def preview_invoice(self, params: Mapping[str, Any]) -> Answer:
        """`POST /v1/invoices/create_preview`: the next invoice, now or after a change; it changes nothing."""
        typed = cast("Any", dict(params))
        return _asked(lambda: self._client.v1.invoices.create_preview(typed))

    def pay_invoice(self, invoice_id: str, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """`POST /v1/invoices/{id}/pay`; a card that is refused is `StripeRefused` with its code, and was tried."""
        typed, once = cast("Any", dict(params)), _once(idempotency_key)
        return _asked(lambda: self._client.v1.invoices.pay(invoice_id, typed, once))

    def finalize_invoice(self, invoice_id: str) -> Answer:
        """`POST /v1/invoices/{id}/finalize` without collecting it; refused for one that is no draft."""
        return _asked(lambda: self._client.v1.invoices.finalize_invoice(invoice_id, {"auto_advance": False}))

    def void_invoice(self, invoice_id: str) -> Answer:
        """`POST /v1/invoices/{id}/void`: nobody can pay it any more; refused for one that is not open."""
        return _asked(lambda: self._client.v1.invoices.void_invoice(invoice_id))

    def customer(self, customer_id: str) -> Answer:
        """`GET /v1/customers/{id}`."""
        return _asked(lambda: self._client.v1.customers.retrieve(customer_id))

    def subscriptions_of_customer(self, customer_id: str) -> Sequence[Answer]:
        """`GET /v1/subscriptions?customer=…`: all that have not ended."""
        return list(_pages(self._client.v1.subscriptions.list, {"customer": customer_id}))

    def delete_customer(self, customer_id: str) -> Answer:
        """`DELETE /v1/customers/{id}`: name, address and cards go, subscriptions end, payments stay."""
        return _asked(lambda: self._client.v1.customers.delete(customer_id))

    def events(self, *, since: int, undelivered: bool = False) -> Iterator[Answer]:
        """`GET /v1/events`, newest first, created at or after `since`, page after page. Reaches back 30 days."""
        only = {"delivery_success": False} if undelivered else {}
        return _pages(self._client.v1.events.list, {"created": {"gte": since}, **only})

    def balance_transactions(self, *, since: int, until: int) -> Iterator[Answer]:
        """`GET /v1/balance_transactions` with `source` expanded, newest first, created from `since` to `until`."""
        params = {"created": {"gte": since, "lte": until}, "expand": ["data.source"]}
        return _pages(self._client.v1.balance_transactions.list, params)

    def subscriptions(self, *, until: int | None = None) -> Iterator[Answer]:
        """`GET /v1/subscriptions`: every one that has not ended, newest first; expanded as `subscription` is.

        :param until: only those created at this second or earlier.
        """
        listing = self._client.v1.subscriptions.list
        wanted: dict[str, Any] = {} if until is None else {"created": {"lte": until}}
        charged = {**wanted, "expand": [f"data.{path}" for path in _CHARGED]}
        try:
            # The first page is asked for here, so that a refusal is noticed before anything was listed.
            _asked(lambda: listing(cast("Any", {"limit": 1, **charged})))
        except StripeRefused:
            return _pages(listing, wanted)
        return _pages(listing, charged)

    def create_portal_session(
        self, customer: str, *, return_url: str, locale: str, flow: Mapping[str, Any] | None = None
    ) -> Answer:
        """`POST /v1/billing_portal/sessions`; `flow`: straight to one of the portal's tasks (`flow_data`)."""
        params: Any = {**self._portal, "customer": customer, "return_url": return_url, "locale": locale}
        params |= {"flow_data": dict(flow)} if flow else {}
        return _asked(lambda: self._client.v1.billing_portal.sessions.create(params))


def _once(key: str) -> Any:
    return {"idempotency_key": key}


def _pages(listing: Callable[[Any], Any], params: Mapping[str, Any]) -> Iterator[Answer]:
    """Every object of a list, page by page; each page is a call that may fail.

    A page without objects that says there are more is not the list's end: taking it for the end would lose objects
    (https://github.com/stripe/sync-engine-fork/pull/378).
    """
    cursor: dict[str, str] = {}
    while True:
        asked = {"limit": _PAGE, **params, **cursor}
        page = _asked(lambda asked=asked: listing(asked))  # type: ignore[misc] # mypy cannot infer a default's type
        yield from page["data"]
        if not page["has_more"]:
            return
        if not page["data"]:
            raise StripeUnavailable("an empty page in the middle of a list")
        cursor = {"starting_after": page["data"][-1]["id"]}


def _asked(call: Callable[[], Any]) -> Answer:
    try:
        return cast("Answer", call().to_dict())
    except stripe.APIConnectionError as error:
        raise StripeUnavailable(type(error).__name__) from error
    except stripe.StripeError as error:
        status = error.http_status or _SERVER
        # 409 is a lock or an idempotent request still under way; both pass.
        if status >= _SERVER or status in (_CONFLICT, _TOO_MANY):
            raise StripeUnavailable(f"status {status}", key_spent=status >= _SERVER or _replayed(error)) from error
        # 404 for an id in the path, 400 with this code for one in a parameter, such as a deleted customer.
        missing = status == _NOT_FOUND or error.code == "resource_missing"
        raise StripeRefused(error.code or type(error).__name__, missing=missing) from error


def _replayed(error: stripe.StripeError) -> bool:
    """Whether Stripe stored this answer for the idempotency key: https://docs.stripe.com/api/idempotent_requests."""
    return (error.headers or {}).get("Idempotent-Replayed") == "true"
