"""Starting a checkout without a framework: secrets, a limit, the attempt, Stripe, and what became of it.

The same calls as ours makes, with boto3 and Stripe's package as their documentation shows them.
"""

import json
import os
import time
from typing import Any

import boto3
import stripe

from bench.peers.money import NewCheckout, refusal

_TABLE, _STAGE = os.environ["SPILNO_TABLE"], os.environ["SPILNO_STAGE"]
_PUBLIC_URL, _SITE_ID = os.environ["SPILNO_PUBLIC_URL"], os.environ["SPILNO_SITE_ID"]
_NAMES = [f"/spilno/{_STAGE}/{name}" for name in ("STRIPE_SECRET_KEY", "SPILNO_EMAIL_KEY")]
_MOST = 60

_secrets = boto3.client("ssm").get_parameters(Names=_NAMES, WithDecryption=True)["Parameters"]
_KEY = next(one["Value"] for one in _secrets if one["Name"].endswith("STRIPE_SECRET_KEY"))
_dynamodb = boto3.client("dynamodb")
_stripe = stripe.StripeClient(
    _KEY,
    http_client=stripe.RequestsClient(timeout=(2, 8)),
    base_addresses={"api": os.environ["STRIPE_API_BASE"]},
)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer `POST /v1/checkouts`."""
    del context
    wish = NewCheckout.model_validate_json(event["body"])
    problem = refusal(wish)
    if problem:
        return _answer(400, problem)
    if _asked(event["requestContext"]["identity"]["sourceIp"]) > _MOST:
        return _answer(429, {"code": "too_many_checkouts"})
    key = _key(f"CHECKOUT#{wish.attempt}")
    _dynamodb.put_item(TableName=_TABLE, Item={**key, "amount": {"N": str(wish.amount)}})
    session = _stripe.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": f"{_PUBLIC_URL}/v1/checkouts/return?session_id={{CHECKOUT_SESSION_ID}}",
            "metadata": {"spilno": _SITE_ID},
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": wish.currency,
                        "unit_amount": wish.amount,
                        "product_data": {"name": "Support"},
                    },
                }
            ],
        },
        {"idempotency_key": f"checkout:{wish.attempt}"},
    )
    row = {**_key(f"SESSION#{session.id}"), "status": {"S": "open"}, "attempt": {"S": wish.attempt}}
    done = {**key, "amount": {"N": str(wish.amount)}, "session": {"S": session.id}}
    puts = [{"Put": {"TableName": _TABLE, "Item": item}} for item in (row, done)]
    _dynamodb.transact_write_items(TransactItems=puts)
    return _answer(201, {"id": session.id, "url": session.url})


def _asked(client: str) -> int:
    """How often this address has asked in these ten minutes."""
    answer = _dynamodb.update_item(
        TableName=_TABLE,
        Key=_key(f"RATE#{client}#{int(time.time()) // 600}"),
        UpdateExpression="ADD asked :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
        ReturnValues="UPDATED_NEW",
    )
    return int(answer["Attributes"]["asked"]["N"])


def _key(name: str) -> dict[str, Any]:
    return {"pk": {"S": name}, "sk": {"S": name.partition("#")[0]}}


def _answer(status: int, body: dict[str, Any]) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "Cache-Control": "private, no-store"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(body), "isBase64Encoded": False}
