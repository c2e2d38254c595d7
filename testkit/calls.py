"""Calls the app as Lambda would: an API Gateway event in, a response out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from chalicelib.http.routes import NOTHING_HERE, ROUTES
from testkit.described import assert_described

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


def in_process(method: str, url: str, body: str, headers: Mapping[str, str], client: str) -> Reply:
    """A call to the app of this process."""
    return invoke(event(method, url, body, headers, client))


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
