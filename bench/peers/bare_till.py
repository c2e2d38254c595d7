"""The form and the webhook without a framework."""

import json
from typing import Any

from bench.peers.money import NewCheckout, SignatureWrong, refusal, take_in

_OK = 200


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer an event of API Gateway's REST API."""
    del context
    if event["path"] == "/v1/stripe/webhook":
        headers = {name.lower(): value for name, value in event["headers"].items()}
        try:
            return _answer(200, take_in(event["body"], headers.get("stripe-signature", "")))
        except SignatureWrong:
            return _answer(400, {"code": "bad_signature"})
    problem = refusal(NewCheckout.model_validate_json(event["body"]))
    return _answer(400 if problem else 501, problem or {})


def _answer(status: int, body: dict[str, Any]) -> dict[str, Any]:
    media = "application/json" if status == _OK else "application/problem+json"
    headers = {"Content-Type": media, "Cache-Control": "private, no-store"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(body), "isBase64Encoded": False}
