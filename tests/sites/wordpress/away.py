"""Something at Spilno's address that answers as a test says: not at all, late, or with a refusal."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Away:
    """`status` is answered with `problem`, after `seconds`; what was asked is in `calls`."""

    url: str = ""
    status: int = 200
    problem: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0
    calls: list[tuple[str, str]] = field(default_factory=list)

    def answers(self, status: int, code: str = "", *, seconds: float = 0, **headers: str) -> None:
        """From now on."""
        self.status, self.seconds, self.headers = status, seconds, headers
        self.problem = {"code": code, "title": "So it is.", "status": status} if code else {}
        self.calls.clear()


@contextmanager
def away() -> Iterator[Away]:
    """It, as long as the block lasts."""
    state = Away()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            state.calls.append((self.command, self.path))
            time.sleep(state.seconds)
            body = json.dumps(state.problem).encode()
            try:
                self.send_response(state.status)
                for name, value in {**state.headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(body)
            except BrokenPipeError:
                pass  # whoever asked did not wait

        do_GET = do_PUT = do_DELETE = _answer  # noqa: N815 - the base class's names

        def log_message(self, *_: Any) -> None:
            """Nothing on the tests' output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
