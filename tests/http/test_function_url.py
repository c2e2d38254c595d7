"""A function's own URL speaks payload format 2.0: the same calls, the same answers."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from chalicelib.http.function_url import as_format_1, as_format_2
from testkit.calls import Reply
from testkit.harness import ADA, Harness
from testkit.visitor import Visitor
from tests.signing_in.test_sign_in import asked, confirm


def event_2(method: str, url: str, body: str, headers: Mapping[str, str], client: str) -> dict[str, Any]:
    """What a function's URL sends: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html."""
    parts = urlsplit(url)
    lower = {name.lower(): value for name, value in headers.items()}
    cookies = lower.pop("cookie", "")
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": parts.path,
        "rawQueryString": parts.query,
        **({"cookies": cookies.split("; ")} if cookies else {}),
        "headers": lower,
        "requestContext": {
            "accountId": "anonymous",
            "http": {"method": method, "path": parts.path, "protocol": "HTTP/1.1", "sourceIp": client},
            "requestId": "id",
            "routeKey": "$default",
            "stage": "$default",
        },
        **({"body": body} if body else {}),
        "isBase64Encoded": False,
    }


def by_url(method: str, url: str, body: str, headers: Mapping[str, str], client: str) -> Reply:
    """A call to the app of this process as by a function's URL."""
    import app

    answer = json.loads(json.dumps(app.app(event_2(method, url, body, headers, client), None)))
    assert set(answer) == {"statusCode", "headers", "cookies", "body", "isBase64Encoded"}
    told = {name.lower(): value for name, value in answer["headers"].items()}
    return Reply(answer["statusCode"], told, tuple(answer["cookies"]), answer["body"])


def test_somebody_signs_in_by_it_and_cookies_go_both_ways(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month"))
    reader = Visitor(transport=by_url, email=ADA)
    mail = asked(harness, reader, ADA)
    assert confirm(reader, token=mail.token).status == 200
    assert len(reader.cookies) > 1
    assert reader.get("/v1/session").json["signed_in"] is True
    assert reader.get("/v1/access?needs=members").json["open"] is True


@pytest.mark.usefixtures("harness")
def test_refusals_are_the_same() -> None:
    for method, path, status in (
        ("GET", "/nothing", 404),
        ("PATCH", "/v1/newsroom", 405),
        ("POST", "/v1/checkouts", 415),
        ("GET", "/v1/articles/%D1%96", 400),
    ):
        here, there = Visitor(), Visitor(transport=by_url)
        body = "{}" if method == "POST" else ""
        expected, got = here.call(method, path, body), there.call(method, path, body)
        assert (got.status, got.json) == (expected.status, expected.json) == (status, expected.json)
        assert {**got.headers} == {**expected.headers}


def test_the_query_keeps_each_value_and_the_body_its_bytes() -> None:
    made = as_format_1({**event_2("POST", "/donate?a=1&a=2&b=&c=%D1%96&d=%zz", "eA==", {}, "::1"),
                        "isBase64Encoded": True})  # fmt: skip
    query = {"a": ["1", "2"], "b": [""], "c": ["і"], "d": ["%zz"]}
    assert made["multiValueQueryStringParameters"] == query
    assert (made["body"], made["isBase64Encoded"]) == ("eA==", True)
    assert made["requestContext"]["identity"] == {"sourceIp": "::1"}


def test_each_cookie_is_a_line_of_its_own() -> None:
    made = as_format_1(event_2("GET", "/", "", {"Cookie": "a=1; b=2", "X-Many": "1,2"}, "192.0.2.1"))
    assert made["multiValueHeaders"]["cookie"] == ["a=1", "b=2"]
    answer = as_format_2(
        {"statusCode": 200, "headers": {"A": "b"}, "multiValueHeaders": {"Set-Cookie": ["x=1", "y=2"]}, "body": ""}
    )
    assert answer["cookies"] == ["x=1", "y=2"]
    assert answer["headers"] == {"A": "b"}


@pytest.mark.usefixtures("harness")
def test_a_bare_event_is_answered() -> None:
    import app

    bare = {"version": "2.0", "requestContext": {"http": {"method": "GET"}}}
    assert app.app(bare, None)["statusCode"] == 303
