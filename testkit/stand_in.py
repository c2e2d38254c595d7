"""A running Stripe stand-in, the real SDK pointed at it, and a receiver that verifies its webhooks.

Every answer the SDK gets and every webhook the receiver takes is held against Stripe's own types on the way.
"""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol

import requests
import stripe
from werkzeug.serving import make_server

from chalicelib.settings import LOCAL_STRIPE_KEY, LOCAL_WEBHOOK_SECRET
from localdev.ports import ROOT
from localdev.stripe import server
from localdev.stripe.config import Config, from_environment
from localdev.stripe.fidelity import check_answer
from testkit.ports import HOST, free_ports
from testkit.waiting import until

Json = dict[str, Any]


class CheckingClient(stripe.RequestsClient):
    """The SDK's own HTTP client; each answer is checked before the SDK reads it."""

    checked = 0

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **more: Any
    ) -> Any:
        """One request, as the SDK makes it."""
        body, status, answered = super().request(method, url, headers, post_data, **more)
        if 200 <= status < 300:
            check_answer(json.loads(body))
            CheckingClient.checked += 1
        return body, status, answered


@dataclass
class Receiver:
    """Takes webhooks as the app would: verifies each with stripe's own code, or refuses with `refuse_with`."""

    port: int
    events: list[Json] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    refused: int = 0
    refuse_with: int | None = None
    secret: str = LOCAL_WEBHOOK_SECRET
    # Off where something is sent that today's types do not know: an older shape, a type or version to come.
    check_types: bool = True

    def start(self) -> None:
        """Listen, in a thread."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.take(body, self.headers["Stripe-Signature"])
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer((HOST, self.port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def take(self, body: bytes, signature: str) -> int:
        """Verify and keep one delivery; answers the HTTP status."""
        if self.refuse_with is not None:
            self.refused += 1
            return self.refuse_with
        try:
            stripe.WebhookSignature.verify_header(body.decode(), signature, self.secret, tolerance=300)
            if self.check_types:
                check_answer(json.loads(body))
        except (ValueError, stripe.SignatureVerificationError) as problem:
            self.problems.append(f"{problem} in {body[:200]!r}")
            return 400
        self.events.append(json.loads(body))
        return 200

    def types(self) -> list[str]:
        """The types of what came, in order."""
        return [event["type"] for event in self.events]

    def of(self, kind: str) -> Json:
        """The object of the latest event of this type."""
        found: Json = next(event["data"]["object"] for event in reversed(self.events) if event["type"] == kind)
        return found

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Server(Protocol):
    """Where a stand-in runs."""

    def start(self) -> None:
        """Begin to serve."""
        ...

    def stop(self) -> int:
        """End it as a supervisor does; answers its exit code."""
        ...

    def kill(self) -> None:
        """End it as a power cut does."""
        ...


class InThread:
    """In threads of this process, which has loaded all of it already."""

    def __init__(self, config: Config, port: int) -> None:
        self._config, self._port = config, port

    def start(self) -> None:
        """See Server."""
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._app = server.create(self._config)
        self._server = make_server(HOST, self._port, self._app, threaded=True)
        server.start(self._app)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> int:
        """See Server."""
        self._server.shutdown()
        self._server.server_close()
        server.stop(self._app)
        return 0

    def kill(self) -> None:
        """See Server: threads cannot be killed, so they end."""
        self.stop()


class AsProcess:
    """`python -m localdev.stripe`, for whatever is about its end, or when this process must not hold it."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def start(self) -> None:
        """See Server."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "localdev.stripe"],
            cwd=ROOT,
            env={**os.environ, **self._environ},
            start_new_session=True,
        )

    def stop(self) -> int:
        """See Server."""
        self.process.terminate()
        return self.process.wait(15)

    def kill(self) -> None:
        """See Server: the whole process group, no farewell."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(15)


class StandIn:
    """One on a free port with data of its own.

    `key`: another secret key than the local one, which is taken too. `webhook`: where events go instead of to the
    `receiver`, signed with `secret`.
    """

    def __init__(
        self, data: Path, key: str = "", *, webhook: str = "", secret: str = "", process: bool = False
    ) -> None:
        self.port, receiver_port = free_ports(2)
        self.url = f"http://{HOST}:{self.port}"
        self.data = data
        self.receiver = Receiver(receiver_port)
        self.listens = not webhook
        environ = {
            "SPILNO_DATA": str(data),
            "SPILNO_STRIPE_PORT": str(self.port),
            "SPILNO_STANDIN_WEBHOOK_URL": webhook or f"http://{HOST}:{receiver_port}/v1/stripe/webhook",
            "STRIPE_SECRET_KEY": key,
            "STRIPE_WEBHOOK_SECRET": secret,
        }
        data.mkdir(parents=True, exist_ok=True)
        self.server: Server = AsProcess(environ) if process else InThread(from_environment(environ), self.port)
        self.client = stripe.StripeClient(
            key or LOCAL_STRIPE_KEY,
            base_addresses={"api": self.url},
            http_client=CheckingClient(),
            max_network_retries=0,
        ).v1

    def start(self) -> None:
        """Start and wait until it answers."""
        self.server.start()
        until(self.answers, "the stand-in to answer")

    def answers(self) -> bool:
        """Whether it is there."""
        try:
            return requests.get(f"{self.url}/_control/books", timeout=1).ok
        except (requests.ConnectionError, requests.Timeout):
            return False

    def stop(self) -> int:
        """See Server."""
        return self.server.stop()

    def kill(self) -> None:
        """See Server."""
        self.server.kill()

    def control(self, path: str, expect: int = 200, /, **body: object) -> Json:
        """One control call."""
        answer = requests.post(f"{self.url}/_control/{path}", json=body, timeout=120)
        assert answer.status_code == expect, answer.text
        found: Json = answer.json()
        return found

    def pay(self, session: str, outcome: str = "succeeds", **more: object) -> Json:
        """A person ends the checkout page."""
        return self.control(f"checkouts/{session}/pay", outcome=outcome, **more)

    def advance(self, days: int) -> Json:
        """Move business time."""
        return self.control("clock/advance", days=days)

    def books(self) -> Json:
        """What Stripe would say."""
        found: Json = requests.get(f"{self.url}/_control/books", timeout=5).json()
        return found


@contextmanager
def running(
    data: Path, key: str = "", *, webhook: str = "", secret: str = "", process: bool = False
) -> Iterator[StandIn]:
    """One that answers, with its receiver unless its events go elsewhere, until the end of the block."""
    made = StandIn(data, key, webhook=webhook, secret=secret, process=process)
    if made.listens:
        made.receiver.start()
    try:
        made.start()
        yield made
    finally:
        made.kill()  # at once; a graceful end has a test of its own
        if made.listens:
            made.receiver.stop()
    assert made.receiver.problems == [], "a webhook was not what Stripe would send"
