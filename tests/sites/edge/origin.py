"""What stands behind an edge here, in the API's place; and a client that sends a case's very bytes."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from testkit.serving import serving
from tests.edge.table import Json

API_SAYS = b"the API decides"
_NOT_COMPARED = frozenset({"connection", "content-length", "date", "server"})


class Origin(ThreadingHTTPServer):
    """Answers everything alike; `seen` grows with each request, as method and path."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[tuple[str, str]] = []


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Origin

    def _answer(self) -> None:
        self.server.seen.append((self.command, self.path))
        self.send_response(418)
        self.send_header("Content-Length", str(len(API_SAYS)))
        self.send_header("Connection", "close")  # whatever body came is not read
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(API_SAYS)
        self.close_connection = True

    do_GET = do_HEAD = do_POST = do_OPTIONS = do_DELETE = _answer  # noqa: N815 - the library finds them by name

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's own name
        """Say nothing."""


@contextmanager
def origin() -> Iterator[Origin]:
    """The server, until the end of the block."""
    with Origin() as server, serving(server):
        yield server


def sent(port: int, case: Json, prefix: str, host: str = "news.example") -> Json | None:
    """The answer to this case, as the table writes it; None where it is not what an edge opens."""
    asked = case["asked"]
    target = prefix + asked["path"] + (f"?{asked['query']}" if asked["query"] else "")
    headers = [("Host", host), ("X-Test-Now", str(case["now"])), ("Connection", "close"), *asked["headers"]]
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    raw = f"{asked['method']} {target} HTTP/1.1\r\n{head}\r\n{asked.get('body', '')}".encode()
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        wire.sendall(raw)
        answer = b"".join(iter(lambda: wire.recv(65_536), b""))
    top, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = top.decode("latin-1").split("\r\n")
    code = int(status.split(" ")[1])
    if code != 200:
        return None
    told = dict(line.split(": ", 1) for line in lines)
    kept = {name.lower(): value for name, value in told.items() if name.lower() not in _NOT_COMPARED}
    if "transfer-encoding" in kept:
        del kept["transfer-encoding"]
        body = _whole(body)
    return {"status": code, "headers": dict(sorted(kept.items())), "body": body.decode()}


def _whole(chunks: bytes) -> bytes:
    """A body that came in chunks."""
    whole = b""
    while chunks:
        size, _, chunks = chunks.partition(b"\r\n")
        whole += chunks[: int(size, 16)]
        chunks = chunks[int(size, 16) + 2 :]
    return whole
