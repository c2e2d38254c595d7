"""axe-core on the elements in every state and on the demo site, on a phone and on a desk, in both languages."""

import json
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from localdev.site.web import make_app
from tests.widget.conftest import Site
from tests.widget.fake_api import CANARY, FakeApi, serve
from tests.widget.test_wall import sign_in_by_cookie, unfold_sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo(running_api: FakeApi) -> Iterator[str]:
    """The demo site over the fake API; answers its origin."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SPILNO_PUBLIC_URL", running_api.url)
        server, port = serve(make_app())
        yield f"http://127.0.0.1:{port}"
        server.shutdown()
        server.server_close()


def assert_clean(page: Page, only: str = "") -> None:
    """No finding of axe-core's, of all rules or of one."""
    results = Axe().run(page, options={"runOnly": [only]} if only else None)
    assert results.violations_count == 0, json.dumps(results.response["violations"], ensure_ascii=False, indent=1)


def assert_fits(page: Page) -> None:
    """No sideways scrolling."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("lang", ["uk", "en"])
def test_the_donate_form_with_an_error_beside_it(page: Page, site: Site, lang: str) -> None:
    page.goto(site.donate(f'lang="{lang}"'))
    page.get_by_text(re.compile("Інша сума|Another amount")).click()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert_clean(page)
    assert_fits(page)


def test_the_folded_button(page: Page, site: Site) -> None:
    page.goto(site.donate("compact"))
    expect(page.get_by_role("button")).to_be_visible()
    assert_clean(page)


def test_the_closed_wall_and_the_way_through_signing_in(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    page.goto(site.wall())
    expect(page.get_by_text("Уже підтримуєте?")).to_be_visible()
    assert_clean(page)
    unfold_sign_in(page, context, site, api)
    page.get_by_label(re.compile("Електронна адреса")).fill("olena@example.org")
    page.get_by_role("button", name="Надіслати код").click()
    page.get_by_role("button", name="Увійти").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_clean(page)
    assert_fits(page)


def test_the_open_wall(page: Page, context: BrowserContext, site: Site, api: FakeApi) -> None:
    sign_in_by_cookie(context, api)
    page.goto(site.wall())
    expect(page.get_by_text(CANARY)).to_be_visible()
    assert_clean(page)


def test_the_wall_on_another_site(page: Page, site: Site) -> None:
    site.wall()
    page.goto(site.url("localhost"))
    expect(page.get_by_role("link", name="Читати на нашій сторінці")).to_be_visible()
    assert_clean(page)
    assert_fits(page)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/en/",
        "/articles/demo-open",
        "/articles/demo-members",
        "/articles/demo-patrons?preview=supporter",
        "/en/articles/demo-metered-en",
        "/articles/nothing-here",
    ],
)
def test_the_demo_site(page: Page, demo: str, api: FakeApi, path: str) -> None:  # noqa: ARG001 - resets the API
    page.emulate_media(color_scheme="light")
    page.goto(demo + path)
    page.wait_for_load_state("networkidle")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert_clean(page)
        assert_fits(page)
    page.emulate_media(color_scheme="dark")
    assert_clean(page, only="color-contrast")
    page.set_viewport_size({"width": 320, "height": 640})  # what 1280 px become at 400 % zoom
    assert_fits(page)
