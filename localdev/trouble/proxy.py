"""A reverse proxy with somebody in the middle who may answer in the server's place, or lose the server's answer."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import urlsplit

import urllib3

from localdev.ports import HOST

CONTROL = "/_trouble"
_OF_ONE_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}  # RFC 9110, 7.6.1
_SECONDS = 35  # longer than anything behind it takes


@dataclass(frozen=True)
class Request:
    """What somebody asked."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What they are answered."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Forward = Callable[[], Answer]


class Middle(Protocol):
    """Who stands in the middle. Called from many threads at once."""

    def handle(self, request: Request, forward: Forward) -> Answer | None:
        """Answer a request, by way of `forward` (which may raise OSError) or not; None: the connection just ends."""

    def told(self, wishes: Mapping[str, Any]) -> None:
        """Do so from now on; every field is optional."""

    def figures(self) -> Mapping[str, Any]:
        """What happened so far, as JSON takes it."""


class Proxy(ThreadingHTTPServer):
    """Listens on 127.0.0.1 at `port` (0: a free one), in front of `target` (`http://127.0.0.1:…`)."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, target: str, middle: Middle) -> None:
        super().__init__((HOST, port), _Handler)
        self.middle = middle
        parts = urlsplit(target)
        self._pool = urllib3.HTTPConnectionPool(parts.hostname or HOST, parts.port, maxsize=64, timeout=_SECONDS)

    def forward(self, request: Request) -> Answer:
        """Ask the server behind.

        :raises OSError: no answer came.
        """
        kept = {name: value for name, value in request.headers.items() if name.lower() not in _OF_ONE_HOP}
        try:
            answer = self._pool.urlopen(
                request.method,
                request.path,
                body=request.body,
                headers=kept,
                redirect=False,
                retries=False,
                decode_content=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise ConnectionError(type(error).__name__) from error
        return Answer(answer.status, answer.data, dict(answer.headers))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65_536  # head and body leave in one piece
    server: Proxy

    def do_GET(self) -> None:
        """Every method goes the same way."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(self.command, self.path, dict(self.headers.items()), body)
        if request.path == CONTROL:
            self._send(self._control(request))
            return
        try:
            answer = self.server.middle.handle(request, lambda: self.server.forward(request))
        except OSError:
            answer = None
        if answer is None:
            self.close_connection = True
        else:
            self._send(answer)

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names that http.server calls

    def _control(self, request: Request) -> Answer:
        if request.method == "POST":
            self.server.middle.told(json.loads(request.body))
        return Answer(200, json.dumps(self.server.middle.figures()).encode(), {"Content-Type": "application/json"})

    def _send(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in _OF_ONE_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
        """Say nothing: thousands of calls pass."""
