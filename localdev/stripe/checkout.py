"""A checkout session's life: opened, tried, paid, settled, expired."""

from dataclasses import dataclass

from localdev.stripe import billing, items, payments, session_rules
from localdev.stripe.account import Account
from localdev.stripe.customers import living
from localdev.stripe.errors import ApiRefusal, Json
from localdev.stripe.objects import customers, prices, sessions
from localdev.stripe.objects.subscriptions import period, subscription
from localdev.stripe.params import merged_metadata
from localdev.stripe.payments import Step
from localdev.stripe.periods import boundary


@dataclass(frozen=True)
class Payer:
    """What a person typed on the checkout page. `kind` is card or sepa_debit; `later_fails`: only renewals fail.

    `presentment`: what adaptive pricing showed them, in minor units of their own currency.
    """

    email: str
    name: str = "Ada Reader"
    kind: str = "card"
    last4: str = "4242"
    later_fails: bool = False
    presentment: tuple[int, str] | None = None


def create(account: Account, params: Json) -> Json:
    """A new open session with the products and prices its inline `price_data` makes.

    :raises ApiRefusal: 400, see `session_rules`.
    """
    session_rules.check(account, params)
    now, lines, made = account.now(), [], []
    for index, item in enumerate(params["line_items"]):
        session_rules.check_line(item, index, params["mode"])
        data = item["price_data"]
        if "product" in data:
            product = items.sold(account, data["product"], f"line_items[{index}][price_data][product]")
        else:
            product = prices.product(now, data["product_data"])
            made.append(product)
        price = prices.price(now, data, product["id"])
        made.append(price)
        lines.append(prices.line_item(price, item["quantity"], product["name"]))
    total, currency = session_rules.check_sum(lines)
    session = sessions.checkout_session(
        now, {**params, "currency": currency}, total=total, currency=currency, base_url=account.config.base_url
    )
    for value in made:
        account.put(value)
    account.put(session)
    account.store.write_note(
        session["id"],
        lines=lines,
        payment_intent_data=params.get("payment_intent_data", {}),
        subscription_data=params.get("subscription_data", {}),
    )
    account.store.schedule("expire", session["id"], session["expires_at"])
    return session


def require_open(session: Json) -> None:
    """Refuse what only an open session allows.

    :raises ApiRefusal: 400.
    """
    if session["status"] != "open":
        raise ApiRefusal(
            f'Only Checkout Sessions with a status in ["open"] can do this. This session is {session["status"]}.',
            param="session",
        )


def expire(account: Account, session: Json) -> Json:
    """End an open session; told as `checkout.session.expired`."""
    require_open(session)
    account.store.schedule("expire", session["id"], None)
    session |= {"status": "expired", "url": None}
    account.put(session)
    account.emit("checkout.session.expired", session)
    _give_up_intent(account, session)
    return session


def _give_up_intent(account: Account, session: Json) -> None:
    """What was tried and declined can never be paid now: `payment_intent.canceled`."""
    tried = account.store.note(session["id"]).get("intent")
    if tried:
        intent = account.get("payment_intent", tried)
        ended: Json = {"canceled_at": account.now(), "cancellation_reason": "expired", "status": "canceled"}
        account.update("payment_intent.canceled", intent, **ended)


def expire_due(account: Account, session_id: str) -> None:
    """The session's day is over."""
    session = account.get("checkout.session", session_id)
    if session["status"] == "open":
        expire(account, session)
    account.store.schedule("expire", session_id, None)


def decline(account: Account, session: Json, payer: Payer) -> Json:
    """The card is refused; the session stays open for another try. Answers the payment intent."""
    require_open(session)
    intent = _intent(account, session, session["customer"])
    method = _method(account, payer, intent["customer"])
    payments.attempt(account, intent, method, "declined", recurring=session["mode"] == "subscription")
    account.store.write_note(session["id"], intent=intent["id"])
    if session["mode"] == "payment":
        # From the first try on the session names its payment, so that a refused one leads back to it.
        session["payment_intent"] = intent["id"]
        account.put(session)
    return intent


def pay(account: Account, session: Json, payer: Payer, *, delayed: bool = False) -> Json:
    """The payer's method works, now or (delayed) later. Answers the complete session."""
    require_open(session)
    account.store.schedule("expire", session["id"], None)
    step: Step = "pending" if delayed else "succeeded"
    customer = _customer(account, session, payer)
    if payer.presentment:
        shown_amount, shown_currency = payer.presentment
        session["presentment_details"] = {
            "presentment_amount": shown_amount,
            "presentment_currency": shown_currency,
        }
    if session["mode"] == "subscription":
        charge = _start_subscription(account, session, payer, customer, step)
    else:
        customer_id = customer["id"] if customer else None
        intent = _intent(account, session, customer_id)
        charge = payments.attempt(account, intent, _method(account, payer, customer_id), step)
        session["payment_intent"] = intent["id"]
    session |= {
        "customer": customer["id"] if customer else None,
        "customer_details": sessions.customer_details(payer.email, payer.name),
        "collected_information": {"business_name": None, "individual_name": None, "shipping_details": None},
        "payment_status": "unpaid" if delayed else "paid",
        "status": "complete",
        "url": None,
    }
    account.put(session)
    account.store.write_note(charge["payment_intent"], session=session["id"])
    # Seen at Stripe: the session tells of its completion a second after the objects it made.
    account.emit("checkout.session.completed", session, at=account.now() + 1)
    if not delayed:
        payments.book(account, charge)
    return session


def settle(account: Account, intent: Json, *, succeeds: bool) -> Json:
    """End a delayed payment. Answers the session it belongs to.

    :raises ApiRefusal: 400 when nothing is outstanding.
    """
    require_processing(intent)
    charge = payments.settle(account, intent, succeeds=succeeds)
    session = account.get("checkout.session", account.store.note(intent["id"])["session"])
    if session["subscription"]:
        running = account.get("subscription", session["subscription"])
        invoice = account.get("invoice", session["invoice"])  # not the latest: a renewal may have come meanwhile
        if succeeds:
            billing.mark_paid(account, invoice)
        else:
            billing.payment_failed(account, running, invoice)
    if succeeds:
        account.put(session | {"payment_status": "paid"})
        session["payment_status"] = "paid"
    account.emit(f"checkout.session.async_payment_{'succeeded' if succeeds else 'failed'}", session)
    if succeeds:
        payments.book(account, charge)
    return session


def require_processing(intent: Json) -> None:
    """Refuse to settle what is not on its way.

    :raises ApiRefusal: 400.
    """
    if intent["status"] != "processing":
        raise ApiRefusal(f"Nothing to settle: this PaymentIntent's status is {intent['status']}.")


def _customer(account: Account, session: Json, payer: Payer) -> Json | None:
    """The session's customer, made now unless it is a guest's one-off payment."""
    if session["customer"]:
        return living(account, session["customer"], param="customer", status=400)
    if session["customer_creation"] != "always":
        return None
    customer = account.put(customers.customer(account.now(), email=payer.email, name=payer.name))
    account.emit("customer.created", customer)
    return customer


def _method(account: Account, payer: Payer, customer_id: str | None) -> Json:
    billing_details = customers.billing_details(payer.email, payer.name, "DE")
    return customers.payment_method(account.now(), payer.kind, payer.last4, billing_details, customer_id)


def _intent(account: Account, session: Json, customer_id: str | None, *, tell: bool = True) -> Json:
    """One payment intent a session: made at the first try, used again after a refusal."""
    note = account.store.note(session["id"])
    if "intent" in note:
        intent = account.get("payment_intent", note["intent"]) | {"customer": customer_id}
        if "presentment_details" in session:
            intent["presentment_details"] = session["presentment_details"]
        return intent
    data = note["payment_intent_data"]
    intent = payments.create_intent(
        account,
        session["amount_total"],
        session["currency"],
        customer=customer_id,
        metadata=merged_metadata({}, data.get("metadata")),
        description=data.get("description") or _description(session),
        receipt_email=data.get("receipt_email"),
        setup_future_usage="off_session" if session["mode"] == "subscription" else data.get("setup_future_usage"),
        presentment_details=session.get("presentment_details"),
        tell=tell,
    )
    account.store.write_note(session["id"], intent=intent["id"])
    if session["mode"] == "payment":
        account.put(session | {"payment_intent": intent["id"]})
        session["payment_intent"] = intent["id"]
    return intent


def _description(session: Json) -> str | None:
    return "Subscription creation" if session["mode"] == "subscription" else None


def _start_subscription(account: Account, session: Json, payer: Payer, customer: Json | None, step: Step) -> Json:
    """The subscription exists only now that its first payment works (or is on its way); answers the charge."""
    assert customer is not None
    note, now = account.store.note(session["id"]), account.now()
    line = note["lines"][0]
    recurring = line["price"]["recurring"]
    end = boundary(now, recurring["interval"], recurring["interval_count"], 1)
    method = account.put(_method(account, payer, customer["id"]))
    data = note["subscription_data"]
    running = subscription(
        now,
        customer["id"],
        line["price"],
        line["quantity"],
        end,
        default_payment_method=method["id"],
        description=data.get("description"),
        metadata=merged_metadata({}, data.get("metadata")),
        presentment_details=payer.presentment and {"presentment_currency": payer.presentment[1]},
    )
    customer["currency"] = running["currency"]
    account.put(customer)
    invoice = billing.draft_invoice(account, running, reason="subscription_create", previous_start=now)
    account.put(running)
    account.emit("customer.subscription.created", running)
    billing.finalize(account, invoice)
    account.store.write_note(running["id"], fails=payer.later_fails)
    account.store.schedule("renew", running["id"], period(running)[1])
    session |= {"subscription": running["id"], "invoice": invoice["id"]}
    intent = _intent(account, session, customer["id"], tell=False)
    billing.link(account, invoice, intent)
    if step == "succeeded":
        # Seen at Stripe: the invoice tells of its payment before the payment itself does.
        billing.mark_paid(account, invoice)
    if "intent" not in note:
        account.emit("payment_intent.created", intent)
    return payments.attempt(account, intent, method, step, recurring=True)
