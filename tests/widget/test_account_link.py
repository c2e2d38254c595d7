"""`<spilno-account>`: one link for a masthead, and not one call."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.widget.conftest import Site
from tests.widget.fake_api import FakeApi
from tests.widget.test_wall import sign_in_by_cookie

pytestmark = pytest.mark.browser


def masthead(site: Site, attributes: str = "") -> str:
    inside = f'<a href="{site.api.url}/account">Моя підтримка</a>'
    site.body = f'<spilno-account api="{site.api.url}" {attributes}>{inside}</spilno-account>'
    return site.url()


@pytest.mark.parametrize(("lang", "words"), [("uk", "Увійти"), ("en", "Sign in"), ("pl", "Увійти")])
def test_a_stranger_is_led_to_sign_in_and_back(page: Page, site: Site, api: FakeApi, lang: str, words: str) -> None:
    page.goto(masthead(site, f'lang="{lang}"') + "?a=1#end")
    link = page.get_by_role("link", name=words)
    told = parse_qs(urlsplit(link.get_attribute("href") or "").query)
    assert told == {"return_to": [f"{site.url()}?a=1#end"], "lang": [lang if lang != "pl" else "uk"]}
    expect(page.get_by_role("link")).to_have_count(1)
    assert [call.path for call in api.calls if call.path.startswith("/v1/")] == []


def test_whom_the_hint_knows_is_led_to_their_own_page(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    sign_in_by_cookie(context, api)
    page.goto(masthead(site))
    expect(page.get_by_role("link")).to_have_text(["Моя підтримка"])
    expect(page.get_by_role("link")).to_have_attribute("href", f"{api.url}/account?lang=uk")
    assert [call.path for call in api.calls if call.path.startswith("/v1/")] == []


def test_it_follows_signing_out_under_a_text(page: Page, context: BrowserContext, site: Site, api: FakeApi) -> None:
    sign_in_by_cookie(context, api)
    masthead(site)
    link = site.body
    site.wall()
    site.body = link + site.body
    page.goto(site.url())
    expect(page.locator("spilno-account").get_by_role("link")).to_have_text("Моя підтримка")
    page.get_by_role("button", name="Вийти").click()
    expect(page.locator("spilno-account").get_by_role("link")).to_have_text("Увійти")
