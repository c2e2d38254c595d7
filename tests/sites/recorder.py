"""A stand-in in this process on a port of its own, which writes down everything that it was asked and answered."""

import io
import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server

from localdev.stripe.api.endpoint import PARAMS
from localdev.stripe.forms import decode
from testkit.ports import HOST, free_ports
from testkit.stand_in import Json
from tests.stand_in.in_process import stand_in


@dataclass(frozen=True)
class Call:
    """One call of the API: the method and rule it went to, the parameters as they came, and what was answered."""

    method: str
    rule: str
    sent: Json
    status: int
    answer: Json

    @property
    def params(self) -> str:
        """The type in the package that describes its parameters."""
        return PARAMS[self.method, self.rule]


class Recorder:
    """WSGI around the stand-in. `calls` are those of the API; control calls and pages are not written down."""

    def __init__(self, app: Flask, url: str) -> None:
        self.app, self.url = app, url
        self.calls: list[Call] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve one request."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        statuses: list[int] = []

        def started(status: str, headers: Any, exc_info: Any = None) -> Any:
            statuses.append(int(status.split(maxsplit=1)[0]))
            return start_response(status, headers, exc_info)

        answer = b"".join(self.app.wsgi_app(environ, started))
        rule = self._rule(environ)
        if rule is not None:
            encoded = "&".join(part for part in (environ.get("QUERY_STRING", ""), body.decode()) if part)
            method = environ["REQUEST_METHOD"]
            self.calls.append(Call(method, rule, decode(encoded), statuses[0], json.loads(answer)))
        return [answer]

    def _rule(self, environ: dict[str, Any]) -> str | None:
        try:
            rule, _ = self.app.url_map.bind_to_environ(environ).match(return_rule=True)
        except HTTPException:
            return None
        return rule.rule if (environ["REQUEST_METHOD"], rule.rule) in PARAMS else None

    def control(self, path: str, **body: object) -> Json:
        """One control call."""
        done = requests.post(f"{self.url}/_control/{path}", json=body, timeout=30)
        assert done.status_code == 200, done.text
        found: Json = done.json()
        return found

    def thin_events(self) -> list[Json]:
        """Thin events, which no list of API v1 has."""
        found: list[Json] = self.app.config["ACCOUNT"].store.find("v2.core.event")
        return found


@contextmanager
def recording(data: Path, key: str = "") -> Iterator[Recorder]:
    """One that answers until the end of the block. `SPILNO_DATA` must say the same folder: the clock is there.

    `key`: another secret key than the local one, which is taken too.
    """
    (port,) = free_ports(1)
    url = f"http://{HOST}:{port}"
    recorder = Recorder(stand_in(data, url, key), url)
    server = make_server(HOST, port, recorder, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield recorder
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
