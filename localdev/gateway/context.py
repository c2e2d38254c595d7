"""What Lambda passes beside the event.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
"""

import time
import uuid

from localdev.gateway.event import ACCOUNT

REGION = "eu-central-1"


class LambdaContext:
    """One invocation's context. Nothing in it comes from the caller."""

    function_version = "$LATEST"
    memory_limit_in_mb = "512"
    identity = None
    client_context = None

    def __init__(self, function_name: str, seconds: float = 29) -> None:
        self.function_name = function_name
        self.invoked_function_arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function_name}"
        self.aws_request_id = str(uuid.uuid4())
        self.log_group_name = f"/aws/lambda/{function_name}"
        self.log_stream_name = "local"
        self._deadline = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda would end the function."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))
