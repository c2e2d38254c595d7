"""A small Stripe in memory: `ports.Stripe` for the app, and a hand on the other side for the test.

It runs the stand-in's own account (objects, prices, invoices, renewals, events) on an SQLite database in memory,
without HTTP, without deliveries, with a clock of its own. What it answers and tells is held against Stripe's types.
"""

import copy
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from chalicelib.ports import Answer, StripeRefused, StripeUnavailable
from localdev.stripe import billing, checkout, expand, idempotency, reversals
from localdev.stripe.account import Account
from localdev.stripe.checkout import Payer
from localdev.stripe.config import Config
from localdev.stripe.deliveries import Deliveries
from localdev.stripe.errors import Json, StripeError
from localdev.stripe.fidelity import check_answer
from localdev.stripe.objects.sessions import portal_session
from localdev.stripe.params import checked
from localdev.stripe.store import Store

_CONFIG = Config("https://checkout.stripe.test", "", Path(":memory:"), frozenset(), "")


class _Nobody:
    """Takes the place of the stand-in's deliveries: the test delivers itself, as often and as oddly as it likes."""

    def plan(self, events: list[str]) -> None:
        """Nothing is planned."""

    def wake(self) -> None:
        """Nobody to wake."""


class _Account(Account):
    """The stand-in's account with a clock that only the test moves."""

    def __init__(self, now: int) -> None:
        super().__init__(_CONFIG, Store(Path(":memory:")), cast("Deliveries", _Nobody()))
        self.seconds = now

    def now(self) -> int:
        """See Account."""
        return self.seconds


class StripeDouble:
    """The port's calls, counted; `down` makes each raise, `on_call` may raise or wait before one."""

    def __init__(self, now: int) -> None:
        self.account = _Account(now)
        self.calls: Counter[str] = Counter()
        self.down = False
        self.on_call: Callable[[str], None] = lambda _name: None
        self.on_answer: Callable[[str, Json], Json] = lambda _name, answer: answer
        self.created_with: list[tuple[Json, str]] = []
        self._lock = threading.RLock()

    # ---- the app's side ----

    def create_checkout_session(self, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """See the port. Parameters are held against `stripe.params.checkout.SessionCreateParams`."""
        return self._ask("create_checkout_session", lambda: self._create(dict(params), idempotency_key))

    def checkout_session(self, session_id: str) -> Answer:
        """See the port."""
        return self._ask("checkout_session", lambda: self.account.get("checkout.session", session_id))

    def checkout_session_of_payment(self, payment_intent: str) -> Answer | None:
        """See the port."""
        found = self._ask(
            "checkout_session_of_payment",
            lambda: {"data": self.account.store.find("checkout.session", payment_intent=payment_intent, limit=1)},
        )
        return cast("Answer", found["data"][0]) if found["data"] else None

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
        return self._one("refund", refund_id, "balance_transaction", "failure_balance_transaction")

    def refunds_of_charge(self, charge_id: str) -> list[Answer]:
        """See the port."""
        return self._list("refund", "balance_transaction", "failure_balance_transaction", charge=charge_id)

    def create_refund(self, params: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """See the port."""
        assert idempotency_key
        accepted = checked("RefundCreateParams", dict(params))

        def work() -> Json:
            with self.account.change():
                charge = reversals.collected(self.account, accepted["payment_intent"])
                return reversals.refund(self.account, charge, accepted.get("amount"))

        return self._ask("create_refund", work)

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

    def balance_transactions(self, *, since: int) -> Iterator[Answer]:
        """See the port."""
        return iter([one for one in self._list("balance_transaction", "source") if one["created"] >= since])

    def subscriptions(self) -> Iterator[Answer]:
        """See the port."""
        ended = ("canceled", "incomplete_expired")
        return iter([one for one in self._list("subscription") if one["status"] not in ended])

    def _one(self, kind: str, identifier: str, *paths: str) -> Json:
        return self._ask(kind, lambda: expand.expanded(self.account, self.account.get(kind, identifier), list(paths)))

    def _list(self, kind: str, *paths: str, **equal: Any) -> list[Answer]:
        def work() -> Json:
            found = self.account.store.find(kind, **equal)
            return {"data": [expand.expanded(self.account, one, list(paths)) for one in found]}

        return cast("list[Answer]", self._ask(f"{kind}s", work)["data"])

    def invoice(self, invoice_id: str) -> Answer:
        """See the port; with `payments`, as they are asked for."""
        return self._ask(
            "invoice", lambda: expand.expanded(self.account, self.account.get("invoice", invoice_id), ["payments"])
        )

    def subscription(self, subscription_id: str) -> Answer:
        """See the port."""
        return self._ask("subscription", lambda: self.account.get("subscription", subscription_id))

    def customer(self, customer_id: str) -> Answer:
        """See the port."""
        return self._ask("customer", lambda: self.account.get("customer", customer_id))

    def create_portal_session(self, customer: str, *, return_url: str, locale: str) -> Answer:
        """See the port."""
        params = {"customer": customer, "return_url": return_url, "locale": locale}
        return self._ask(
            "create_portal_session", lambda: portal_session(self.account.now(), params, _CONFIG.base_url)
        )

    def _ask(self, name: str, answer: Callable[[], Json]) -> Json:
        with self._lock:
            self.calls[name] += 1
            if self.down:
                raise StripeUnavailable("the double is down")
        self.on_call(name)
        with self._lock:
            try:
                found = answer()
            except StripeError as error:
                raise StripeRefused(error.code or error.kind, missing=error.code == "resource_missing") from error
            for one in found["data"] if "object" not in found else [found]:
                check_answer(one)
        return self.on_answer(name, copy.deepcopy(found))

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

    # ---- the test's side: each answers the events that Stripe would send, in the order it made them ----

    def pay(self, session_id: str, email: str = "ada@reader.example", *, delayed: bool = False) -> list[Json]:
        """A reader pays on Stripe's page."""
        with self._change() as events:
            session = self.account.get("checkout.session", session_id)
            payer = Payer(self._known_email(session) or email, kind="sepa_debit" if delayed else "card")
            checkout.pay(self.account, session, payer, delayed=delayed)
        return events

    def settle(self, session_id: str, *, succeeds: bool = True) -> list[Json]:
        """A delayed payment ends."""
        with self._change() as events:
            intent = self.account.store.note(session_id)["intent"]
            checkout.settle(self.account, self.account.get("payment_intent", intent), succeeds=succeeds)
        return events

    def expire(self, session_id: str) -> list[Json]:
        """Nobody paid within a day."""
        with self._change() as events:
            checkout.expire(self.account, self.account.get("checkout.session", session_id))
        return events

    def renew(self, subscription_id: str, *, fails: bool = False) -> list[Json]:
        """The period is over (the clock moves to its end), and the next payment is taken or refused."""
        with self._change() as events:
            item = self.account.get("subscription", subscription_id)["items"]["data"][0]
            self.account.seconds = max(self.account.seconds, item["current_period_end"])
            self.account.store.write_note(subscription_id, fails=fails)
            billing.renew(self.account, subscription_id)
        return events

    def stop(self, subscription_id: str, *, by: str = "portal") -> list[Json]:
        """The supporter stops it at the end of the period."""
        with self._change() as events:
            billing.cancel_later(self.account, self.account.get("subscription", subscription_id), by=by)
        return events

    def resume(self, subscription_id: str) -> list[Json]:
        """The supporter thinks better of it."""
        with self._change() as events:
            billing.keep(self.account, self.account.get("subscription", subscription_id))
        return events

    def end(self, subscription_id: str) -> list[Json]:
        """It is over now."""
        with self._change() as events:
            running = self.account.get("subscription", subscription_id)
            billing.end(self.account, running, reason="cancellation_requested")
        return events

    def event(self, kind: str, about: Json) -> Json:
        """An event of the test's own making."""
        with self._change() as events:
            self.account.emit(kind, about)
        return events[0]

    def of(self, kind: str) -> list[Json]:
        """All objects of a kind, oldest first."""
        return self.account.store.find(kind)[::-1]

    def _known_email(self, session: Json) -> str | None:
        if session["customer"]:
            return cast("str", self.account.get("customer", session["customer"])["email"])
        return cast("str | None", session["customer_email"])

    @contextmanager
    def _change(self) -> Iterator[list[Json]]:
        events: list[Json] = []
        with self._lock, self.account.change() as made:
            yield events  # filled below, once the change is complete
        for identifier in made:
            event = self.account.get("event", identifier)
            check_answer(event)
            events.append(event)
