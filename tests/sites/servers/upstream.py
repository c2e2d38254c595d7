"""A stand-in for the API behind a website's server: it writes down what reaches it, and answers as the API would.

It stands in for the website's own program, too: `/page`, and `/kept`, which a cache may keep, for each reader's
cookies apart.
"""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

SITE = "https://news.example/support"
KEPT = "/kept"
PUBLIC = (
    "/v1/newsroom",
    "/widget.js",
    "/widget/wall-0a1b.js",
    "/v1/articles/a.b~c-d/seal",
    "/v1/articles/unknown/seal",
    "/v1/articles/a.b~c-d/sealed/k1.a_b-c",
)
ONE_READERS = (
    "/v1/access",
    "/v1/articles/a",
    "/v1/articles/a/seal/b",
    "/v1/articles/a/sealed",
    "/v1/articles/a/sealed/k1.a/b",
    "/v1/articles/a/key",
    "/v1/articles/seal",
    "/v1/newsroom/a",
    "/widget/a/b.js",
    "/read/seal",
    "/donate",
)
ANSWERS = {
    "/v1/session": (200, {"Cache-Control": "private, no-store"}, b'{"signed_in": false}'),
    "/v1/newsroom": (200, {"Cache-Control": "public, max-age=60", "Vary": "Origin"}, b"{}"),
    "/widget.js": (200, {"Cache-Control": "public, max-age=300"}, b"elements"),
    "/widget/wall-0a1b.js": (200, {"Cache-Control": "public, max-age=31536000, immutable"}, b"a part"),
    "/v1/articles/a.b~c-d/seal": (200, {"Cache-Control": "public, max-age=60"}, b'{"access": "members"}'),
    "/v1/articles/a.b~c-d/sealed/k1.a_b-c": (
        200,
        {"Cache-Control": "public, max-age=31536000, immutable"},
        b"sealed",
    ),
    "/v1/articles/unknown/seal": (404, {"Cache-Control": "public, max-age=10"}, b'{"code": "unknown_article"}'),
    # What nobody may keep, though it says that everybody may: for paths that only look like those above.
    **{path: (200, {"Cache-Control": "public, max-age=60"}, b"one reader's") for path in ONE_READERS},
    "/v1/checkouts/return": (303, {"Location": f"{SITE}/thanks/cs_1"}, b""),
    "/v1/health": (503, {"Content-Type": "application/problem+json"}, b'{"code": "table_down"}'),
    "/page": (200, {"Content-Type": "text/html"}, b"a page"),
    KEPT: (200, {"Cache-Control": "public, max-age=60", "Vary": "Cookie"}, b"a page"),
}
UNKNOWN = (404, {"Content-Type": "application/problem+json"}, b'{"code": "not_found"}')
COOKIES = ("__Host-spilno-session=a; Path=/; Secure", "__Host-spilno-pass=b; Path=/; Secure")


class Seen(NamedTuple):
    """One request as it reached the API; header names are lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class Answer(NamedTuple):
    """One answer as the reader's browser got it."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> list[str]:
        """All values of one header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


class Upstream(ThreadingHTTPServer):
    """The server; `seen` grows with each request."""

    daemon_threads = True
    request_queue_size = 128  # of five, the others wait a second each when many call at once

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[Seen] = []


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        assert isinstance(self.server, Upstream)
        self.server.seen.append(Seen(self.command, self.path, headers, body))
        status, more, content = ANSWERS.get(self.path.partition("?")[0], UNKNOWN)
        self.send_response(status)
        for name, value in more.items():
            self.send_header(name, value)
        for cookie in COOKIES if self.path.partition("?")[0] not in (KEPT, *PUBLIC, *ONE_READERS) else ():
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_HEAD = do_PATCH = _answer  # noqa: N815 - http.server's names

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def upstream() -> Iterator[Upstream]:
    """The API, on a free port."""
    server = Upstream()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def ask(port: int, method: str, target: str, headers: dict[str, str] | None = None, body: bytes = b"") -> Answer:
    """What a browser would get from the website's server. The path goes out as it is, cleaned up by nobody."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, target, body or None, {"Host": "news.example", **(headers or {})})
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()


def as_json(answer: Answer) -> object:
    """The body."""
    return json.loads(answer.body)
