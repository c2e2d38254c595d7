"""Under a Content-Security-Policy: what docs/website.md says is enough, and what is blocked leaves a fallback."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.widget.conftest import Site
from tests.widget.fake_api import CANARY, TEASER, FakeApi
from tests.widget.test_wall import EVERYWHERE, sign_in_by_cookie

pytestmark = pytest.mark.browser
NONCE = "r4nd0m"
WITH_NONCE = f'<script nonce="{NONCE}" src="API/widget.js" async></script>'
STRICT = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
TRUSTED = "require-trusted-types-for 'script'; trusted-types spilno"


def all_three(page: Page, context: BrowserContext, site: Site, api: FakeApi, policy: str, tag: str = "") -> list[str]:
    """Wall, form and link under this policy, for somebody who paid here; answers what the policy refused."""
    refused: list[str] = []
    page.on("console", lambda line: refused.append(line.text) if "Content Security Policy" in line.text else None)
    sign_in_by_cookie(context, api, "checkout")
    site.headers = {"Content-Security-Policy": policy.replace("API", api.url)}
    site.head = tag.replace("API", api.url)
    site.wall()
    site.body += (
        f'<spilno-donate api="{api.url}" always></spilno-donate><spilno-account api="{api.url}"></spilno-account>'
    )
    page.goto(site.url())
    return refused


@pytest.mark.parametrize(
    ("policy", "tag"),
    [
        (f"{STRICT}; script-src API; connect-src API", ""),
        (f"{STRICT}; script-src API; connect-src API; {TRUSTED}", ""),
        (f"{STRICT}; script-src API/widget.js API/widget/; connect-src API", ""),
        (f"{STRICT}; script-src 'nonce-{NONCE}'; connect-src API", WITH_NONCE),
        (
            f"{STRICT}; script-src 'nonce-{NONCE}' 'strict-dynamic'; connect-src API; {TRUSTED}",
            WITH_NONCE,
        ),
    ],
    ids=["origin", "origin, trusted types", "paths", "nonce", "nonce, strict-dynamic, trusted types"],
)  # fmt: skip
def test_what_the_guide_says_is_enough(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, policy: str, tag: str
) -> None:
    refused = all_three(page, context, site, api, policy, tag)
    expect(page.get_by_text(CANARY)).to_be_visible()
    expect(page.locator("spilno-donate form")).to_be_visible()
    expect(page.get_by_role("link", name="Дякуємо за підтримку")).to_have_attribute(
        "href", f"{api.url}/account?lang=uk"
    )
    page.get_by_role("button", name=EVERYWHERE).click()
    expect(page.get_by_label(re.compile("Електронна адреса"))).to_be_focused()
    assert refused == []


@pytest.mark.parametrize(
    "policy",
    [f"{STRICT}; script-src API/widget.js; connect-src API", ""],
    ids=["a policy that knows one script only", "the network"],
)
def test_where_the_parts_are_blocked_the_fallbacks_and_links_work(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, policy: str
) -> None:
    if not policy:
        page.route("**/widget/*", lambda route: route.abort())
    refused = all_three(page, context, site, api, policy or "default-src * 'unsafe-inline'")
    expect(page.get_by_text(TEASER)).to_be_visible()
    expect(page.locator("spilno-wall")).to_have_attribute("state", "hosted")
    for name, path in (("Читати на нашій сторінці", "read/demo-members?gift="), ("Моя підтримка", "account")):
        expect(page.get_by_role("link", name=name)).to_have_attribute("href", f"{api.url}/{path}")
    give = page.get_by_role("link", name="Підтримати")
    expect(give).to_have_count(2)
    assert {link.get_attribute("href") for link in give.all()} == {f"{api.url}/donate"}
    assert CANARY not in page.content()
    assert bool(refused) == bool(policy), "The page says in the console what to allow."


def test_a_blocked_part_leaves_the_link_that_stands_inside(page: Page, site: Site, api: FakeApi) -> None:
    page.route("**/widget/*", lambda route: route.abort())
    page.goto(site.donate())
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("link")).to_have_count(1)
    expect(page.get_by_role("link", name="Підтримати")).to_have_attribute("href", f"{api.url}/donate")
    page.get_by_role("link").click()
    expect(page).to_have_title(re.compile("donate"))


def test_what_was_blocked_once_is_tried_again(page: Page, context: BrowserContext, site: Site, api: FakeApi) -> None:
    """A train in a tunnel: browsers remember that an import failed, so its address is another the next time."""
    sign_in_by_cookie(context, api)
    page.route("**/widget/*", lambda route: route.abort())
    page.goto(site.wall())
    expect(page.locator("spilno-wall[state=hosted]")).to_have_count(1)
    page.unroute("**/widget/*")
    page.evaluate("document.querySelector('spilno-wall').setAttribute('lang', 'uk')")
    expect(page.get_by_text(CANARY)).to_be_visible()


def test_parts_come_from_where_the_script_came_and_never_from_an_elements_api(
    context: BrowserContext, site: Site, api: FakeApi
) -> None:
    """Whoever gets an element past a sanitiser must not get a script in."""
    page = context.new_page()  # what answers there is no API: the wall says that something went wrong
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    site.body = f'<spilno-wall api="{site.url()}at" article="x"><p>{TEASER}</p></spilno-wall>'
    page.goto(site.url())
    page.wait_for_load_state("networkidle")
    parts = [url for url in asked if "/widget/" in url]
    assert parts
    assert all(url.startswith(f"{api.url}/widget/") for url in parts)
