"""Our own gateway against the stand-in: which failures leave the idempotency key usable."""

import pytest
import requests

from chalicelib.gateways.stripe_api import StripeApi
from chalicelib.ports import StripeUnavailable
from chalicelib.settings import LOCAL_STRIPE_KEY
from tests.stand_in.harness import StandIn, session_params

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
