"""Paths matched by ourselves: every route is found, nothing else is, and nothing a stranger sends is a 500."""

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chalicelib.http.gateway import PATHS, with_route
from chalicelib.http.paths import MatchedPath, Paths
from chalicelib.http.routes import NOTHING_HERE, ROUTES
from testkit.calls import event, invoke
from testkit.visitor import Visitor

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")


@pytest.mark.parametrize("path", sorted({route.path for route in ROUTES}))
def test_every_route_is_found_with_what_stands_for_its_names(path: str) -> None:
    filled = path.replace("{", "an-").replace("}", ".1")
    params = {part[1:-1]: f"an-{part[1:-1]}.1" for part in path.split("/") if part.startswith("{")}
    assert PATHS.find(filled) == MatchedPath(path, params)
    assert PATHS.find(f"{filled.rstrip('/')}/") == MatchedPath(path, params), (
        "one slash at the end counts for nothing"
    )
    assert PATHS.find(f"{filled.rstrip('/')}//") is None


@pytest.mark.parametrize(
    "path",
    ["", "//", "/v1", "/v1//access", "//v1/access", "/v1/access//", "/v1/articles//key", "v1/access",
     "/V1/access", "/v1/access/..", "/v1/articles/a%2Fkey/x", "/{proxy+}", "$default", "/v1/me/receipts/a/b/c/d"],
)  # fmt: skip
def test_what_is_no_route_is_none(path: str) -> None:
    assert PATHS.find(path) is None


def test_a_fixed_part_wins_over_a_name_from_the_left() -> None:
    found = Paths(["/a/{x}/c", "/a/b/{y}", "/{z}/b/c", "/a/b/c"])
    assert found.find("/a/b/c") == MatchedPath("/a/b/c", {})
    assert found.find("/a/b/d") == MatchedPath("/a/b/{y}", {"y": "d"})
    assert found.find("/a/x/c") == MatchedPath("/a/{x}/c", {"x": "x"})
    assert found.find("/x/b/c") == MatchedPath("/{z}/b/c", {"z": "x"})
    assert found.find("/x/y/z") is None
    assert Paths(["/{z}/b/c", "/a/{x}/c", "/a/b/{y}"]).find("/a/b/c") == MatchedPath("/a/b/{y}", {"y": "c"})


def test_whatever_the_order_in_which_they_are_written() -> None:
    patterns = [route.path for route in ROUTES]
    for order in (patterns[::-1], sorted(patterns), sorted(patterns, key=len)):
        shuffled = Paths(order)
        for route in ROUTES:
            assert shuffled.find(route.path.replace("{", "").replace("}", "")) == PATHS.find(
                route.path.replace("{", "").replace("}", "")
            )


@pytest.mark.usefixtures("harness")
@pytest.mark.parametrize("method", METHODS)
def test_an_unknown_address_is_404_by_any_method(method: str) -> None:
    lost = Visitor().call(method, "/v1/nothing-here", headers={"Authorization": "Basic eDp5"})
    assert lost.status == 404
    assert method == "HEAD" or lost.code == "not_found"
    assert lost.headers["cache-control"] == "private, no-store"
    assert "access-control-allow-origin" not in lost.headers


@pytest.mark.usefixtures("harness")
@pytest.mark.parametrize("path", sorted({route.path for route in ROUTES}))
def test_a_known_address_by_a_wrong_method_is_405_and_says_what_it_takes(path: str) -> None:
    taken = {route.method for route in ROUTES if route.path == path}
    address = path.replace("{", "").replace("}", "")
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - taken:
        refused = Visitor().call(method, address)
        assert (refused.status, refused.code) == (405, "method_not_allowed")
        said = set(refused.headers["allow"].split(", "))
        assert said - {"OPTIONS"} == taken | ({"HEAD"} if "GET" in taken else set())


SEGMENTS = st.one_of(
    st.sampled_from([part for route in ROUTES for part in route.path.split("/")]),
    st.text(max_size=8),
    st.sampled_from(["..", ".", "%2F", "%00", "%D1%96", "%zz", "і", "\ud800", "a" * 3000, ""]),
)


@pytest.mark.usefixtures("harness")
@settings(max_examples=150, deadline=None)
@given(
    method=st.sampled_from(METHODS),
    path=st.lists(SEGMENTS, max_size=6).map(lambda parts: "/" + "/".join(parts)),
    accept=st.sampled_from(["", "text/html", "gzip;q=x"]),
)
@example(method="GET", path="/v1/articles/\ud800", accept="text/html")
@example(method="POST", path="/\ud800", accept="text/html")
def test_nothing_in_an_address_is_a_fault_of_ours(method: str, path: str, accept: str) -> None:
    made = event("GET", "/", "", {"Accept": accept, "Accept-Encoding": accept}, "192.0.2.1")
    made |= {"path": path, "httpMethod": method}
    assert invoke(made).status < 500


BARE = {"version": "1.0", "httpMethod": "GET", "requestContext": {"stage": "$default"}}


@pytest.mark.usefixtures("harness")
@pytest.mark.parametrize(
    "more",
    [{}, {"path": None}, {"path": "/sign-in", "headers": None}, {"path": "/v1/checkouts", "httpMethod": "POST"}],
    ids=["nothing", "no path", "no headers", "no body"],
)
def test_an_event_that_lacks_something_is_answered(more: dict[str, Any]) -> None:
    assert invoke({**BARE, **more}).status < 500


def test_the_rest_apis_events_are_placed_alike() -> None:
    """It names the route itself; the same is found."""
    made = event("GET", "/v1/articles/bridge-2026/key", "", {}, "192.0.2.1")
    named = {"resourcePath": "/v1/articles/{id}/key", "stage": "api", "httpMethod": "GET"}
    by_rest = {**made, "resource": "/v1/articles/{id}/key", "pathParameters": {"id": "bridge-2026"}}
    by_rest["requestContext"] = {**made["requestContext"], **named}
    placed = with_route(by_rest)
    assert placed == json.loads(json.dumps(by_rest))
    assert with_route(made)["pathParameters"] == by_rest["pathParameters"]
    assert with_route({**made, "path": "/nothing"})["resource"] == NOTHING_HERE.path
