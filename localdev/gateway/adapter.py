"""HTTP in, Lambda event out, answer back: API Gateway's part, as a WSGI app."""

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from localdev.gateway import answers, loopback_cookies
from localdev.gateway.answers import HttpAnswer, Malformed
from localdev.gateway.event import HttpRequest, event
from localdev.gateway.pool import FunctionFailed, FunctionTimedOut, PayloadTooLarge, Pool
from localdev.gateway.routes import Match, NoMethod, NoRoute, RouteTable

REQUEST_BYTES = 10 * 1024 * 1024  # API Gateway's payload limit, not to be raised
DRAIN_BYTES = 64 * 1024 * 1024  # read on so far after a refusal, so that the caller hears it
Environ = dict[str, Any]


class _Raw(threading.local):
    """The headers as gunicorn parsed them: WSGI would merge repeated ones. Set before each request."""

    headers: tuple[tuple[str, str], ...] = ()


RAW = _Raw()


class BodyCutShort(Exception):
    """The caller went away before the body was complete."""


class Adapter:
    """The WSGI app over one pool of function processes. `log` gets one line a request: the route, never the path.

    `public_url` is where callers reach it: over plain http WebKit gets its cookies in a form that it takes.
    """

    def __init__(self, pool: Pool, log: Callable[[str], object], public_url: str = "") -> None:
        self._pool, self._log, self._public_url = pool, log, public_url
        self._routes = RouteTable(pool.about["routes"])
        self._binary_types: list[str] = pool.about["binary_types"]

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request; never raises for what a caller sends."""
        started = time.monotonic()
        method, route = environ["REQUEST_METHOD"], "-"
        try:
            path, query = _target(environ)
            match = self._routes.match(method, path)
            route = match.resource
            answer = self._call(_request(environ, path, query), match)
        except NoRoute:
            answer = answers.refusal("MISSING_AUTHENTICATION_TOKEN")
        except NoMethod as error:
            answer = answers.wrong_method(error.allowed)
        except PayloadTooLarge:
            answer = answers.refusal("REQUEST_TOO_LARGE")
        except BodyCutShort:
            answer = answers.refusal("BAD_REQUEST_BODY")
        _drain(environ)
        milliseconds = (time.monotonic() - started) * 1000
        self._log(f"{time.strftime('%H:%M:%S')} {answer.status} {method} {route} {milliseconds:.0f} ms")
        return _respond(answer, method, start_response)

    def _call(self, request: HttpRequest, match: Match) -> HttpAnswer:
        """The function's answer to this request."""
        plain = loopback_cookies.needed(self._public_url, request.header("User-Agent"))
        if plain:
            request = replace(request, headers=loopback_cookies.incoming(request.headers))
        answer = self._invoke(event(request, match, self._binary_types), request.header("Accept"))
        return replace(answer, headers=loopback_cookies.outgoing(answer.headers)) if plain else answer

    def _invoke(self, payload: dict[str, Any], accept: str) -> HttpAnswer:
        """The function's answer, or API Gateway's for a function that failed."""
        try:
            return answers.answer(self._pool.invoke(payload), accept, self._binary_types)
        except FunctionTimedOut as error:
            _complain(error)
            return answers.refusal("INTEGRATION_TIMEOUT")
        except (FunctionFailed, Malformed) as error:
            _complain(error)
            return answers.refusal("DEFAULT_5XX", status=502)


def _complain(error: Exception) -> None:
    sys.stderr.write(f"The function failed: {type(error).__name__}: {error}\n")


def _target(environ: Environ) -> tuple[str, str]:
    """Raw path and query. A proxy's absolute form (`GET http://host/path`) is one too."""
    target, _, _ = environ["RAW_URI"].partition("#")
    if not target.startswith("/"):
        _, _, rest = target.partition("://")
        target = "/" + rest.partition("/")[2]
    path, _, query = target.partition("?")
    return path, query


def _request(environ: Environ, path: str, query: str) -> HttpRequest:
    return HttpRequest(
        method=environ["REQUEST_METHOD"],
        path=path,
        query=query,
        protocol=environ["SERVER_PROTOCOL"],
        headers=tuple((name.title(), value) for name, value in RAW.headers),
        body=_body(environ),
        peer=environ["REMOTE_ADDR"],
        host=environ.get("HTTP_HOST", ""),
        port=int(environ["SERVER_PORT"]),
    )


def _body(environ: Environ) -> bytes:
    declared = int(environ.get("CONTENT_LENGTH") or 0)
    if declared > REQUEST_BYTES:
        raise PayloadTooLarge
    body: bytes = environ["wsgi.input"].read(REQUEST_BYTES + 1)
    if len(body) > REQUEST_BYTES:
        raise PayloadTooLarge
    if len(body) < declared:
        raise BodyCutShort
    return body


def _drain(environ: Environ) -> None:
    """Read what the caller still sends: closing on it would reset the connection before it reads the answer."""
    left = DRAIN_BYTES
    with contextlib.suppress(OSError):
        while left > 0 and (chunk := environ["wsgi.input"].read(1 << 16)):
            left -= len(chunk)


def _respond(answer: HttpAnswer, method: str, start_response: Callable[..., Any]) -> Iterable[bytes]:
    headers = list(answer.headers)
    bodiless = method == "HEAD" or answer.status in (204, 304)
    if not bodiless:
        if not any(name.lower() == "content-type" for name, _ in headers):
            headers.append(("Content-Type", "application/json"))
        headers.append(("Content-Length", str(len(answer.body))))
    start_response(f"{answer.status} {_reason(answer.status)}", headers)
    return [] if bodiless or not answer.body else [answer.body]


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
