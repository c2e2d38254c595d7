"""Engines for tests: one a test run (or xdist worker), nothing kept. Dynoxide has a module of its own."""

import contextlib
import os
import subprocess
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.aws import dynamodb
from chalicelib.aws.dynamodb import DynamoTable
from chalicelib.kernel.schema import TTL_ATTRIBUTE
from localdev import aws
from localdev.table import create_table
from testkit.ports import HOST, free_port
from testkit.waiting import until


@dataclass(frozen=True)
class Engine:
    """A running engine; `endpoint` is what boto3 calls `endpoint_url`."""

    endpoint: str

    def client(self, service: str) -> Any:
        """A boto3 client on it, with dummy credentials."""
        return aws.client(service, self.endpoint)

    def table(self, name: str) -> DynamoTable:
        """The app's own door to a table on it, see `make_table`."""
        return DynamoTable(dynamodb.client(self.endpoint, local=True), name)


def make_table(dynamodb: Any, name: str) -> None:
    """An empty table of Spilno's own shape.

    Without TTL: the tests' own time stands still in what is the past by now, and the engine would delete a counter or
    a session from under a test (seen once in some thousand).
    """
    create_table(dynamodb, name)
    off = {"Enabled": False, "AttributeName": TTL_ATTRIBUTE}
    dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=off)


@contextlib.contextmanager
def fresh_table(dynamodb: Any) -> Iterator[str]:
    """A fresh one of a name of its own; answers the name."""
    name = f"test-{uuid.uuid4().hex}"
    make_table(dynamodb, name)
    yield name
    dynamodb.delete_table(TableName=name)


@contextlib.contextmanager
def running_engine(directory: Path) -> Iterator[Engine]:
    """Start ministack, wait until it answers, end it afterwards."""
    if not aws.PYTHON.exists():
        raise RuntimeError("Local AWS is not set up. Call `make test`, which does that first.")
    port = free_port()
    endpoint = f"http://{HOST}:{port}"
    with (directory / "engine.log").open("wb") as log:
        process = subprocess.Popen(
            aws.command(os.getpid()),
            env=aws.environment(port, directory, persist=False),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    with serving(process, endpoint + aws.HEALTH, f"local AWS on {endpoint}"):
        yield Engine(endpoint)


@contextlib.contextmanager
def serving(process: "subprocess.Popen[bytes]", url: str, what: str) -> Iterator[None]:
    """Wait until a server that was just started answers, and end it afterwards, by its own process id."""
    try:
        until(lambda: answers(url, process), what, 60)
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(url: str, process: "subprocess.Popen[bytes]") -> bool:
    """Whether a starting server answers yet.

    :raises RuntimeError: it ended instead.
    """
    if process.poll() is not None:
        raise RuntimeError(f"The server ended with {process.returncode} while starting.")
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own server
            return bool(answer.status == 200)
    except OSError:
        return False
