"""What Stripe is asked to charge, and what is written on it for later."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.checkouts.rows.checkouts import Attempt
from chalicelib.checkouts.rules.wish import Wish
from chalicelib.giving.actions.start_checkout import CheckoutStarter, start_checkout
from chalicelib.kernel.ids import SupporterId
from chalicelib.newsroom.rules import Interval
from chalicelib.rails.stripe.checkout import open_page, parameters
from chalicelib.rails.stripe.port import StripeRefused, StripeUnavailable
from localdev.stripe import items
from localdev.stripe.objects import prices
from localdev.stripe.params import checked
from testkit.clock import NOW
from testkit.harness import ADA, Harness

ATTEMPT = "attempt-0123456789"
WISH = Wish(1000, "eur", "once", ADA, "uk", "winter", "http://127.0.0.1:8080/a", "/about")
HERE = CheckoutStarter("browser")


def ask(harness: Harness, wish: Wish = WISH, starter: CheckoutStarter = HERE) -> tuple[str, str]:
    return start_checkout(
        ATTEMPT, wish, starter, harness.offer(), table=harness.table, stripe=harness.stripe, now=harness.real_now()
    )


def sent(harness: Harness, wish: Wish = WISH, starter: CheckoutStarter = HERE) -> dict[str, Any]:
    ask(harness, wish, starter)
    params, key = harness.stripe.created_with[-1]
    assert key == f"checkout:{ATTEMPT}"
    return params


def test_a_one_off_gift_is_a_donation_with_our_mark_on_session_and_payment(harness: Harness) -> None:
    params = sent(harness)
    marks = {
        "spilno": "test",
        "language": "uk",
        "interval": "once",
        "campaign": "winter",
        "source": WISH.source,
    }
    assert (params["mode"], params["submit_type"], params["metadata"]) == ("payment", "donate", marks)
    assert params["payment_intent_data"]["metadata"] == marks
    assert params["line_items"] == [
        {
            "quantity": 1,
            "price_data": {"currency": "eur", "unit_amount": 1000, "product_data": {"name": harness.offer().product}},
        }
    ]
    assert "subscription_data" not in params
    assert params["customer_creation"] == "always"
    assert params["customer_email"] == ADA


@pytest.mark.parametrize("interval", ["month", "year"])
def test_a_recurring_gift_is_a_subscription_with_our_mark_on_session_and_subscription(
    harness: Harness, interval: Any
) -> None:
    params = sent(harness, replace(WISH, interval=interval))
    assert params["mode"] == "subscription"
    assert params["line_items"][0]["price_data"]["recurring"] == {"interval": interval}
    assert params["subscription_data"]["metadata"] == params["metadata"]
    assert not {"submit_type", "payment_intent_data", "customer_creation"} & set(params)


def test_the_way_back_names_the_session_and_the_way_out_is_the_readers(harness: Harness) -> None:
    params = sent(harness)
    base = harness.settings.public_url
    assert params["success_url"] == f"{base}/v1/checkouts/return?session_id={{CHECKOUT_SESSION_ID}}"
    assert params["cancel_url"] == f"{base}/about"


def test_without_a_place_of_their_own_the_reader_returns_to_the_same_choice(harness: Harness) -> None:
    params = sent(harness, replace(WISH, return_to=None, interval="month"))
    assert params["cancel_url"].startswith(f"{harness.settings.public_url}/donate?")
    for part in ("amount=1000", "currency=eur", "interval=month", "campaign=winter", "lang=uk"):
        assert part in params["cancel_url"]


EVERY_WISH = [
    replace(WISH, interval=interval, email=email, campaign=campaign, source=source, return_to=None)
    for interval in ("once", "month", "year")
    for email in (ADA, None)
    for campaign, source in (("winter", None), (None, "https://news.example/" + "a" * 479))
]
STARTERS = [
    CheckoutStarter("b"),
    CheckoutStarter("b", SupporterId("supporter-1")),
    CheckoutStarter("b", SupporterId("supporter-1"), "cus_1", ADA),
]


@pytest.mark.parametrize("locale", ["en", "pl", "de"])
def test_every_wish_makes_parameters_that_stripes_types_allow(harness: Harness, locale: str) -> None:
    for wish in EVERY_WISH:
        for who in STARTERS:
            attempt = Attempt(ATTEMPT, "", who.browser, "uk", who.supporter, who.customer, who.email)
            params = parameters(attempt, wish, harness.offer(locale))
            assert checked("checkout.SessionCreateParams", params)
            assert params["locale"] == locale != "auto"
            assert params == parameters(attempt, wish, harness.offer(locale)), "the same key, the same parameters"
            assert not {"payment_method_types", "automatic_tax"} & set(params)


def test_the_validator_refuses_what_stripe_would(harness: Harness) -> None:
    """The negative control."""
    good = parameters(Attempt(ATTEMPT, "", "b", "uk"), WISH, harness.offer())
    for bad in ({"payment_method_types": ["card"]}, {"mode": "donation"}, {"colour": "red"}, {"locale": "uk"}):
        with pytest.raises(Exception, match=f"(?i){next(iter(bad))}"):
            checked("checkout.SessionCreateParams", good | bad)


def test_a_customer_is_passed_only_for_a_proven_supporter(harness: Harness) -> None:
    harness.tell(harness.gives(300, "month", starter=CheckoutStarter("b", harness.supporter(ADA))))
    customer = harness.state().customers["eur"]
    params = sent(harness, starter=CheckoutStarter("browser", harness.state().id, customer))
    assert params["customer"] == customer
    assert params["metadata"]["supporter"] == harness.state().id
    assert not {"customer_email", "customer_creation"} & set(params)


def test_a_typed_address_of_a_supporter_brings_nothing_of_theirs(harness: Harness) -> None:
    harness.tell(harness.gives(300, "month", starter=CheckoutStarter("b", harness.supporter(ADA))))
    params = sent(harness, replace(WISH, email=ADA))
    assert "customer" not in params
    assert "supporter" not in params["metadata"]
    assert harness.state().customers["eur"] not in repr(params)
    assert harness.state().id not in repr(params)


def test_signing_in_between_two_taps_does_not_change_what_stripe_is_asked(harness: Harness) -> None:
    """The first tap claimed the attempt; other parameters under the same key would be refused."""
    harness.tell(harness.gives(300, "month", starter=CheckoutStarter("b", harness.supporter(ADA))))
    harness.stripe.down = True
    with pytest.raises(StripeUnavailable):
        ask(harness)
    harness.stripe.down = False
    params = sent(harness, starter=CheckoutStarter("browser", harness.state().id, harness.state().customers["eur"]))
    assert "customer" not in params


def test_a_long_source_is_cut_to_what_metadata_hold(harness: Harness) -> None:
    source = "https://news.example/" + "a" * 600
    params = parameters(Attempt(ATTEMPT, "", "b", "uk"), replace(WISH, source=source), harness.offer())
    assert len(params["metadata"]["source"]) == 500


# ---- the product of all recurring gifts ----


def opened(harness: Harness, product: str, interval: Interval = "month") -> dict[str, Any]:
    """A page opened with the newsroom's product; the price that Stripe made."""
    attempt, wish = Attempt(ATTEMPT, "", "b", "uk"), replace(WISH, interval=interval)
    open_page(attempt, wish, replace(harness.offer(), product_id=product), harness.stripe)
    return harness.stripe.of("price")[-1]


def own_product(harness: Harness, **more: Any) -> str:
    made = prices.product(NOW, {"name": "Support"}) | {"active": True, **more}
    with harness.stripe.account.change():
        harness.stripe.account.put(made)
        items.refuse_archived(harness.stripe.account)
    return str(made["id"])


@pytest.mark.parametrize("interval", ["month", "year"])
def test_a_recurring_gift_is_of_the_newsrooms_product(harness: Harness, interval: Interval) -> None:
    product = own_product(harness)
    assert opened(harness, product, interval)["product"] == product
    assert len(harness.stripe.of("product")) == 1


def test_a_single_gift_has_a_product_in_the_readers_language(harness: Harness) -> None:
    assert opened(harness, own_product(harness), "once")["product"] == harness.stripe.of("product")[-1]["id"]
    assert harness.stripe.of("product")[-1]["name"] == harness.offer().product


@pytest.mark.parametrize("gone", [True, False])
def test_a_product_that_is_gone_or_archived_keeps_nobody_from_giving(harness: Harness, *, gone: bool) -> None:
    product = "prod_gone" if gone else own_product(harness, active=False)
    assert opened(harness, product)["product"] != product
    keys = {key for _, key in harness.stripe.created_with}
    opened(harness, product)
    assert {key for _, key in harness.stripe.created_with} == keys, "asked again, it is the same page"
    assert len(harness.stripe.of("checkout.session")) == 1


def test_what_is_refused_for_another_reason_is_refused_with_a_product_too(harness: Harness) -> None:
    attempt = Attempt(ATTEMPT, "", "b", "uk", SupporterId("s"), "cus_gone")
    with pytest.raises(StripeRefused) as refused:
        open_page(
            attempt, replace(WISH, interval="month"), replace(harness.offer(), product_id="prod_1"), harness.stripe
        )
    assert refused.value.missing
