"""Half a surrogate pair, escaped, is valid JSON and no text: it is refused wherever it stands, never a fault."""

import json
import re

import pytest

from chalicelib.http.routes import NOTHING_HERE, ROUTES
from testkit.calls import event, invoke
from testkit.gift_links import put
from testkit.harness import Harness
from testkit.visitor import Visitor

ARTICLE = {"title": "t", "url": "https://news.example/t", "access": "open", "teaser_html": "t", "body_html": "b"}
GIFT = {"amount": 500, "currency": "eur", "interval": "once", "attempt": "attempt-of-half-a-character"}
HALF = "a\ud83d"


@pytest.mark.parametrize("field", [*ARTICLE, "opens_at", HALF])
def test_an_article(harness: Harness, field: str) -> None:
    reply = Visitor(origin=None).put("/v1/articles/half", {**ARTICLE, field: HALF}, **harness.cms_key())
    assert (reply.status, reply.code) == (400, "bad_encoding")


@pytest.mark.usefixtures("harness")
@pytest.mark.parametrize("field", ["attempt", "currency", "email", "source", "return_to", "campaign", "locale"])
def test_a_wish_to_give(field: str) -> None:
    reply = Visitor().post("/v1/checkouts", {**GIFT, field: HALF})
    assert (reply.status, reply.code) == (400, "bad_encoding")


@pytest.mark.usefixtures("harness")
def test_signing_in() -> None:
    for path, body in (("/v1/sign-in", {"email": f"{HALF}@news.example"}), ("/v1/sign-in/confirm", {"code": HALF})):
        assert Visitor().post(path, body).code == "bad_encoding"


@pytest.mark.usefixtures("harness")
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_key_of_the_cms(method: str) -> None:
    body, headers = ("", {}) if method != "PUT" else ("{}", {"Content-Type": "application/json"})
    reply = Visitor(origin=None).call(
        method, "/v1/articles/half", body, {"Authorization": f"Bearer {HALF}", **headers}
    )
    assert (reply.status, reply.code) == (401, "unknown_key")


NAMES = (
    *(
        "gift",
        "v",
        "t",
        "needs",
        "lang",
        "source",
        "return_to",
        "session_id",
        "amount",
        "currency",
        "interval",
        "email",
    ),
    *("campaign", "code", "part", "see", "give", "made", "done", "deleted", "everywhere", "kind", "when", "x", HALF),
)
CALLED = sorted({route.path for route in (*ROUTES, NOTHING_HERE) if route.method == "GET"})


@pytest.mark.parametrize("path", CALLED)
def test_a_query_of_any_page(harness: Harness, path: str) -> None:
    """What decodes a query before us may hand one on, such as of `%ED%A0%BD`."""
    put(harness, article="a.b")
    address = re.sub(r"{[\w+]+}", "a.b", path)
    for headers in ({"Accept": "text/html"}, {}):
        api_event = event("GET", f"{address}?x=1", "", {"Host": "api.example", **headers}, "192.0.2.1")
        api_event["multiValueQueryStringParameters"] = {name: [HALF] for name in NAMES}
        reply = invoke(api_event)
        assert reply.status < 500, reply.text
        assert json.dumps([reply.text, dict(reply.headers), reply.set_cookies], ensure_ascii=False).encode()


def test_whole_pairs_are_text(harness: Harness) -> None:
    put = Visitor(origin=None).put(
        "/v1/articles/whole", {**ARTICLE, "title": "Весна \U0001f33b"}, **harness.cms_key()
    )
    assert (put.status, put.json["title"]) == (200, "Весна \U0001f33b")


@pytest.mark.parametrize(
    "moment",
    ["2026-W01-1T00:00:00Z", "2026-01-01", "20260101T000000Z", "2026-01-01T00:00:00", "1", 1, "٢٠٢٦-01-01T00:00:00Z"],
)
def test_only_rfc_3339_is_a_time(harness: Harness, moment: object) -> None:
    reply = Visitor(origin=None).put("/v1/articles/time", {**ARTICLE, "opens_at": moment}, **harness.cms_key())
    assert (reply.status, reply.code, reply.json["field"]) == (400, "bad_input", "opens_at")


def test_a_year_keeps_its_four_digits(harness: Harness) -> None:
    put = Visitor(origin=None).put(
        "/v1/articles/old", {**ARTICLE, "opens_at": "0800-12-25T00:00:00Z"}, **harness.cms_key()
    )
    assert put.json["opens_at"] == "0800-12-25T00:00:00Z"
