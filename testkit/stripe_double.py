"""A small Stripe in memory: `Stripe` for the app, and a hand on the other side for the test.

It runs the stand-in's own account (objects, prices, invoices, renewals, events) on an SQLite database in memory,
without HTTP, without deliveries, with a clock of its own. What it answers and tells is held against Stripe's types.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chalicelib.rails.stripe.port import Answer, StripeRefused, StripeUnavailable
from localdev.stripe import checkout, configurations, expand, idempotency
from localdev.stripe.api import billing, customers, invoices, reversals
from localdev.stripe.api.endpoint import PARAMS_OF, Handler
from localdev.stripe.errors import ApiRefusal, Json
from localdev.stripe.params import checked
from testkit.stripe_actions import StripeActions

_OK = 200
_CHARGED = ("default_payment_method", "customer.invoice_settings.default_payment_method")


class StripeDouble(StripeActions):
    """The port's calls, counted; `down` makes each raise, `on_call` may raise or wait before one."""

    def __init__(self, now: int) -> None:
        super().__init__(now)
        self.calls: Counter[str] = Counter()
        self.down = False
        self.on_call: Callable[[str], None] = lambda _name: None
        self.on_answer: Callable[[str, Json], Json] = lambda _name, answer: answer
        self.created_with: list[tuple[Json, str]] = []
        self.portals: list[Json] = []  # what they were opened with

    # ---- the app's side ----

    def create_checkout_session(self, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """See the port. Parameters are held against `stripe.params.checkout.SessionCreateParams`."""
        return self._ask("create_checkout_session", lambda: self._create(dict(params), idempotency_key))

    def checkout_session(self, session_id: str) -> Answer:
        """See the port."""
        return self._ask("checkout_session", lambda: self.account.get("checkout.session", session_id))

    def checkout_session_of_payment(self, payment_intent: str) -> Answer | None:
        """See the port."""
        return next(iter(self._list("checkout.session", payment_intent=payment_intent)), None)

    def checkout_session_of_subscription(self, subscription: str) -> Answer | None:
        """See the port."""
        return next(iter(self._list("checkout.session", subscription=subscription)), None)

    def expire_checkout_session(self, session_id: str) -> Answer:
        """See the port."""

        def work() -> Json:
            with self.account.change():
                return checkout.expire(self.account, self.account.get("checkout.session", session_id))

        return self._ask("expire_checkout_session", work)

    def payment_intent(self, payment_intent_id: str) -> Answer:
        """See the port."""
        return self._one("payment_intent", payment_intent_id, "latest_charge.balance_transaction")

    def charge(self, charge_id: str) -> Answer:
        """See the port."""
        return self._one("charge", charge_id)

    def refund(self, refund_id: str) -> Answer:
        """See the port."""
        return self._one("refund", refund_id)

    def refunds_of_charge(self, charge_id: str) -> list[Answer]:
        """See the port."""
        return self._list("refund", charge=charge_id)

    def create_refund(self, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """See the port."""
        assert idempotency_key
        return self._post("create_refund", "/v1/refunds", reversals.create, params, idempotency_key)

    def dispute(self, dispute_id: str) -> Answer:
        """See the port."""
        return self._one("dispute", dispute_id)

    def balance_transaction(self, transaction_id: str) -> Answer:
        """See the port."""
        return self._one("balance_transaction", transaction_id)

    def payments_of_invoice(self, invoice_id: str) -> list[Answer]:
        """See the port."""
        return self._list("invoice_payment", invoice=invoice_id)

    def invoice_payments_of(self, payment_intent: str) -> list[Answer]:
        """See the port."""
        return self._list("invoice_payment", payment__payment_intent=payment_intent)

    def events(self, *, since: int, undelivered: bool = False) -> Iterator[Answer]:
        """See the port. Nobody delivers here, so everything counts as undelivered."""
        del undelivered
        return iter([one for one in self._list("event") if one["created"] >= since])

    def balance_transactions(self, *, since: int, until: int) -> Iterator[Answer]:
        """See the port."""

        def work() -> Json:
            found = [one for one in self.account.store.find("balance_transaction") if _within(one, since, until)]
            return {"data": [expand.expanded(self.account, one, ["source"]) for one in found]}

        return iter(self._ask("balance_transactions", work)["data"])

    def subscriptions(self, *, until: int | None = None) -> Iterator[Answer]:
        """See the port."""
        ended = ("canceled", "incomplete_expired")
        found = [one for one in self._list("subscription", *_CHARGED) if one["status"] not in ended]
        return iter([one for one in found if until is None or one["created"] <= until])

    def _one(self, kind: str, identifier: str, *paths: str) -> Json:
        return self._ask(kind, lambda: expand.expanded(self.account, self.account.get(kind, identifier), list(paths)))

    def _list(self, kind: str, *paths: str, **equal: Any) -> list[Answer]:
        def work() -> Json:
            found = self.account.store.find(kind, **equal)
            return {"data": [expand.expanded(self.account, one, list(paths)) for one in found]}

        found: list[Answer] = self._ask(f"{kind}s", work)["data"]
        return found

    def invoice(self, invoice_id: str) -> Answer:
        """See the port; with `payments`, as they are asked for."""
        return self._ask(
            "invoice", lambda: expand.expanded(self.account, self.account.get("invoice", invoice_id), ["payments"])
        )

    def invoice_paid_off_stripe(self, invoice_id: str) -> Answer:
        """See the port."""
        asked = ["amount_paid_off_stripe"]
        return self._ask(
            "invoice_paid_off_stripe",
            lambda: expand.expanded(self.account, self.account.get("invoice", invoice_id), asked),
        )

    def lines_of_invoice(self, invoice_id: str) -> list[Answer]:
        """See the port."""
        found: list[Answer] = self._ask("lines", lambda: self.account.get("invoice", invoice_id))["lines"]["data"]
        return found

    def invoices_of_subscription(self, subscription: str) -> list[Answer]:
        """See the port."""
        return self._list("invoice", parent__subscription_details__subscription=subscription)

    def price(self, price_id: str) -> Answer:
        """See the port."""
        return self._one("price", price_id)

    def subscription(self, subscription_id: str) -> Answer:
        """See the port."""
        return self._one("subscription", subscription_id, *_CHARGED)

    def customer(self, customer_id: str) -> Answer:
        """See the port."""
        return self._ask("customer", lambda: self.account.get("customer", customer_id))

    def update_subscription(self, subscription_id: str, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """See the port. Parameters are held against Stripe's types and against what the stand-in plays."""
        path = f"/v1/subscriptions/{subscription_id}"
        return self._post("update_subscription", path, billing.update, params, idempotency_key, subscription_id)

    def resume_subscription(self, subscription_id: str, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """See the port."""
        path = f"/v1/subscriptions/{subscription_id}/resume"
        return self._post("resume_subscription", path, billing.resume, params, idempotency_key, subscription_id)

    def cancel_subscription(self, subscription_id: str, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """See the port."""
        path = f"/v1/subscriptions/{subscription_id}?cancel"
        return self._post("cancel_subscription", path, billing.cancel, params, idempotency_key, subscription_id)

    def subscriptions_of_customer(self, customer_id: str) -> list[Answer]:
        """See the port."""
        ended = ("canceled", "incomplete_expired")
        return [one for one in self._list("subscription", customer=customer_id) if one["status"] not in ended]

    def delete_customer(self, customer_id: str) -> Answer:
        """See the port."""
        return self._post("delete_customer", f"/v1/customers/{customer_id}", customers.remove, {}, "", customer_id)

    def preview_invoice(self, params: Mapping[str, Any]) -> Answer:
        """See the port."""
        return self._post("preview_invoice", "/v1/invoices/create_preview", invoices.create_preview, params, "")

    def pay_invoice(self, invoice_id: str, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """See the port."""
        path = f"/v1/invoices/{invoice_id}/pay"
        return self._post("pay_invoice", path, invoices.pay, params, idempotency_key, invoice_id)

    def finalize_invoice(self, invoice_id: str) -> Answer:
        """See the port."""
        path, kept_open = f"/v1/invoices/{invoice_id}/finalize", {"auto_advance": False}
        return self._post("finalize_invoice", path, invoices.finalize, kept_open, "", invoice_id)

    def void_invoice(self, invoice_id: str) -> Answer:
        """See the port."""
        return self._post("void_invoice", f"/v1/invoices/{invoice_id}/void", invoices.void, {}, "", invoice_id)

    def create_portal_session(
        self, customer: str, *, return_url: str, locale: str, flow: Mapping[str, Any] | None = None
    ) -> Answer:
        """See the port."""
        params: Json = {"customer": customer, "return_url": return_url, "locale": locale}
        params |= {"flow_data": dict(flow)} if flow else {}
        with self._lock, self.account.change():
            configurations.ensure_defaults(self.account)
        made = self._post("create_portal_session", "/v1/billing_portal/sessions", customers.create_portal, params, "")
        self.portals.append(params)
        return made

    def _post(
        self, name: str, path: str, handler: Handler, params: Mapping[str, Any], key: str, *identifiers: str
    ) -> Json:
        """One of the stand-in's own calls, as `api.endpoint` serves it: its parameters' type, its idempotency."""
        sent = dict(params)
        accepted = checked(PARAMS_OF[handler], sent)

        def work() -> Json:
            asked = idempotency.fingerprint("POST", path, sent)
            with self.account.change():
                kept = idempotency.kept(self.account.store, key, asked, self.account.now()) if key else None
                if kept is None:
                    made = handler(self.account, accepted, *identifiers)
                    kept = (made.status, made.code or "") if isinstance(made, ApiRefusal) else (200, json.dumps(made))
                    if key:
                        idempotency.keep(self.account.store, key, asked, kept, self.account.now())
            status, answer = kept
            if status != _OK:
                raise ApiRefusal("kept", code=answer or None, status=status)
            found: Json = json.loads(answer)
            return found

        return self._ask(name, work)

    def _ask(self, name: str, answer: Callable[[], Json]) -> Json:
        with self._lock:
            self.calls[name] += 1
            if self.down:
                raise StripeUnavailable("the double is down")
        self.on_call(name)
        with self._lock:
            try:
                found = answer()
            except ApiRefusal as error:
                raise StripeRefused(error.code or error.kind, missing=error.code == "resource_missing") from error
            for one in found["data"] if "object" not in found else [found]:
                self._check(one)
        return self.on_answer(name, json.loads(json.dumps(found)))  # as it would come: nothing shared

    def _create(self, params: Json, key: str) -> Json:
        accepted = checked("checkout.SessionCreateParams", params)
        asked = idempotency.fingerprint("POST", "/v1/checkout/sessions", params)
        with self.account.change():
            kept = idempotency.kept(self.account.store, key, asked, self.account.now())
            if kept:
                return self.account.get("checkout.session", kept[1])
            made = checkout.create(self.account, accepted)
            idempotency.keep(self.account.store, key, asked, (200, made["id"]), self.account.now())
        self.created_with.append((params, key))
        return made


def _within(found: Answer, since: int, until: int) -> bool:
    return bool(since <= found["created"] <= until)
