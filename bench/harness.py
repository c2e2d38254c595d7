"""What a cold checkout needs around it: local AWS with a table and the secrets, and one who answers as Stripe."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bench.cases import ENVIRONMENT, WEBHOOK_SECRET, Event, event
from testkit.engine import Engine, make_table, running_engine

HOST = "127.0.0.1"
_SESSION = {
    "id": "cs_test_bench",
    "object": "checkout.session",
    "mode": "payment",
    "status": "open",
    "payment_status": "unpaid",
    "livemode": False,
    "url": "https://checkout.stripe.com/c/pay/cs_test_bench",
    "expires_at": 4_000_000_000,
    "amount_total": 1000,
    "currency": "eur",
}
_SECRETS = {
    "STRIPE_SECRET_KEY": "sk_test_bench",
    "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
    "SPILNO_EMAIL_KEY": "bench-email-key",
    "SPILNO_PROXY_SECRET": "bench-proxy-secret",
}


class _Stripe(BaseHTTPRequestHandler):
    """Answers every call with a session."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Any POST."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.dumps(_SESSION).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def open_till(directory: Path) -> Iterator[Mapping[str, str]]:
    """The environment in which a checkout on stage `dev` reaches both, until the end of the block."""
    server = ThreadingHTTPServer((HOST, 0), _Stripe)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with running_engine(directory) as engine:
            _furnish(engine)
            yield {
                "AWS_ENDPOINT_URL": engine.endpoint,
                "AWS_ACCESS_KEY_ID": "local",
                "AWS_SECRET_ACCESS_KEY": "local",
                "AWS_DEFAULT_REGION": "us-east-1",
                "STRIPE_API_BASE": f"http://{HOST}:{server.server_address[1]}",
            }
    finally:
        server.shutdown()
        server.server_close()


def _furnish(engine: Engine) -> None:
    make_table(engine.client("dynamodb"), ENVIRONMENT["SPILNO_TABLE"])
    ssm = engine.client("ssm")
    for name, value in _SECRETS.items():
        ssm.put_parameter(Name=f"/spilno/dev/{name}", Value=value, Type="SecureString", Overwrite=True)


def checkout(attempt: int) -> Event:
    """Somebody starts to give ten euros; each attempt is a new one."""
    wish = {"amount": 1000, "currency": "eur", "interval": "once", "attempt": f"{attempt:032d}"}
    headers = {"Content-Type": "application/json", "Origin": "https://news.example"}
    return event("POST", "/v1/checkouts", json.dumps(wish), headers)
