"""What `ops deploy` writes for the gate at the edge, signed as CloudFront wants it, to a store that speaks HTTP."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from localdev.ports import ROOT
from testkit.serving import serving

SIGNER = ROOT / ".edge-signer"
ARN = "arn:aws:cloudfront::123456789012:key-value-store/0a1b"
OUTPUTS = {"EdgeKeysArn": ARN}
PARAMETERS = {
    "PassKeys": "b:canaryOfThePassKeys",
    "SealKeys": "k1:canaryOfTheRoots",
    "PublicUrl": "https://news.example/support",
    "SiteId": "herald",
    "ProxySecret": "canaryOfTheProxy",
}
_PROGRAM = """
import json, sys
import click
from ops.deploying.edge_keys import tell_the_edge
try:
    tell_the_edge(*json.load(sys.stdin))
except click.ClickException as error:
    print(error.message)
    sys.exit(1)
"""


class Store(ThreadingHTTPServer):
    """CloudFront's KeyValueStore, reached as a proxy is: its name is the account's number under a domain."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.held: dict[str, str] = {}
        self.version = 1
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.refuses = ""


class _Handler(BaseHTTPRequestHandler):
    server: Store

    def do_GET(self) -> None:
        path = self._asked()
        if self.server.refuses:
            self._say(403, {"Message": "canaryOfARefusal"}, {"x-amzn-ErrorType": self.server.refuses})
        elif path.endswith("/keys"):
            self._say(200, {"Items": [{"Key": key, "Value": value} for key, value in self.server.held.items()]})
        else:
            self._say(200, {"ItemCount": 0, "TotalSizeInBytes": 0, "KvsARN": ARN, "Created": 1})

    def do_POST(self) -> None:
        assert self._asked().endswith("/keys")
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["If-Match"] != f"v{self.server.version}":
            self._say(409, {"Message": "changed"}, {"x-amzn-ErrorType": "ConflictException"})
            return
        self.server.held |= {one["Key"]: one["Value"] for one in told.get("Puts", [])}
        self.server.version += 1
        self._say(200, {"ItemCount": len(self.server.held), "TotalSizeInBytes": 1})

    def _asked(self) -> str:
        parts = urlsplit(self.path)
        self.server.asked.append(
            (self.command, parts.netloc, {name.lower(): value for name, value in self.headers.items()})
        )
        assert unquote(parts.path).startswith(f"/key-value-stores/{ARN}")
        return parts.path

    def _say(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {
            "ETag": f"v{self.server.version}",
            "Content-Length": str(len(raw)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's own name
        """Say nothing."""


@contextmanager
def _running() -> Iterator[Store]:
    with Store() as server, serving(server):
        yield server


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty one."""
    if not (SIGNER / ".ready").exists():
        words = "What signs the edge's keys is not here: make .edge-signer/.ready fetches it."
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    with _running() as server:
        yield server


def told(store: Store, code: int = 0) -> str:
    """What the command prints, with temporary credentials, as people sign in to AWS."""
    proxy = f"http://127.0.0.1:{store.server_port}"
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT}{os.pathsep}{SIGNER}",
        "AWS_ACCESS_KEY_ID": "ASIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "canaryOfTheCredentials" * 2,
        "AWS_SESSION_TOKEN": "a-session-token",
        "AWS_ENDPOINT_URL": "http://kvs.example",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
        "HTTP_PROXY": proxy,
        "http_proxy": proxy,
    }
    work = json.dumps([OUTPUTS, PARAMETERS])
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], input=work, capture_output=True, text=True, env=env, timeout=60, check=False
    )
    assert done.returncode == code, done.stderr
    assert "canary" not in done.stdout + done.stderr
    return done.stdout


def test_the_keys_arrive_signed_for_every_region_and_a_second_time_nothing_is_written(store: Store) -> None:
    assert told(store) == "The gate at the edge was told: pass_keys, seal_keys, issuer, audience.\n"
    assert store.held == {
        "pass_keys": PARAMETERS["PassKeys"],
        "seal_keys": PARAMETERS["SealKeys"],
        "issuer": PARAMETERS["PublicUrl"],
        "audience": PARAMETERS["SiteId"],
    }
    for _, host, headers in store.asked:
        assert host == "123456789012.kvs.example"
        assert headers["authorization"].startswith("AWS4-ECDSA-P256-SHA256 Credential=ASIAEXAMPLE/")
        assert headers["x-amz-region-set"] == "*"
        assert headers["x-amz-security-token"] == "a-session-token"
    assert told(store) == "The gate at the edge knows its keys.\n"
    assert [method for method, _, _ in store.asked].count("POST") == 1


def test_a_refusal_says_so_and_that_the_edge_goes_on_with_what_it_has(store: Store) -> None:
    store.refuses = "AccessDeniedException"
    assert "could not be told its keys (AccessDeniedException)" in told(store, 1)
