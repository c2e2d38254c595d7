"""`/elements` of the demo site: every state of the elements to look at, for whoever gives them their looks."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, get_args

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from chalicelib.reading.rules.paywall import Reason
from localdev.ports import ROOT, ports
from localdev.site.content import articles
from localdev.site.elements import page as elements_page
from localdev.site.elements import specimens, states
from localdev.site.web import make_app
from localdev.welcome import welcome
from tests.widget.fake_api import FakeApi, serve

GUIDE = (ROOT / "docs" / "website.md").read_text("utf-8")
ELEMENT = re.compile(r"<spilno-.+?</spilno-\w+>", re.DOTALL)


@pytest.fixture(scope="module")
def demo(running_api: FakeApi) -> Iterator[str]:
    """The demo site over the fake API; answers its origin."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SPILNO_PUBLIC_URL", running_api.url)
        server, port = serve(make_app())
        environment.setenv("SPILNO_SITE_PORT", str(port))
        yield f"http://127.0.0.1:{port}"
        server.shutdown()
        server.server_close()


@pytest.fixture
def client(demo: str, api: FakeApi) -> FlaskClient:  # noqa: ARG001 - the site asks it for the newsroom
    app = make_app()
    app.config["SERVER_NAME"] = demo.removeprefix("http://")
    return app.test_client()


def said(answer: TestResponse) -> dict[str, Any]:
    """The JSON of an answer."""
    body: dict[str, Any] = answer.get_json()
    return body


def variables_of(text: str) -> set[str]:
    """The CSS variables that a newsroom may set."""
    return set(re.findall(r"--spilno-[a-z-]+", text)) - {"--spilno-newsroom-accent"}


def attributes_of(html: str) -> dict[str, str]:
    return dict(re.findall(r'([a-z]+)(?:="([^"]*)")?', html.partition(">")[0].split(None, 1)[1]))


def test_there_is_a_state_for_every_reason_that_closes_or_opens_a_wall() -> None:
    readers = [states.READERS[one.state] for one in specimens.reading() if one.state]
    assert len(readers) == len(states.READERS), "each stands on the page"
    shown = {reader["decision"]["reason"] for reader in readers if reader}
    assert shown == set(get_args(Reason)) - {"open"}, "an article open to all has no wall"


def test_every_preview_and_every_variable_of_the_guide_is_there() -> None:
    previews = {one.attributes["preview"] for one in specimens.reading() if "preview" in one.attributes}
    (row,) = (line for line in GUIDE.splitlines() if line.startswith("| `preview` |") and "stranger" in line)
    assert previews == set(re.findall(r"`(\w+)`", row)) - {"preview"}
    shown = elements_page.variables(elements_page.STYLE.read_text("utf-8"))
    assert {one.name for one in shown} == variables_of(GUIDE)


def test_the_variables_are_those_of_the_style_sheet_as_it_is() -> None:
    css = ".light {\n  color: red;\n  --spilno-radius: 2em;\n}\n.dark {\n  --spilno-radius: 3px;\n}\n"
    (one,) = elements_page.variables(css)
    assert (one.name, one.word, one.values) == ("--spilno-radius", "radius", {"light": "2em", "dark": "3px"})


def test_every_answer_has_the_fields_of_the_apis_own(client: FlaskClient) -> None:
    from chalicelib.reading.views.answers import Article

    for name, reader in states.READERS.items():
        told = client.get(f"{states.PREFIX}/{name}/v1/articles/demo-members", headers={"Accept-Language": "en"})
        if name == "hosted":
            assert told.location == "data:,"
            continue
        if not reader:
            assert (told.status_code, said(told)["code"]) == (503, "table_down")
            continue
        assert set(said(told)) == set(Article.model_fields)
        assert said(told)["decision"] == reader["decision"]
        text = states.demo_text("en")
        assert said(told)["html"] == (text.body_html if reader["decision"]["open"] else text.teaser_html)


def test_nothing_of_it_is_gated(client: FlaskClient) -> None:
    everything = "".join(
        client.get(path).get_data(as_text=True)
        for path in ("/elements", "/en/elements", *(f"{states.PREFIX}/{one}/v1/articles/x" for one in states.READERS))
    )
    assert states.demo_text("uk").access == states.demo_text("en").access == "open"
    for one in articles():
        hidden = one.body_html.removeprefix(one.teaser_html)
        assert not one.gated or not any(part in everything for part in re.findall(r"<p>(.+?)</p>", hidden))


def test_what_can_be_pressed_is_answered(client: FlaskClient) -> None:
    base = f"{states.PREFIX}/sign_in"
    refused = client.post(f"{states.PREFIX}/refused/v1/checkouts", json={}, headers={"Accept-Language": "uk"})
    assert (refused.status_code, said(refused)["code"]) == (503, "stripe_down")
    assert said(refused)["title"].startswith("Платіжна система зараз не відповідає.")
    assert "/donate" in client.post(f"{base}/v1/checkouts", json={}).get_json()["url"]
    assert client.post(f"{base}/v1/sign-in", json={}).status_code == 202
    assert client.post(f"{base}/v1/sign-in/confirm", json={}).get_json()["code"] == "wrong_code"
    assert client.delete(f"{base}/v1/session").json == {"signed_in": False}
    assert client.get(f"{base}/read/x?lang=uk").location.endswith("/read/x?lang=uk")
    assert client.get(f"{states.PREFIX}/down/v1/newsroom").status_code == 503
    assert client.get(f"{states.PREFIX}/hosted/v1/newsroom").get_json()["cookie_origins"] == []


def test_beside_each_element_stands_its_own_html(client: FlaskClient) -> None:
    html = client.get("/elements").get_data(as_text=True)
    for found in re.findall(r'<article class="specimen">(.+?)</article>', html, re.DOTALL):
        written, *live = (attributes_of(one) for one in ELEMENT.findall(unescape(found)))
        assert written.pop("api") == specimens.SHOWN_API
        assert len(live) == len(elements_page.GROUNDS)
        for one in live:
            one.pop("api")
            one.pop("always", None)  # beside a wall that a supporter reads, a button would be silent
            assert {**one, "article": ""} == {**written, "article": ""}


def test_the_policy_is_the_sites_and_lets_the_page_ask_the_site_itself(client: FlaskClient) -> None:
    usual, here = (client.get(path).headers["Content-Security-Policy"] for path in ("/", "/elements"))
    assert re.sub(r"(connect-src \S+) 'self'", r"\1", here) == usual != here
    assert not re.search(r"<script(?! src=)|\sstyle=|\son[a-z]+=", client.get("/elements").get_data(as_text=True))


def test_make_run_and_the_foot_of_every_page_lead_here(client: FlaskClient) -> None:
    ours = ports()
    said = "\n".join(welcome(ours, ROOT / ".local", {}))
    assert f"{ours.url('site')}/elements " in said
    for path in ("/", "/en/", "/articles/demo-open"):
        foot = client.get(path).get_data(as_text=True).partition("<footer>")[2]
        letter, link, *ways_out = re.findall(r'href="([^"]+)"', foot)
        assert [client.get(one).status_code for one in (letter, link)] == [200, 200]
        assert [one.partition("?")[0].rpartition("/")[2] for one in ways_out] == ["cancel", "withdraw"]


def test_without_the_api_the_page_is_there_all_the_same(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPILNO_PUBLIC_URL", "http://127.0.0.1:1")
    answer = client.get("/elements")
    assert answer.status_code == 200
    assert "currency=" not in answer.get_data(as_text=True)
