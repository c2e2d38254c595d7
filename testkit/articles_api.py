"""The API's calls about articles as a small real HTTP server, which can be made to answer wrongly, late or never."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

KEY = "spilno_cms_of_a_test"
PAGE = 3  # articles of one answer, so that every test turns pages


@dataclass(frozen=True)
class Answered:
    """One answer; `dropped`: none, the connection ends."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    dropped: bool = False


Trouble = Callable[[str, str], Answered | None]


class ArticlesDouble:
    """What the API stores, and every call that was made; `trouble(method, id)` may answer in its place."""

    def __init__(self) -> None:
        self.stored: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, str]] = []
        self.connections: set[tuple[str, int]] = set()
        self.trouble: Trouble = lambda _method, _name: None
        self.address = ""
        self.complete = True
        self._lock = threading.Lock()

    def made(self, method: str) -> list[str]:
        """The ids of all calls of this method, in order."""
        return [name for called, name in self.calls if called == method]

    def answer(self, method: str, path: str, key: str, body: bytes) -> Answered:
        """What the API answers."""
        parts = urlsplit(path)
        query, name = dict(parse_qsl(parts.query)), unquote(parts.path.removeprefix("/v1/articles").lstrip("/"))
        with self._lock:
            self.calls.append((method, name))
            troubled = self.trouble(method, name)
        if troubled:
            return troubled
        if parts.path == "/v1/newsroom":
            links = {"read": f"{self.address}/read/"}
            return Answered(body={"name": {"uk": "Вісті", "en": "News"}, "languages": ["uk", "en"], "links": links})
        if key != f"Bearer {KEY}":
            return problem(401, "unknown_key", "Send an API key of the newsroom: Authorization: Bearer …")
        with self._lock:
            return self._of_cms(method, name, query, body)

    def _of_cms(self, method: str, name: str, query: Mapping[str, str], body: bytes) -> Answered:
        if not name:
            return self._listed(query)
        there = self.stored.get(name)
        if method == "PUT":
            return self._put(name, there, query, json.loads(body))
        if there is None:
            return problem(404, "unknown_article", "We do not have this article.")
        if method == "GET":
            return Answered(body={**there, "seal": {"access": there["access"], "requires": "members"}})
        if there["origin"] not in (None, query.get("origin"), *([there["origin"]] if "origin" not in query else [])):
            return other_origin(there["origin"])
        del self.stored[name]
        return Answered(204)

    def _put(
        self, name: str, there: Mapping[str, Any] | None, query: Mapping[str, str], body: Mapping[str, Any]
    ) -> Answered:
        if there and there["origin"] not in (None, body.get("origin")) and query.get("take_over") != "true":
            return other_origin(there["origin"])
        defaults: dict[str, Any] = {"opens_at": None, "closes_at": None, "author": None, "section": None, "tags": []}
        self.stored[name] = {**defaults, **body, "id": name, "updated_at": "2026-11-30T18:00:00Z"}
        warning = {"code": "url_not_on_site", "title": "The url is elsewhere."}
        return Answered(body={"id": name, "warnings": [warning] if "elsewhere" in body["url"] else []})

    def _listed(self, query: Mapping[str, str]) -> Answered:
        found = [
            {name: value for name, value in one.items() if not name.endswith("_html")}
            for key, one in sorted(self.stored.items())
            if key > query.get("after", "") and query.get("origin") in (None, one["origin"])
        ]
        page = found[:PAGE]
        return Answered(
            body={"items": page, "next": page[-1]["id"] if len(found) > PAGE else None, "complete": self.complete}
        )


def problem(status: int, code: str, title: str, **more: Any) -> Answered:
    """A refusal, as the API makes one."""
    return Answered(status, {"title": title, "status": status, "code": code, **more})


def other_origin(whose: str) -> Answered:
    """The refusal of an id that belongs to another."""
    return problem(409, "other_origin", "Another system has put this article.", origin=whose)


@contextmanager
def running_articles_api() -> Iterator[ArticlesDouble]:
    """One such server, as long as the block lasts."""
    double = ArticlesDouble()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except ConnectionError:
                self.close_connection = True

        def do_GET(self) -> None:
            self._do()

        do_PUT = do_DELETE = do_GET  # noqa: N815 - names of the library's own

        def _do(self) -> None:
            double.connections.add(self.client_address)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answered = double.answer(self.command, self.path, self.headers.get("Authorization", ""), body)
            if answered.dropped:
                self.close_connection = True
                return
            sent = b"" if answered.body is None else json.dumps(answered.body, ensure_ascii=False).encode()
            self.send_response(answered.status)
            for name, value in answered.headers.items():
                self.send_header(name, value)
            if answered.status != 204:
                self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        double.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield double
        finally:
            server.shutdown()
            thread.join()
