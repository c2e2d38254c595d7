"""The OpenAPI 3.1 description, made from the table of routes and the models. Nothing is described twice."""

import re
from importlib import import_module
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from chalicelib import VERSION
from chalicelib.http.call import FORM, JSON
from chalicelib.http.problems import PROBLEM
from chalicelib.http.route import Route
from chalicelib.http.routes import GENERAL_CODES, ROUTES
from chalicelib.kernel.ids import IDENTIFIER

_REFERENCE = "#/components/schemas/{model}"
_TEXT_BODIES = {
    "html": "text/html",
    "plain": "text/plain",
    "javascript": "text/javascript",
    "json": JSON,
    "svg": "image/svg+xml",
    "rsl": "application/rsl+xml",
}
_STATUS_WORDS = {
    200: "Done",
    201: "Created",
    202: "Accepted",
    204: "Done, nothing to say",
    303: "Go on there with GET",
}
_SECURITY = {
    "session": {"type": "apiKey", "in": "cookie", "name": "__Host-spilno-session"},
    "cms": {"type": "http", "scheme": "bearer", "description": "An API key, made by `ops keys create --for cms`."},
    "stripe": {"type": "apiKey", "in": "header", "name": "Stripe-Signature"},
}
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; docs/errors.md lists them all.",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string", "description": "A sentence a person understands."},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "field": {"type": "string"},
        "minimum": {"type": "integer"},
        "maximum": {"type": "integer"},
        "currency": {"type": "string"},
        "retry_after": {"type": "integer"},
        "origin": {"type": "string", "description": "409 `other_origin`: whose the article is."},
        "gift": {
            "type": "object",
            "description": "409 of a call about a recurring gift: as it is now, as in `/v1/me`.",
        },
        "seal": {
            "type": "object",
            "description": "409 `stale_version`: as `GET /v1/articles/{id}/seal` answers now.",
        },
    },
}


def description(public_url: str) -> dict[str, Any]:
    """The whole OpenAPI document, for an API at this address."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Spilno",
            "version": VERSION,
            "summary": "Reader donations and a paywall for newsrooms.",
            "description": f"Any call may answer a problem with one of these codes: {', '.join(GENERAL_CODES)}. "
            "HEAD is answered wherever GET is.",
        },
        "servers": [{"url": public_url}],
        "paths": paths,
        "components": {
            "schemas": {"Problem": _PROBLEM, **_schemas()},
            "securitySchemes": _SECURITY,
        },
    }


def _schemas() -> dict[str, Any]:
    answered = {name for route in ROUTES for _, names in route.answers for name in names.split("|")}
    named = {route.request for route in ROUTES} | answered
    models = [_model(name) for name in sorted(named) if name and name not in _TEXT_BODIES]
    _, schema = models_json_schema([(model, "validation") for model in models], ref_template=_REFERENCE)
    return dict(schema["$defs"])


def _model(name: str) -> type[BaseModel]:
    module, _, model = name.partition(":")
    found: type[BaseModel] = getattr(import_module(f"chalicelib.{module}"), model)
    return found


def _name(named: str) -> str:
    return named.rpartition(":")[2]


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.view.rpartition(".")[2].replace(":", "_"),
        "summary": route.summary,
        "responses": _responses(route),
    }
    parameters = [*_path_parameters(route), *_query_parameters(route)]
    if parameters:
        operation["parameters"] = parameters
    if route.request:
        reference = {"schema": {"$ref": _REFERENCE.format(model=_name(route.request))}}
        operation["requestBody"] = {"required": True, "content": dict.fromkeys(route.takes, reference)}
    elif FORM in route.takes:
        operation["requestBody"] = {"content": {FORM: {"schema": {"type": "object"}}}}
    if route.secured_by:
        operation["security"] = [{route.secured_by: []}]
    return operation


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    schema = {"type": "string", "pattern": f"^{IDENTIFIER.pattern}$"}
    return [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name in re.findall(r"{(\w+)}", route.path)
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    if not route.query:
        return []
    schema = _model(route.query).model_json_schema(ref_template=_REFERENCE)
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": part}
        for name, part in schema["properties"].items()
    ]


def _responses(route: Route) -> dict[str, Any]:
    problem: dict[str, Any] = {PROBLEM: {"schema": {"$ref": _REFERENCE.format(model="Problem")}}}
    if route.page:
        # A person's browser gets the same refusal as a page.
        problem[_TEXT_BODIES["html"]] = {"schema": {"type": "string"}}
    responses: dict[str, Any] = {
        str(status): {"description": _STATUS_WORDS[status], **_content(name)} for status, name in route.answers
    }
    codes = f" Codes of its own: {', '.join(route.codes)}." if route.codes else ""
    return responses | {"default": {"description": f"A problem.{codes}", "content": problem}}


def _content(name: str) -> dict[str, Any]:
    if not name:
        return {}
    if name in _TEXT_BODIES:
        return {"content": {_TEXT_BODIES[name]: {"schema": {"type": "object" if name == "json" else "string"}}}}
    models = [{"$ref": _REFERENCE.format(model=_name(model))} for model in name.split("|")]
    return {"content": {JSON: {"schema": models[0] if len(models) == 1 else {"anyOf": models}}}}
