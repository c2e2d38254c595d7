"""P19: gated text leaves no trace on a site where a router swaps pages in place, with the real libraries."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.sites.routers.routers import ROUTERS, RouterSite, build, need_the_libraries
from tests.widget import looking
from tests.widget.fake_api import CANARY, FakeApi, serve
from tests.widget.fake_seal import FakeSeal, b64url, key_of
from tests.widget.sealing import TEXT
from tests.widget.test_wall import sign_in_by_cookie
from tests.widget.unmended import without_the_mend

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(running_api: FakeApi) -> Iterator[RouterSite]:
    """The site, before it has a router."""
    need_the_libraries()
    site = RouterSite(running_api.url)
    server, site.port = serve(build(site))
    yield site
    server.shutdown()
    server.server_close()


@dataclass
class Reader:
    """Somebody with one tab, and what was found in it look by look."""

    page: Page
    context: BrowserContext
    api: FakeApi
    site: RouterSite
    looks: int = 0
    found: list[str] = field(default_factory=list)

    def opens(self, name: str) -> None:
        """An article that is open to this reader."""
        expect(self.page.get_by_role("heading", name=name)).to_be_visible()
        expect(self.page.get_by_text(CANARY)).to_be_visible()

    def goes(self, name: str, heading: str) -> None:
        """By a link of the page, or Back, Forward, Reload."""
        ways = {"back": "history.back()", "forward": "history.forward()"}
        if name in ways:
            self.page.evaluate(ways[name])
        elif name == "reload":
            self.page.reload()
        else:
            self.page.get_by_role("navigation").get_by_role("link", name=name).click()
        expect(self.page.get_by_role("heading", name=heading, level=1)).to_be_visible()

    def signs_out(self) -> None:
        """By the wall's own button."""
        self.page.get_by_role("button", name="Вийти").click()
        self.closed()

    def closed(self) -> None:
        """The article on this page is closed, with one teaser, its own."""
        expect(self.page.get_by_text("Уже підтримуєте?")).to_be_visible()
        name = self.page.get_by_role("heading", level=1).inner_text()
        expect(self.page.locator("spilno-wall > p")).to_have_count(1)
        assert self.page.locator("spilno-wall").get_attribute("article") == name

    def looks_for_it(self, when: str, *, also_memory: bool = True) -> None:
        """Everywhere in this tab."""
        self.looks += 1
        places = looking.in_page(self.page, CANARY) + looking.in_storage(self.page, CANARY)
        if also_memory:
            places += [f"memory:{path}" for path in looking.in_memory(self.page, CANARY)]
        self.found += [f"{when}: {place}" for place in places]

    def looks_into_storage(self, when: str) -> None:
        """While the text is rightly open."""
        self.looks += 1
        self.found += [f"{when}: {place}" for place in looking.in_storage(self.page, CANARY)]


@pytest.fixture
def reader(page: Page, context: BrowserContext, api: FakeApi, served: RouterSite) -> Reader:
    """Signed in, with nothing open yet."""
    sign_in_by_cookie(context, api)
    return Reader(page, context, api, served)


def reads_about_and_signs_out(reader: Reader) -> None:
    """Read, wander about, sign out, wander about again."""
    reader.page.goto(reader.site.url())
    reader.opens("one")
    reader.looks_into_storage("open")
    reader.goes("front", "front")
    reader.looks_for_it("on the front page, signed in")
    reader.goes("back", "one")
    reader.opens("one")
    reader.goes("two", "two")
    reader.opens("two")
    reader.looks_into_storage("another article open")
    reader.goes("one", "one")
    reader.opens("one")
    reader.signs_out()
    reader.looks_for_it("signed out")
    for step, heading in (("front", "front"), ("back", "one"), ("two", "two"), ("back", "one"), ("forward", "two")):
        reader.goes(step, heading)
        if heading != "front":
            reader.closed()
        reader.looks_for_it(f"signed out, {step} to {heading}")
    reader.goes("reload", "two")
    reader.looks_for_it("signed out, reloaded")


WATCH = """(canary) => {
  window.flashed = 0;
  const look = () => { window.flashed += document.documentElement.textContent.includes(canary); };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  const frame = () => { look(); requestAnimationFrame(frame); };
  frame();
}"""


def is_signed_out_elsewhere(reader: Reader) -> None:
    """Read, leave by a link, be signed out by another tab of the API's own, come back."""
    reader.page.goto(reader.site.url())
    reader.opens("one")
    reader.goes("front", "front")
    reader.context.clear_cookies()
    reader.page.evaluate(WATCH, CANARY)
    for step, heading in (("back", "one"), ("forward", "front"), ("one", "one"), ("two", "two")):
        reader.goes(step, heading)
        if heading != "front":
            reader.closed()
        reader.looks_for_it(f"signed out elsewhere, {step} to {heading}")
    if reader.page.evaluate("window.flashed"):
        reader.found.append("It flashed up in the page.")


STORIES = [reads_about_and_signs_out, is_signed_out_elsewhere]


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("router", ROUTERS)
def test_no_gated_text_is_left_anywhere(reader: Reader, router: str, story: object, record_property: object) -> None:
    reader.site.router = ROUTERS[router]
    assert callable(story)
    story(reader)
    assert reader.found == []
    assert reader.looks >= 4
    assert callable(record_property)
    record_property("figures", f"{router}: {reader.looks} looks, 0 traces")


@pytest.mark.parametrize("router", ROUTERS)
def test_no_unsealed_text_is_left_anywhere_either(reader: Reader, router: str) -> None:
    """Its key is looked for as well."""
    reader.api.sealed = reader.site.seal = FakeSeal(TEXT, fast=True)
    reader.site.router = ROUTERS[router]
    try:
        reads_about_and_signs_out(reader)
        keys = [b64url(key_of(name, reader.site.seal.name)) for name in ("one", "two")]
        assert [looking.in_storage(reader.page, key) + looking.in_page(reader.page, key) for key in keys] == [[], []]
    finally:
        reader.site.seal = None
    assert reader.found == []
    asked = {call.path.split("/")[4:5] == [] for call in reader.api.calls if call.path.startswith("/v1/articles/")}
    assert asked == {False}, "every text came sealed"


def test_what_a_script_keeps_is_found_however_often_one_looks(reader: Reader) -> None:
    """The other control: a script of the page keeps one paragraph, while the wall has let go of everything."""
    reader.site.router = ROUTERS["barba"]
    reader.page.goto(reader.site.url())
    reader.opens("one")
    find = "[...document.querySelectorAll('p')].find((one) => one.textContent.includes(canary))"
    reader.page.evaluate(f"(canary) => {{ kept = {find}; }}", CANARY)
    reader.goes("front", "front")
    reader.looks_for_it("kept")
    assert reader.found == ["kept: memory:detached P"]
    reader.page.evaluate("() => { kept = null; }")
    assert looking.in_memory(reader.page, CANARY) == []


@pytest.mark.parametrize("router", ["turbo", "turbolinks", "htmx 1", "htmx 2", "htmx 4", "pjax"])
def test_without_the_mend_it_would_be_found(reader: Reader, router: str) -> None:
    """The negative control: these looks find the text in the wall of before, with each library that keeps copies."""
    reader.api.scripts = without_the_mend()
    reader.site.router = ROUTERS[router]
    reader.page.goto(reader.site.url())
    reader.opens("one")
    reader.goes("front", "front")
    reader.looks_for_it("on the front page, signed in")
    assert reader.found
