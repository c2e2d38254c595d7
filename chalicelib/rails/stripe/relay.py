"""A wrapper around `port.Stripe` through which every call passes, so that it can be cached or rate-limited."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from chalicelib.rails.stripe.port import Answer, Stripe

Got = TypeVar("Got")


class Relay:
    """Implements `port.Stripe` by passing each call on. Subclasses override `ask`, `change` and `pages`.

    :param stripe: the one that really answers.
    """

    def __init__(self, stripe: Stripe) -> None:
        self._stripe = stripe

    def ask(self, what: str, call: Callable[[str], Got], name: str) -> Got:  # noqa: ARG002 - for who remembers by it
        """Make a call that reads an object, or a whole short list, by an id; `what`: the method's name."""
        return call(name)

    def change(self, call: Callable[[], Answer]) -> Answer:
        """Make a call that creates or changes something."""
        return call()

    def pages(self, listed: Iterator[Answer]) -> Iterator[Answer]:
        """Pass on a list that is read page by page, as it is asked for."""
        return listed

    def create_checkout_session(self, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """Pass on `Stripe.create_checkout_session` through `change`."""
        return self.change(lambda: self._stripe.create_checkout_session(params, idempotency_key=idempotency_key))

    def checkout_session(self, session_id: str) -> Answer:
        """Pass on `Stripe.checkout_session` through `ask`."""
        return self.ask("checkout_session", self._stripe.checkout_session, session_id)

    def checkout_session_of_payment(self, payment_intent: str) -> Answer | None:
        """Pass on `Stripe.checkout_session_of_payment` through `ask`."""
        return self.ask("checkout_session_of_payment", self._stripe.checkout_session_of_payment, payment_intent)

    def checkout_session_of_subscription(self, subscription: str) -> Answer | None:
        """Pass on `Stripe.checkout_session_of_subscription` through `ask`."""
        found = self._stripe.checkout_session_of_subscription
        return self.ask("checkout_session_of_subscription", found, subscription)

    def expire_checkout_session(self, session_id: str) -> Answer:
        """Pass on `Stripe.expire_checkout_session` through `change`."""
        return self.change(lambda: self._stripe.expire_checkout_session(session_id))

    def payment_intent(self, payment_intent_id: str) -> Answer:
        """Pass on `Stripe.payment_intent` through `ask`."""
        return self.ask("payment_intent", self._stripe.payment_intent, payment_intent_id)

    def charge(self, charge_id: str) -> Answer:
        """Pass on `Stripe.charge` through `ask`."""
        return self.ask("charge", self._stripe.charge, charge_id)

    def refund(self, refund_id: str) -> Answer:
        """Pass on `Stripe.refund` through `ask`."""
        return self.ask("refund", self._stripe.refund, refund_id)

    def refunds_of_charge(self, charge_id: str) -> Sequence[Answer]:
        """Pass on `Stripe.refunds_of_charge` through `ask`."""
        return self.ask("refunds_of_charge", self._stripe.refunds_of_charge, charge_id)

    def create_refund(self, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """Pass on `Stripe.create_refund` through `change`."""
        return self.change(lambda: self._stripe.create_refund(params, idempotency_key=idempotency_key))

    def dispute(self, dispute_id: str) -> Answer:
        """Pass on `Stripe.dispute` through `ask`."""
        return self.ask("dispute", self._stripe.dispute, dispute_id)

    def invoice(self, invoice_id: str) -> Answer:
        """Pass on `Stripe.invoice` through `ask`."""
        return self.ask("invoice", self._stripe.invoice, invoice_id)

    def invoice_paid_off_stripe(self, invoice_id: str) -> Answer:
        """Pass on `Stripe.invoice_paid_off_stripe` through `ask`."""
        return self.ask("invoice_paid_off_stripe", self._stripe.invoice_paid_off_stripe, invoice_id)

    def balance_transaction(self, transaction_id: str) -> Answer:
        """Pass on `Stripe.balance_transaction` through `ask`."""
        return self.ask("balance_transaction", self._stripe.balance_transaction, transaction_id)

    def payments_of_invoice(self, invoice_id: str) -> Sequence[Answer]:
        """Pass on `Stripe.payments_of_invoice` through `ask`."""
        return self.ask("payments_of_invoice", self._stripe.payments_of_invoice, invoice_id)

    def invoice_payments_of(self, payment_intent: str) -> Sequence[Answer]:
        """Pass on `Stripe.invoice_payments_of` through `ask`."""
        return self.ask("invoice_payments_of", self._stripe.invoice_payments_of, payment_intent)

    def lines_of_invoice(self, invoice_id: str) -> Sequence[Answer]:
        """Pass on `Stripe.lines_of_invoice` through `ask`."""
        return self.ask("lines_of_invoice", self._stripe.lines_of_invoice, invoice_id)

    def invoices_of_subscription(self, subscription: str) -> Sequence[Answer]:
        """Pass on `Stripe.invoices_of_subscription` through `ask`."""
        return self.ask("invoices_of_subscription", self._stripe.invoices_of_subscription, subscription)

    def price(self, price_id: str) -> Answer:
        """Pass on `Stripe.price` through `ask`."""
        return self.ask("price", self._stripe.price, price_id)

    def subscription(self, subscription_id: str) -> Answer:
        """Pass on `Stripe.subscription` through `ask`."""
        return self.ask("subscription", self._stripe.subscription, subscription_id)

    def update_subscription(self, subscription_id: str, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """Pass on `Stripe.update_subscription` through `change`."""
        update = self._stripe.update_subscription
        return self.change(lambda: update(subscription_id, params, idempotency_key=idempotency_key))

    def resume_subscription(self, subscription_id: str, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """Pass on `Stripe.resume_subscription` through `change`."""
        resume = self._stripe.resume_subscription
        return self.change(lambda: resume(subscription_id, params, idempotency_key=idempotency_key))

    def cancel_subscription(self, subscription_id: str, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """Pass on `Stripe.cancel_subscription` through `change`."""
        cancel = self._stripe.cancel_subscription
        return self.change(lambda: cancel(subscription_id, params, idempotency_key=idempotency_key))

    def preview_invoice(self, params: Mapping[str, Any]) -> Answer:
        """Pass on `Stripe.preview_invoice` through `change`: it is asked anew each time."""
        return self.change(lambda: self._stripe.preview_invoice(params))

    def pay_invoice(self, invoice_id: str, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """Pass on `Stripe.pay_invoice` through `change`."""
        return self.change(lambda: self._stripe.pay_invoice(invoice_id, params, idempotency_key=idempotency_key))

    def finalize_invoice(self, invoice_id: str) -> Answer:
        """Pass on `Stripe.finalize_invoice` through `change`."""
        return self.change(lambda: self._stripe.finalize_invoice(invoice_id))

    def void_invoice(self, invoice_id: str) -> Answer:
        """Pass on `Stripe.void_invoice` through `change`."""
        return self.change(lambda: self._stripe.void_invoice(invoice_id))

    def customer(self, customer_id: str) -> Answer:
        """Pass on `Stripe.customer` through `ask`."""
        return self.ask("customer", self._stripe.customer, customer_id)

    def subscriptions_of_customer(self, customer_id: str) -> Sequence[Answer]:
        """Pass on `Stripe.subscriptions_of_customer` through `ask`."""
        return self.ask("subscriptions_of_customer", self._stripe.subscriptions_of_customer, customer_id)

    def delete_customer(self, customer_id: str) -> Answer:
        """Pass on `Stripe.delete_customer` through `change`."""
        return self.change(lambda: self._stripe.delete_customer(customer_id))

    def events(self, *, since: int, undelivered: bool = False) -> Iterator[Answer]:
        """Pass on `Stripe.events` through `pages`."""
        return self.pages(self._stripe.events(since=since, undelivered=undelivered))

    def balance_transactions(self, *, since: int, until: int) -> Iterator[Answer]:
        """Pass on `Stripe.balance_transactions` through `pages`."""
        return self.pages(self._stripe.balance_transactions(since=since, until=until))

    def subscriptions(self, *, until: int | None = None) -> Iterator[Answer]:
        """Pass on `Stripe.subscriptions` through `pages`."""
        return self.pages(self._stripe.subscriptions(until=until))

    def create_portal_session(
        self, customer: str, *, return_url: str, locale: str, flow: Mapping[str, Any] | None = None
    ) -> Answer:
        """Pass on `Stripe.create_portal_session` through `change`."""
        create = self._stripe.create_portal_session
        return self.change(lambda: create(customer, return_url=return_url, locale=locale, flow=flow))


class Remembering(Relay):
    """Caches what it reads, so that each object is fetched once. For one step of work only: its answers grow old."""

    def __init__(self, stripe: Stripe) -> None:
        super().__init__(stripe)
        self._known: dict[tuple[str, str], Any] = {}

    def ask(self, what: str, call: Callable[[str], Got], name: str) -> Got:
        """Make the call, or answer from the cache. A failure is not cached."""
        if (what, name) not in self._known:
            self._known[what, name] = call(name)
        answer: Got = self._known[what, name]
        return answer
