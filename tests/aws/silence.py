"""What a silent table costs with the botocore of this interpreter, as one JSON object; nothing is sent or slept.

A program of its own, so that it also runs on another environment's interpreter, which has boto3 and nothing of ours.
"""

import json
import random
import sys
import time
from typing import Any

random.random = lambda: 1.0  # the longest rest of each; before botocore is loaded, which keeps the function

import boto3  # noqa: E402 - see above
import botocore  # noqa: E402
from botocore.config import Config  # noqa: E402
from botocore.exceptions import ReadTimeoutError  # noqa: E402

from chalicelib.aws import dynamodb  # noqa: E402
from chalicelib.kernel.table import TableUnavailable  # noqa: E402

KEY = ("A", "1")
_ADDRESS = "http://nobody.invalid"


class Silent:
    """A client whose every request ends as a silent table's does, and what that would have taken."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.tries = 0
        client.meta.events.register("before-send.dynamodb.*", self._send)

    def _send(self, request: Any, **_: object) -> None:
        self.tries += 1
        raise ReadTimeoutError(endpoint_url=request.url)

    def told(self, rests: list[Any]) -> dict[str, Any]:
        """Its tries, the seconds of one, the rests between them, and all of it."""
        config = self.client.meta.config
        each = max(config.connect_timeout, config.read_timeout)
        return {"tries": self.tries, "each": each, "rests": rests, "seconds": self.tries * each + sum(rests)}


def cost(*, hurried: bool, config: Config | None = None) -> dict[str, Any]:
    """One read of one item. `config` stands for our own: the control."""
    made = dynamodb.client(_ADDRESS, local=True, hurried=hurried)
    if config is not None:
        made = boto3.client(
            "dynamodb", endpoint_url=_ADDRESS, config=config, region_name="us-east-1",
            aws_access_key_id="local", aws_secret_access_key="local",
        )  # fmt: skip
    silent = Silent(made)
    rests: list[Any] = []
    sleep, time.sleep = time.sleep, rests.append
    try:
        dynamodb.DynamoTable(made, "any", lambda: made).get(KEY, hurried=hurried)
    except TableUnavailable:
        return silent.told(rests)
    finally:
        time.sleep = sleep
    raise AssertionError("A silent table has answered.")


if __name__ == "__main__":
    by_itself = Config(connect_timeout=0.6, read_timeout=0.6, retries={"mode": "standard", "total_max_attempts": 2})
    found = {
        "version": botocore.__version__,
        "hurried": cost(hurried=True),
        "patient": cost(hurried=False),
        "by_itself": cost(hurried=False, config=by_itself),
    }
    sys.stdout.write(json.dumps(found))
