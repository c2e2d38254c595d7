"""gunicorn's side of the gateway: threads for connections, our words for what HTTP itself forbids."""

import contextlib
import socket
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from gunicorn.errors import AppImportError
from gunicorn.http.errors import (
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
)
from gunicorn.workers.gthread import ThreadWorker

from localdev.gateway import answers
from localdev.gateway.adapter import RAW, Adapter
from localdev.gateway.pool import FunctionFailed, Pool
from localdev.serve import serve

CONNECTIONS = 32  # a browser opens connections ahead of need, and each waits in a thread for a while


class Worker(ThreadWorker):  # type: ignore[misc] # gunicorn ships no types
    """A gunicorn thread worker whose own refusals look like API Gateway's."""

    def handle_error(self, req: Any, client: socket.socket, addr: object, exc: BaseException) -> None:
        """Answer what could not be parsed as HTTP, or what failed before there was an answer."""
        del addr  # gunicorn's signature
        ours = isinstance(exc, (InvalidResponseHeader, InvalidResponseHeaderName))
        if ours or not isinstance(exc, ParseException):
            self.log.error("Error while answering %s", getattr(req, "method", "a request"), exc_info=exc)
            answer = answers.refusal("DEFAULT_5XX", status=502)
        elif isinstance(exc, LimitRequestLine):
            answer = answers.refusal("BAD_REQUEST_PARAMETERS", status=414)
        elif isinstance(exc, LimitRequestHeaders):
            answer = answers.refusal("BAD_REQUEST_PARAMETERS", status=431)
        else:
            answer = answers.refusal("BAD_REQUEST_PARAMETERS")
        lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        lines += [f"Content-Length: {len(answer.body)}", "", ""]
        with contextlib.suppress(OSError):  # the caller may be gone
            client.sendall("\r\n".join(lines).encode("latin-1") + answer.body)


def run(app: str, port: int, processes: int, log_file: Path | None, public_url: str) -> None:
    """Serve the app until SIGTERM: `processes` function processes behind one HTTP process at `public_url`."""
    pools: list[Pool] = []

    def make() -> Adapter:
        try:
            pools.append(Pool(app, processes, log_file))
        except FunctionFailed as error:  # its own words stand above in the log
            raise AppImportError(f"{app} does not load: {error}") from None
        return Adapter(pools[0], _log_to(log_file), public_url)

    def close(_server: object, _worker: object) -> None:
        for pool in pools:
            pool.close()

    def keep_headers(_worker: object, req: Any) -> None:
        RAW.headers = tuple(req.headers)

    serve(
        make,
        port,
        threads=CONNECTIONS,
        worker_class="localdev.gateway.server.Worker",
        pre_request=keep_headers,
        worker_exit=close,
        # A path or cookie may be longer than gunicorn's own limit of 8190: API Gateway takes 10,240 of headers.
        limit_request_field_size=16380,
    )


def _log_to(file: Path | None) -> Callable[[str], object]:
    if file is None:
        return print
    stream = file.open("a", buffering=1)
    return lambda line: stream.write(line + "\n")
