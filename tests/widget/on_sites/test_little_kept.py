"""Browsers that keep little or nothing: cookies blocked, sandboxed frames, a code asked for elsewhere, a busy API."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from chalicelib.i18n.texts import Texts
from tests.widget.conftest import Site
from tests.widget.fake_api import CANARY, TEASER, FakeApi
from tests.widget.test_wall import sign_in_by_cookie, type_code, unfold_sign_in
from tests.widget.unmended import without

pytestmark = pytest.mark.browser
# What Firefox does with all cookies blocked; some settings of other browsers, and opaque origins, do part of it.
NOTHING_KEPT = """
const refuse = () => { throw new DOMException("The operation is insecure.", "SecurityError"); };
window.BroadcastChannel = class { constructor() { refuse(); } };
for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"])
  Object.defineProperty(window, name, { get: refuse, configurable: true });
Object.defineProperty(Document.prototype, "cookie", { get: refuse, set: refuse });
"""
COOKIES_OFF = "Object.defineProperty(Navigator.prototype, 'cookieEnabled', { get: () => false });"


@pytest.mark.parametrize("also", ["", COOKIES_OFF], ids=["cookies", "no cookies"])
def test_where_everything_that_keeps_throws_there_are_words_and_a_way(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, also: str
) -> None:
    page.add_init_script(NOTHING_KEPT + also)
    page.goto(site.wall())
    if also:
        read = page.get_by_role("link", name="Читати на нашій сторінці")
        expect(read).to_have_attribute("href", f"{api.url}/read/demo-members")
    else:
        # Whether there is something to ask, no script can see here: it is asked.
        expect(page.get_by_text("Уже підтримуєте?")).to_be_visible()
        sign_in_by_cookie(context, api)
        page.reload()
        expect(page.get_by_text(CANARY)).to_be_visible()
        page.get_by_role("button", name="Вийти").click()
        expect(page.get_by_text("Уже підтримуєте?")).to_be_visible()
        assert CANARY not in page.content()


def test_before_the_mend_the_wall_stayed_a_teaser(context: BrowserContext, site: Site, api: FakeApi) -> None:
    """The negative control."""
    api.scripts = without("} catch {}\n  }\n  hide()", instead="} finally {}\n  }\n  hide()")
    page = context.new_page()
    page.add_init_script(NOTHING_KEPT)
    page.goto(site.wall())
    page.wait_for_timeout(500)
    expect(page.locator("spilno-wall")).not_to_have_attribute("state", re.compile("."))


@pytest.mark.parametrize("sandbox", ["allow-scripts", "allow-scripts allow-forms", "allow-scripts allow-same-origin"])
def test_in_a_sandboxed_frame_there_are_words_and_a_way(page: Page, site: Site, api: FakeApi, sandbox: str) -> None:
    site.wall()
    api.origins = lambda origin: origin != "null"  # as the real one: what is not listed gets no answer
    page.goto(f"{site.url()}framed/{sandbox}")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text(TEASER)).to_be_visible()
    if "same-origin" in sandbox:
        expect(frame.get_by_text("Уже підтримуєте?")).to_be_visible()
    else:
        read = frame.get_by_role("link", name="Читати на нашій сторінці")
        expect(read).to_have_attribute("href", f"{api.url}/read/demo-members")


def test_a_code_asked_for_elsewhere_is_told_so_with_the_way_to_read(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    title = "Цей код просив інший браузер, або цей браузер не зберігає cookie."
    api.problems["/v1/sign-in/confirm"] = [(410, {"title": title, "code": "other_browser"})]
    unfold_sign_in(page, context, site, api)
    type_code(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(title)
    read = alert.get_by_role("link", name="Читати на нашій сторінці")
    expect(read).to_have_attribute("href", f"{api.url}/read/demo-members")
    expect(page.get_by_label("Код із листа")).to_have_value("ABCD2345")


def test_other_refusals_of_a_code_have_no_such_link(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    unfold_sign_in(page, context, site, api)
    type_code(page, "WRONG123")
    expect(page.get_by_role("alert")).to_have_text("Код не підходить.")


# ---- WebKit: the state before the shadow root


ORDER = """
window.order = [];
const note = (what) => order.push(what);
const set = Element.prototype.setAttribute;
Element.prototype.setAttribute = function (name, value) {
  if (this.localName === "spilno-wall" && name === "state") note(`state ${value}`);
  return set.call(this, name, value);
};
const replace = ShadowRoot.prototype.replaceChildren;
ShadowRoot.prototype.replaceChildren = function (...nodes) {
  if (this.host.localName === "spilno-wall") note(nodes.length > 1 ? "filled" : "emptied");
  return replace.call(this, ...nodes);
};
"""


@pytest.mark.parametrize("state", ["open", "closed", "hosted"])
def test_the_state_is_set_before_the_shadow_root_is_filled(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, state: str
) -> None:
    """Else WebKit does not apply `spilno-wall[state=closed] ~ .appeal`: two appeals on every article."""
    page.add_init_script(ORDER)
    if state == "open":
        sign_in_by_cookie(context, api)
    site.wall()
    page.goto(site.url("localhost" if state == "hosted" else "127.0.0.1"))
    expect(page.locator(f"spilno-wall[state={state}]")).to_have_count(1)
    page.wait_for_function("order.includes('filled')")
    order = page.evaluate("order")
    assert order.count("filled") == 1
    assert order[0] == f"state {state}", "Nothing in the shadow root is touched before."


# ---- A busy API


def test_too_many_sign_ins_say_how_long_to_wait_and_keep_the_address(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    """The API's own sentence has the time in it, and stands there as it is."""
    title = Texts("uk").say("code.too_many_sign_ins", wait="18 секунд")
    api.problems["/v1/sign-in"] = [(429, {"title": title, "code": "too_many_sign_ins", "retry_after": 18})]
    unfold_sign_in(page, context, site, api)
    page.get_by_label(re.compile("Електронна адреса")).fill("olena@example.org")
    page.get_by_role("button", name="Надіслати код").click()
    expect(page.get_by_role("alert")).to_have_text("Забагато спроб поспіль. Спробуйте ще раз за 18 секунд.")
    expect(page.get_by_label(re.compile("Електронна адреса"))).to_have_value("olena@example.org")
    expect(page.get_by_label(re.compile("Електронна адреса"))).to_be_focused()


def test_too_many_gifts_keep_the_amount(page: Page, site: Site) -> None:
    page.goto(site.donate('lang="en"'))
    page.get_by_text("Another amount").click()
    page.keyboard.type("7,50")
    cors = {"Access-Control-Allow-Origin": site.url()[:-1], "Access-Control-Allow-Credentials": "true"}
    page.route("**/v1/checkouts", lambda route: route.fulfill(status=429, headers=cors, body="busy"))
    page.get_by_role("button", name="Support us: €7.50 a month").click()
    expect(page.get_by_role("alert")).to_have_text(re.compile(r"try again in a minute\."))
    expect(page.get_by_role("textbox", name="Your amount, €")).to_have_value("7,50")


@pytest.mark.parametrize("body", ["null", "[]", '"x"', "<html>", "", '{"message": "Forbidden"}'])
def test_an_answer_of_any_shape_still_gets_a_sentence(page: Page, site: Site, body: str) -> None:
    cors = {"Access-Control-Allow-Origin": site.url()[:-1], "Access-Control-Allow-Credentials": "true"}
    page.goto(site.donate())
    page.route("**/v1/checkouts", lambda route: route.fulfill(status=403, headers=cors, body=body))
    page.get_by_role("button", name="Підтримувати: 5 € щомісяця").click()
    expect(page.get_by_role("alert")).to_contain_text("Щось пішло не так на нашому боці.")


def test_a_newsroom_of_an_unknown_shape_leaves_words_and_a_way(
    context: BrowserContext, site: Site, api: FakeApi
) -> None:
    """Whatever goes wrong inside the element: never a teaser without a word."""
    api.newsroom = {"languages": ["uk"], "currencies": {}}
    page = context.new_page()
    page.goto(site.wall())
    expect(page.get_by_role("alert")).to_have_text("Щось пішло не так на нашому боці. Спробуйте ще раз за хвилину.")
    expect(page.get_by_role("link", name="Читати на нашій сторінці")).to_be_visible()
    page.goto(site.donate())
    expect(page.get_by_role("link", name="Підтримати")).to_be_visible()
