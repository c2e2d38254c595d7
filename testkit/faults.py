"""Faults between boto3 and the engine, injected where botocore lets go of a request: works on any engine.

wire = Wire(client)
wire.next("UpdateItem", throttled())          the next such request is answered so, the engine never sees it
wire.next("TransactWriteItems", lost_answer)  the engine does the work, the answer never arrives
"""

import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ReadTimeoutError
from botocore.httpsession import URLLib3Session

Fault = Callable[[Any], AWSResponse | None]


class _Body:
    """As much of a urllib3 response as botocore reads."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: object) -> list[bytes]:
        """The whole body at once."""
        return [self._content]


def refused(code: str, status: int = 400, **more: Any) -> Fault:
    """An error of DynamoDB's."""
    body = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "injected", **more}

    def answer(request: Any) -> AWSResponse:
        return AWSResponse(request.url, status, {}, _Body(json.dumps(body).encode()))

    return answer


def answered(body: str) -> Fault:
    """No fault: this answer, of an engine that is not there."""
    return lambda request: AWSResponse(request.url, 200, {}, _Body(body.encode()))


def throttled() -> Fault:
    """Too much at once."""
    return refused("ThrottlingException")


def broken() -> Fault:
    """500."""
    return refused("InternalServerError", 500)


def conflict() -> Fault:
    """Another transaction is at work on the item of a single write."""
    return refused("TransactionConflictException")


def canceled(*reasons: str) -> Fault:
    """A transaction is cancelled for these reasons, one for each change."""
    return refused(
        "TransactionCanceledException", CancellationReasons=[{"Code": reason, "Message": ""} for reason in reasons]
    )


def no_answer(request: Any) -> AWSResponse:
    """The engine never sees the request."""
    raise ReadTimeoutError(endpoint_url=request.url)


def lost_answer(request: Any) -> AWSResponse:
    """The engine does the work; what it answers never arrives."""
    URLLib3Session().send(request)
    raise ReadTimeoutError(endpoint_url=request.url)


class Wire:
    """Counts the requests of a boto3 client for DynamoDB by operation and answers some of them itself."""

    def __init__(self, client: Any) -> None:
        self.requests: dict[str, int] = defaultdict(int)
        self.bodies: dict[str, Any] = {}
        self._planned: dict[str, list[Fault]] = defaultdict(list)
        self._always: dict[str, Fault] = {}
        client.meta.events.register("before-send.dynamodb.*", self._send)

    def next(self, operation: str, *faults: Fault) -> None:
        """The next requests of this operation meet these faults, one each; later ones go through."""
        self._planned[operation].extend(faults)

    def always(self, operation: str, fault: Fault) -> None:
        """Every request of this operation meets the fault."""
        self._always[operation] = fault

    def _send(self, request: Any, event_name: str, **_: object) -> AWSResponse | None:
        operation = event_name.rpartition(".")[2]
        self.requests[operation] += 1
        self.bodies[operation] = json.loads(request.body)
        if operation in self._always:
            return self._always[operation](request)
        planned = self._planned[operation]
        return planned.pop(0)(request) if planned else None
