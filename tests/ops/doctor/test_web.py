"""How doctor asks: an answer is bounded in time and size, and read however it says it is written."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from ops.doctor import web
from testkit.serving import serving
from tests.ops.doctor.leaky_site import ARTICLE, page, running_site


class Endless(BaseHTTPRequestHandler):
    """Sends on until nobody listens: byte by byte, or in blocks."""

    def do_GET(self) -> None:
        slowly, moved = "slow" in self.path, "moved" in self.path
        self.send_response(302 if moved else 200)
        if moved:
            self.send_header("Location", "/there")
        self.end_headers()
        try:
            for _ in range(2000):
                self.wfile.write(b"x" if slowly else b"x" * 64 * 1024)
                time.sleep(0.1 if slowly else 0)
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        """Silent: tests say what they need."""


class Headers(Endless):
    """Sends no line to its end."""

    def do_GET(self) -> None:
        try:
            for _ in range(200):
                self.wfile.write(b"H")
                time.sleep(0.1)
        except OSError:
            return


@contextmanager
def answering(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, serving(server):
        yield f"http://127.0.0.1:{server.server_address[1]}"


@pytest.mark.timeout(60)
@pytest.mark.parametrize("path", ["/slow", "/slow/moved"])
def test_an_answer_that_comes_byte_by_byte_ends_in_time(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_WHOLE", 1)
    began = time.monotonic()
    with answering(Endless) as base, pytest.raises(requests.Timeout):
        web.fetch(f"{base}{path}")
    assert time.monotonic() - began < 8


@pytest.mark.parametrize("path", ["/fast", "/fast/moved"])
def test_an_answer_is_read_up_to_its_largest_size(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "LARGEST", 300_000)
    with answering(Endless) as base:
        reply = web.fetch(f"{base}{path}")
    assert len(reply.text) == 300_000


def test_a_redirect_to_no_address_is_an_answer() -> None:
    with running_site({}) as site:
        site.moved["/x"] = "http://[evil"
        assert web.fetch(f"{site.base}/x").header("location") == "http://[evil"


@pytest.mark.parametrize("charset", ["idna", "punycode", "a\0b", "unicode_escape", "rot13", "nobodys", "utf-8", ""])
def test_a_strange_charset_is_read_as_utf_8(charset: str) -> None:
    with running_site({ARTICLE: (f"text/html; charset={charset}", page()[1])}) as site:
        assert "Річка" in web.fetch(site.article).text


def test_a_charset_of_pages_is_read() -> None:
    assert web._decoded("Річка".encode("cp1251"), "windows-1251") == "Річка"
