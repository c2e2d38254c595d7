"""A program behind FastCGI, as PHP is: it answers with the variables that it was given."""

import json
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_HEADER = struct.Struct(">BBHHBx")
_END, _PARAMS, _STDIN, _STDOUT = 3, 4, 5, 6


def _length(data: bytes, at: int) -> tuple[int, int]:
    if data[at] < 128:
        return data[at], at + 1
    return int.from_bytes(data[at : at + 4], "big") & 0x7FFFFFFF, at + 4


def _variables(data: bytes) -> dict[str, str]:
    found, at = {}, 0
    while at < len(data):
        name, at = _length(data, at)
        value, at = _length(data, at)
        found[data[at : at + name].decode()] = data[at + name : at + name + value].decode("latin-1")
        at += name + value
    return found


class _Program(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        given = b""
        while True:
            _, kind, request, length, padding = _HEADER.unpack(self.rfile.read(_HEADER.size))
            content = self.rfile.read(length)
            self.rfile.read(padding)
            if kind == _PARAMS:
                given += content
            if kind == _STDIN and not length:
                break
        answer = b"Content-Type: application/json\r\n\r\n" + json.dumps(_variables(given)).encode()
        self.wfile.write(_HEADER.pack(1, _STDOUT, request, len(answer), 0) + answer)
        self.wfile.write(_HEADER.pack(1, _END, request, 8, 0) + bytes(8))


@contextmanager
def program() -> Iterator[int]:
    """Its port."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Program) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()
