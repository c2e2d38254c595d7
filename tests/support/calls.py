"""Calls the app as Lambda would: an API Gateway event in, a response out, with a browser's cookies kept between."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from chalicelib.http.routes import NOTHING_HERE, ROUTES
from tests.support.described import assert_described

SITE = "http://127.0.0.1:8080"  # the demo newsroom's origin
API = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Reply:
    """A response as API Gateway got it. Header names in lower case; `set_cookies` one by one."""

    status: int
    headers: Mapping[str, str]
    set_cookies: tuple[str, ...]
    text: str

    @property
    def json(self) -> Any:
        """The body, which must be JSON."""
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """The code of a problem."""
        assert self.headers["content-type"] == "application/problem+json", self.text
        return str(self.json["code"])


@dataclass
class Visitor:
    """A browser (cookies kept, `origin` sent with what changes something) or a program (origin None)."""

    origin: str | None = SITE
    client: str = "192.0.2.1"
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, url: str, **headers: str) -> Reply:
        """A GET; a query may stand in the address."""
        return self.call("GET", url, headers=headers)

    def navigate(self, url: str) -> Reply:
        """A GET as a person's browser sends it."""
        return self.call("GET", url, headers={"Accept": "text/html,*/*"})

    def post(self, url: str, body: Any = None, **headers: str) -> Reply:
        """A POST of JSON."""
        return self.call("POST", url, json.dumps(body or {}), {"Content-Type": "application/json", **headers})

    def submit(self, url: str, fields: Mapping[str, str]) -> Reply:
        """A form of a page of the API's own."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": API, "Accept": "text/html"}
        return self.call("POST", url, urlencode(fields), headers)

    def put(self, url: str, body: Any, **headers: str) -> Reply:
        """A PUT of JSON."""
        return self.call("PUT", url, json.dumps(body), {"Content-Type": "application/json", **headers})

    def delete(self, url: str, **headers: str) -> Reply:
        """A DELETE."""
        return self.call("DELETE", url, headers=headers)

    def call(self, method: str, url: str, body: str = "", headers: Mapping[str, str] | None = None) -> Reply:
        """Any call. A header given as an empty string is not sent."""
        sent = {"Host": "api.example", **({"Origin": self.origin} if self.origin and method != "GET" else {})}
        sent |= headers or {}
        if self.cookies:
            sent.setdefault("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        reply = invoke(event(method, url, body, {name: value for name, value in sent.items() if value}, self.client))
        for header in reply.set_cookies:
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.cookies[name]
        return reply


def event(method: str, url: str, body: str, headers: Mapping[str, str], client: str) -> dict[str, Any]:
    """The REST API (v1) proxy event that API Gateway would send for this request."""
    parts = urlsplit(url)
    resource, params = _matched(method, parts.path)
    query = parse_qsl(parts.query, keep_blank_values=True)
    return {
        "resource": resource,
        "path": parts.path,
        "httpMethod": method,
        "headers": dict(headers),
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": {name: [v for n, v in query if n == name] for name, _ in query} or None,
        "pathParameters": params or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": method,
            "path": parts.path,
            "stage": "api",
            "requestId": "test",
            "identity": {"sourceIp": client},
        },
        "body": body or None,
        "isBase64Encoded": False,
    }


def invoke(api_event: dict[str, Any]) -> Reply:
    """Hand an event to the app, through JSON both ways as between API Gateway and Lambda."""
    import app

    answer = json.loads(json.dumps(app.app(json.loads(json.dumps(api_event)), None)))
    headers = {name.lower(): value for name, value in answer.get("headers", {}).items()}
    several = {name.lower(): values for name, values in answer.get("multiValueHeaders", {}).items()}
    headers |= {name: values[-1] for name, values in several.items()}
    reply = Reply(answer["statusCode"], headers, tuple(several.get("set-cookie", ())), answer["body"])
    resource, method = api_event["resource"], api_event["httpMethod"]
    assert_described(method, resource, reply.status, headers.get("content-type", ""), reply.text)
    return reply


def _matched(method: str, path: str) -> tuple[str, dict[str, str]]:
    asked = path.strip("/").split("/")
    # Like API Gateway: a literal part wins over a parameter. OPTIONS is there for every path, and GET comes to us
    # wherever nothing else would answer it.
    everywhere = method in ("OPTIONS", "GET")
    asked_for = "GET" if method == "HEAD" else method
    patterns = sorted(
        {route.path for route in ROUTES if everywhere or route.method == asked_for}, key=lambda p: "{" in p
    )
    for pattern in patterns:
        wanted = pattern.strip("/").split("/")
        pairs = list(zip(wanted, asked, strict=False))
        if len(wanted) == len(asked) and all(want.startswith("{") or want == got for want, got in pairs):
            return pattern, {want[1:-1]: got for want, got in pairs if want.startswith("{")}
    if asked_for == "GET":
        return NOTHING_HERE.path, {"proxy": path[1:]}
    raise LookupError(f"API Gateway knows no {method} {path}.")
