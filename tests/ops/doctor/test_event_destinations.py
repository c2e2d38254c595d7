"""How doctor reads Stripe's event destinations: a list of another kind, which a key may not be let read."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest

from ops.doctor.areas import webhook
from ops.doctor.stripe_reads import StripeReads
from ops.doctor.subject import Subject
from testkit.findings import levels

PUBLIC = "https://news.example/support"
ADDRESS = f"{PUBLIC}/v1/stripe/webhook"


class Answers(BaseHTTPRequestHandler):
    """Stripe's two lists. `refusal`: what the second one is answered with."""

    pages: ClassVar[list[list[dict[str, Any]]]] = []
    refusal: ClassVar[tuple[int, dict[str, Any]] | None] = None
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        """Answer."""
        self.asked.append(self.path)
        if self.path.startswith("/v1/webhook_endpoints"):
            self._say(200, {"object": "list", "data": [], "has_more": False})
        elif self.refusal:
            self._say(*self.refusal)
        else:
            number = int(self.path.partition("page=p")[2].partition("&")[0] or 0)
            more = number + 1 < len(self.pages)
            following = f"/v2/core/event_destinations?page=p{number + 1}" if more else None
            self._say(200, {"data": self.pages[number] if self.pages else [], "next_page_url": following})

    def _say(self, status: int, told: dict[str, Any]) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


class Examined(Subject):
    """A stage whose Stripe is the server of this module."""

    @property
    def stripe(self) -> StripeReads:
        """See Subject."""
        return StripeReads("rk_test_x", self.stripe_base)


@pytest.fixture
def subject(tmp_path: Any) -> Iterator[Examined]:
    """A stage with a fresh Stripe."""
    Answers.pages, Answers.refusal, Answers.asked = [], None, []
    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    yield Examined("prod", "herald", PUBLIC, (), "table", tmp_path / "newsroom.toml", stripe_base=base)
    server.shutdown()
    server.server_close()


def destination(name: str, url: str = ADDRESS, payload: str = "thin") -> dict[str, Any]:
    """One as Stripe lists it when asked to include its address."""
    return {
        "id": name, "object": "v2.core.event_destination", "type": "webhook_endpoint", "status": "enabled",
        "event_payload": payload, "webhook_endpoint": {"url": url},
    }  # fmt: skip


def test_a_thin_destination_is_found_on_whatever_page_it_stands(subject: Examined) -> None:
    Answers.pages = [[destination("ed_1", "https://shop.example/hook")], [destination("ed_2")]]
    found = levels(webhook.check(webhook.gather(subject), 0))
    assert found == {"webhook_missing": "problem", "webhook_thin": "warning"}
    assert any("webhook_endpoint.url" in path for path in Answers.asked), "the address is only told when asked for"


@pytest.mark.parametrize(
    "refusal",
    [
        (403, {"error": {"type": "invalid_request_error", "message": "The provided key does not have access."}}),
        (403, {"error": {"code": "insufficient_permissions", "message": "No."}}),
        (404, {"error": {"type": "invalid_request_error", "message": "Unrecognized request URL."}}),
        (500, {"error": {"type": "api_error", "message": "Sorry."}}),
    ],
)
def test_a_key_that_may_not_read_them_leaves_the_rest_of_the_check_as_it_was(
    subject: Examined, refusal: tuple[int, dict[str, Any]]
) -> None:
    Answers.refusal = refusal
    assert levels(webhook.check(webhook.gather(subject), 0)) == {"webhook_missing": "problem"}
