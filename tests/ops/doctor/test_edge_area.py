"""The gate at the edge as doctor sees it: asked with a pass of the newest key, which no finding quotes."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from chalicelib.kernel.moments import RealTime
from chalicelib.reading.rules import passes
from ops.doctor.areas import edge
from ops.doctor.subject import Subject
from ops.doctor.web import Reply
from testkit.findings import levels
from testkit.serving import serving

NEW, OLD = "3f9c1e7ab2d04856c7e1f0a9b8d2463effcc", "canaryOfTheOldKeyOfThisTest0123456789"
OPEN = json.dumps({"open": True, "reason": "supporter", "tier": "doctor", "until": "2026-11-30T00:00:00Z"})
FROM_THE_EDGE = {"x-cache": "FunctionGeneratedResponse from cloudfront", "content-type": "application/json"}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server: Any = self.server
        token = self.headers["Cookie"].partition("=")[2]
        server.seen.append((self.path, token))
        held = passes.check(
            token,
            keys=[("b", NEW.encode())],
            issuer=server.address,
            audience="herald",
            now=RealTime(int(time.time())),
        )
        body = OPEN.encode() if held is not None and held.tiers else b'{"open": false}'
        self.send_response(200)
        for name, value in {**server.said, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's own name
        """Say nothing."""


@contextmanager
def cdn(said: dict[str, str]) -> Iterator[Any]:
    """What stands at the public address, with these headers on each answer."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        made: Any = server
        made.seen, made.said, made.address = [], said, f"http://127.0.0.1:{server.server_port}"
        with serving(server):
            yield made


class Told(Subject):
    """A deployed stage as CloudFormation and the parameter store tell it."""

    told: Mapping[str, str]
    keys: str

    @property
    def outputs(self) -> Mapping[str, str]:
        """What the stack tells."""
        return self.told

    @property
    def secrets(self) -> Mapping[str, str]:
        """What the parameter store holds."""
        return {"SPILNO_PASS_KEYS": self.keys}


def subject(address: str, keys: str, **outputs: str) -> Subject:
    made = Told("prod", "herald", address, (), "spilno-prod", Path("newsroom.toml"))
    made.told, made.keys = outputs, keys
    return made


@pytest.mark.parametrize(
    ("said", "keys", "found"),
    [
        (FROM_THE_EDGE, f"b:{NEW},a:{OLD}", {"edge": "ok"}),
        ({"x-cache": "Miss from cloudfront", "content-type": "application/json"}, f"b:{NEW}", {"edge_off": "note"}),
        ({"content-type": "application/json"}, f"b:{NEW}", {"edge_off": "note"}),
        (FROM_THE_EDGE, f"a:{OLD},b:{NEW}", {"edge_unseen": "note"}),
    ],
)
def test_it_asks_with_the_newest_key_and_sees_who_answers(
    said: dict[str, str], keys: str, found: dict[str, str]
) -> None:
    with cdn(said) as server:
        facts = edge.gather(subject(server.address, keys, EdgeKeysArn="arn:aws:cloudfront::1:key-value-store/a"))
    findings = list(edge.check(facts, 0))
    assert levels(findings) == found
    ((path, token),) = server.seen
    assert path == "/v1/access?needs=members"
    for one in findings:
        for secret in (token, NEW, OLD):
            assert secret not in f"{one}"


def test_a_stack_without_one_is_not_asked() -> None:
    with cdn(FROM_THE_EDGE) as server:
        facts = edge.gather(subject(server.address, "", ApiUrl=server.address))
    assert facts.reply is None
    assert server.seen == []
    assert levels(edge.check(facts, 0)) == {"edge": "ok"}
    assert levels(edge.check(edge.Facts("prod", Reply(503)), 0)) == {"edge_unseen": "note"}
