"""A CDN before the API, on a path of the newspaper's own, that does its work well or badly: a real server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from testkit.serving import serving

PREFIX = "/support"
_NOT_COPIED = frozenset({"connection", "transfer-encoding", "content-length", "content-encoding", "date", "server"})
_DROPPED = {"authorization": "authorization", "cookies": "cookie"}
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Cdn:
    """What it does with one request; `fault` is what it does wrong, "" for nothing."""

    app: str
    fault: str
    kept: dict[str, Answer] = field(default_factory=dict)

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """From the cache, from the app, or of its own."""
        if self.fault == "post" and method == "POST":
            return 403, {"Content-Type": "text/html"}, b"<h1>This distribution allows GET and HEAD only</h1>"
        if self.fault != "prefix":
            path = path.removeprefix(PREFIX)
        if self.fault == "query":
            path = path.partition("?")[0]
        if self.fault == "cache" and method == "GET" and path in self.kept:
            status, old, text = self.kept[path]
            return status, {**old, "Age": "7"}, text
        self.kept[path] = self._changed(*self._asked(method, path, headers, body))
        return self.kept[path]

    def _asked(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        sent = {
            name: value for name, value in headers.items() if name.lower() not in (_DROPPED.get(self.fault), "host")
        }
        told = requests.request(
            method, f"{self.app}{path}", headers=sent, data=body, allow_redirects=False, timeout=30
        )  # fmt: skip
        copied = {name: value for name, value in told.headers.items() if name.lower() not in _NOT_COPIED}
        return told.status_code, copied, told.content

    def _changed(self, status: int, headers: dict[str, str], body: bytes) -> Answer:
        if self.fault == "errors" and status >= 400:
            return 200, {"Content-Type": "text/html"}, b"<h1>Nadrichchia</h1>"
        added = {
            "cors": {"Access-Control-Allow-Origin": "*"},
            "headers": {"Cache-Control": "public, max-age=86400"},
        }.get(self.fault, {})
        return status, {**headers, **added}, body


@contextmanager
def running_proxy(app: str, fault: str = "") -> Iterator[str]:
    """Answers the public address, `http://127.0.0.1:…/support`."""
    cdn = Cdn(app, fault)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, text = cdn.answer(self.command, self.path, dict(self.headers), body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        do_POST = do_GET  # noqa: N815 - the base class's own way of naming
        do_OPTIONS = do_GET  # noqa: N815 - the same

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, serving(server):
        yield f"http://127.0.0.1:{server.server_address[1]}{PREFIX}"
