"""The lab: what counts as cacheable, as over a budget, and what goes over the wire compressed."""

import gzip
from collections.abc import Iterator

import pytest
import requests
from flask import Flask, Response

from bench.lab import report
from bench.lab.scenes import SCENES, Budget, hidden_words
from bench.lab.visit import Asked, Visit
from bench.lab.wire import compresses, open_wire
from chalicelib.http.gateway import WORTH_COMPRESSING
from tests.widget.fake_api import serve

API = "https://api.example"


def asked(path: str, cache: str, method: str = "GET", **headers: str) -> Asked:
    sent = {"cache-control": cache, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Asked(method, API + path, 200, wire=1000, plain=3000, headers=sent)


def visited(*listed: Asked, button: float | None = 1200.0) -> Visit:
    return Visit(listed, API, button, 900.0, 800.0, largest=850.0, shifted=0.0)


PUBLIC = asked("/v1/newsroom", "public, max-age=60")
OWN = asked("/v1/articles/x", "private, no-store")


@pytest.mark.parametrize(
    ("one", "cacheable"),
    [
        (PUBLIC, True),
        (OWN, False),
        (asked("/v1/newsroom", "public, max-age=0"), False),
        (asked("/v1/newsroom", "public, max-age=60", set_cookie="a=b"), False),
        (asked("/v1/newsroom", "public, max-age=60", vary="Origin, Cookie"), False),
        (asked("/v1/articles/x", "public, max-age=60", method="OPTIONS"), False),
    ],
)
def test_what_a_cache_may_answer_for_everybody(one: Asked, cacheable: bool) -> None:
    assert one.cacheable is cacheable


def test_a_budget_says_what_is_over_it() -> None:
    budget = Budget(requests=2, wire=2000, own_calls=1)
    assert list(budget.exceeded(visited(PUBLIC, OWN))) == []
    assert list(budget.exceeded(visited(PUBLIC))) == ["0 calls that no cache can answer, 1 expected"]
    assert len(list(budget.exceeded(visited(PUBLIC, OWN, OWN)))) == 3


def test_the_tables_and_what_fails() -> None:
    visits = {scene: [visited(*[PUBLIC] * 11)] * 3 for scene in SCENES}
    weighed, timed = report.tables(visits)
    assert len(weighed.rows) == len(timed.rows) == len(SCENES)
    assert {row[-1] for row in weighed.rows} == {"over"}
    assert timed.rows[0][1:4] == ["button", "1.20", "1.20..1.20"]
    assert any("11 requests, at most" in said for said in report.failed(visits))
    assert report.failed({SCENES[0]: [visited()]}) == []


def test_a_page_whose_button_never_came_is_an_error() -> None:
    with pytest.raises(ValueError, match="no button was seen"):
        report.tables({SCENES[0]: [visited(PUBLIC, button=None)]})


def test_the_words_that_are_looked_for_are_behind_the_wall() -> None:
    assert len(hidden_words("demo-members")) > 20


@pytest.fixture
def plain_server() -> Iterator[str]:
    """A server that compresses nothing."""
    app = Flask("plain")
    app.add_url_rule(
        "/text", "text", view_func=lambda: Response("а" * WORTH_COMPRESSING, content_type="text/html; charset=utf-8")
    )
    app.add_url_rule(
        "/small", "small", view_func=lambda: Response("small", headers={"Cache-Control": "public, max-age=60"})
    )
    app.add_url_rule("/picture", "picture", view_func=lambda: Response(b"\x00" * 9000, content_type="image/webp"))
    server, port = serve(app)
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    server.server_close()


def test_the_wire_compresses_text_as_a_deployed_stage_does_and_changes_nothing_else(plain_server: str) -> None:
    assert not compresses("text/html", WORTH_COMPRESSING - 1)
    with open_wire() as wire, requests.Session() as session:
        session.trust_env, session.proxies = False, {"http": wire}
        packed = session.get(f"{plain_server}/text", stream=True)
        raw = packed.raw.read(decode_content=False)
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(raw).decode() == "а" * WORTH_COMPRESSING
        assert len(raw) < 200
        small = session.get(f"{plain_server}/small")
        assert (small.text, small.headers["Cache-Control"]) == ("small", "public, max-age=60")
        picture = session.get(f"{plain_server}/picture")
        assert "Content-Encoding" not in {*small.headers, *picture.headers}
        assert len(picture.content) == 9000
        assert session.get(f"{plain_server}/nothing").status_code == 404
        assert session.post(f"{plain_server}/text", data="x").status_code == 405
