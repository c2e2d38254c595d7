"""The parameters of a Checkout Session: what Stripe is to charge, and the metadata that we need later."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from chalicelib.checkouts.rows.checkouts import Attempt
from chalicelib.checkouts.rules.wish import Wish
from chalicelib.kernel.urls import LONGEST_KEPT, shortened
from chalicelib.observing.log import log
from chalicelib.rails.stripe.events.shapes import CheckoutSession
from chalicelib.rails.stripe.metadata import CAMPAIGN, INTERVAL, LANGUAGE, MARK, SOURCE, SUPPORTER
from chalicelib.rails.stripe.port import Stripe, StripeRefused


@dataclass(frozen=True)
class PaymentPage:
    """A Checkout Session: its id and the address of Stripe's page for it."""

    id: str
    url: str


@dataclass(frozen=True)
class Offer:
    """What a session needs of the newsroom: words in the reader's language, Stripe's locale, and where to return.

    `stripe_locale` is never `auto`: Stripe has no Ukrainian, and its guess may be Russian. `product`: what the gift
    is called; `product_id`: the newsroom's product of all recurring gifts, empty where it has none.
    """

    site_id: str
    public_url: str
    language: str
    stripe_locale: str
    product: str
    note: str
    product_id: str = ""


def open_page(attempt: Attempt, wish: Wish, offer: Offer, stripe: Stripe) -> PaymentPage:
    """Create the Checkout Session of an attempt; the same one again when it is asked for twice.

    :raises StripeUnavailable, StripeRefused: there is none.
    """
    key = f"checkout:{attempt.id}" + (f":{attempt.spent}" if attempt.spent else "")
    try:
        created = stripe.create_checkout_session(parameters(attempt, wish, offer), idempotency_key=key)
    except StripeRefused as refused:
        if not (offer.product_id and wish.interval != "once"):
            raise
        # The product may have been deleted or archived: then a gift has one of its own, as without the setting. Where
        # something else was refused, this is refused too.
        own = parameters(attempt, wish, replace(offer, product_id=""))
        created = stripe.create_checkout_session(own, idempotency_key=f"{key}:own")
        log.warning("product refused", product=offer.product_id, why=refused.code)
    session = CheckoutSession.model_validate(created)
    return PaymentPage(session.id, session.url or "")


def can_be_paid(session_id: str, stripe: Stripe) -> bool:
    """Whether a Checkout Session is still open at Stripe.

    :raises StripeUnavailable, StripeRefused: not known.
    """
    return CheckoutSession.model_validate(stripe.checkout_session(session_id)).status == "open"


def parameters(attempt: Attempt, wish: Wish, offer: Offer) -> dict[str, Any]:
    """The body of `POST /v1/checkout/sessions`. The same attempt and wish always give the same parameters."""
    metadata = _metadata(attempt, wish, offer)
    price: dict[str, Any] = {
        "currency": wish.currency,
        "unit_amount": wish.amount,
        "product_data": {"name": offer.product},
    }
    params: dict[str, Any] = {
        "client_reference_id": attempt.id,
        "metadata": metadata,
        "locale": offer.stripe_locale,
        "success_url": f"{offer.public_url}/v1/checkouts/return?session_id={{CHECKOUT_SESSION_ID}}",
        "cancel_url": wish.return_to_absolute(offer.public_url) or _donate_again(wish, offer),
        "custom_text": {"submit": {"message": offer.note}},
        **_payer(attempt, wish),
    }
    if wish.interval == "once":
        params |= {
            "mode": "payment",
            "submit_type": "donate",
            "payment_intent_data": {"metadata": metadata, "description": offer.product},
        }
        if "customer" not in params:
            # Refunds, disputes and the account page find the supporter through the customer.
            params["customer_creation"] = "always"
    else:
        price["recurring"] = {"interval": wish.interval}
        if offer.product_id:
            # Of one product, so that its amount can be changed. A single gift keeps one of its own, whose name is in
            # the reader's language.
            del price["product_data"]
            price["product"] = offer.product_id
        params |= {
            "mode": "subscription",
            "subscription_data": {"metadata": metadata, "description": offer.product},
        }
    return params | {"line_items": [{"quantity": 1, "price_data": price}]}


def _payer(attempt: Attempt, wish: Wish) -> dict[str, str]:
    # Stripe's customer is passed only if the browser's session proves the supporter: a stranger who types somebody's
    # address must not see that person's saved card and name.
    if attempt.customer:
        return {"customer": attempt.customer}
    email = wish.email or attempt.email
    return {"customer_email": email} if email else {}


def _metadata(attempt: Attempt, wish: Wish, offer: Offer) -> dict[str, str]:
    values = {
        MARK: offer.site_id,
        SUPPORTER: attempt.supporter,
        LANGUAGE: offer.language,
        INTERVAL: wish.interval,
        CAMPAIGN: wish.campaign,
        SOURCE: _source(wish),
    }
    return {name: value for name, value in values.items() if value}


def _source(wish: Wish) -> str | None:
    return shortened(wish.source, LONGEST_KEPT) if wish.source else None


def _donate_again(wish: Wish, offer: Offer) -> str:
    """The URL of our page with the same wish filled in, for a reader who goes back to change the amount."""
    wanted = {
        "amount": wish.amount,
        "currency": wish.currency,
        "interval": wish.interval,
        "campaign": wish.campaign,
        "source": _source(wish),
        "lang": offer.language,
    }
    return f"{offer.public_url}/donate?{urlencode({name: value for name, value in wanted.items() if value})}"
