"""Our own gateway against the stand-in: which failures leave the idempotency key usable."""

from typing import Any

import pytest
import requests

from chalicelib.rails.stripe.client import StripeApi
from chalicelib.rails.stripe.port import StripeUnavailable
from chalicelib.settings import LOCAL_STRIPE_KEY
from testkit.stand_in import StandIn
from tests.stand_in.sessions import session_params

SESSIONS = "/v1/checkout/sessions"


@pytest.mark.parametrize("status", [409, 429])
def test_a_failure_that_stripe_keeps_and_repeats_spends_the_key(shared: StandIn, status: int) -> None:
    """Without this the attempt would meet the same kept answer for a day."""
    gateway = StripeApi(LOCAL_STRIPE_KEY, shared.url)
    fault = {"path": SESSIONS, "status": status, "times": 1, "after": True}
    requests.post(f"{shared.url}/_control/faults", json=fault, timeout=5).raise_for_status()
    spent = []
    for _ in range(2):
        with pytest.raises(StripeUnavailable) as caught:
            gateway.create_checkout_session(session_params(), idempotency_key=f"checkout:kept-{status}")
        spent.append(caught.value.key_spent)
    assert spent[-1]


def test_slow_down_before_anything_was_done_leaves_the_key_usable(shared: StandIn) -> None:
    gateway = StripeApi(LOCAL_STRIPE_KEY, shared.url)
    fault = {"path": SESSIONS, "status": 429, "times": 1}
    requests.post(f"{shared.url}/_control/faults", json=fault, timeout=5).raise_for_status()
    with pytest.raises(StripeUnavailable) as caught:
        gateway.create_checkout_session(session_params(), idempotency_key="checkout:slow")
    assert not caught.value.key_spent
    assert gateway.create_checkout_session(session_params(), idempotency_key="checkout:slow")["id"]


def test_our_own_configurations_go_with_every_checkout_and_portal(shared: StandIn) -> None:
    on: Any = {"display_preference": {"preference": "on"}}
    methods = shared.client.payment_method_configurations.create({"name": "Spilno demo", "card": on})
    portal = shared.client.billing_portal.configurations.create({"features": {"invoice_history": {"enabled": True}}})
    gateway = StripeApi(LOCAL_STRIPE_KEY, shared.url, payment_methods=methods.id, portal=portal.id)
    session = gateway.create_checkout_session(session_params(), idempotency_key="checkout:configured")
    assert session["payment_method_configuration_details"]["id"] == methods.id
    customer = shared.client.customers.create({"email": "ada@example.org"}).id
    plain = StripeApi(LOCAL_STRIPE_KEY, shared.url)
    opened = [
        one.create_portal_session(customer, return_url="https://news.example/", locale="en")
        for one in (gateway, plain)
    ]
    assert [one["configuration"] for one in opened] == [portal.id, "bpc_1SpilnoStandIn"]
