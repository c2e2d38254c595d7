"""Payload format 2.0, which a function's own URL speaks, to and from format 1.0: the way out of API Gateway.

Nothing is deployed with it; decision 0105 says why it is there.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl


def as_format_1(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event as an HTTP API with format 1.0 would send it.

    Format 2.0 joins headers of one name by commas and takes cookies out of them; each cookie is a line of its own
    again here. The path stays as it came.
    """
    context = event["requestContext"]
    http = context["http"]
    headers = dict(event.get("headers") or {})
    several = {name: [value] for name, value in headers.items()}
    if cookies := event.get("cookies"):
        headers["cookie"] = "; ".join(cookies)
        several["cookie"] = list(cookies)
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(event.get("rawQueryString") or "", keep_blank_values=True, errors="replace"):
        query.setdefault(name, []).append(value)
    return {
        "version": "1.0",
        "path": event.get("rawPath") or "/",
        "httpMethod": http["method"],
        "headers": headers,
        "multiValueHeaders": several,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "requestContext": {
            "httpMethod": http["method"],
            "stage": "$default",
            "requestId": context.get("requestId"),
            "extendedRequestId": context.get("requestId"),
            "identity": {"sourceIp": http.get("sourceIp")},
        },
        "body": event.get("body"),
        "isBase64Encoded": bool(event.get("isBase64Encoded")),
    }


def as_format_2(response: Mapping[str, Any]) -> dict[str, Any]:
    """The response in format 2.0: cookies in a list of their own, any other header in one line."""
    headers = dict(response["headers"])
    cookies: list[str] = []
    for name, values in response["multiValueHeaders"].items():
        if name.lower() == "set-cookie":
            cookies += values
        else:
            headers[name] = ", ".join(values)
    return {
        "statusCode": response["statusCode"],
        "headers": headers,
        "cookies": cookies,
        "body": response["body"],
        "isBase64Encoded": bool(response.get("isBase64Encoded")),
    }
