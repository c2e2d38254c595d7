"""What doubles of Stripe are made of: the whole port, every call through one method that a double may override."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.rails.stripe.port import Answer, Stripe

Asked = tuple[object, ...]  # what a call is about: an id, a moment, an idempotency key
Work = Callable[[Stripe], Sequence[Answer]]


class UnexpectedStripe:
    """`Stripe` that nobody may ask: a double overrides the calls that its test expects."""

    def _call(self, name: str, asked: Asked, work: Work) -> Sequence[Answer]:
        """Every call but the overridden ones; one object is a sequence of one, None an empty one.

        `work` makes the same call to another Stripe.
        """
        del work
        raise AssertionError(f"This test did not expect that Stripe is asked for {name}{asked}.")

    def _one(self, name: str, asked: Asked, work: Callable[[Stripe], Answer]) -> Answer:
        return self._call(name, asked, lambda it: [work(it)])[0]

    def _one_or_none(self, name: str, asked: Asked, work: Callable[[Stripe], Answer | None]) -> Answer | None:
        found = self._call(name, asked, lambda it: [] if (answer := work(it)) is None else [answer])
        return found[0] if found else None

    def create_checkout_session(self, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """See the port."""
        return self._one(
            "create_checkout_session",
            (idempotency_key,),
            lambda it: it.create_checkout_session(params, idempotency_key=idempotency_key),
        )

    def checkout_session(self, session_id: str) -> Answer:
        """See the port."""
        return self._one("checkout_session", (session_id,), lambda it: it.checkout_session(session_id))

    def checkout_session_of_payment(self, payment_intent: str) -> Answer | None:
        """See the port."""
        return self._one_or_none(
            "checkout_session_of_payment",
            (payment_intent,),
            lambda it: it.checkout_session_of_payment(payment_intent),
        )

    def checkout_session_of_subscription(self, subscription: str) -> Answer | None:
        """See the port."""
        return self._one_or_none(
            "checkout_session_of_subscription",
            (subscription,),
            lambda it: it.checkout_session_of_subscription(subscription),
        )

    def expire_checkout_session(self, session_id: str) -> Answer:
        """See the port."""
        return self._one("expire_checkout_session", (session_id,), lambda it: it.expire_checkout_session(session_id))

    def payment_intent(self, payment_intent_id: str) -> Answer:
        """See the port."""
        return self._one("payment_intent", (payment_intent_id,), lambda it: it.payment_intent(payment_intent_id))

    def charge(self, charge_id: str) -> Answer:
        """See the port."""
        return self._one("charge", (charge_id,), lambda it: it.charge(charge_id))

    def refund(self, refund_id: str) -> Answer:
        """See the port."""
        return self._one("refund", (refund_id,), lambda it: it.refund(refund_id))

    def refunds_of_charge(self, charge_id: str) -> Sequence[Answer]:
        """See the port."""
        return self._call("refunds_of_charge", (charge_id,), lambda it: it.refunds_of_charge(charge_id))

    def create_refund(self, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """See the port."""
        return self._one(
            "create_refund", (idempotency_key,), lambda it: it.create_refund(params, idempotency_key=idempotency_key)
        )

    def dispute(self, dispute_id: str) -> Answer:
        """See the port."""
        return self._one("dispute", (dispute_id,), lambda it: it.dispute(dispute_id))

    def invoice(self, invoice_id: str) -> Answer:
        """See the port."""
        return self._one("invoice", (invoice_id,), lambda it: it.invoice(invoice_id))

    def invoice_paid_off_stripe(self, invoice_id: str) -> Answer:
        """See the port."""
        return self._one("invoice_paid_off_stripe", (invoice_id,), lambda it: it.invoice_paid_off_stripe(invoice_id))

    def balance_transaction(self, transaction_id: str) -> Answer:
        """See the port."""
        return self._one("balance_transaction", (transaction_id,), lambda it: it.balance_transaction(transaction_id))

    def payments_of_invoice(self, invoice_id: str) -> Sequence[Answer]:
        """See the port."""
        return self._call("payments_of_invoice", (invoice_id,), lambda it: it.payments_of_invoice(invoice_id))

    def invoice_payments_of(self, payment_intent: str) -> Sequence[Answer]:
        """See the port."""
        return self._call("invoice_payments_of", (payment_intent,), lambda it: it.invoice_payments_of(payment_intent))

    def lines_of_invoice(self, invoice_id: str) -> Sequence[Answer]:
        """See the port."""
        return self._call("lines_of_invoice", (invoice_id,), lambda it: it.lines_of_invoice(invoice_id))

    def invoices_of_subscription(self, subscription: str) -> Sequence[Answer]:
        """See the port."""
        return self._call(
            "invoices_of_subscription", (subscription,), lambda it: it.invoices_of_subscription(subscription)
        )

    def price(self, price_id: str) -> Answer:
        """See the port."""
        return self._one("price", (price_id,), lambda it: it.price(price_id))

    def subscription(self, subscription_id: str) -> Answer:
        """See the port."""
        return self._one("subscription", (subscription_id,), lambda it: it.subscription(subscription_id))

    def update_subscription(self, subscription_id: str, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """See the port."""
        return self._one(
            "update_subscription",
            (subscription_id, idempotency_key),
            lambda it: it.update_subscription(subscription_id, params, idempotency_key=idempotency_key),
        )

    def resume_subscription(self, subscription_id: str, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """See the port."""
        return self._one(
            "resume_subscription",
            (subscription_id, idempotency_key),
            lambda it: it.resume_subscription(subscription_id, params, idempotency_key=idempotency_key),
        )

    def cancel_subscription(self, subscription_id: str, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """See the port."""
        return self._one(
            "cancel_subscription",
            (subscription_id, idempotency_key),
            lambda it: it.cancel_subscription(subscription_id, params, idempotency_key=idempotency_key),
        )

    def subscriptions_of_customer(self, customer_id: str) -> Sequence[Answer]:
        """See the port."""
        asked = (customer_id,)
        return self._call("subscriptions_of_customer", asked, lambda it: it.subscriptions_of_customer(customer_id))

    def delete_customer(self, customer_id: str) -> Answer:
        """See the port."""
        return self._one("delete_customer", (customer_id,), lambda it: it.delete_customer(customer_id))

    def preview_invoice(self, params: Mapping[str, Any]) -> Answer:
        """See the port."""
        return self._one("preview_invoice", (), lambda it: it.preview_invoice(params))

    def pay_invoice(self, invoice_id: str, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """See the port."""
        return self._one(
            "pay_invoice",
            (invoice_id, idempotency_key),
            lambda it: it.pay_invoice(invoice_id, params, idempotency_key=idempotency_key),
        )

    def finalize_invoice(self, invoice_id: str) -> Answer:
        """See the port."""
        return self._one("finalize_invoice", (invoice_id,), lambda it: it.finalize_invoice(invoice_id))

    def void_invoice(self, invoice_id: str) -> Answer:
        """See the port."""
        return self._one("void_invoice", (invoice_id,), lambda it: it.void_invoice(invoice_id))

    def customer(self, customer_id: str) -> Answer:
        """See the port."""
        return self._one("customer", (customer_id,), lambda it: it.customer(customer_id))

    def events(self, *, since: int, undelivered: bool = False) -> Iterator[Answer]:
        """See the port."""
        return iter(
            self._call(
                "events", (since, undelivered), lambda it: list(it.events(since=since, undelivered=undelivered))
            )
        )

    def balance_transactions(self, *, since: int, until: int) -> Iterator[Answer]:
        """See the port."""
        return iter(
            self._call(
                "balance_transactions",
                (since, until),
                lambda it: list(it.balance_transactions(since=since, until=until)),
            )
        )

    def subscriptions(self, *, until: int | None = None) -> Iterator[Answer]:
        """See the port."""
        return iter(self._call("subscriptions", (until,), lambda it: list(it.subscriptions(until=until))))

    def create_portal_session(
        self, customer: str, *, return_url: str, locale: str, flow: Mapping[str, Any] | None = None
    ) -> Answer:
        """See the port."""
        return self._one(
            "create_portal_session",
            (customer, return_url, locale, flow),
            lambda it: it.create_portal_session(customer, return_url=return_url, locale=locale, flow=flow),
        )


class AroundStripe(UnexpectedStripe):
    """`Stripe` that lets everything through to another one."""

    def __init__(self, inner: Stripe) -> None:
        self.inner = inner

    def _call(self, name: str, asked: Asked, work: Work) -> Sequence[Answer]:
        del name, asked
        return work(self.inner)
