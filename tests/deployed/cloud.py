"""An AWS account of the tests' own: ministack on the loopback address that holds every function to its role.

Started from a clean environment, nothing is kept, ended by its own process id. What it cannot show: docs/proof.md.
"""

import contextlib
import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import boto3
from botocore.config import Config

from localdev import aws
from testkit.engine import serving
from testkit.ports import HOST, free_port

REGION, ACCOUNT = "eu-central-1", "123456789012"
LAUNCHER = Path(__file__).with_name("local_aws.py")


class Question(NamedTuple):
    """What the policy engine was asked, and its answer."""

    who: str
    action: str
    resource: str
    allowed: bool


@dataclass(frozen=True)
class Cloud:
    """A running one. `endpoint` is what boto3 calls `endpoint_url`."""

    endpoint: str
    record: Path

    def client(self, service: str) -> Any:
        """A boto3 client of the account's owner, whom no policy holds."""
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            # One try: a refusal is what some tests wait for, and a fault is to be seen.
            config=Config(retries={"total_max_attempts": 1}, read_timeout=60, s3={"addressing_style": "path"}),
        )

    def questions(self, of: str = ":assumed-role/") -> list[Question]:
        """All that functions asked for so far, or the user whose ARN holds `of`; the owner is held by no policy."""
        lines = self.record.read_text().splitlines() if self.record.exists() else []
        asked = [Question(**json.loads(line)) for line in lines]
        return [question for question in asked if of in question.who]

    def mails(self, to: str) -> list[Any]:
        """What SES took for this address, oldest first."""
        import requests

        session = requests.Session()
        session.trust_env = False
        found = session.get(self.endpoint + aws.MESSAGES, timeout=5).json()["messages"]
        return [mail for mails in found.values() for mail in mails if to in mail["To"]]


@contextlib.contextmanager
def running_cloud(directory: Path, runtime: Path) -> Iterator[Cloud]:
    """Start one whose functions run on `runtime`; wait until it answers; end it afterwards."""
    if not aws.PYTHON.exists():
        raise RuntimeError("Local AWS is not set up. Call `make test`, which does that first.")
    port = free_port()
    record = directory / "questions.jsonl"
    cloud = Cloud(f"http://{HOST}:{port}", record)
    environment = aws.environment(port, directory, persist=False) | {"AUTH": "true", "MINISTACK_ACCOUNT_ID": ACCOUNT}
    with (directory / "cloud.log").open("wb") as log:
        process = subprocess.Popen(
            [aws.PYTHON, "-P", LAUNCHER, str(os.getpid()), runtime, record],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    with serving(process, cloud.endpoint + aws.HEALTH, f"local AWS on {cloud.endpoint}"):
        yield cloud
