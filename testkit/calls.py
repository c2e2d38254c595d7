"""Calls the app as Lambda would: an API Gateway event in, a response out."""

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from chalicelib.http.gateway import with_route
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
    """The event of payload format 1.0 that an HTTP API would send for this request: it names no route of ours."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    return {
        "version": "1.0",
        "resource": "$default",
        "path": parts.path,
        "httpMethod": method,
        "headers": dict(headers),
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": {name: [v for n, v in query if n == name] for name, _ in query} or None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "resourceId": "$default",
            "resourcePath": "$default",
            "httpMethod": method,
            "path": parts.path,
            "stage": "$default",
            "requestId": "test",
            "identity": {"sourceIp": client},
        },
        "body": body or None,
        "isBase64Encoded": False,
    }


def invoke(api_event: dict[str, Any]) -> Reply:
    """Hand an event to the app, through JSON both ways as between API Gateway and Lambda; the text is unpacked."""
    import app

    answer = json.loads(json.dumps(app.app(json.loads(json.dumps(api_event)), None)))
    headers = {name.lower(): value for name, value in answer.get("headers", {}).items()}
    several = {name.lower(): values for name, values in answer.get("multiValueHeaders", {}).items()}
    headers |= {name: values[-1] for name, values in several.items()}
    text = answer["body"]
    if headers.pop("content-encoding", ""):
        text = gzip.decompress(base64.b64decode(text)).decode()
    reply = Reply(answer["statusCode"], headers, tuple(several.get("set-cookie", ())), text)
    resource, method = with_route(api_event)["resource"], api_event["httpMethod"]
    assert_described(method, resource, reply.status, headers.get("content-type", ""), reply.text)
    return reply
