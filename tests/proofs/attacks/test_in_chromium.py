"""A sibling subdomain and a foreign page, in a real browser: what it lets them send, and what we make of that."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

import pytest
from playwright.sync_api import BrowserContext

from chalicelib.http import cookies, origins
from testkit.app_server import Answered, app, served
from testkit.harness import Harness
from testkit.visitor import Visitor

VICTIM, ATTACKER = "victim@reader.example", "attacker@reader.example"


@dataclass
class Web:
    """The API at api.news.localhost, and a page of anybody's at any other name."""

    harness: Harness
    api: str = ""
    port: int = 0
    others: int = 0
    page: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)

    def name(self, purpose: str) -> str:
        """A cookie's name on this stage."""
        return f"__Host-spilno-{purpose}-{self.port}"

    def at(self, host: str) -> str:
        """The address of the page under this name of the machine."""
        return f"http://{host}:{self.others}/"

    def anybody(self, _request: BaseHTTPRequestHandler, _body: bytes) -> Answered:
        """What stands at every other name."""
        return 200, [("Content-Type", "text/html; charset=utf-8"), *self.headers], self.page.encode()

    def session_of(self, email: str) -> str:
        """The secret of a signed-in browser."""
        visitor = Visitor(origin=None)
        self.harness.sign_in(visitor, email)
        return visitor.cookies[self.name("session")]


@pytest.fixture(params=["utf-8", "latin-1"])
def web(request: pytest.FixtureRequest) -> Iterator[Web]:
    """Both ways in which gateways turn a header's bytes into text."""
    harness = Harness()
    web = Web(harness)
    with harness.installed(), served(app(request.param)) as web.port, served(web.anybody) as web.others:
        web.api = f"http://api.news.localhost:{web.port}"
        harness.wiring.settings = harness.settings._replace(
            public_url=web.api, site_origins=(f"http://www.news.localhost:{web.others}",)
        )
        yield web


def signed_in_as(context: BrowserContext, web: Web) -> str | None:
    """Whom the API takes this browser for."""
    page = context.new_page()
    page.goto(f"{web.api}/v1/session")
    sub = page.evaluate("JSON.parse(document.body.innerText).sub || null")
    page.close()
    return str(sub) if sub else None


POST = """async ([path, body]) => (await fetch(path, {
  method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body),
})).status"""


def sign_in(context: BrowserContext, web: Web, email: str) -> str | None:
    """The reader signs in, at the API itself."""
    page = context.new_page()
    page.goto(f"{web.api}/v1/session")  # no policy of a page forbids it to fetch
    assert page.evaluate(POST, ["/v1/sign-in", {"email": email}]) == 202
    assert page.evaluate(POST, ["/v1/sign-in/confirm", {"code": web.harness.mails.last.code}]) == 200
    page.close()
    return signed_in_as(context, web)


def toss(context: BrowserContext, web: Web, name: str) -> None:
    """A sibling subdomain sets a cookie of this name for the whole domain, by script and by header."""
    cookie = f"{name}={web.session_of(ATTACKER)}; Domain=news.localhost; Path=/"
    web.page = f"<script>document.cookie = {cookie!r}</script>"
    one_byte = name[0] < "\u0100"  # as that byte, and by the script above as the two of UTF-8
    web.headers = [("Set-Cookie", cookie if one_byte else cookie.encode().decode("latin-1"))]
    page = context.new_page()
    page.goto(web.at("blog.news.localhost"))
    page.close()
    web.headers = []


ODD = {"no-break space": "\xa0", "next line": "\x85", "en quad": "\u2000", "ideographic space": "\u3000"}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_a_sibling_subdomain_signs_nobody_in_as_itself(context: BrowserContext, web: Web, odd: str) -> None:
    toss(context, web, f"{odd}{web.name('session')}")
    kept = [cookie["name"] for cookie in context.cookies(web.api) if cookie["name"].endswith(web.name("session"))]
    assert kept, "the browser keeps it, and sends it to us"
    assert signed_in_as(context, web) is None
    victim = sign_in(context, web, VICTIM)
    assert victim == web.harness.state(VICTIM).id


@pytest.mark.parametrize("web", ["utf-8"], indirect=True)
def test_cut_at_all_that_python_calls_space_it_would(
    context: BrowserContext, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr(cookies, "_SPACE", None)
    toss(context, web, f"\xa0{web.name('session')}")
    assert signed_in_as(context, web) == web.harness.state(ATTACKER).id


def attack(web: Web) -> str:
    """A page that tries all that a page may send without asking: forms in frames, and `fetch` without CORS."""
    wish = {"amount": "500000", "currency": "eur", "interval": "year", "attempt": "attempt-of-a-foreign-page"}
    fields = "".join(f'<input name="{name}" value="{value}">' for name, value in wish.items())
    return f"""<!doctype html><title>evil</title>
<form id="gift" method="post" action="{web.api}/donate">{fields}</form>
<form id="out" method="post" action="{web.api}/account/sign-out"><input name="everywhere" value="true"></form>
<script>
const simple = {{method: "POST", mode: "no-cors", credentials: "include"}};
const send = (path, body) => fetch("{web.api}" + path, {{...simple, body}});
window.burnt = Promise.all(Array.from({{length: 70}}, () => send("/v1/checkouts", new Blob(["{{}}"]))).concat(
  Array.from({{length: 40}}, () => send("/v1/sign-in", '{{"email": "{VICTIM}"}}')))).then(() => true);
</script>"""


def attacked(context: BrowserContext, web: Web, host: str) -> None:
    """The reader opens the page, which posts both of its forms as whole navigations."""
    web.page = attack(web)
    for form in ("gift", "out"):
        page = context.new_page()
        page.goto(web.at(host))
        page.wait_for_function("window.burnt")
        with page.expect_response(lambda response: response.request.method == "POST"):
            page.evaluate(f"document.getElementById('{form}').submit()")
        page.close()


@pytest.mark.parametrize("web", ["utf-8"], indirect=True)
@pytest.mark.parametrize("host", ["evil.localhost", "blog.news.localhost"], ids=["foreign", "sibling"])
def test_a_foreign_page_neither_signs_out_nor_gives_nor_burns_a_limit(
    context: BrowserContext, web: Web, host: str
) -> None:
    victim = sign_in(context, web, VICTIM)
    context.new_page().goto(f"{web.api}/donate")
    before = context.cookies(web.api)
    attacked(context, web, host)
    assert context.cookies(web.api) == before
    assert signed_in_as(context, web) == victim
    assert web.harness.stripe.of("checkout.session") == []
    assert Visitor(origin=None).post("/v1/sign-in", {"email": VICTIM}).status == 202


@pytest.mark.parametrize("web", ["utf-8"], indirect=True)
def test_unguarded_it_does(context: BrowserContext, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: what the guard is for."""
    monkeypatch.setattr(origins, "refuse_foreign", lambda _call, **_: None)
    assert sign_in(context, web, VICTIM)
    attacked(context, web, "evil.localhost")
    assert signed_in_as(context, web) is None
    assert web.harness.stripe.of("checkout.session")
