"""A tiny stand-in for the API, for the elements' tests: it keeps the contract's shapes and remembers every call."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request
from werkzeug.serving import BaseWSGIServer, make_server

from chalicelib.http import elements
from chalicelib.signing_in.rules.typed_code import plain_code
from tests.widget.fake_newsroom import NEWSROOM
from tests.widget.fake_seal import FakeSeal, b64url, file_of, key_of

CANARY = "Канарка: це речення лише для своїх."
TEASER = "Початок тексту, який бачать усі."
CODE = "ABCD2345"

PUBLIC = ("/v1/newsroom", "/widget.js")


@dataclass(frozen=True)
class Call:
    """One request as the API saw it."""

    method: str
    path: str
    body: Any
    cookie: bool
    query: dict[str, str] = field(default_factory=dict)
    referer: str = ""


@dataclass
class FakeApi:
    """Who is reading is a cookie here, as in the real API; `problems` are answered first, one a call."""

    url: str = ""
    calls: list[Call] = field(default_factory=list)
    problems: dict[str, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)
    problem_type: str = "application/problem+json"  # of a refusal that is not the API's: another
    slow: float = 0.0
    slow_by: float = 0.0  # every answer
    origins: Callable[[str], bool] = lambda _origin: True
    keeps_cookies: bool = True
    article: dict[str, Any] = field(default_factory=dict)
    seal: dict[str, Any] = field(default_factory=dict)
    sealed: FakeSeal | None = None
    gift: str = ""  # the token that opens
    session: dict[str, Any] = field(default_factory=dict)
    newsroom: dict[str, Any] = field(default_factory=lambda: dict(NEWSROOM))
    scripts: dict[str, str] = field(default_factory=dict)  # others than ours, for negative controls
    hint: dict[str, Any] | None = field(default_factory=lambda: {"name": "spilno-ask", "domain": None})

    def bodies(self, path: str) -> list[Any]:
        """The JSON bodies posted to this path, in order."""
        return [call.body for call in self.calls if call.path == path and call.method == "POST"]

    def asked(self, path: str) -> int:
        """How often this path was asked for, preflights left out."""
        return len([call for call in self.calls if call.path == path])

    def forget(self) -> None:
        """Back to the state of a fresh API."""
        self.__dict__.update(FakeApi(url=self.url).__dict__)


def build(api: FakeApi) -> Flask:
    """The API's routes, as much of the contract as the elements touch."""
    app = Flask("fake_api")
    _add_hooks(app, api)
    _add_scripts(app, api)
    _add_reading(app, api)
    _add_sealed(app, api)
    _add_giving(app, api)
    _add_signing_in(app, api)
    return app


def _add_hooks(app: Flask, api: FakeApi) -> None:
    @app.before_request
    def before() -> Response | None:
        if request.method == "OPTIONS":
            return Response(status=204)
        api.calls.append(
            Call(
                request.method,
                request.path,
                request.get_json(silent=True),
                bool(request.headers.get("Cookie")),
                request.args.to_dict(),
                request.headers.get("Referer", ""),
            )
        )
        waiting = api.problems.get(request.path)
        if waiting:
            status, body = waiting.pop(0)
            answer = jsonify({"type": "about:blank", "status": status, **body})
            answer.status_code = status
            answer.content_type = api.problem_type
            return answer
        threading.Event().wait(api.slow_by + (api.slow if request.path.startswith("/v1/checkouts") else 0))
        return None

    @app.after_request
    def cors(answer: Response) -> Response:
        origin = request.headers.get("Origin", "")
        if request.path in PUBLIC or request.path.startswith("/widget/") or _is_sealed():
            answer.headers["Access-Control-Allow-Origin"] = "*"
        elif origin and api.origins(origin):
            answer.headers.update(
                {
                    "Access-Control-Allow-Origin": origin,
                    "Access-Control-Allow-Credentials": "true",
                    "Access-Control-Allow-Headers": "content-type",
                    "Access-Control-Allow-Methods": "GET, POST, DELETE",
                    "Vary": "Origin",
                }
            )
        answer.headers["Cache-Control"] = "private, no-store"
        return answer


def _add_scripts(app: Flask, api: FakeApi) -> None:
    @app.get("/widget.js")
    def widget() -> Response:
        return Response(api.scripts.get("widget") or elements.script(), content_type="text/javascript; charset=utf-8")

    @app.get("/widget/<address>")
    def part(address: str) -> Response:
        name = address.rpartition("-")[0]
        found = elements.part_at(address)
        if found is None:
            return Response(status=404)
        script = api.scripts.get(name) or found[0]
        return Response(script, content_type="text/javascript; charset=utf-8")


def _add_reading(app: Flask, api: FakeApi) -> None:
    @app.get("/v1/newsroom")
    def newsroom() -> Response:
        origin = request.headers.get("Origin", "")
        same = urlsplit(origin).hostname == urlsplit(api.url).hostname and api.origins(origin)
        return jsonify({"hint": api.hint, "cookie_origins": [origin] if same else [], **api.newsroom})

    @app.get("/v1/articles/<name>")
    def article(name: str) -> Response:
        return _with_hint(api, jsonify(_decided(api, name)))

    @app.get("/<any(donate,read,'sign-in',account,reading):page>")
    @app.get("/read/<name>", defaults={"page": "read"})
    def hosted(page: str, name: str = "") -> str:
        return f"<!doctype html><title>{page} {name}</title>"


def _is_sealed() -> bool:
    return request.path.endswith("/seal") or "/sealed/" in request.path


def _supports() -> bool:
    return "yes" in (request.cookies.get("session"), request.cookies.get("checkout"))


def _is_given(api: FakeApi) -> bool:
    return bool(api.gift) and (request.args.get("gift") == api.gift or request.cookies.get("given") == "yes")


def _decided(api: FakeApi, name: str) -> dict[str, Any]:
    """The answer on an article, as this reader may see it."""
    signed_in = request.cookies.get("session") == "yes"
    supports, given = _supports(), _is_given(api)
    opened = supports or given
    answer = {
        "id": name,
        "decision": {"open": opened, "reason": "supporter" if supports else "gift" if given else "sign_in"},
        "title": "Стаття",
        "html": f"<p>{TEASER}</p><p>{CANARY}</p>" if opened else f"<p>{TEASER}</p>",
        "requires": "members",
        "tier": "member" if supports else None,
        "until": "2026-12-12T10:00:00Z" if supports else None,
        "signed_in": signed_in,
    }
    return {**answer, **api.article}


def _with_hint(api: FakeApi, response: Response) -> Response:
    port = urlsplit(api.url).port
    if response.get_json()["decision"]["reason"] == "gift":
        response.set_cookie("given", "yes", httponly=True)
    if _supports() or _is_given(api):
        response.set_cookie(f"spilno-ask-{port}", "1" if _supports() else "1-gift")
    else:
        response.delete_cookie(f"spilno-ask-{port}")
        response.set_cookie(f"spilno-asked-{port}", "1")
    return response


def _add_sealed(app: Flask, api: FakeApi) -> None:
    def manifest(name: str) -> dict[str, Any]:
        asks = {"access": "members", "requires": "members", "opens_at": None, "closes_at": None, **api.seal}
        return api.sealed.manifest(api.url, name, asks) if api.sealed else asks

    @app.get("/v1/articles/<name>/seal")
    def seal(name: str) -> Response:
        return jsonify(manifest(name))

    @app.get("/v1/articles/<name>/sealed/<version>")
    def sealed(name: str, version: str) -> Response:
        if not api.sealed or version != api.sealed.name:
            return _problem(404, "unknown_version")
        return Response(file_of(name, version, api.sealed.text), content_type="text/plain; charset=utf-8")

    @app.get("/v1/articles/<name>/key")
    def key(name: str) -> Response:
        if not api.sealed:
            return _problem(404, "unknown_version")
        found = {"key": b64url(key_of(name, api.sealed.name))}
        current = request.args["v"] == api.sealed.name
        if api.sealed.fast and request.cookies.get("session") and current:
            return jsonify(found)
        answer = {name: value for name, value in _decided(api, name).items() if name != "html"}
        if not answer["decision"]["open"]:
            return _with_hint(api, jsonify(answer))
        if not current:
            return _problem(409, "stale_version", seal=manifest(name))
        return _with_hint(api, jsonify({**answer, **found, "needs": "members"}))


def _problem(status: int, code: str, **more: object) -> Response:
    """A refusal in the API's own words and type: of another type the elements believe nothing but the status."""
    answer = jsonify({"title": "Ні.", "status": status, "code": code} | more)
    answer.status_code, answer.content_type = status, "application/problem+json"
    return answer


def _add_giving(app: Flask, api: FakeApi) -> None:
    @app.post("/v1/me/gift-links")
    def give() -> tuple[Response, int]:
        url = f"{api.url}/read/demo-members?gift=g1.abc.def"
        return jsonify({"id": "l1", "url": url, "expires_at": "2026-12-10T10:00:00Z"}), 201

    @app.post("/v1/checkouts")
    def checkouts() -> tuple[Response, int]:
        return jsonify({"id": "cs_test_1", "url": f"{api.url}/pay"}), 201

    @app.get("/pay")
    def pay() -> str:
        return "<!doctype html><title>Pay</title><h1>Pay</h1>"


def _add_signing_in(app: Flask, api: FakeApi) -> None:
    @app.post("/v1/sign-in")
    def sign_in() -> tuple[Response, int]:
        return jsonify({}), 202

    @app.post("/v1/sign-in/confirm")
    def confirm() -> Response:
        if plain_code(request.get_json()["code"]) != CODE:
            return _problem(400, "code_wrong", title="Код не підходить.")
        answer = jsonify({"signed_in": True})
        if api.keeps_cookies:
            answer.set_cookie("session", "yes", httponly=True)
        return answer

    @app.get("/v1/session")
    def session() -> Response:
        who = {"tier": "member", "payment_failed": False, "supports": True, **api.session}
        return jsonify({"signed_in": True, **who} if request.cookies.get("session") else {"signed_in": False})

    @app.delete("/v1/session")
    def sign_out() -> Response:
        answer = jsonify({"signed_in": False})
        for name in ("session", f"spilno-ask-{urlsplit(api.url).port}"):
            answer.delete_cookie(name)
        return answer


def serve(app: Flask, port: int = 0) -> tuple[BaseWSGIServer, int]:
    """Serve on a free port of 127.0.0.1 from a thread; the caller shuts the server down."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, server.server_port
