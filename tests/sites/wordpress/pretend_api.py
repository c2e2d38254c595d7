"""A server in the place of Spilno's API that answers whatever a test wants of it."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

NEWSROOM: dict[str, Any] = {
    "name": {"uk": "Вісті Надріччя", "en": "Nadrichchia News"},
    "livemode": False,
    "tiers": [{"name": "patron", "title": {"uk": "Опора"}}],
    "cookie_origins": [],
}


@dataclass(frozen=True)
class Says:
    """One answer; `seconds` go by before it."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0


class PretendApi(ThreadingHTTPServer):
    """`answers` by the beginning of "METHOD /path", the longest first; `seen` are the calls with their keys."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, Says] = {}
        self.seen: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.server_port}"

    def knows(self, *origins: str, **more: Any) -> None:
        """Answer as a newsroom that knows these websites, and takes every key."""
        self.seen.clear()
        self.answers = {
            "GET /v1/newsroom": Says(body={**NEWSROOM, "cookie_origins": list(origins), **more}),
            "GET /v1/articles": Says(body={"items": [], "next": None}),
        }


class _Handler(BaseHTTPRequestHandler):
    server: PretendApi

    def _answer(self) -> None:
        call = f"{self.command} {self.path}"
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.seen.append((call, self.headers.get("Authorization", "")))
        fits = sorted((begins for begins in self.server.answers if call.startswith(begins)), key=len)
        says = self.server.answers[fits[-1]] if fits else Says(404, {"code": "not_found"})
        time.sleep(says.seconds)
        body = says.body if isinstance(says.body, str) else json.dumps(says.body)
        self.send_response(says.status)
        for name, value in {"Content-Type": "application/json", **says.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    do_GET = do_PUT = do_DELETE = _answer  # noqa: N815 - the library finds them by name

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's own name
        """Say nothing."""


@contextmanager
def pretend_api() -> Iterator[PretendApi]:
    """The server, until the end of the block."""
    with PretendApi() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
