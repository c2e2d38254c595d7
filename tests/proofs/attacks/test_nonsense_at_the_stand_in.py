"""Whatever is sent to the API is answered in Stripe's shape: never a page, never a 500."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chalicelib.settings import LOCAL_STRIPE_KEY
from localdev.stripe import checkout, reversals
from localdev.stripe.api.endpoint import PARAMS
from localdev.stripe.fidelity import check_answer
from localdev.stripe.params import typed_dict
from testkit.stand_in import Json
from tests.stand_in.in_process import stand_in
from tests.stand_in.sessions import session_params

KEY = {"Authorization": f"Bearer {LOCAL_STRIPE_KEY}"}
FORM = "application/x-www-form-urlencoded"
METHODS = ("GET", "POST", "DELETE", "PUT", "PATCH", "OPTIONS")
# Numbers, times, texts, structures and encodings that somebody may send anywhere.
VALUES = (
    "", "0", "-1", "1.5", "99999999999999999999", "1e400", "nan", "inf", "true", "null", "None", "[]", "{}", "\x00",
    "💛", "%ff", "a" * 6000, "acct_1", "../..", "' OR 1=1 --", "2026-01-01", "now", "eur", "EUR", "xxx",
)  # fmt: skip
BODIES = (
    b"", b"{", b"[1]", b'{"amount": 5}', b"\xff\xfe", b"a=1&a=2", b"a[b]=1&a=2", b"a=1&a[b]=2", b"[]=1", b"a[=1",
    b"=", b"&&&", b"expand=data", b"expand[]=data.a.b.c.d.e.f", b"expand[0][x]=1", b"metadata=x", b"metadata[0]=x",
    b"metadata[a][b]=c", b"limit[]=1", b"created[gte]=x", b"created=1&created[lt]=2", b"a" + b"[b]" * 40 + b"=1",
    b"items[0]=x", b"items[x][price]=y", b"line_items=1", b"price_data[currency]=EUR", b"%00=%00",
)  # fmt: skip


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A stand-in that has one of everything."""
    monkeypatch.setenv("SPILNO_DATA", str(tmp_path))
    made = stand_in(tmp_path)
    account = made.config["ACCOUNT"]
    for mode in ("payment", "subscription"):
        with account.change():
            session = checkout.create(account, session_params(mode))
            checkout.pay(account, session, checkout.Payer("ada@example.org"))
            intent = session["payment_intent"] or account.store.note(session["id"])["intent"]
            reversals.refund(account, reversals.collected(account, intent), 100)
    return made


def _paths(app: Flask, chance: random.Random) -> Iterator[str]:
    """Every address that the API has, with ids that exist, and some that it does not have."""
    rows = app.config["ACCOUNT"].store.run("SELECT id FROM objects")
    known = [row["id"] for row in rows]
    for _, rule in PARAMS:
        for identifier in (chance.choice(known), chance.choice(known), "nobody", "%00", "💛", "a" * 300):
            yield re.sub("<identifier>", identifier, rule)
    yield from ("/v1", "/v1/", "/v1//", "/v1/customers/", "/v1/customers//balance_transactions", "/v2/", "/v2/core")
    yield from ("/v1/accounts", "/v1/payouts/po_1", "/v2/core/accounts", "/v2/core/events", "/v1/customers/search")


def _sent(chance: random.Random, params: str) -> bytes:
    """A body: whole nonsense, or the call's own parameters with nonsense in them."""
    if chance.random() < 0.4:
        return chance.choice(BODIES)
    names = list(typed_dict(params).__annotations__) or ["expand"]
    inner = ("", "", "[]", "[0]", "[gte]", "[type]", "[price_data][currency]", "[x][y]")
    count = chance.randint(1, 3)
    parts = [f"{chance.choice(names)}{chance.choice(inner)}={chance.choice(VALUES)}" for _ in range(count)]
    return "&".join(parts).encode()


def _is_in_stripes_shape(path: str, status: int, kind: str | None, text: str) -> bool:
    assert status < 500, text
    assert kind == "application/json", text
    answer: Json = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    if status < 300:
        check_answer(answer)
        return True
    error = answer["error"]
    assert set(answer) == {"error"}
    assert isinstance(error["message"], str)
    assert error["message"]
    assert "code" in error or error["type"] in ("invalid_request_error", "card_error", "idempotency_error")
    return path.startswith("/v2/") or "type" in error


@pytest.mark.parametrize("seed", range(4))
def test_nonsense_is_answered_as_stripe_answers(app: Flask, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - nonsense that can be repeated
    client, statuses = app.test_client(), set()
    rules: dict[str, str] = {re.sub("<identifier>", "", rule): name for (_, rule), name in PARAMS.items()}
    for path in _paths(app, chance):
        for method in METHODS:
            params = rules.get(path.rpartition("/")[0] + "/", rules.get(path, "CustomerCreateParams"))
            statuses.add(_asked(client, method, path, _sent(chance, params), chance))
    assert {200, 400, 404} <= statuses


def _asked(client: FlaskClient, method: str, path: str, body: bytes, chance: random.Random) -> int:
    kind = chance.choice((FORM, FORM, FORM, "application/json", "text/x"))
    more: dict[str, Any] = {"data": body, "content_type": kind}
    if method in ("GET", "DELETE"):
        more = {"query_string": body.decode("latin-1")}
    answer = client.open(path, method=method, headers=KEY, **more)
    assert _is_in_stripes_shape(path, answer.status_code, answer.mimetype, answer.get_data(as_text=True))
    return answer.status_code


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "💛".encode().decode("latin-1")},
        {"Authorization": "Basic " + "eA" * 900},
        KEY | {"Stripe-Account": "acct_1SomebodyElse"},
        KEY | {"Stripe-Context": "acct_1SomebodyElse"},
        KEY | {"Stripe-Version": "2024-06-20"},
        KEY | {"Idempotency-Key": "k" * 256},
    ],
)
@pytest.mark.parametrize("path", ["/v1/customers", "/v2/core/event_destinations"])
def test_nonsense_in_headers_too(app: Flask, headers: dict[str, str], path: str) -> None:
    method = "POST" if "Idempotency-Key" in headers and path.startswith("/v1") else "GET"
    answer = app.test_client().open(path, method=method, headers=headers)
    assert _is_in_stripes_shape(path, answer.status_code, answer.mimetype, answer.get_data(as_text=True))


def test_a_body_that_is_too_large_is_refused(app: Flask) -> None:
    answer = app.test_client().post("/v1/customers", data=b"name=" + b"a" * 1_100_000, content_type=FORM, headers=KEY)
    assert (answer.status_code, answer.json["error"]["type"]) == (413, "invalid_request_error")  # type: ignore[index]
