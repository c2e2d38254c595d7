"""The description of the API: valid, complete, and about views that exist."""

from collections.abc import Callable
from typing import Any

import pytest
from openapi_spec_validator import validate
from pydantic import BaseModel

from chalicelib.http import endpoint, openapi
from chalicelib.http.route import Route
from chalicelib.http.routes import ROUTES
from testkit.described import named

CONTRACT = [
    ("get", "/v1/health"),
    ("get", "/v1/newsroom"),
    ("get", "/donate"),
    ("post", "/donate"),
    ("post", "/v1/checkouts"),
    ("get", "/v1/checkouts/{id}"),
    ("get", "/v1/checkouts/return"),
    ("post", "/v1/stripe/webhook"),
    ("post", "/v1/sign-in"),
    ("get", "/v1/sign-in/{token}"),
    ("post", "/v1/sign-in/confirm"),
    ("get", "/v1/session"),
    ("delete", "/v1/session"),
    ("get", "/v1/access"),
    ("get", "/v1/me"),
    ("post", "/v1/me/portal"),
    ("put", "/v1/articles/{id}"),
    ("delete", "/v1/articles/{id}"),
    ("get", "/v1/articles/{id}"),
    ("get", "/read/{id}"),
    ("get", "/widget.js"),
    ("get", "/widget/{name}"),
    ("get", "/openapi.json"),
]


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return openapi.description("https://news.example/support")


def test_it_is_valid_openapi_3_1(described: dict[str, Any]) -> None:
    validate(described)
    assert described["openapi"].startswith("3.1")


def test_a_broken_description_would_be_noticed(described: dict[str, Any]) -> None:
    """The negative control of the test above."""
    with pytest.raises(Exception, match="required property"):
        validate({**described, "info": {}})


@pytest.mark.parametrize(("method", "path"), CONTRACT)
def test_every_call_of_the_contract_is_in_it(described: dict[str, Any], method: str, path: str) -> None:
    assert method in described["paths"][path]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_names_a_view_and_models_that_exist(route: Route) -> None:
    found: Callable[..., Any] = endpoint.view(route)
    assert callable(found)
    answered = [name for _, names in route.answers for name in names.split("|")]
    names = {route.request, route.query, *answered} - {"", "html", "javascript", "json", "plain", "rsl", "svg"}
    assert all(issubclass(named(name), BaseModel) for name in names)


def test_operations_have_names_of_their_own(described: dict[str, Any]) -> None:
    names = [operation["operationId"] for path in described["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_refusal_is_described_as_a_page_where_a_browser_gets_one(described: dict[str, Any], route: Route) -> None:
    refusal = described["paths"][route.path][route.method.lower()]["responses"]["default"]["content"]
    assert ("text/html" in refusal) == route.page
