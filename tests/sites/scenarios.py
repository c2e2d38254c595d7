"""Everything that the app asks of Stripe, and everything that happens there, on a stand-in that writes it down.

What is asked is what the app and the operator's commands themselves ask; a hand on the other side does the rest.
"""

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
from ops.setup.product import mend_product
from ops.setup.stripe_access import check_stripe
from ops.setup.webhook import mend_webhook
from ops.stages import Stage
from testkit.stand_in import Json
from tests.sites.recorder import Recorder

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
                mend_product(setup, ["Підтримка", "Support"])
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
