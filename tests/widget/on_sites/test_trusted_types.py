"""Under Trusted Types: with the policy named in docs/website.md the text opens, without it there is the link."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.widget.conftest import Site
from tests.widget.fake_api import CANARY, TEASER, FakeApi
from tests.widget.test_wall import sign_in_by_cookie
from tests.widget.unmended import without

pytestmark = pytest.mark.browser
REQUIRED = "require-trusted-types-for 'script'"


@pytest.mark.parametrize(
    "policies", ["", "; trusted-types spilno", "; trusted-types spilno other", "; trusted-types *"]
)
def test_the_text_opens_where_our_policy_may_be_made(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, policies: str
) -> None:
    sign_in_by_cookie(context, api)
    site.headers = {"Content-Security-Policy": REQUIRED + policies}
    page.goto(site.wall())
    expect(page.get_by_text(CANARY)).to_be_visible()
    page.get_by_role("button", name="Вийти").click()
    expect(page.get_by_text("Уже підтримуєте?")).to_be_visible()
    assert CANARY not in page.content()


@pytest.mark.parametrize("policies", ["; trusted-types 'none'", "; trusted-types", "; trusted-types other"])
def test_where_it_may_not_the_reader_gets_words_and_the_link(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, policies: str
) -> None:
    sign_in_by_cookie(context, api)
    site.headers = {"Content-Security-Policy": REQUIRED + policies}
    page.goto(site.wall())
    expect(page.get_by_text("повний текст відкриється на окремій сторінці")).to_be_visible()
    read = page.get_by_role("link", name="Читати на нашій сторінці")
    expect(read).to_have_attribute("href", f"{api.url}/read/demo-members")
    expect(page.get_by_text(TEASER)).to_be_visible()
    expect(page.locator("spilno-wall")).to_have_attribute("state", "hosted")


def test_a_list_of_policies_alone_forbids_nothing(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    sign_in_by_cookie(context, api)
    site.headers = {"Content-Security-Policy": "trusted-types other"}
    page.goto(site.wall())
    expect(page.get_by_text(CANARY)).to_be_visible()


def test_the_policy_speaks_only_for_the_api_that_the_script_came_from(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    """Somebody who gets a `spilno-wall` of their own past a sanitiser cannot have their HTML blessed."""
    sign_in_by_cookie(context, api)
    site.headers = {"Content-Security-Policy": REQUIRED}
    site.wall()
    site.head = f'<script src="{site.url()}widget.js" async></script>'
    page.route("**/widget.js", lambda route: route.fulfill(response=route.fetch(url=f"{api.url}/widget.js")))
    page.goto(site.url())
    expect(page.get_by_role("link", name="Читати на нашій сторінці")).to_be_visible()
    assert CANARY not in page.content()


def test_the_page_gets_no_hold_of_the_policy(page: Page, site: Site) -> None:
    page.goto(site.wall())
    expect(page.locator("spilno-wall[state=closed]")).to_have_count(1)
    held = page.evaluate(
        "() => { const walls = [...document.querySelectorAll('spilno-wall'), customElements.get('spilno-wall')];"
        " const held = walls.flatMap((one) => Object.values(one));"
        " return held.filter((one) => one instanceof TrustedTypePolicy).length; }"
    )
    assert held == 0
    assert "spilno" not in page.evaluate("Object.keys(window).join()")


def test_before_the_mend_the_wall_died_without_a_word(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    """The negative control: a plain assignment."""
    api.scripts = without("this.api === HOME ? policy.createHTML(html) : html", instead="html")
    sign_in_by_cookie(context, api)
    site.headers = {"Content-Security-Policy": REQUIRED}
    page.goto(site.wall())
    page.wait_for_timeout(500)
    assert CANARY not in page.content()
