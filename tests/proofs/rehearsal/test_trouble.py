"""The proxies of the rehearsal: calm until told, and then as DynamoDB, SES and the network fail."""

import base64
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from localdev.aws import CREDENTIALS
from localdev.ports import HOST
from localdev.trouble.aws import TroubledAws
from localdev.trouble.proxy import CONTROL, Middle, Proxy
from localdev.trouble.road import TroubledRoad
from ops.rehearsal.killing import below, kill

ITEM = {"Put": {"TableName": "t", "Item": {"pk": {"S": "a"}}}}


class Behind(BaseHTTPRequestHandler):
    """The server behind: answers {} and keeps what it was asked."""

    asked: list[tuple[str, bytes]]

    def do_POST(self) -> None:
        """Any call."""
        self.asked.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
        """Say nothing."""


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Stage:
    """A proxy with a server behind it. `asked`: (path, body) of what reached the server."""

    def __init__(self, url: str, asked: list[tuple[str, bytes]]) -> None:
        self.url, self.asked = url, asked
        config = Config(retries={"total_max_attempts": 1})
        self.dynamodb: Any = boto3.client("dynamodb", endpoint_url=url, config=config, **CREDENTIALS)

    def tell(self, **wishes: Any) -> dict[str, Any]:
        figures: dict[str, Any] = requests.post(self.url + CONTROL, json=wishes, timeout=5).json()
        return figures


@contextmanager
def stage(middle: Middle) -> Iterator[Stage]:
    handler = type("Handler", (Behind,), {"asked": []})
    with (
        serving(ThreadingHTTPServer((HOST, 0), handler)) as target,
        serving(Proxy(0, target, middle)) as url,
    ):
        made = Stage(url, handler.asked)  # type: ignore[attr-defined] # made just above
        yield made
        made.dynamodb.close()


@pytest.fixture
def aws() -> Iterator[Stage]:
    with stage(TroubledAws(1)) as made:
        yield made


@pytest.fixture
def road() -> Iterator[Stage]:
    with stage(TroubledRoad(1)) as made:
        yield made


def put(aws: Stage) -> None:
    aws.dynamodb.put_item(TableName="t", Item={"pk": {"S": "a"}})


def test_it_is_calm_until_told(aws: Stage) -> None:
    for _ in range(20):
        put(aws)
    assert len(aws.asked) == 20
    assert not any(aws.tell()["faults"].values())


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("throttled", "ProvisionedThroughputExceededException"),
        ("failed", "InternalServerError"),
        ("conflict", "TransactionConflictException"),
    ],
)
def test_a_refusal_is_dynamodbs_own_and_nothing_is_done(aws: Stage, kind: str, code: str) -> None:
    aws.tell(rates={kind: 1})
    with pytest.raises(ClientError) as raised:
        put(aws)
    assert raised.value.response["Error"]["Code"] == code
    assert not aws.asked
    assert aws.tell()["faults"][kind] == 1


def test_a_transaction_is_refused_for_one_of_its_items(aws: Stage) -> None:
    aws.tell(rates={"conflict": 1})
    with pytest.raises(aws.dynamodb.exceptions.TransactionCanceledException) as raised:
        aws.dynamodb.transact_write_items(TransactItems=[ITEM, ITEM, ITEM])
    codes = [reason["Code"] for reason in raised.value.response["CancellationReasons"]]
    assert sorted(codes) == ["None", "None", "TransactionConflict"]
    assert not aws.asked


def test_a_lost_answer_was_worth_the_work(aws: Stage) -> None:
    aws.tell(rates={"lost": 1})
    with pytest.raises(ConnectionClosedError):
        put(aws)
    assert len(aws.asked) == 1


def test_reading_is_neither_refused_for_conflict_nor_lost(aws: Stage) -> None:
    aws.tell(rates={"lost": 1, "conflict": 1})
    aws.dynamodb.get_item(TableName="t", Key={"pk": {"S": "a"}})
    assert len(aws.asked) == 1


def test_a_burst_ends(aws: Stage) -> None:
    aws.tell(burst=2)
    for _ in range(2):
        with pytest.raises(ClientError):
            put(aws)
    put(aws)
    assert len(aws.asked) == 1


def test_a_mail_is_taken_and_counted_by_its_name(aws: Stage) -> None:
    raw = base64.b64encode(b"Message-ID: <pi_1.thanks@news.example>\r\nSubject: x\r\n\r\nx").decode()
    for _ in range(2):
        answer = requests.post(
            f"{aws.url}/v2/email/outbound-emails", json={"Content": {"Raw": {"Data": raw}}}, timeout=5
        )
        assert answer.json()["MessageId"]
    assert aws.tell()["mails"] == {"pi_1.thanks": 2}
    assert not aws.asked


def deliver(road: Stage, event: str = "evt_1") -> int:
    return requests.post(f"{road.url}/v1/stripe/webhook", data=json.dumps({"id": event}), timeout=5).status_code


@pytest.mark.parametrize(
    ("kind", "status", "reached"), [("astray", 503, 0), ("unanswered", 504, 1), ("twice", 200, 2), (None, 200, 1)]
)
def test_a_delivery_goes_astray_or_twice_or_stays_unanswered(
    road: Stage, kind: str | None, status: int, reached: int
) -> None:
    if kind:
        road.tell(rates={kind: 1})
    assert deliver(road) == status
    assert len(road.asked) == reached
    assert road.tell()["arrivals"] == ["evt_1"] * reached


def test_a_server_that_is_gone_ends_the_connection() -> None:
    with serving(Proxy(0, f"http://{HOST}:1", TroubledRoad(1))) as url, pytest.raises(requests.ConnectionError):
        requests.post(url, data='{"id": "evt_1"}', timeout=5)


def test_only_descendants_are_found() -> None:
    listed = [
        (1, 0, "init"),
        (10, 1, "supervisor"),
        (11, 10, "gateway"),
        (12, 11, "function a"),
        (21, 1, "function b"),
    ]
    assert below(10, listed) == {11: (10, "gateway"), 12: (11, "function a")}


def test_only_descendants_are_killed() -> None:
    """This test's own child bears the name of a function process; another test's, or a stack's, is left alone."""
    waits = "import time; time.sleep(60)"
    command = (sys.executable, "-c", waits, "localdev.gateway.function")
    with subprocess.Popen(command) as own:
        assert kill(1_000_000_000, "functions") == 0
        assert own.poll() is None
        assert kill(os.getpid(), "functions") == 1
        assert own.wait(10) == -signal.SIGKILL
