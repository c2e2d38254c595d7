"""The schema of the table: its keys and its one sparse index. The template and the local stack both use it."""

from typing import Any

TTL_ATTRIBUTE = "expires"
INDEX = "gsi1"
# The index copies only what lists need (work that is due, ledger entries), never bodies, grants or addresses.
PROJECTED = (
    *("due", "status", "tries", "received_at", "label", "purpose"),
    *("id", "kind", "payment_intent", "amount", "currency", "occurred_at", "livemode", "supporter"),
    *("invoice", "subscription", "fee", "fee_currency", "campaign"),
)

TABLE: dict[str, Any] = {
    "KeySchema": [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ],
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "gsi1pk", "gsi1sk")
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": INDEX,
            "KeySchema": [
                {"AttributeName": "gsi1pk", "KeyType": "HASH"},
                {"AttributeName": "gsi1sk", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(PROJECTED)},
        }
    ],
    "BillingMode": "PAY_PER_REQUEST",
}
