"""Between Chalice and the views: every call comes in and every answer goes out through here.

In: size, media type, encoding, identifiers and origin are checked before a view sees anything. Out: problems become
`application/problem+json` (or a page, for a person), every answer gets its headers, and no header holds CR or LF.
Chalice's own middleware never sees a view's exceptions, so errors are mapped here.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any, cast

from chalicelib import wiring as wiring_module
from chalicelib.http import cookies, origins
from chalicelib.http.call import HTML, JSON, NO_STORE, Answer, Call, Cookie, Hint, WithCookies, kept_by_all
from chalicelib.http.problems import PROBLEM, as_problem, problem_body, unexpected
from chalicelib.http.route import Route
from chalicelib.kernel.errors import BadInput, NotFound, Problem, TooLarge, TooMany, UnsupportedMedia, WrongMethod
from chalicelib.kernel.ids import IDENTIFIER
from chalicelib.observing import log_context
from chalicelib.observing.log_context import Work

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # With `no-referrer` a form's Origin would be `null`, and we could not tell our own pages from others'.
    "Referrer-Policy": "same-origin",
}
# Made once: `json.dumps` with options makes an encoder anew for every answer.
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_STATE_CHANGING = frozenset({"POST", "PUT", "DELETE"})
# A public route's answer may be kept by any cache, so nothing of the reader may be in it.
_READ_BY_ALL = {"Access-Control-Allow-Origin": "*"}
# What a public route does not have may be kept as long as a warm function keeps what it has: pages that ask for an
# article we do not know cost one read in this time, and one that was just put appears after it.
_NOT_THERE = kept_by_all(10)
# The form is shown again with what was typed: it can be corrected, or sent once more.
_WORTH_ANOTHER_TRY = frozenset({400, 402, 409, 410, 429, 500, 503})
# Not refused, but put off: the form's room leads through a new code and back.
_SIGN_IN_AGAIN = "sign_in_again"


def view(route: Route) -> Callable[..., Answer]:
    """The view function that a route names; imported on first use, so that a gate check loads only its own."""
    return _view_named(route.view)


@cache
def _view_named(name: str) -> Callable[..., Answer]:
    module, _, function = name.partition(":")
    return cast("Callable[..., Answer]", getattr(import_module(f"chalicelib.{module}"), function))


def handle(route: Route, event: Mapping[str, Any], context: Any = None) -> Answer:
    """Answer one API Gateway event, and write at most one line of the log; never raises. `context` is Lambda's."""
    work = log_context.call(route.method, route.path, event, context)
    answer = _answer(route, event)
    if event["httpMethod"] == "HEAD":
        # Like GET without a body, and without cookies: mail scanners and link checkers send HEAD, not browsers.
        answer = answer._replace(body=None, cookies=())
    _log(work, answer.status)
    return answer


def _log(work: Work, status: int) -> None:
    if log_context.has_a_line(work):
        from chalicelib.observing import log  # imported here: a gate check that a pass answers writes no line

        log.answered(work, status)


def _answer(route: Route, event: Mapping[str, Any]) -> Answer:
    call = None
    try:
        call = _call(route, event)
        _check(route, call)
        return _finish(route, call, view(route)(call))
    except Exception as error:  # noqa: BLE001 - the outermost edge: nothing a stranger sends may become a bare 500
        if isinstance(error, WithCookies):
            return _refuse(route, call, error.error, error.cookies)
        return _refuse(route, call, error)


def preflight(methods: tuple[str, ...], event: Mapping[str, Any], *, public: bool = False) -> Answer:
    """Answer a browser's CORS preflight (OPTIONS). `public`: any website's page may read what is there."""
    call = _call(Route("OPTIONS", "", "", "", public=public), event)
    headers = dict(_READ_BY_ALL) if public else origins.cors_headers(call, methods)
    if "Access-Control-Allow-Origin" in headers:
        headers |= {
            "Access-Control-Allow-Methods": ", ".join(methods),
            "Access-Control-Allow-Headers": "*" if public else "Content-Type, Authorization",
            "Access-Control-Max-Age": "600",
        }
    return Answer("", 204, HTML, headers | _HEADERS)


def _call(route: Route, event: Mapping[str, Any]) -> Call:
    # Whoever answers everybody alike is told nothing of who asks.
    told = {} if route.public else event["headers"] or {}
    headers = {name.lower(): value for name, value in told.items()}
    body = event["body"] or ""
    if event.get("isBase64Encoded"):
        from base64 import b64decode

        raw = b64decode(body)
    else:
        raw = body.encode("utf-8", "surrogatepass")  # bytes that are no UTF-8 are refused where the body is read
    asked = event["multiValueQueryStringParameters"] or {}
    return Call(
        wiring=wiring_module.current(),
        method=event["httpMethod"],
        route=route.path,
        params=event["pathParameters"] or {},
        query={_whole(name): _whole(values[-1]) for name, values in asked.items()},
        headers=headers,
        cookies={} if route.cookieless else _cookies(event, headers),
        body=raw,
        seen=str(event["requestContext"].get("identity", {}).get("sourceIp") or ""),
        hint=Hint(),
        doubled=[name for name, values in asked.items() if len(values) > 1],
    )


def _whole(text: str) -> str:
    """The text, with `?` for half a character: what decodes a query before us may hand one on; no page holds it."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _cookies(event: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, str]:
    if "cookie" not in headers:
        return {}
    # HTTP/2 lets a browser send its cookies on several lines; `headers` holds only the last of them.
    several = event.get("multiValueHeaders") or {}
    lines = [line for name, lines in several.items() if name.lower() == "cookie" for line in lines]
    return cookies.parse(lines or [headers["cookie"]])


def _check(route: Route, call: Call) -> None:
    if len(call.body) > route.largest_body:
        raise TooLarge(f"The body is larger than {route.largest_body // 1024} KB.")
    for value in call.params.values():
        if not IDENTIFIER.fullmatch(value):
            raise BadInput("An identifier has letters, digits and . _ ~ - only, at most 128.", code="bad_identifier")
    if route.method in _STATE_CHANGING and route.browser:
        origins.refuse_foreign(call, opaque_passes=route.cookieless)
    if call.body and route.takes and call.media_type not in route.takes:
        raise UnsupportedMedia(f"Send {' or '.join(route.takes)}, and say so in Content-Type.")


def refused(problem: Problem, event: Mapping[str, Any], context: Any) -> Answer:
    """The answer to a call that Chalice refused before any route: a problem in our format, for a person a page."""
    route = Route(event["httpMethod"], event["resource"], "", "", browser=False, page=True)
    work = log_context.call(route.method, route.path, event, context)
    answer = _refuse(route, _call(route, event), problem)
    _log(work, answer.status)
    return answer._replace(body=None) if event["httpMethod"] == "HEAD" else answer


def _refuse(route: Route, call: Call | None, refused: Exception, to_set: Sequence[Cookie] = ()) -> Answer:
    """The answer for an error, in the reader's language; in plain English where making that fails.

    :param to_set: the cookies that are set all the same, in the place of those of a form that is shown again.
    """
    problem = as_problem(refused)
    log_context.current().code = problem.code
    try:
        answer = _problem_answer(route, call, problem)
        return _finish(route, call, answer._replace(cookies=to_set or answer.cookies))
    except Exception as error:  # noqa: BLE001 - the newsroom's file or a template is broken; English JSON still goes
        as_problem(error)
        return _finish(route, call, Answer(problem_body(problem), problem.status, PROBLEM, cookies=to_set))


def _problem_answer(route: Route, call: Call | None, problem: Problem) -> Answer:
    headers = {}
    if isinstance(problem, TooMany):
        from chalicelib.observing import metrics

        headers["Retry-After"] = str(problem.retry_after)
        log_context.current().counts = metrics.abuse("too_many")
    if call is not None and route.page and call.wants_html:
        shown = _form_again(route, call, problem) or _problem_page(call, problem)
        return shown._replace(headers={**shown.headers, **headers})
    body = problem_body(problem)
    if call is not None and "accept-language" in call.headers:
        from chalicelib.http.problem_words import sentence

        body["title"] = sentence(call, problem)
    cache = _NOT_THERE if route.public and isinstance(problem, NotFound) else NO_STORE
    return Answer(body, problem.status, PROBLEM, headers, cache=cache)


def _form_again(route: Route, call: Call, problem: Problem) -> Answer | None:
    """The form as it was sent, with what went wrong; None where the route has none, or it cannot be made either."""
    worth_it = problem.status in _WORTH_ANOTHER_TRY or problem.code == _SIGN_IN_AGAIN
    if not (route.again and call.is_form and worth_it):
        return None
    try:
        shown = (_view_named(name)(call, problem) for name in route.again)
        return next((answer for answer in shown if answer is not None), None)
    except Exception as error:  # noqa: BLE001 - the page with the sentence alone needs nothing, and is shown instead
        as_problem(error)
        return None


def _problem_page(call: Call, problem: Problem) -> Answer:
    from chalicelib.http.problem_page import problem_page

    return problem_page(call, problem)


def _finish(route: Route, call: Call | None, answer: Answer) -> Answer:
    to_set = (*answer.cookies, *_hint(call))
    # A cookie is one reader's, so no cache may keep an answer that sets one, whatever its view says.
    cache = NO_STORE if to_set else answer.cache
    headers = {"Cache-Control": cache, **_HEADERS, "Content-Type": answer.media_type, **answer.headers}
    if route.public:
        headers |= _READ_BY_ALL
    elif call is not None and route.browser:
        headers |= origins.cors_headers(call, (route.method,))
    # Chalice checks single headers only; a value that would split the answer must never leave.
    values = "".join((*headers.values(), *(cookie.header() for cookie in to_set)))
    if "\r" in values or "\n" in values:
        raise ValueError("A header holds CR or LF.")
    return Answer(answer.body, answer.status, answer.media_type, headers, to_set, cache)


def _hint(call: Call | None) -> Sequence[Cookie]:
    if call is None or not call.hint.searched:
        return ()
    from chalicelib.http import hint  # imported here: a gate check that a pass answers has looked up nothing

    return hint.to_set(call)


def body_text(answer: Answer) -> str:
    """The body as text, as Chalice and API Gateway want it; an empty string for none."""
    if answer.media_type in (JSON, PROBLEM):
        return "" if answer.body is None else _as_json(answer.body)
    return str(answer.body or "")


def in_our_words(event: Any, get_response: Callable[[Any], Any]) -> Any:
    """Chalice middleware: gives Chalice's own errors (unknown method, bad request) our format, to a person a page."""
    response = get_response(event)
    if isinstance(response.body, dict) and set(response.body) == {"Code", "Message"}:
        problem = _CHALICES.get(response.status_code, unexpected)()
        answer = refused(problem, event.to_original_event(), event.lambda_context)
        # Chalice's own headers stay: Allow among them.
        response.body, response.status_code = body_text(answer), answer.status
        response.headers = {**response.headers, **answer.headers}
    return response


_CHALICES: dict[int, Callable[[], Problem]] = {
    400: lambda: BadInput("The request cannot be read."),
    405: lambda: WrongMethod("This address does not take that method."),
    415: lambda: UnsupportedMedia("This call does not take a body of this type."),
}
