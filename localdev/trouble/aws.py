"""In the middle between the app and local AWS: DynamoDB's own refusals, lost answers, and the mail service.

The refusals are DynamoDB's, word for word in what clients look at:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html

Mails end here: the proxy takes them as SES would and remembers whose they are. Local AWS would keep them all in
memory and list them all for every look.
"""

import base64
import json
import random
import threading
from collections import Counter
from collections.abc import Mapping
from email import message_from_bytes, policy
from typing import Any

from localdev.trouble.proxy import Answer, Forward, Request

# throttled, failed: refused before the work; conflict: a transaction met another; lost: the work is done, and the
# connection ends without an answer; mail_refused: SES takes nothing for a moment.
KINDS = ("throttled", "failed", "conflict", "lost", "mail_refused")
_TARGET, _VERSION = "x-amz-target", "DynamoDB_20120810."
_WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems")
_MAIL = "/v2/email/outbound-emails"
_REFUSALS = {
    "throttled": (400, "ProvisionedThroughputExceededException"),
    "failed": (500, "InternalServerError"),
    "conflict": (400, "TransactionConflictException"),  # a single write that met a transaction
}
_NAMESPACE = "com.amazonaws.dynamodb.v20120810#"


class TroubledAws:
    """See above. `rates`: the share of calls, by kind; `burst`: so many calls to come are refused with a 500."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a rehearsal that can be repeated, no secret
        self._lock = threading.Lock()
        self._rates = dict.fromkeys(KINDS, 0.0)
        self._burst = 0
        self._counts: Counter[str] = Counter()
        self._mails: Counter[str] = Counter()

    def told(self, wishes: Mapping[str, Any]) -> None:
        """See Middle. `{"rates": {kind: share}, "burst": calls}`."""
        with self._lock:
            self._rates.update(wishes.get("rates", {}))
            self._burst = int(wishes.get("burst", self._burst))

    def figures(self) -> Mapping[str, Any]:
        """See Middle. `faults` by kind, `calls`, `mails` by Message-ID: how often each was taken."""
        with self._lock:
            faults = {kind: self._counts[kind] for kind in KINDS}
            return {"calls": self._counts["calls"], "faults": faults, "mails": dict(self._mails)}

    def handle(self, request: Request, forward: Forward) -> Answer | None:
        """See Middle."""
        if request.path == _MAIL and request.method == "POST":
            return self._mail(request)
        operation = _operation(request)
        kind = self._what_goes_wrong(operation) if operation else None
        if kind == "conflict" and operation == "TransactWriteItems":
            return self._conflict(request)
        if kind in _REFUSALS:
            return _refusal(*_REFUSALS[kind])
        answer = forward()
        return None if kind == "lost" else answer

    def _what_goes_wrong(self, operation: str) -> str | None:
        possible = {"throttled", "failed"}
        if operation in _WRITES:
            possible |= {"conflict", "lost"}
        with self._lock:
            self._counts["calls"] += 1
            kind = None
            if self._burst > 0:
                self._burst -= 1
                kind = "failed"
            # One draw a kind and call, whatever came of it before: what follows does not depend on it.
            drawn = {one: self._random.random() < self._rates[one] for one in KINDS[:4]}
            kind = kind or next((one for one, hit in drawn.items() if hit and one in possible), None)
            if kind:
                self._counts[kind] += 1
            return kind

    def _conflict(self, request: Request) -> Answer:
        items = len(json.loads(request.body)["TransactItems"])
        with self._lock:
            at = self._random.randrange(items)
        reasons = [{"Code": "TransactionConflict" if index == at else "None"} for index in range(items)]
        return _refusal(400, "TransactionCanceledException", CancellationReasons=reasons)

    def _mail(self, request: Request) -> Answer:
        with self._lock:
            if self._random.random() < self._rates["mail_refused"]:
                self._counts["mail_refused"] += 1
                return Answer(500, b'{"message": "Internal failure"}', {"x-amzn-ErrorType": "InternalFailure"})
            raw = base64.b64decode(json.loads(request.body)["Content"]["Raw"]["Data"])
            name = str(message_from_bytes(raw, policy=policy.default)["Message-ID"]).strip("<>").rpartition("@")[0]
            self._mails[name] += 1
            number = sum(self._mails.values())
        answer = json.dumps({"MessageId": f"rehearsed-{number:06}"}).encode()
        return Answer(200, answer, {"Content-Type": "application/json"})


def _operation(request: Request) -> str | None:
    target = next((value for name, value in request.headers.items() if name.lower() == _TARGET), "")
    return target.removeprefix(_VERSION) if target.startswith(_VERSION) else None


def _refusal(status: int, code: str, **more: object) -> Answer:
    body = {"__type": _NAMESPACE + code, "message": "The rehearsal said so.", **more}
    return Answer(status, json.dumps(body).encode(), {"Content-Type": "application/x-amz-json-1.0"})
