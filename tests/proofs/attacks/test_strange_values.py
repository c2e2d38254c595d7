"""Every route with strange words in each place that takes one: never a fault, nothing of it in an answer as markup.

Each answer is also held against the description of its route, as every call of a test is.
"""

import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from pydantic import BaseModel

from chalicelib.http.call import FORM, JSON
from chalicelib.http.route import Route
from chalicelib.http.routes import ROUTES
from testkit.harness import ADA, Harness
from testkit.visitor import Visitor

MARK = "zq9mark"
WORDS = (
    *("constructor", "__proto__", "hasOwnProperty", "\x00", "\r\nX-Evil: 1", "%", "%00", "\U0001f600", "\u202e"),
    *("a" * 129, "Ж" * 700, f'"><script>{MARK}</script>', "{{7*7}}", "../../etc", "SUP#x", "-", "0", "null", " "),
)
VALUES: tuple[Any, ...] = (*WORDS, [], ["a"], {}, {"a": 1}, None, True, -1, 1.5, 10**30)
SENT = {  # where a body must have it, so that the one strange value is all that is wrong
    "amount": 600,
    "months": 1,
    "in_months": 3,
    "currency": "eur",
    "interval": "month",
    "kind": "cancel",
    "attempt": "attempt-of-strange-words",
    "email": ADA,
    "code": "AAAA-AAAA",
    "sure": "yes",
    "wanted": "on",
    "title": "t",
    "url": "http://127.0.0.1:8080/t",
    "access": "open",
    "teaser_html": "t",
    "device": "a-device",
}


def model(name: str) -> type[BaseModel] | None:
    module, _, kind = name.partition(":")
    return getattr(import_module(f"chalicelib.{module}"), kind) if name else None


def names(kind: type[BaseModel] | None, *, needed: bool = False) -> list[str]:
    fields = kind.model_fields.items() if kind else ()
    return [field.alias or name for name, field in fields if field.is_required() or not needed]


def places(route: Route, value: Any) -> Iterator[tuple[str, str, str]]:
    """Each call that has the value in one place: address, body, media type."""
    parts = route.path.split("/")
    address = "/".join("sub_1" if part.startswith("{") else part for part in parts)
    word = value if isinstance(value, str) else None
    if word is not None:
        for at in (at for at, part in enumerate(parts) if part.startswith("{")):
            yield "/".join((*address.split("/")[:at], quote(word, safe=""), *address.split("/")[at + 1 :])), "", JSON
        for name in (*names(model(route.query)), "lang", "return_to"):
            yield f"{address}?{urlencode({name: word})}", "", JSON
    if route.method in ("POST", "PUT"):
        needed = {name: SENT.get(name, "x") for name in names(model(route.request), needed=True)}
        for name in (*names(model(route.request)), f"<script>{MARK}"):
            yield address, json.dumps({**needed, name: value}), JSON
            if word is not None:
                yield address, urlencode({**needed, name: word}), FORM


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_strange_words_are_no_fault(harness: Harness, capfd: pytest.CaptureFixture[str], route: Route) -> None:
    harness.tell(harness.gives(500, "month", ADA))
    ada = Visitor()
    harness.sign_in(ada, ADA)
    signed_in, tried = dict(ada.cookies), 0
    for value in VALUES:
        for address, body, media in places(route, value):
            visitor = Visitor(cookies=dict(signed_in) if tried % 2 else {}, client=f"192.0.2.{tried % 250}")
            headers = {"Content-Type": media, "Accept": "text/html"} if body else {"Accept": "text/html"}
            reply = visitor.call(route.method, address, body, headers)
            tried += 1
            assert reply.status < 500, (address[:80], body[:200], reply.text)
            assert "x-evil" not in reply.headers
            if reply.headers["content-type"].startswith("text/html"):
                assert f"<script>{MARK}" not in reply.text, (address[:80], body[:200])
            elif reply.status >= 400:
                assert MARK not in reply.text, (address[:80], body[:200])
    assert tried > len(WORDS)
    assert MARK not in "".join(capfd.readouterr()), "nothing of it is in the log"
