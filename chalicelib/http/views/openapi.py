"""`GET /openapi.json`."""

from functools import cache
from typing import Any

from chalicelib.http import openapi
from chalicelib.http.call import Answer, Call


def show(call: Call) -> Answer:
    """The description of this API."""
    return Answer(_described(call.wiring.settings.public_url))


@cache
def _described(public_url: str) -> dict[str, Any]:
    return openapi.description(public_url)
