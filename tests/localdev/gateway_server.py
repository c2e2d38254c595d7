"""The gateway in front of the echo app, on a free port."""

import contextlib
import http.client
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localdev.ports import ROOT
from testkit.ports import HOST, free_port
from testkit.waiting import until


@dataclass(frozen=True)
class Reply:
    """One HTTP answer, whole."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.body)

    @property
    def event(self) -> Any:
        """The Lambda event that the echo app saw."""
        return self.json["event"]


@dataclass(frozen=True)
class Gateway:
    """A running gateway."""

    port: int
    process: "subprocess.Popen[bytes]"
    log: Path

    def call(
        self, method: str, target: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Reply:
        """One request over a connection of its own."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        with contextlib.closing(connection):
            connection.request(method, target, body=body, headers=headers or {})
            answer = connection.getresponse()
            return Reply(answer.status, answer.headers, answer.read())

    def raw(self, data: bytes) -> Reply:
        """Bytes as they are, whatever HTTP thinks of them."""
        with socket.create_connection((HOST, self.port), timeout=30) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            return Reply(answer.status, answer.headers, answer.read())


@contextlib.contextmanager
def running_gateway(directory: Path) -> Iterator[Gateway]:
    """Start it, wait until it answers, end it afterwards."""
    port, log = free_port(), directory / "gateway.log"
    command = [sys.executable, "-m", "localdev.gateway", "--app", "testkit.echo_app:app", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--requests-log", str(directory / "requests.log")],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    gateway = Gateway(port, process, directory / "requests.log")
    try:
        until(lambda: process.poll() is None and _answers(gateway), f"the gateway; see {log}", 60)
        yield gateway
    finally:
        process.terminate()
        process.wait(20)


def _answers(gateway: Gateway) -> bool:
    try:
        return gateway.call("GET", "/").status == 200
    except OSError:
        return False
