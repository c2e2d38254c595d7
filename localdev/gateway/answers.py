"""HTTP answers: from a function's response dict as API Gateway reads it, and API Gateway's own refusals."""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from localdev.gateway.event import is_binary
from localdev.ports import ROOT

RESPONSES = ROOT / "infra" / "gateway_responses.json"
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
REMAPPED = frozenset({"authorization", "connection", "content-length", "date", "expect", "host", "max-forwards",
                      "proxy-authenticate", "server", "transfer-encoding", "trailer", "upgrade",
                      "www-authenticate"})  # fmt: skip
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_UNSAFE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class Malformed(Exception):
    """The function answered something that is no proxy response."""


@dataclass(frozen=True)
class HttpAnswer:
    """Status, headers (latin-1 text) and body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@cache
def _templates() -> Mapping[str, Mapping[str, Mapping[str, object]]]:
    loaded: Mapping[str, Mapping[str, Mapping[str, object]]] = json.loads(RESPONSES.read_text())
    return loaded


def refusal(kind: str, *, status: int | None = None) -> HttpAnswer:
    """API Gateway's own answer of this type, such as REQUEST_TOO_LARGE."""
    return _rendered(_templates()["x-amazon-apigateway-gateway-responses"][kind], "gatewayresponse.header.", status)


def wrong_method(allowed: Iterable[str]) -> HttpAnswer:
    """The known path does not take this method: what the template's ANY method answers."""
    integration = _templates()["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"]
    responses = integration["responses"]
    assert isinstance(responses, dict)
    answer = _rendered(responses["default"], "method.response.header.", None)
    headers = tuple((name, value.replace("{allow}", ", ".join(allowed))) for name, value in answer.headers)
    return HttpAnswer(answer.status, headers, answer.body)


def _rendered(template: Mapping[str, object], prefix: str, status: int | None) -> HttpAnswer:
    bodies, parameters = template["responseTemplates"], template["responseParameters"]
    assert isinstance(bodies, dict)
    assert isinstance(parameters, dict)
    body = json.loads(bodies["application/json"])
    body["status"] = status or body["status"]
    headers = tuple((name.removeprefix(prefix), value.strip("'")) for name, value in parameters.items())
    return HttpAnswer(body["status"], headers, json.dumps(body, ensure_ascii=False).encode())


def answer(response: object, accept: str, binary_types: Iterable[str]) -> HttpAnswer:
    """A function's response as the caller sees it.

    :raises Malformed: when API Gateway would answer 502 for it.
    """
    if not isinstance(response, dict) or "statusCode" not in response:
        raise Malformed("no statusCode")
    try:
        status = int(response["statusCode"])
    except (TypeError, ValueError) as error:
        raise Malformed("statusCode is no number") from error
    if not 200 <= status <= 599:  # noqa: PLR2004 - the final statuses of HTTP
        raise Malformed(f"statusCode {status}")
    return HttpAnswer(status, tuple(_headers(response)), _body(response, accept, binary_types))


def _headers(response: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    """Single and multi-value headers together; where both name one, the multi-value ones win."""
    single, multi = response.get("headers") or {}, response.get("multiValueHeaders") or {}
    if not isinstance(single, dict) or not isinstance(multi, dict):
        raise Malformed("headers are no object")
    many = {name.lower() for name in multi}
    pairs = [(name, value) for name, value in single.items() if name.lower() not in many]
    for name, values in multi.items():
        if not isinstance(values, list):
            raise Malformed(f"multiValueHeaders['{name}'] is no list")
        pairs += [(name, value) for value in values]
    for name, value in pairs:
        if isinstance(value, (dict, list)) or value is None:
            raise Malformed(f"header {name} is no text")
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if not _TOKEN.fullmatch(name) or _UNSAFE.search(text):
            raise Malformed(f"header {name!r} holds what HTTP does not allow")
        sent = f"x-amzn-Remapped-{name}" if name.lower() in REMAPPED else name
        yield sent, text.encode().decode("latin-1") if not text.isascii() else text


def _body(response: Mapping[str, object], accept: str, binary_types: Iterable[str]) -> bytes:
    body = response.get("body", "")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise Malformed("body is no text")
    # API Gateway decodes base64 only when the *first* type the caller accepts is one of the binary types.
    if response.get("isBase64Encoded") and is_binary(accept.split(",", maxsplit=1)[0], binary_types):
        try:
            return base64.b64decode(body, validate=True)
        except binascii.Error as error:
            raise Malformed("body is no base64") from error
    try:
        return body.encode()
    except UnicodeEncodeError as error:
        raise Malformed("body is no Unicode text") from error
