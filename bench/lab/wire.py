"""Stands between the browser and the local stack and compresses what API Gateway and CloudFront would compress.

The local servers send everything as it is. A deployed stage does not, and neither does a newsroom's own web server.
"""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

from chalicelib.http.gateway import WORTH_COMPRESSING

_LEVEL = 6
_TEXT = ("text/", "application/json", "application/problem+json", "application/javascript", "image/svg+xml")
# Of one connection, not of the answer.
_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding"})
_SECONDS = 60


class _Wire(BaseHTTPRequestHandler):
    """A forward proxy for http, one thread a connection."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Pass on, and compress what comes back."""
        address = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name: value for name, value in self.headers.items() if not name.lower().startswith("proxy-")}
        upstream = HTTPConnection(address.hostname or "", address.port or 80, timeout=_SECONDS)
        try:
            target = address._replace(scheme="", netloc="").geturl() or "/"
            upstream.request(self.command, target, self.rfile.read(length) if length else None, headers)
            answer = upstream.getresponse()
            self._answer(answer, answer.read())
        finally:
            upstream.close()

    do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_GET  # noqa: N815 - the server's own names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the server's own name
        """Nothing is told."""

    def _answer(self, answer: HTTPResponse, body: bytes) -> None:
        kind = answer.headers.get("Content-Type", "")
        packed = "gzip" in self.headers.get("Accept-Encoding", "") and compresses(kind, len(body))
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.headers.items():
            if name.lower() not in _HOP:
                self.send_header(name, value)
        if packed:
            body = gzip.compress(body, _LEVEL, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def compresses(kind: str, size: int) -> bool:
    """Whether an answer of this type and size goes over the wire compressed."""
    return kind.startswith(_TEXT) and size >= WORTH_COMPRESSING


@contextmanager
def open_wire() -> Iterator[str]:
    """The proxy's address, as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Wire)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
