"""A website on a free port, whose pages a test writes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class SmallSite:
    """What it answers, by path: a status and a body, all of one media type."""

    pages: dict[str, tuple[int, str]] = field(default_factory=dict)
    media_type: str = "text/html"
    origin: str = ""


@contextmanager
def serving() -> Iterator[SmallSite]:
    """Serve a website as long as this lasts."""
    site = SmallSite()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = site.pages.get(self.path, (404, ""))
            self.send_response(status)
            self.send_header("Content-Type", f"{site.media_type}; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.origin = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
