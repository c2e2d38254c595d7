"""The form and the webhook with Powertools for AWS Lambda and its resolver."""

import json
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types
from aws_lambda_powertools.event_handler.exceptions import BadRequestError

from bench.peers.money import NewCheckout, SignatureWrong, refusal, take_in
from bench.peers.passes import NO_STORE

app = APIGatewayRestResolver()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """What Lambda calls."""
    return app.resolve(event, context)


@app.post("/v1/checkouts")
def create() -> Response[str]:
    """Look whether the amount will do."""
    problem = refusal(NewCheckout.model_validate_json(app.current_event.body or ""))
    return Response(400 if problem else 501, "application/problem+json", json.dumps(problem), dict(NO_STORE))


@app.post("/v1/stripe/webhook")
def webhook() -> Response[str]:
    """Check and keep an event."""
    event = app.current_event
    try:
        kept = take_in(event.body or "", event.headers.get("Stripe-Signature", ""))
    except SignatureWrong:
        raise BadRequestError("signature") from None
    return Response(200, content_types.APPLICATION_JSON, json.dumps(kept), dict(NO_STORE))
