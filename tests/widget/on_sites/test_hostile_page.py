"""A page whose HTML is partly a stranger's: named elements, odd attributes, names of Object's own."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask, Response
from playwright.sync_api import BrowserContext, Page, expect

from tests.widget.conftest import Site
from tests.widget.fake_api import TEASER, FakeApi, serve
from tests.widget.test_wall import EVERYWHERE, sign_in_by_cookie, type_code, unfold_sign_in
from tests.widget.unmended import without

pytestmark = pytest.mark.browser

# What the elements ask a document, a window or an element of; in Chromium each of these stands before the real thing.
OF_DOCUMENTS = [
    "currentScript",
    "readyState",
    "createElement",
    "addEventListener",
    "documentElement",
    "visibilityState",
]
OTHERS = ["cookie", "location", "host", "querySelector", "body", "adoptedStyleSheets", "defaultView", "head"]
OF_WINDOWS = [
    "trustedTypes",
    "customElements",
    "navigator",
    "fetch",
    "crypto",
    "spilno",
    "policy",
    "URL",
    "Intl",
    "CSS",
]


class Evil:
    """Somebody else's server: what it was asked for, and HTML that tells of itself when it gets into a page."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.url = ""

    def answer(self, path: str) -> Response:
        self.asked.append(path)
        html = '{"decision": {"open": true, "reason": "open"}, "html": "<img src=x onerror=window.owned=1>"}'
        headers = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}
        return Response(html, headers=headers, content_type="application/json")


@pytest.fixture(scope="module")
def evil_server() -> Iterator[Evil]:
    """Listening on a port of its own."""
    evil = Evil()
    app = Flask("evil")
    app.add_url_rule("/<path:path>", view_func=evil.answer)
    server, port = serve(app)
    evil.url = f"http://127.0.0.1:{port}"
    yield evil
    server.shutdown()
    server.server_close()


@pytest.fixture
def evil(evil_server: Evil) -> Evil:
    """Not asked for anything yet."""
    evil_server.asked = []
    return evil_server


def clobbering(evil: Evil) -> str:
    """A stranger's comment that some sanitiser let through."""
    images = "".join(f'<img name="{name}" src="{evil.url}/widget.js" alt="">' for name in OF_DOCUMENTS + OTHERS)
    return images + "".join(f'<a id="{name}" href="{evil.url}/widget.js"></a>' for name in OF_WINDOWS)


def write_first(site: Site, evil: Evil, wall: str) -> None:
    """The stranger's HTML before the script runs, so that all of it is there when the script looks round."""
    site.head = " "
    site.body = f'{clobbering(evil)}{wall}<script src="{site.api.url}/widget.js"></script>'


WALL = '<spilno-wall article="demo-members"><p>' + TEASER + "</p></spilno-wall>"


def test_named_elements_change_nothing(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, evil: Evil
) -> None:
    """Without `api`: the address comes from the script's own, whatever is called currentScript."""
    write_first(site, evil, WALL)
    page.goto(site.url())
    evil.asked = []  # the images themselves
    assert page.evaluate("document.currentScript instanceof HTMLImageElement"), "The page is not hostile enough."
    expect(page.locator("spilno-wall[state=closed]")).to_have_count(1)
    sign_in_by_cookie(context, api, "checkout")
    page.reload()
    evil.asked = []
    page.get_by_role("button", name=EVERYWHERE).click()
    type_code(page)
    expect(page.get_by_text("Ваш рівень — «Друг редакції»")).to_be_visible()
    page.get_by_role("button", name="Вийти").click()
    expect(page.locator("spilno-wall > p")).to_have_text([TEASER])
    assert evil.asked == []
    assert not page.evaluate("window.owned")


def test_before_the_mend_calls_and_html_came_from_there(page: Page, site: Site, api: FakeApi, evil: Evil) -> None:
    """The negative control: the script asked the document."""
    api.scripts = without("Reflect.get(Document.prototype, name, document)", instead="document[name]")
    site.head = " "
    site.body = (
        f'<img name="currentScript" src="{evil.url}/widget.js" alt="">'
        f'{WALL}<script src="{api.url}/widget.js"></script>'
    )
    page.goto(site.url())
    page.wait_for_timeout(500)
    assert any(path.startswith("v1/") for path in evil.asked)


def test_a_script_of_svg_or_a_module_leaves_the_pages_own_origin(page: Page, site: Site, evil: Evil) -> None:
    """Where the script cannot know its address, calls go to where the page came from."""
    site.head = f'<script type="module" src="{site.api.url}/widget.js"></script>'
    site.body = f'<img name="currentScript" src="{evil.url}/widget.js" alt="">{WALL}'
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.url())
    expect(page.get_by_role("link", name="Читати на нашій сторінці")).to_be_visible()
    assert not [url for url in asked if url.startswith(evil.url) and "/v1/" in url]


@pytest.mark.parametrize(
    "api_attribute", ["javascript:alert(1)//", "java\tscript:alert(1)//", "data:text/html,x", "blob:x", "//["]
)
@pytest.mark.parametrize("element", ["wall", "donate"])
def test_an_api_that_is_no_address_of_the_web_is_not_taken(
    page: Page, site: Site, api: FakeApi, element: str, api_attribute: str
) -> None:
    page.route("**/v1/**", lambda route: route.abort())
    site.body = {
        "wall": f'<spilno-wall api="{api_attribute}" article="x"><p>{TEASER}</p></spilno-wall>',
        "donate": f'<spilno-donate api="{api_attribute}"></spilno-donate>',
    }[element]
    page.goto(site.url())
    links = page.locator("main").get_by_role("link")
    expect(links.first).to_be_visible()
    for href in links.evaluate_all("(links) => links.map((link) => link.href)"):
        assert href.startswith(api.url), href


@pytest.mark.parametrize("name", ["constructor", "__proto__", "toString", "hasOwnProperty", "valueof"])
def test_names_of_objects_own_are_no_currency_interval_or_language(
    page: Page, site: Site, api: FakeApi, name: str
) -> None:
    page.goto(site.donate(f'currency="{name}" interval="{name}" tier="{name}" lang="{name}" amounts="{name}"'))
    expect(page.get_by_role("button", name=re.compile("Підтримувати: 3 €"))).to_be_visible()
    api.article = {"decision": {"open": False, "reason": name}, "requires": f"tier:{name}"}
    page.goto(site.wall())
    expect(page.locator("[part='text reason']")).to_be_visible()


def test_a_form_that_hides_its_own_attributes_hides_no_language(page: Page, site: Site) -> None:
    inputs = "".join(f'<input name="{name}">' for name in ("lang", "getAttribute", "closest", "attributes"))
    site.wall()
    site.body = f'<form lang="en">{inputs}{site.body}</form>'
    page.goto(site.url())
    # Not by the tests' own tools: they stumble over such a form.
    heading = "document.querySelector('spilno-wall').root.querySelector('h2')?.textContent"
    page.wait_for_function(heading)
    assert page.evaluate(heading) == "Readers keep this newsroom going"


def test_an_element_in_a_shadow_root_takes_the_language_around_its_host(page: Page, site: Site) -> None:
    site.lang = "en"
    site.body = '<img name="host" alt=""><div id="box"></div>'
    page.goto(site.url())
    page.evaluate(
        "(api) => { const root = document.getElementById('box').attachShadow({ mode: 'open' });"
        ' root.innerHTML = `<spilno-donate api="${api}"></spilno-donate>`; }',
        site.api.url,
    )
    expect(page.get_by_role("button", name="Support us: €5 a month")).to_be_visible()


def test_the_sites_own_styles_and_a_strangers_text_stay_text(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    """A newsroom's words, a problem's title and the fallback's label are text, whatever they look like."""
    markup = "<img src=x onerror=window.owned=1>"
    api.newsroom = {**api.newsroom, "texts": {"appeal_title": {"uk": markup}, "appeal": {"uk": markup}}}
    api.problems["/v1/sign-in"] = [(429, {"title": markup, "code": "too_many"})]
    page.goto(site.wall())
    expect(page.get_by_role("heading", name=markup)).to_be_visible()
    unfold_sign_in(page, context, site, api)
    page.get_by_label(re.compile("Електронна адреса")).fill(markup)
    page.get_by_role("button", name="Надіслати код").click()
    expect(page.get_by_role("alert")).to_have_text(markup)
    assert not page.evaluate("window.owned")
