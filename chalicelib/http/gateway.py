"""What comes in from any of the ways by which AWS hands over a call, and goes out the same way (decision 0105).

An HTTP API (payload format 1.0) sends all paths alike, names no route and compresses nothing; a function's own URL
speaks format 2.0; a REST API names the route and compresses by itself. Behind this module all are the same.
"""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.http.paths import Paths
from chalicelib.http.routes import NOTHING_HERE, ROUTES

Event = Mapping[str, Any]
PATHS = Paths(route.path for route in ROUTES)
WORTH_COMPRESSING = 1400  # letters: what fits into one packet gains nothing
_FUNCTION_URL = "2.0"
# The stage of our HTTP API and of every function's URL. A REST API has none of that name, and compresses by itself.
_WITHOUT_STAGES = "$default"
# What every event of format 1.0 has. A call that lacks one is answered like one that has it empty.
_EMPTY = dict.fromkeys(
    ("body", "headers", "multiValueHeaders", "multiValueQueryStringParameters", "queryStringParameters",
     "pathParameters", "stageVariables")
)  # fmt: skip


def answered(event: Event, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """The response to an event, in the format that the event came in.

    :param answer: answers an event of format 1.0 that names its route.
    """
    version = event.get("version")
    if version == _FUNCTION_URL:
        from chalicelib.http import function_url

        event = function_url.as_format_1(event)
    placed = with_route(event)
    response = answer(placed)
    if placed["requestContext"].get("stage") == _WITHOUT_STAGES and len(response["body"]) > WORTH_COMPRESSING:
        from chalicelib.http.compression import compressed

        response = compressed(response, accepted_encodings(placed))
    return function_url.as_format_2(response) if version == _FUNCTION_URL else response


def with_route(event: Event) -> dict[str, Any]:
    """The event with the route that its path belongs to, and whatever it lacks as if it were empty."""
    path = str(event.get("path") or "/")
    pattern, params = PATHS.find(path) or (NOTHING_HERE.path, {"proxy": path[1:]})
    # Nothing is at an unknown address by any method, so the one that is registered answers for all.
    method = "GET" if pattern == NOTHING_HERE.path else event["httpMethod"]
    context = {**event["requestContext"], "resourcePath": pattern, "httpMethod": method}
    return {**_EMPTY, **event, "resource": pattern, "pathParameters": params or None, "requestContext": context}


def accepted_encodings(event: Event) -> str:
    """The caller's `Accept-Encoding`, of several lines all."""
    several = event["multiValueHeaders"] or {name: [value] for name, value in (event["headers"] or {}).items()}
    return ",".join(line for name, lines in several.items() if name.lower() == "accept-encoding" for line in lines)
