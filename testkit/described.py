"""Holds every answer against what the API's own description promises for that route and status."""

import json
from functools import reduce
from importlib import import_module
from operator import or_
from typing import Any

from pydantic import TypeAdapter

from chalicelib.http.route import Route
from chalicelib.http.routes import GENERAL_CODES, ROUTES

_PROBLEM_MEMBERS = {
    "type",
    "title",
    "status",
    "code",
    "origin",
    "field",
    "minimum",
    "maximum",
    "currency",
    "retry_after",
    "gift",
    "seal",
}


def assert_described(method: str, path: str, status: int, media_type: str, text: str) -> None:
    """Fail when an answer has a status, a field or a type that nobody described."""
    route = _route(method, path)
    if route is None:
        return
    if media_type.startswith("application/problem+json"):
        _assert_problem(route, status, json.loads(text))
        return
    described = dict(route.answers)
    assert status in described or status >= 400, f"{method} {path} answered {status}, described are {set(described)}."
    models = [named(name) for name in described.get(status, "").split("|") if ":" in name]
    if models and media_type == "application/json":
        adapter: TypeAdapter[Any] = TypeAdapter(reduce(or_, models))
        adapter.validate_json(text, strict=True)


def named(name: str) -> Any:
    """What the table of routes names: a view or a model."""
    module, _, attribute = name.partition(":")
    return getattr(import_module(f"chalicelib.{module}"), attribute)


def _route(method: str, path: str) -> Route | None:
    return next((route for route in ROUTES if (route.method, route.path) == (method, path)), None)


def _assert_problem(route: Route, status: int, body: Any) -> None:
    codes = {*route.codes, *GENERAL_CODES}
    assert body["code"] in codes, f"{route.method} {route.path} answered {body['code']}, which nobody described."
    assert set(body) <= _PROBLEM_MEMBERS, f"A problem says {set(body) - _PROBLEM_MEMBERS}, which nobody described."
    assert body["status"] == status
    assert body["type"] == f"urn:spilno:problem:{body['code']}"
    assert body["title"].endswith((".", "?", "…")), f"'{body['title']}' is not a sentence."
