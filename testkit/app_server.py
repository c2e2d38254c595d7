"""The app behind a real port, in this process, for tests with a browser: as much of API Gateway as they need."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from testkit.calls import event, invoke

Answered = tuple[int, list[tuple[str, str]], bytes]
_OWN_FRAMING = ("content-length", "transfer-encoding", "set-cookie")


class _Quiet(BaseHTTPRequestHandler):
    """Hands every request to `answer`, and writes no log."""

    answer: Callable[["_Quiet", bytes], Answered]

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, headers, content = type(self).answer(self, body)
        self.send_response_only(status)
        for name, value in [*headers, ("Content-Length", str(len(content)))]:
            # As bytes: a header may hold more than `send_header` lets through.
            self._headers_buffer.append(f"{name}: {value}\r\n".encode("latin-1"))  # type: ignore[attr-defined]
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_DELETE = do_OPTIONS = do_PUT = _handle  # noqa: N815 - the library's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own signature
        """Nothing."""


@contextmanager
def served(answer: Callable[[BaseHTTPRequestHandler, bytes], Answered]) -> Iterator[int]:
    """A server on a free port of this machine; answers the port."""
    handler = type("Handler", (_Quiet,), {"answer": staticmethod(answer)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def app(decoded_as: str = "utf-8") -> Callable[[BaseHTTPRequestHandler, bytes], Answered]:
    """The app that is wired now. `decoded_as`: how the bytes of a header become text; gateways differ in that."""
    one_at_a_time = threading.Lock()  # as a Lambda does

    def answer(request: BaseHTTPRequestHandler, body: bytes) -> Answered:
        headers = {
            name: value.encode("latin-1").decode(decoded_as, "replace") for name, value in request.headers.items()
        }
        asked = event(request.command, request.path, body.decode("utf-8", "replace"), headers, "192.0.2.1")
        with one_at_a_time:
            reply = invoke(asked)
        kept = [(name, value) for name, value in reply.headers.items() if name not in _OWN_FRAMING]
        return reply.status, [*kept, *(("Set-Cookie", one) for one in reply.set_cookies)], reply.text.encode()

    return answer
