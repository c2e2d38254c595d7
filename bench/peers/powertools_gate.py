"""The gate with Powertools for AWS Lambda and its resolver."""

import json
import os
from http.cookies import SimpleCookie
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types
from aws_lambda_powertools.event_handler.exceptions import BadRequestError

from bench.peers.passes import NO_STORE, PASS_COOKIE, UnknownNeed, access, bearer

app = APIGatewayRestResolver()
_DONATE = f"{os.environ['SPILNO_PUBLIC_URL']}/donate"


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """What Lambda calls."""
    return app.resolve(event, context)


@app.get("/")
def home() -> Response[str]:
    """On to giving."""
    return Response(303, content_types.TEXT_HTML, "", {**NO_STORE, "Location": _DONATE})


@app.get("/v1/access")
def show() -> Response[str]:
    """Whether this reader may read."""
    event = app.current_event
    held = SimpleCookie(event.headers.get("Cookie", "")).get(PASS_COOKIE)
    tokens = [held.value if held else None, bearer(event.headers.get("Authorization"))]
    try:
        body = access(event.query_string_parameters.get("needs"), tokens)
    except UnknownNeed:
        raise BadRequestError("needs") from None
    return Response(200, content_types.APPLICATION_JSON, json.dumps(body), dict(NO_STORE))
