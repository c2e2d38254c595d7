"""`<spilno-account>`: a masthead's link, which says how the reader's support stands. Strangers are asked nothing."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from testkit.waiting import until
from tests.widget.conftest import Site
from tests.widget.fake_api import FakeApi
from tests.widget.test_wall import sign_in_by_cookie

pytestmark = [pytest.mark.browser, pytest.mark.own_tab]  # the element keeps its answer in the tab


def masthead(site: Site, attributes: str = "") -> str:
    inside = f'<a href="{site.api.url}/account">Моя підтримка</a>'
    site.body = f'<spilno-account api="{site.api.url}" {attributes}>{inside}</spilno-account>'
    return site.url()


def asked(api: FakeApi) -> list[str]:
    return [call.path for call in api.calls if call.path.startswith("/v1/")]


@pytest.mark.parametrize(("lang", "words"), [("uk", "Увійти"), ("en", "Sign in"), ("pl", "Увійти")])
def test_a_stranger_is_led_to_sign_in_and_back(page: Page, site: Site, api: FakeApi, lang: str, words: str) -> None:
    page.goto(masthead(site, f'lang="{lang}"') + "?a=1#end")
    link = page.get_by_role("link", name=words)
    told = parse_qs(urlsplit(link.get_attribute("href") or "").query)
    assert told == {"return_to": [f"{site.url()}?a=1#end"], "lang": [lang if lang != "pl" else "uk"]}
    expect(page.get_by_role("link")).to_have_count(1)
    expect(page.locator("spilno-account")).to_have_attribute("state", "stranger")
    assert asked(api) == []


@pytest.mark.parametrize(
    ("session", "words", "state"),
    [
        ({}, "Дякуємо за підтримку", "supporter"),
        ({"tier": None}, "Дякуємо за підтримку", "supporter"),
        ({"payment_failed": True}, "Оплата не пройшла", "late"),
        ({"supports": False, "tier": None}, "Моя підтримка", "known"),
    ],
)
def test_whom_the_hint_knows_is_told_how_their_support_stands(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, session: dict[str, Any], words: str, state: str
) -> None:
    sign_in_by_cookie(context, api)
    api.session = session
    page.goto(masthead(site))
    expect(page.get_by_role("link")).to_have_text([words])
    expect(page.get_by_role("link")).to_have_attribute("href", f"{api.url}/account?lang=uk")
    expect(page.locator("spilno-account")).to_have_attribute("state", state)
    until(lambda: asked(api) == ["/v1/session"], "the question")  # whose words are the same is not seen to be told
    page.wait_for_load_state("networkidle")
    kept = page.evaluate("JSON.stringify([Object.values(sessionStorage), Object.values(localStorage)])")
    if state == "late":
        assert kept == "[[],[]]"
    else:
        assert kept.startswith(f'[["{state} '), "one word and a time"
        assert kept.count('"') == 2
    page.reload()
    expect(page.get_by_role("link")).to_have_text([words])
    page.wait_for_load_state("networkidle")
    assert len(asked(api)) == (2 if state == "late" else 1), "what was mended meanwhile is not said again"


def test_where_the_api_does_not_answer_it_is_a_link_all_the_same(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    sign_in_by_cookie(context, api)
    api.problems["/v1/session"] = [(503, {"code": "table_down"})]
    page.goto(masthead(site))
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("link")).to_have_text("Моя підтримка")


@pytest.mark.parametrize(
    ("reason", "words"), [("payment_failed", "Оплата не пройшла"), ("higher_tier", "Дякуємо за підтримку")]
)
def test_a_wall_on_the_page_has_asked_already(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, reason: str, words: str
) -> None:
    sign_in_by_cookie(context, api)
    api.article = {"decision": {"open": False, "reason": reason}, "requires": "tier:patron", "signed_in": True}
    masthead(site)
    link = site.body
    site.wall()
    site.body = link + site.body
    page.goto(site.url())
    expect(page.locator("spilno-account").get_by_role("link")).to_have_text(words)
    page.wait_for_load_state("networkidle")
    assert api.asked("/v1/session") == 0


def test_a_form_beside_it_is_silent_to_who_gives(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    donate = f'<spilno-donate api="{api.url}"><a href="{api.url}/donate">Підтримати</a></spilno-donate>'
    masthead(site)
    site.body += donate
    page.goto(site.url())
    expect(page.locator("spilno-donate").get_by_role("button")).to_be_visible()
    sign_in_by_cookie(context, api)
    page.reload()
    expect(page.locator("spilno-account").get_by_role("link")).to_have_text("Дякуємо за підтримку")
    expect(page.locator("spilno-donate").get_by_role("button")).to_have_count(0)


def test_it_follows_signing_out_under_a_text(page: Page, context: BrowserContext, site: Site, api: FakeApi) -> None:
    sign_in_by_cookie(context, api)
    masthead(site)
    link = site.body
    site.wall()
    site.body = link + site.body
    page.goto(site.url())
    expect(page.locator("spilno-account").get_by_role("link")).to_have_text("Дякуємо за підтримку")
    page.get_by_role("button", name="Вийти").click()
    expect(page.locator("spilno-account").get_by_role("link")).to_have_text("Увійти")
    assert page.evaluate("sessionStorage.length") == 0


def test_a_wall_that_was_faster_is_heard_all_the_same(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    sign_in_by_cookie(context, api)
    masthead(site)
    link = site.body
    site.wall()
    site.body = link + site.body
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/widget/account-*", hold)
    page.goto(site.url())
    expect(page.locator("spilno-wall[state=open]")).to_have_count(1)
    for one in held:
        one.continue_()
    expect(page.locator("spilno-account").get_by_role("link")).to_have_text("Дякуємо за підтримку")
    assert api.asked("/v1/session") == 0


def is_looked_at_again(page: Page) -> None:
    """As after a while in another tab. A browser without a window shows every tab, so the page is told."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")


def test_a_mended_payment_is_not_called_failed_when_the_tab_is_looked_at_again(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    sign_in_by_cookie(context, api)
    api.session = {"payment_failed": True}
    page.goto(masthead(site))
    link = page.get_by_role("link")
    expect(link).to_have_text("Оплата не пройшла")
    api.session = {}
    is_looked_at_again(page)
    expect(link).to_have_text("Дякуємо за підтримку")
    is_looked_at_again(page)
    page.wait_for_load_state("networkidle")
    assert api.asked("/v1/session") == 2, "and then it is kept"


def thanked(page: Page, context: BrowserContext, site: Site, api: FakeApi) -> Locator:
    """The masthead's link, which thanks whoever is signed in here."""
    sign_in_by_cookie(context, api)
    page.goto(masthead(site))
    link = page.get_by_role("link")
    expect(link).to_have_text("Дякуємо за підтримку")
    return link


def test_whoever_signed_out_in_another_tab_is_a_stranger_here(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    link = thanked(page, context, site, api)
    context.clear_cookies()
    is_looked_at_again(page)
    expect(link).to_have_text("Увійти")
    assert page.evaluate("sessionStorage.length") == 0


def test_whoever_went_to_their_page_may_come_back_as_somebody_else(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    """A shared computer: signed out there, somebody else signed in, back to the site within ten minutes."""
    link = thanked(page, context, site, api)
    link.click()
    page.wait_for_url("**/account?lang=uk")
    api.session = {"supports": False, "tier": None}
    page.goto(site.url())
    expect(page.locator("spilno-account[state=known]")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    expect(link).to_have_text("Моя підтримка")


def test_a_wall_of_another_api_is_not_taken_for_its_word(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    """Two newsrooms on one page, or the page that shows every state: whose wall was last is no matter."""
    sign_in_by_cookie(context, api)
    api.article = {"decision": {"open": False, "reason": "payment_failed"}, "signed_in": True}
    masthead(site)
    link = site.body.replace(site.api.url, site.url() + "at/another")
    site.wall()
    site.body = link + site.body
    page.route("**/at/another/v1/session", lambda route: route.fulfill(json={"signed_in": True, "supports": True}))
    context.add_cookies([{"name": f"spilno-ask-{site.port}", "value": "1", "url": "http://127.0.0.1"}])
    page.goto(site.url())
    account = page.locator("spilno-account").get_by_role("link")
    expect(account).to_have_text("Дякуємо за підтримку")
    page.locator("spilno-wall").evaluate("(wall) => wall.begin()")
    expect(page.locator("spilno-wall[reason=payment_failed]")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    expect(account).to_have_text("Дякуємо за підтримку")
    assert api.asked("/v1/session") == 0
