"""What the stand-in does not play says so in Stripe's shape, API v2 in its own."""

from typing import Any

import pytest
import requests
import stripe

from chalicelib.settings import LOCAL_STRIPE_KEY
from testkit.stand_in import Json, StandIn

DESTINATIONS = "/v2/core/event_destinations"
SEARCHED = ("charges", "customers", "invoices", "payment_intents", "prices", "products", "subscriptions")


def _asked(stand_in: StandIn, path: str, method: str = "GET", **headers: str) -> tuple[int, Json]:
    answer = requests.request(
        method, f"{stand_in.url}{path}", auth=(LOCAL_STRIPE_KEY, ""), headers=headers, timeout=5
    )
    error: Json = answer.json()["error"]
    return answer.status_code, error


@pytest.mark.parametrize("kind", SEARCHED)
def test_search_is_refused_and_finds_nothing_by_mistake(shared: StandIn, kind: str) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="does not play search") as refused:
        getattr(shared.client, kind).search({"query": "email:'ada@example.org'"})
    assert (refused.value.http_status, refused.value.param) == (400, "query")
    status, error = _asked(shared, f"/v1/{kind}/search")
    assert (status, error["code"], error["param"]) == (400, "parameter_missing", "query")


@pytest.mark.parametrize(
    ("method", "path", "words"),
    [
        ("GET", "/v1/payouts", "Unrecognized request URL (GET: /v1/payouts)."),
        ("PUT", "/v1/customers", "Unrecognized request URL (PUT: /v1/customers)."),
        ("OPTIONS", "/v1/customers", "Unrecognized request URL (OPTIONS: /v1/customers)."),
        ("POST", "/v1/subscription_items", "Unrecognized request URL (POST: /v1/subscription_items)."),
        ("GET", "/v1/customers/", "remove the trailing slash"),
        ("GET", "/v1/customers//balance_transactions", "Unrecognized request URL"),
        ("GET", "/v2/core/accounts", "Unrecognized request URL (GET: /v2/core/accounts)."),
        ("POST", DESTINATIONS, f"Unrecognized request URL (POST: {DESTINATIONS})."),
        ("GET", "/v1", "Unrecognized request URL (GET: /v1)."),
    ],
)
def test_unknown_addresses_and_methods(shared: StandIn, method: str, path: str, words: str) -> None:
    status, error = _asked(shared, path, method)
    assert (status, error["type"]) == (404, "invalid_request_error")
    assert words in error["message"]


def test_api_v2_has_errors_of_its_own(shared: StandIn) -> None:
    assert _asked(shared, f"{DESTINATIONS}/ed_nobody") == (
        404,
        {"code": "not_found", "message": "No such event_destination: 'ed_nobody'"},
    )
    status, error = _asked(shared, f"{DESTINATIONS}?limit=none")
    assert (status, error["code"]) == (400, "invalid_fields")
    assert error["message"] == "Some fields in the request were invalid: 'limit: Invalid integer: none'"


@pytest.mark.parametrize("path", ["/v1/customers", DESTINATIONS, f"{DESTINATIONS}/we_1SpilnoStandIn"])
@pytest.mark.parametrize("header", ["Stripe-Account", "Stripe-Context"])
def test_another_account_is_refused_everywhere(shared: StandIn, path: str, header: str) -> None:
    status, error = _asked(shared, path, **{header: "acct_1SomebodyElse"})
    assert (status, error["code"]) == (403, "account_invalid")
    assert "acct_1SomebodyElse" in error["message"]
    own: Any = {header: "acct_1SpilnoStandIn"}
    answer = requests.get(f"{shared.url}{path}", auth=(LOCAL_STRIPE_KEY, ""), headers=own, timeout=5)
    assert answer.status_code == 200


def test_destinations_come_page_by_page(fresh: StandIn) -> None:
    for _ in range(3):
        fresh.control("event_destinations")
    url, seen = f"{DESTINATIONS}?limit=2&include[0]=webhook_endpoint.url", []
    while url:
        page = requests.get(f"{fresh.url}{url}", auth=(LOCAL_STRIPE_KEY, ""), timeout=5).json()
        assert all(one["webhook_endpoint"]["url"] for one in page["data"])
        seen.append(len(page["data"]))
        url = page["next_page_url"]
    assert seen == [2, 2]
    assert page["previous_page_url"]
    assert _asked(fresh, f"{DESTINATIONS}?page=page_nobody")[0] == 400
