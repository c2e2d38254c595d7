"""`GET /openapi.json`."""

from functools import cache
from typing import Any

from chalicelib.web import openapi
from chalicelib.web.http import Answer, Call


def show(call: Call) -> Answer:
    """The description of this API."""
    return Answer(_described(call.wiring.settings.public_url))


@cache
def _described(public_url: str) -> dict[str, Any]:
    return openapi.description(public_url)
