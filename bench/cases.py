"""The requests that are measured, as API Gateway hands them to a function."""

import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from chalicelib.articles.rules import sealed_text
from chalicelib.kernel.moments import RealTime
from chalicelib.reading.rules import passes
from chalicelib.reading.rules.passes import Pass

Event = dict[str, Any]
PUBLIC_URL, SITE_ID = "https://news.example/support", "herald"
KEY = "a-key-of-the-benchmarks-alone-0123456789"
SEAL_KEYS = (("s1", b"a-seal-key-of-the-benchmarks-alone-0123456789ab"),)
WEBHOOK_SECRET = "whsec_bench"  # noqa: S105 - opens nothing
ENVIRONMENT: Mapping[str, str] = {
    "SPILNO_STAGE": "dev",
    "SPILNO_SITE_ID": SITE_ID,
    "SPILNO_PUBLIC_URL": PUBLIC_URL,
    "SPILNO_SITE_ORIGINS": "https://news.example",
    "SPILNO_TABLE": "spilno-dev",
    "SPILNO_PASS_KEYS": f"k1:{KEY}",
    "SPILNO_SEAL_KEYS": ",".join(f"{kid}:{key.decode()}" for kid, key in SEAL_KEYS),
    "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
    "AWS_DEFAULT_REGION": "eu-central-1",
    # What Powertools would otherwise complain about
    "POWERTOOLS_SERVICE_NAME": "bench",
}
COOKIE = "__Host-spilno-pass"
_FAR = 4_000_000_000
# What a browser sends, through CloudFront, on every call
_BROWSER = {
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate, br",
    "Accept-Language": "uk-UA,uk;q=0.9,en;q=0.8",
    "Cache-Control": "no-cache",
    "Host": "api.example",
    "Referer": "https://news.example/2026/11/an-article",
    "Sec-Fetch-Dest": "empty",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Site": "same-origin",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36",
    "Via": "2.0 0123456789abcdef.cloudfront.net (CloudFront)",
    "X-Amz-Cf-Id": "0123456789abcdef0123456789abcdef0123456789abcdef0123",
    "X-Amzn-Trace-Id": "Root=1-00000000-000000000000000000000000",
    "X-Forwarded-For": "192.0.2.1, 198.51.100.7",
    "X-Forwarded-Port": "443",
    "X-Forwarded-Proto": "https",
}


def event(method: str, url: str, body: str | None = None, headers: Mapping[str, str] | None = None) -> Event:
    """One event of the REST API (version 1 of the proxy format)."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    sent = {**_BROWSER, **(headers or {})}
    return {
        "resource": parts.path,
        "path": parts.path,
        "httpMethod": method,
        "headers": sent,
        "multiValueHeaders": {name: [value] for name, value in sent.items()},
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": {name: [v for n, v in query if n == name] for name, _ in query} or None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": parts.path,
            "httpMethod": method,
            "path": f"/api{parts.path}",
            "stage": "api",
            "requestId": "00000000-0000-0000-0000-000000000000",
            "identity": {"sourceIp": "192.0.2.1", "userAgent": sent["User-Agent"]},
        },
        "body": body,
        "isBase64Encoded": False,
    }


def pass_of(tiers: tuple[str, ...] = ("member",), **differing: Any) -> str:
    """A pass, good for five minutes; `key`, `kid`, `issuer`, `audience` or `exp` may differ from a good one's."""
    exp = differing.get("exp", int(time.time()) + passes.LIFE)
    return passes.issue(
        Pass("sup_bench", tiers[-1], tiers, max(exp, _FAR), exp),
        keys=[(differing.get("kid", "k1"), differing.get("key", KEY).encode())],
        issuer=differing.get("issuer", PUBLIC_URL),
        audience=differing.get("audience", SITE_ID),
    )


def gate(token: str = "", *, needs: str = "members", as_bearer: bool = False) -> Event:
    """A gate check."""
    carried = {"Authorization": f"Bearer {token}"} if as_bearer else {"Cookie": f"theme=dark; {COOKIE}={token}"}
    return event("GET", f"/v1/access?needs={needs}", headers=carried if token else None)


def key_of_a_text(token: str) -> Event:
    """The call for the key of a sealed text, with a fresh ticket."""
    article, needs = "bridge-2026", "members"
    version = sealed_text.version(article, needs, b"a packed text", SEAL_KEYS[0])
    ticket = sealed_text.ticket(article, version, needs, SEAL_KEYS, RealTime(int(time.time())))
    url = f"/v1/articles/{article}/key?v={version}&needs={needs}&t={ticket}"
    made = event("GET", url, headers={"Cookie": f"theme=dark; {COOKIE}={token}"})
    made |= {"resource": "/v1/articles/{id}/key", "pathParameters": {"id": article}}
    made["requestContext"]["resourcePath"] = made["resource"]
    return made


def trivial() -> Event:
    """A request that is answered without any work: the bare address leads on to the donation page."""
    return event("GET", "/")


def refused_form() -> Event:
    """A checkout whose amount is below the newsroom's minimum: read, checked, refused, and nothing else asked."""
    wish = {"amount": 1, "currency": "eur", "interval": "once", "attempt": "A" * 32}
    asked = event("POST", "/v1/checkouts", json.dumps(wish), {"Content-Type": "application/json"})
    # Asked by a program: ours would else say it in the reader's language, which the peers do not.
    del asked["headers"]["Accept-Language"], asked["multiValueHeaders"]["Accept-Language"]
    return asked


def webhook(size: int, at: int | None = None) -> Event:
    """A signed event of at least `size` bytes: an invoice of the other mode, which is kept, no more."""
    body = _stripe_event(size)
    at = int(time.time()) if at is None else at
    digest = hmac.digest(WEBHOOK_SECRET.encode(), f"{at}.{body}".encode(), "sha256").hex()
    headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": f"t={at},v1={digest}"}
    return event("POST", "/v1/stripe/webhook", body, headers)


def _stripe_event(size: int) -> str:
    lines: list[Event] = []
    invoice = {
        "id": "in_bench",
        "object": "invoice",
        "amount_paid": 50_000,
        "currency": "eur",
        "customer": "cus_bench",
        "customer_email": "reader@reader.example",
        "lines": {"object": "list", "data": lines, "has_more": False},
        "parent": {"subscription_details": {"metadata": {"spilno": SITE_ID}, "subscription": "sub_bench"}},
        "status": "paid",
    }
    told = {
        "id": "evt_bench",
        "object": "event",
        "api_version": "2026-01-28",
        "created": 1_700_000_000,
        "data": {"object": invoice},
        "livemode": True,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": "invoice.paid",
    }
    while len(text := json.dumps(told, indent=2)) < size:
        lines.append(_line(len(lines)))
    return text


def _line(number: int) -> Event:
    # Identifiers differ as Stripe's do, or a long event would compress like no real one.
    tail = hmac.digest(b"line", str(number).encode(), "sha256").hex()
    return {
        "id": f"il_{tail[:24]}",
        "object": "line_item",
        "amount": 100 * number,
        "currency": "eur",
        "description": f"Support, month {number + 1}",
        "metadata": {"spilno": SITE_ID},
        "period": {"start": 1_700_000_000 + number * 2_592_000, "end": 1_702_592_000 + number * 2_592_000},
        "pricing": {"price_details": {"price": f"price_{tail[24:48]}", "product": f"prod_{tail[48:62]}"}},
        "quantity": 1,
        "subscription": "sub_bench",
    }
