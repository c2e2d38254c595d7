"""Our gateway to Stripe against the stand-in: what Stripe refuses arrives as what the actions know."""

from typing import Any

import pytest
import stripe

from chalicelib.rails.stripe.client import StripeApi
from chalicelib.rails.stripe.port import StripeRefused
from chalicelib.settings import LOCAL_STRIPE_KEY
from testkit.stand_in import StandIn
from tests.stand_in.gifts import start


def test_a_deleted_customer_in_a_parameter_is_missing_too(shared: StandIn) -> None:
    stripe = StripeApi(LOCAL_STRIPE_KEY, shared.url)
    with pytest.raises(StripeRefused) as refused:
        stripe.create_portal_session("cus_deleted", return_url="https://news.example/", locale="en")
    assert refused.value.missing


def test_an_unknown_session_in_the_path_is_missing(shared: StandIn) -> None:
    with pytest.raises(StripeRefused) as refused:
        StripeApi(LOCAL_STRIPE_KEY, shared.url).checkout_session("cs_test_nobody")
    assert refused.value.missing


class Narrow(StripeApi):
    """With a key that may not read payment methods: Stripe refuses a call that expands one."""

    def narrowed(self) -> "Narrow":
        subscriptions = self._client.v1.subscriptions
        retrieve, listing = subscriptions.retrieve, subscriptions.list

        def refusing(call: Any) -> Any:
            def asked(*args: Any) -> Any:
                if any("expand" in one for one in args if isinstance(one, dict)):
                    raise stripe.PermissionError(
                        "The provided key does not have the required permissions.", http_status=403
                    )
                return call(*args)

            return asked

        vars(subscriptions).update(retrieve=refusing(retrieve), list=refusing(listing))
        return self


def test_a_subscription_comes_with_what_it_is_charged_to_if_the_key_may_read_that(shared: StandIn) -> None:
    given = str(start(shared)["subscription"])
    api = StripeApi(LOCAL_STRIPE_KEY, shared.url)
    assert api.subscription(given)["default_payment_method"]["card"]["last4"] == "4242"
    listed = next(one for one in api.subscriptions() if one["id"] == given)
    assert listed["default_payment_method"]["card"]["last4"] == "4242"
    narrow = Narrow(LOCAL_STRIPE_KEY, shared.url).narrowed()
    assert isinstance(narrow.subscription(given)["default_payment_method"], str)
    listed = next(one for one in narrow.subscriptions() if one["id"] == given)
    assert isinstance(listed["default_payment_method"], str)
    with pytest.raises(StripeRefused) as refused:
        narrow.subscription("sub_nobody")
    assert refused.value.missing
