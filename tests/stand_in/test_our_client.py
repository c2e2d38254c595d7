"""Our gateway to Stripe against the stand-in: what Stripe refuses arrives as what the actions know."""

import pytest

from chalicelib.rails.stripe.client import StripeApi
from chalicelib.rails.stripe.port import StripeRefused
from chalicelib.settings import LOCAL_STRIPE_KEY
from testkit.stand_in import StandIn


def test_a_deleted_customer_in_a_parameter_is_missing_too(shared: StandIn) -> None:
    stripe = StripeApi(LOCAL_STRIPE_KEY, shared.url)
    with pytest.raises(StripeRefused) as refused:
        stripe.create_portal_session("cus_deleted", return_url="https://news.example/", locale="en")
    assert refused.value.missing


def test_an_unknown_session_in_the_path_is_missing(shared: StandIn) -> None:
    with pytest.raises(StripeRefused) as refused:
        StripeApi(LOCAL_STRIPE_KEY, shared.url).checkout_session("cs_test_nobody")
    assert refused.value.missing
