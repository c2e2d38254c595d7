"""Idempotency keys: https://docs.stripe.com/api/idempotent_requests.

The first answer under a key is kept for 24 hours, a 500 too, as long as the work had begun; a refusal of the
parameters is not kept. The same key with other parameters is an error.
"""

import json

from localdev.stripe.errors import ApiRefusal, Json
from localdev.stripe.store import Store

_DAY = 86_400
_LONGEST = 255


def fingerprint(method: str, path: str, params: Json) -> str:
    """What has to be equal for a request to count as the same."""
    return json.dumps([method, path, params], sort_keys=True)


def kept(store: Store, key: str, request: str, now: int) -> tuple[int, str] | None:
    """The status and body kept under this key, if the request is the same.

    :raises ApiRefusal: 400 `idempotency_error` when it is not.
    """
    if len(key) > _LONGEST:
        raise ApiRefusal(f"Idempotency keys can be up to {_LONGEST} characters long.", kind="idempotency_error")
    rows = store.run("SELECT * FROM idempotency WHERE key = ? AND at > ?", key, now - _DAY)
    if not rows:
        return None
    if rows[0]["request"] != request:
        raise ApiRefusal(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request.",
            kind="idempotency_error",
        )
    return rows[0]["status"], rows[0]["body"]


def keep(store: Store, key: str, request: str, answer: tuple[int, str], now: int) -> None:
    """Keep the first answer, in the transaction that did the work."""
    store.run(
        "INSERT OR REPLACE INTO idempotency (key, request, status, body, at) VALUES (?, ?, ?, ?, ?)",
        key,
        request,
        *answer,
        now,
    )
