"""API Gateway's REST proxy event (payload format 1.0) from one HTTP request.

Shape: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

import base64
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from localdev.gateway.routes import Match

STAGE = "local"
ACCOUNT = "000000000000"
API = "spilnolocal"


@dataclass(frozen=True)
class HttpRequest:
    """One request as it came over the wire. `path` and `query` are raw; header values are latin-1 text."""

    method: str
    path: str
    query: str
    protocol: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    peer: str
    host: str
    port: int

    def header(self, name: str) -> str:
        """The last value of a header, or an empty text."""
        return next((value for key, value in reversed(self.headers) if key.lower() == name.lower()), "")


def event(request: HttpRequest, match: Match, binary_types: Iterable[str]) -> dict[str, object]:
    """What Lambda receives. Never fails: odd bytes in the query become replacement characters."""
    now = datetime.now(UTC)
    headers = _headers_with_ours(request)
    query = _grouped(parse_qsl(request.query, keep_blank_values=True, errors="replace"))
    body, is_base64 = _body(request, binary_types)
    return {
        "resource": match.resource,
        "path": request.path,
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": dict(match.parameters) or None,
        "stageVariables": None,
        "requestContext": {
            "resourceId": "local",
            "resourcePath": match.resource,
            "httpMethod": request.method,
            "extendedRequestId": uuid.uuid4().hex[:16],
            "requestTime": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "requestTimeEpoch": int(now.timestamp() * 1000),
            "path": f"/{STAGE}{request.path}",
            "accountId": ACCOUNT,
            "protocol": request.protocol,
            "stage": STAGE,
            "domainPrefix": API,
            "domainName": request.host,
            "requestId": str(uuid.uuid4()),
            "identity": {
                "sourceIp": request.peer,
                "userAgent": request.header("User-Agent") or None,
                "user": None,
                "caller": None,
                "accessKey": None,
                "apiKey": None,
            },
            "apiId": API,
        },
        "body": body,
        "isBase64Encoded": is_base64,
    }


def is_binary(content_type: str, binary_types: Iterable[str]) -> bool:
    """Does API Gateway treat this media type as binary? `*/*` in the list means everything."""
    essence = content_type.split(";", maxsplit=1)[0].strip().lower()
    return any(kind in (essence, "*/*") for kind in binary_types) and (essence != "" or "*/*" in binary_types)


def _headers_with_ours(request: HttpRequest) -> dict[str, list[str]]:
    """The caller's headers, and those that API Gateway adds. A forwarded address is kept, ours goes last."""
    added = [
        ("X-Forwarded-Port", str(request.port)),
        ("X-Forwarded-Proto", "http"),
        ("X-Amzn-Trace-Id", f"Root=1-{uuid.uuid4().hex[:8]}-{uuid.uuid4().hex[:24]}"),
    ]
    replaced = {name.lower() for name, _ in added} | {"x-forwarded-for"}
    forwarded = ", ".join(value for name, value in request.headers if name.lower() == "x-forwarded-for")
    kept = [(name, value) for name, value in request.headers if name.lower() not in replaced]
    trail = f"{forwarded}, {request.peer}" if forwarded else request.peer
    return _grouped([*kept, ("X-Forwarded-For", trail), *added])


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped


def _body(request: HttpRequest, binary_types: Iterable[str]) -> tuple[str | None, bool]:
    """The body as text, or as base64 where its type is binary or its bytes are not UTF-8; None when empty."""
    if not request.body:
        return None, False
    if not is_binary(request.header("Content-Type"), binary_types):
        try:
            return request.body.decode(), False
        except UnicodeDecodeError:
            pass  # the function gets the very bytes, for a signature is over bytes
    return base64.b64encode(request.body).decode("ascii"), True
