"""Stripe's official Node package drives the stand-in: lists, expanding, keys, errors, webhooks, API v2.

Each script says what it found; what it should find stands here.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from testkit.ports import free_port
from testkit.stand_in import Json, StandIn, running
from tests.sites.stripe_node import node, ran
from tests.stand_in import gifts
from tests.stand_in.sessions import session_params


@pytest.fixture
def stripe(tmp_path: Path) -> Iterator[StandIn]:
    """A stand-in of the test's own."""
    node()
    with running(tmp_path) as made:
        yield made


def _error(kind: str, status: int | None, code: str | None = None, **more: str) -> Json:
    """What a refused call says; what is not there is left out of the JSON."""
    said: Json = {"class": kind, "type": kind, "code": code, "status": status, **more}
    return {key: value for key, value in said.items() if value is not None}


def _reader(place: int) -> str:
    return f"reader{place:02}@example.org"


def test_lists_page_by_page(stripe: StandIn) -> None:
    found = ran("lists", stripe.url, count=23)
    newest_first = [_reader(place) for place in reversed(range(23))]
    assert found.pop("made") == newest_first[::-1]
    assert found == {
        "forwards": newest_first,
        "backwards": newest_first[:-1][::-1],
        "page": newest_first[2:5],
        "more": True,
        "url": "/v1/customers",
        "some": newest_first[:7],
        "all": 23,
        "each": newest_first[:5],
        "created": newest_first,
        "by_email": [_reader(3)],
        "later": 0,
    }


def test_expanding(stripe: StandIn) -> None:
    once = stripe.pay(stripe.client.checkout.sessions.create(session_params(customer_creation="always")).id)
    monthly = gifts.start(stripe)
    assert once["customer"]
    assert ran("expand", stripe.url, subscription=monthly["subscription"], session=monthly["checkout"]) == {
        "plain": ["string", "string"],
        "nested": ["customer", "invoice", "list", "payment_intent", "product", "payment_method"],
        "charges": [["balance_transaction", "customer"]] * 2,
        "session": ["item", "invoice"],
        "unasked": False,
        "nonsense": _error("StripeInvalidRequestError", 400, param="expand[]", raw="invalid_request_error"),
        "deep": _error("StripeInvalidRequestError", 400, raw="invalid_request_error"),
    }


def test_idempotency_keys_and_retries(stripe: StandIn) -> None:
    assert ran("idempotency", stripe.url) == {
        "same": True,
        "replayed": [None, "true", "true", None],
        "other": _error("StripeIdempotencyError", 400, raw="idempotency_error"),
        "kept": _error("StripeAPIError", 500, raw="api_error"),
        "emails": ["kept@example.org", "later@example.org", "lost@example.org", "ada@example.org"],
    }


def test_every_class_of_error(stripe: StandIn) -> None:
    monthly = gifts.start(stripe)
    item = gifts.subscription(stripe, monthly["subscription"])["items"]["data"][0]["id"]
    dearer = gifts.price_data(stripe, monthly["subscription"], 9000)
    stripe.control(f"subscriptions/{monthly['subscription']}/next-payment", outcome="fails")
    refused, invalid = "invalid_request_error", "StripeInvalidRequestError"
    found = ran(
        "errors",
        stripe.url,
        subscription=monthly["subscription"],
        item=item,
        price_data=dearer,
        nobody=free_port(),
    )
    assert found == {
        "parameter": _error(invalid, 400, "parameter_unknown", param="colour", raw=refused),
        "missing": _error(invalid, 404, "resource_missing", param="id", raw=refused),
        "unplayed": _error(invalid, 400, param="query", raw=refused),
        "key": _error("StripeAuthenticationError", 401, raw=refused),
        "account": _error("StripePermissionError", 403, "account_invalid", raw=refused),
        "card": _error("StripeCardError", 402, "card_declined", raw="card_error"),
        "address": _error(invalid, 404, raw=refused),
        "v2_missing": _error(invalid, 404, "not_found"),
        "v2_account": _error("StripePermissionError", 403, "account_invalid", raw=refused),
        "v2_field": _error(invalid, 400, "invalid_fields"),
        "idempotency": _error("StripeIdempotencyError", 400, raw="idempotency_error"),
        "429": _error("StripeRateLimitError", 429, "rate_limit", raw=refused),
        "500": _error("StripeAPIError", 500, raw="api_error"),
        "503": _error("StripeAPIError", 503, raw="api_error"),
        "limit": _error("StripeRateLimitError", 429, "rate_limit", raw=refused),
        "connection": _error("StripeConnectionError", None),
        "still": 1,
    }


def test_webhooks_and_thin_events(stripe: StandIn) -> None:
    refused = "StripeSignatureVerificationError"
    assert ran("webhooks", stripe.url) == {
        "event": ["customer.created", "ada@example.org", "2026-10-28.endive", "event"],
        "version": True,
        "other_secret": refused,
        "other_body": refused,
        "no_signature": refused,
        "old": refused,
        "thin": ["v2.core.event_destination.ping", True, "v2.core.event_destination"],
        "fetched": ["v2.core.event", "v2.core.event_destination.ping", True],
        "thin_refused": refused,
        "secret_shown_again": False,
    }


def test_event_destinations(stripe: StandIn) -> None:
    assert ran("destinations", stripe.url) == {
        "names": [["One", "thin"], ["Three", "thin"], ["Two", "thin"], ["Webhook endpoint", "snapshot"]],
        "array": 3,
        "plain": {},
        "included": ["url"],
    }


def test_a_script_that_finds_something_else_is_noticed(stripe: StandIn) -> None:
    stripe.client.customers.create({"email": "somebody@example.org"})
    found: Any = ran("lists", stripe.url, count=5)
    assert found["forwards"] != found["made"][::-1], "there is a sixth"
    assert found["all"] == 6


def test_a_script_that_breaks_is_noticed(stripe: StandIn) -> None:
    stripe.control("faults", path="/v1/customers", status=500, times=1)
    with pytest.raises(AssertionError, match="StripeAPIError"):
        ran("lists", stripe.url, count=1)
