"""Everything that the app asks of Stripe, and everything that happens there, on a stand-in that writes it down.

What is asked is what the app and the operator's commands themselves ask; a hand on the other side does the rest.
"""

from collections.abc import Callable
from typing import Any

import stripe
from click.testing import CliRunner

from chalicelib.checkouts.rows.checkouts import Attempt
from chalicelib.checkouts.rules.wish import Wish
from chalicelib.kernel import email_address
from chalicelib.rails.stripe.checkout import Offer, parameters
from chalicelib.rails.stripe.client import StripeApi
from chalicelib.settings import LOCAL_STRIPE_KEY
from localdev.stripe import foreign
from ops.doctor.stripe_reads import StripeReads
from ops.setup.asking import Asker
from ops.setup.connections import Connections
from ops.setup.journal import Journal
from ops.setup.outside import Outside
from ops.setup.payment_methods import mend_methods
from ops.setup.portal import mend_portal
from ops.setup.stripe_access import check_stripe
from ops.setup.webhook import mend_webhook
from ops.stages import Stage
from tests.sites.recorder import Recorder
from tests.stand_in.harness import Json

KEY = "sk_test_" + "a" * 24
OFFER = Offer("demo", "https://news.example/support", "uk", "en", "Підтримка «Вістей»", "Дякуємо.")


class SecretsInMemory:
    """The stage's secrets, kept for the length of the test."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {"STRIPE_SECRET_KEY": KEY}
        self.described: dict[str, str] = {}

    def put(self, name: str, value: str, _sentence: str, *, about: str = "", once: bool = False) -> None:
        """Keep one."""
        del once
        self.values[name], self.described[name] = value, about


class Everything:
    """One account's life: set up by the operator, given to, changed, taken back; read as the app reads it."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.api = StripeApi(LOCAL_STRIPE_KEY, recorder.url)
        addresses: Any = {"api": recorder.url}
        self.client = stripe.StripeClient(LOCAL_STRIPE_KEY, base_addresses=addresses, max_network_retries=0)
        self._attempts = 0

    def happens(self) -> None:
        """Let all of it happen."""
        self.operator_sets_up()
        self.people_give()
        self.money_goes_back()
        self.gifts_change()
        self.gifts_renew()
        self.others_use_the_account()
        self.somebody_else_asks()
        self.app_reads()

    # ---- the operator ----

    def operator_sets_up(self) -> None:
        """`ops setup`, twice: the second time the public address is another one; then what `ops doctor` reads."""
        store: Any = SecretsInMemory()
        chosen = {}
        for url in ("https://news.example/support", "https://news.example/give"):
            stage = Stage(
                "dev", "eu-central-1", "spilno-dev", "bucket", parameters={"SiteId": "demo", "PublicUrl": url}
            )
            setup = Connections(Journal(), Asker(silent=True), Outside(), stage)
            with CliRunner().isolation():
                check_stripe(setup, store)
                assert setup.stripe is not None
                mend_webhook(setup, store)
                chosen = {"payment_methods": mend_methods(setup), "portal": mend_portal(setup, "Підтримка")}
        self.api = StripeApi(LOCAL_STRIPE_KEY, self.recorder.url, **chosen)
        reads = StripeReads(LOCAL_STRIPE_KEY, self.recorder.url)
        for path in (
            "/v1/webhook_endpoints",
            "/v1/billing_portal/configurations",
            "/v1/payment_method_configurations",
        ):
            assert list(reads.listed(path))
        self.recorder.control("event_destinations")
        assert list(reads.listed_v2("/v2/core/event_destinations", include=["webhook_endpoint.url"]))
        # Nothing is ever delivered here, and nobody has to wait for it.
        for endpoint in self.client.v1.webhook_endpoints.list().data:
            self.client.v1.webhook_endpoints.delete(endpoint.id)

    # ---- giving ----

    def starts(self, amount: int, currency: str = "eur", interval: Any = "once", **payer: Any) -> Json:
        """A checkout, with the very parameters that the app sends."""
        self._attempts += 1
        wish = Wish(
            amount, currency, interval, campaign="winter", source="https://news.example/a", email=payer.get("email")
        )
        attempt = Attempt(f"a{self._attempts}", "w", "b", "uk", customer=payer.get("customer"))
        key = f"checkout:{attempt.id}"
        made = self.api.create_checkout_session(parameters(attempt, wish, OFFER), idempotency_key=key)
        return dict(made)

    def gives(self, amount: int = 500, currency: str = "eur", interval: Any = "once", **pay: Any) -> Json:
        """A gift that is paid; answers the ids of what it made."""
        session = self.starts(amount, currency, interval)
        return self.recorder.control(f"checkouts/{session['id']}/pay", **pay)

    def people_give(self) -> None:
        """One-off, monthly and yearly, in other currencies, by debit, by a card that is refused, not at all."""
        for amount, currency in ((1000, "eur"), (55_000, "isk"), (5010, "kwd"), (501, "jpy"), (20_000, "uah")):
            self.gives(amount, currency)
        known = self.gives(900, interval="year")["customer"]
        self.recorder.control(f"checkouts/{self.starts(700, customer=known)['id']}/pay")
        self.starts(700, email=email_address.read("ben@reader.example"))
        self.gives(1000, presentment={"amount": 1080, "currency": "usd"})
        self.gives(500, interval="month", presentment={"amount": 540, "currency": "usd"})
        refused = self.starts(500)["id"]
        self.recorder.control(f"checkouts/{refused}/pay", outcome="declines", times=2)
        self.api.expire_checkout_session(refused)
        for interval in ("once", "month"):
            for outcome in ("succeeds", "fails"):
                debit = self.gives(2000, interval=interval, outcome="delayed")
                self.recorder.control(f"payments/{debit['payment_intent']}/settle", outcome=outcome)

    # ---- money that goes back ----

    def money_goes_back(self) -> None:
        """Refunds of every kind, disputes with every ending, a warning."""
        self.api.create_refund(
            {"payment_intent": self.gives()["payment_intent"], "reason": "fraudulent"}, idempotency_key="suspected:1"
        )
        for amount, ending in ((100, None), (None, None), (200, "succeed"), (300, "fail")):
            paid = self.gives(presentment={"amount": 540, "currency": "usd"})["payment_intent"]
            made = self.recorder.control(f"payments/{paid}/refund", pending=ending is not None, amount=amount)
            if ending:
                self.recorder.control(f"refunds/{made['refund']}/{ending}")
        debit = self.gives(outcome="delayed")["payment_intent"]
        self.recorder.control(f"payments/{debit}/settle")
        pending = self.recorder.control(f"payments/{debit}/refund", pending=True)["refund"]
        self.client.v1.refunds.cancel(pending)
        for steps in (
            ("close won",),
            ("respond", "close lost", "appeal won"),
            ("close lost", "appeal lost"),
        ):
            disputed = self.recorder.control(f"payments/{self.gives()['payment_intent']}/dispute")["dispute"]
            for step in steps:
                self._dispute_step(disputed, step)
        inquiry = self.recorder.control(f"payments/{self.gives()['payment_intent']}/dispute", inquiry=True)["dispute"]
        self._dispute_step(inquiry, "escalate")
        self.recorder.control(f"payments/{self.gives()['payment_intent']}/dispute", prevented=True)
        self.recorder.control(f"payments/{debit}/dispute")
        self.recorder.control(f"payments/{self.gives()['payment_intent']}/early-fraud-warning")

    def _dispute_step(self, dispute: str, step: str) -> None:
        name, _, outcome = step.partition(" ")
        self.recorder.control(f"disputes/{dispute}/{name}", **({"outcome": outcome} if outcome else {}))

    # ---- recurring gifts ----

    def recurring(self, amount: int = 2000, **pay: Any) -> str:
        """A monthly gift; answers the subscription."""
        return str(self.gives(amount, "eur", "month", **pay)["subscription"])

    def gifts_change(self) -> None:
        """Amounts, rhythms, coupons, tax, other goods, credit, pauses, endings."""
        change = self.recorder.control
        one = self.recurring()
        for body in (
            {"amount": 3000, "proration": "always_invoice"},
            {"amount": 1000},
            {"amount": 1500, "proration": "none"},
            {"quantity": 2},
            {"interval": "year", "amount": 20_000},
        ):
            change(f"subscriptions/{one}/change", **body)
        change(f"subscriptions/{self.recurring()}/change", interval="year", amount=20_000, at_period_end=True)
        for coupon in ({"percent_off": 50}, {"amount_off": 100, "duration": "repeating", "months": 3}):
            two = self.recurring()
            change(f"subscriptions/{two}/coupon", **coupon)
            change(f"subscriptions/{two}/tax", percentage=20, inclusive="amount_off" in coupon)
            change(f"subscriptions/{two}/invoice-item", amount=700)
        change(f"subscriptions/{self.recurring()}/free-next")
        paid = self.gives(500, "eur", "month")
        change(f"customers/{paid['customer']}/credit", amount=300)
        change(f"customers/{paid['customer']}", email="new@reader.example")
        for behavior in ("void", "keep_as_draft", "mark_uncollectible"):
            change(f"subscriptions/{self.recurring()}/collection", behavior=behavior)
        paused = self.recurring()
        change(f"subscriptions/{paused}/pause")
        change(f"subscriptions/{paused}/unpause")
        self.client.v1.subscriptions.pause(self.recurring())
        paused = self.recurring()
        self.client.v1.subscriptions.pause(paused)
        self.client.v1.subscriptions.resume(paused)
        for by in ("portal", "api"):
            kept = self.recurring()
            change(f"subscriptions/{kept}/cancel", by=by)
            change(f"subscriptions/{kept}/keep")
            change(f"subscriptions/{self.recurring()}/cancel", by=by)
        change(f"subscriptions/{self.recurring()}/cancel", when="now")
        self.client.v1.subscriptions.cancel(self.recurring(), {"prorate": True})
        change(f"customers/{self.gives(500, 'eur', 'month')['customer']}/delete")
        self._waits_for_its_payment()

    def _waits_for_its_payment(self) -> None:
        """A change that happens once it is paid, and the card is refused."""
        waiting = self.recurring()
        self.recorder.control(f"subscriptions/{waiting}/next-payment", outcome="fails")
        item = self.client.v1.subscriptions.retrieve(waiting)["items"].data[0]
        changed: Any = {
            "items": [{"id": item.id, "quantity": 3}],
            "proration_behavior": "always_invoice",
            "payment_behavior": "pending_if_incomplete",
        }
        assert self.client.v1.subscriptions.update(waiting, changed).pending_update

    def gifts_renew(self) -> None:
        """A month and more goes by: payments that work, fail, want the payer, find no card; and what follows."""
        told = ("succeeds", "fails", "delayed", "needs_action", "card_gone", "card_removed")
        gifts = {outcome: self.recurring() for outcome in told}
        for outcome, gift in gifts.items():
            self.recorder.control(f"subscriptions/{gift}/next-payment", outcome=outcome)
        self.recorder.control("clock/advance", days=32)
        self.recorder.control(f"subscriptions/{gifts['fails']}/next-payment", outcome="succeeds")
        self.recorder.control("clock/advance", days=20)

    # ---- others ----

    def others_use_the_account(self) -> None:
        """Other products, and another currency on the balance. Unknown types and versions are in no types."""
        for kind in foreign.KINDS:
            if not kind.startswith("unknown"):
                self.recorder.control("foreign", kind=kind)
        self.recorder.control("settlement", currency="usd")
        self.recorder.control("bookings", mode="at_once")
        converted = self.gives()["payment_intent"]
        self.recorder.control(f"payments/{converted}/dispute", withdrawn={"amount": 550, "currency": "usd"})

    def somebody_else_asks(self) -> None:
        """What the app does not ask, and the stand-in answers: every other call it has."""
        v1 = self.client.v1
        asked: Any
        customer = v1.customers.create({"email": "ada@reader.example", "name": "Ada", "metadata": {"a": "b"}}).id
        v1.customers.update(customer, {"phone": "+49", "address": {"city": "Lviv", "country": "UA"}})
        asked = {"amount": -500, "currency": "EUR", "description": "A present"}
        v1.customers.balance_transactions.create(customer, asked)
        v1.customers.balance_transactions.list(customer)
        product = v1.products.create({"name": "A book", "description": "Printed"}).id
        v1.products.retrieve(product)
        asked = {"currency": "eur", "unit_amount": 900, "product": product, "recurring": {"interval": "month"}}
        v1.prices.create(asked)
        once = v1.prices.create({"currency": "eur", "unit_amount": 900, "product": product}).id
        waits = v1.invoice_items.create({"customer": customer, "pricing": {"price": once}}).id
        v1.invoice_items.retrieve(waits)
        v1.invoice_items.delete(waits)
        v1.coupons.create({"amount_off": 100, "currency": "eur", "duration": "forever", "name": "Less"})
        v1.tax_rates.create({"display_name": "VAT", "percentage": 20, "inclusive": True, "country": "DE"})
        running = v1.subscriptions.list().data[0].id
        flow: Any = {"type": "subscription_cancel", "subscription_cancel": {"subscription": running}}
        v1.billing_portal.sessions.create({"customer": customer, "flow_data": flow})
        v1.customers.delete(customer)
        v1.customers.retrieve(customer)
        session = v1.checkout.sessions.list({"status": "complete"}).data[0].id
        v1.checkout.sessions.update(session, {"metadata": {"seen": "yes"}})
        v1.checkout.sessions.line_items.list(session)
        v1.checkout.sessions.retrieve(session, {"expand": ["line_items"]})
        charge = v1.charges.list({"expand": ["data.refunds", "data.customer.subscriptions"]}).data[0].id
        v1.charges.update(charge, {"metadata": {"seen": "yes"}})
        v1.disputes.close(self.recorder.control(f"payments/{self.gives()['payment_intent']}/dispute")["dispute"])
        for service in (v1.coupons, v1.tax_rates, v1.prices, v1.invoice_items, v1.disputes, v1.refunds, v1.customers):
            assert service.list({"limit": 2}).data
        assert v1.radar.early_fraud_warnings.list().data
        invoice = v1.invoices.list({"expand": ["data.payments", "data.discounts"], "limit": 100}).data[0].id
        v1.invoices.line_items.list(invoice)
        for ended in ("all", "ended"):
            v1.subscriptions.list({"status": ended, "limit": 100})
        self._one_of_each()

    def _one_of_each(self) -> None:
        """What is listed above is retrieved, and what can be updated is."""
        v1, v2 = self.client.v1, self.client.v2.core
        endpoint: Any = {"url": "https://news.example/hook", "enabled_events": ["charge.succeeded"]}
        v1.webhook_endpoints.create(endpoint)
        portals, methods = v1.billing_portal.configurations, v1.payment_method_configurations
        for service in (
            portals,
            methods,
            v1.coupons,
            v1.events,
            v1.invoice_payments,
            v1.radar.early_fraud_warnings,
            v1.tax_rates,
            v1.webhook_endpoints,
            v2.event_destinations,
        ):
            listed: Any = service
            assert listed.retrieve(listed.list().data[0].id)
        v1.payment_methods.retrieve(self.recorder.app.config["ACCOUNT"].store.find("payment_method")[0]["id"])
        v1.refunds.update(v1.refunds.list().data[0].id, {"metadata": {"seen": "yes"}})
        portals.update(portals.list().data[0].id, {"features": {"invoice_history": {"enabled": False}}})
        methods.update(methods.list().data[0].id, {"card": {"display_preference": {"preference": "on"}}})
        v1.webhook_endpoints.update(v1.webhook_endpoints.list().data[0].id, {"disabled": True})
        v2.events.retrieve(self.recorder.thin_events()[0]["id"])

    # ---- the app reads ----

    def app_reads(self) -> None:
        """Every call of the app's own port, on objects in every state that there is."""
        found = self.recorder.app.config["ACCOUNT"].store.find
        charges, intents = found("charge"), found("payment_intent")
        running = next(one for one in found("subscription") if one["status"] == "active")
        calls: dict[str, Callable[[], object]] = {
            "balance_transaction": lambda: [
                self.api.balance_transaction(one["id"]) for one in found("balance_transaction")
            ],
            "balance_transactions": lambda: list(self.api.balance_transactions(since=0)),
            "charge": lambda: [self.api.charge(one["id"]) for one in charges],
            "checkout_session": lambda: [self.api.checkout_session(one["id"]) for one in found("checkout.session")],
            "checkout_session_of_payment": lambda: [
                self.api.checkout_session_of_payment(one["id"]) for one in intents
            ],
            "checkout_session_of_subscription": lambda: self.api.checkout_session_of_subscription(running["id"]),
            "create_checkout_session": lambda: self.starts(500),
            "create_portal_session": lambda: self.api.create_portal_session(
                running["customer"], return_url="https://news.example/account", locale="en"
            ),
            "create_refund": lambda: self.api.create_refund(
                {"payment_intent": self.gives()["payment_intent"], "amount": 100}, idempotency_key="r"
            ),
            "customer": lambda: [self.api.customer(one["id"]) for one in found("customer")],
            "dispute": lambda: [self.api.dispute(one["id"]) for one in found("dispute")],
            "events": lambda: [
                *self.api.events(since=0, undelivered=True),
                *self.api.events(since=0),
            ],
            "expire_checkout_session": lambda: self.api.expire_checkout_session(self.starts(500)["id"]),
            "invoice": lambda: [self.api.invoice(one["id"]) for one in found("invoice")],
            "invoice_payments_of": lambda: [self.api.invoice_payments_of(one["id"]) for one in intents],
            "invoices_of_subscription": lambda: self.api.invoices_of_subscription(running["id"]),
            "lines_of_invoice": lambda: [self.api.lines_of_invoice(one["id"]) for one in found("invoice")],
            "payment_intent": lambda: [
                self.api.payment_intent(one["id"]) for one in intents if found("charge", payment_intent=one["id"])
            ],
            "payments_of_invoice": lambda: [self.api.payments_of_invoice(one["id"]) for one in found("invoice")],
            "price": lambda: [self.api.price(one["id"]) for one in found("price")],
            "refund": lambda: [self.api.refund(one["id"]) for one in found("refund")],
            "refunds_of_charge": lambda: [self.api.refunds_of_charge(one["id"]) for one in charges],
            "subscription": lambda: [self.api.subscription(one["id"]) for one in found("subscription")],
            "subscriptions": lambda: list(self.api.subscriptions()),
        }
        port = {name for name in vars(StripeApi) if not name.startswith("_")}
        assert set(calls) == port, "a call of the port is not tried"
        for call in calls.values():
            call()
