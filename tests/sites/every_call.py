"""Every call that there is, on what the scenarios left: the app's own port, and all that is answered beside it."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from chalicelib.rails.stripe.client import StripeApi
from chalicelib.rails.stripe.port import StripeRefused
from tests.sites.scenarios import Everything


def somebody_else_asks(life: Everything) -> None:
    """What the app does not ask, and the stand-in answers: every other call it has."""
    v1 = life.client.v1
    asked: Any
    customer = v1.customers.create({"email": "ada@reader.example", "name": "Ada", "metadata": {"a": "b"}}).id
    v1.customers.update(customer, {"phone": "+49", "address": {"city": "Lviv", "country": "UA"}})
    asked = {"amount": -500, "currency": "EUR", "description": "A present"}
    v1.customers.balance_transactions.create(customer, asked)
    v1.customers.balance_transactions.list(customer)
    product = v1.products.create({"name": "A book", "description": "Printed"}).id
    v1.products.retrieve(product)
    v1.products.update(product, {"active": False})
    v1.products.update(product, {"active": True})
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
    v1.disputes.close(life.recorder.control(f"payments/{life.gives()['payment_intent']}/dispute")["dispute"])
    for service in (v1.coupons, v1.tax_rates, v1.prices, v1.invoice_items, v1.disputes, v1.refunds, v1.customers):
        assert service.list({"limit": 2}).data
    assert v1.radar.early_fraud_warnings.list().data
    invoice = v1.invoices.list({"expand": ["data.payments", "data.discounts"], "limit": 100}).data[0].id
    v1.invoices.line_items.list(invoice)
    for ended in ("all", "ended"):
        v1.subscriptions.list({"status": ended, "limit": 100})
    _one_of_each(life)


def _one_of_each(life: Everything) -> None:
    """What is listed above is retrieved, and what can be updated is."""
    v1, v2 = life.client.v1, life.client.v2.core
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
    v1.payment_methods.retrieve(life.recorder.app.config["ACCOUNT"].store.find("payment_method")[0]["id"])
    v1.refunds.update(v1.refunds.list().data[0].id, {"metadata": {"seen": "yes"}})
    portals.update(portals.list().data[0].id, {"features": {"invoice_history": {"enabled": False}}})
    methods.update(methods.list().data[0].id, {"card": {"display_preference": {"preference": "on"}}})
    v1.webhook_endpoints.update(v1.webhook_endpoints.list().data[0].id, {"disabled": True})
    v2.events.retrieve(life.recorder.thin_events()[0]["id"])


def app_reads(life: Everything) -> None:
    """Every call of the app's own port, on objects in every state that there is."""
    found = life.recorder.app.config["ACCOUNT"].store.find
    charges, intents = found("charge"), found("payment_intent")
    running = next(one for one in found("subscription") if one["status"] == "active")
    calls: dict[str, Callable[[], object]] = {
        "balance_transaction": lambda: [
            life.api.balance_transaction(one["id"]) for one in found("balance_transaction")
        ],
        "balance_transactions": lambda: list(life.api.balance_transactions(since=0, until=1 << 40)),
        "cancel_subscription": lambda: life.api.cancel_subscription(life.recurring(), {}, idempotency_key="c"),
        "charge": lambda: [life.api.charge(one["id"]) for one in charges],
        "checkout_session": lambda: [life.api.checkout_session(one["id"]) for one in found("checkout.session")],
        "checkout_session_of_payment": lambda: [life.api.checkout_session_of_payment(one["id"]) for one in intents],
        "checkout_session_of_subscription": lambda: life.api.checkout_session_of_subscription(running["id"]),
        "create_checkout_session": lambda: life.starts(500),
        "create_portal_session": lambda: life.api.create_portal_session(
            running["customer"], return_url="https://news.example/account", locale="en"
        ),
        "create_refund": lambda: life.api.create_refund(
            {"payment_intent": life.gives()["payment_intent"], "amount": 100}, idempotency_key="r"
        ),
        "customer": lambda: [life.api.customer(one["id"]) for one in found("customer")],
        "delete_customer": lambda: _customer_gone(life),
        "dispute": lambda: [life.api.dispute(one["id"]) for one in found("dispute")],
        "events": lambda: [
            *life.api.events(since=0, undelivered=True),
            *life.api.events(since=0),
        ],
        "expire_checkout_session": lambda: life.api.expire_checkout_session(life.starts(500)["id"]),
        "finalize_invoice": lambda: _finalized(life),
        "invoice": lambda: [life.api.invoice(one["id"]) for one in found("invoice")],
        "invoice_paid_off_stripe": lambda: [life.api.invoice_paid_off_stripe(one["id"]) for one in found("invoice")],
        "invoice_payments_of": lambda: [life.api.invoice_payments_of(one["id"]) for one in intents],
        "invoices_of_subscription": lambda: life.api.invoices_of_subscription(running["id"]),
        "lines_of_invoice": lambda: [life.api.lines_of_invoice(one["id"]) for one in found("invoice")],
        "pay_invoice": lambda: _paid_by_hand(life),
        "payment_intent": lambda: [
            life.api.payment_intent(one["id"]) for one in intents if found("charge", payment_intent=one["id"])
        ],
        "payments_of_invoice": lambda: [life.api.payments_of_invoice(one["id"]) for one in found("invoice")],
        "preview_invoice": lambda: life.api.preview_invoice({"subscription": running["id"]}),
        "price": lambda: [life.api.price(one["id"]) for one in found("price")],
        "refund": lambda: [life.api.refund(one["id"]) for one in found("refund")],
        "refunds_of_charge": lambda: [life.api.refunds_of_charge(one["id"]) for one in charges],
        "resume_subscription": lambda: _resumed(life),
        "subscription": lambda: [life.api.subscription(one["id"]) for one in found("subscription")],
        "subscriptions": lambda: list(life.api.subscriptions()),
        "subscriptions_of_customer": lambda: life.api.subscriptions_of_customer(running["customer"]),
        "update_subscription": lambda: life.api.update_subscription(
            running["id"], {"description": "changed"}, idempotency_key="u"
        ),
        "void_invoice": lambda: _voided(life),
    }
    port = {name for name in vars(StripeApi) if not name.startswith("_")}
    assert set(calls) == port, "a call of the port is not tried"
    for call in calls.values():
        call()


def _paid_by_hand(life: Everything) -> None:
    """A renewal that failed is paid: refused with the card that fails, then with one that works."""
    gift = life.recurring()
    life.recorder.control(f"subscriptions/{gift}/next-payment", outcome="fails")
    life.recorder.control("clock/advance", days=32)
    invoice = life.api.subscription(gift)["latest_invoice"]
    with suppress(StripeRefused):
        life.api.pay_invoice(invoice, {}, idempotency_key="first")
    life.recorder.control(f"subscriptions/{gift}/next-payment", outcome="succeeds")
    assert life.api.pay_invoice(invoice, {}, idempotency_key="second")["status"] == "paid"


def _resumed(life: Everything) -> None:
    gift = life.recurring()
    life.recorder.control(f"subscriptions/{gift}/pause")
    life.api.resume_subscription(gift, {"billing_cycle_anchor": {"type": "unchanged"}}, idempotency_key="r")


def _voided(life: Everything) -> None:
    """A renewal that failed is let off."""
    gift = life.recurring()
    life.recorder.control(f"subscriptions/{gift}/next-payment", outcome="fails")
    life.recorder.control("clock/advance", days=32)
    assert life.api.void_invoice(life.api.subscription(gift)["latest_invoice"])["status"] == "void"


def _finalized(life: Everything) -> None:
    """A renewal that rests as a draft, as collecting was paused."""
    gift = life.recurring()
    life.recorder.control(f"subscriptions/{gift}/collection", behavior="keep_as_draft")
    life.recorder.control("clock/advance", days=32)
    assert life.api.finalize_invoice(life.api.subscription(gift)["latest_invoice"])["status"] == "open"


def _customer_gone(life: Everything) -> None:
    """Somebody is erased."""
    payer = life.api.subscription(life.recurring())["customer"]
    life.api.delete_customer(payer if isinstance(payer, str) else payer["id"])
