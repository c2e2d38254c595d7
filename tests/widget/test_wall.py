"""`<spilno-wall>`: the teaser for strangers, the text for supporters, and nothing left behind."""

import re
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from testkit.chromium import ARGUMENTS, executable
from tests.widget.conftest import Site
from tests.widget.fake_api import CANARY, CODE, TEASER, FakeApi

pytestmark = pytest.mark.browser
ARTICLE = "/v1/articles/demo-members"
EVERYWHERE = "Щоб читати на всіх пристроях, увійдіть"
EVENTS = """
if (!window.heard) {
  window.heard = [];
  for (const name of ["opened", "closed", "error"])
    document.addEventListener(`spilno:${name}`, ({ detail }) => heard.push([name, detail.reason ?? detail.code]));
}
"""


@pytest.fixture
def heard(page: Page) -> Any:
    """A function that answers the elements' events so far, as [name, reason or code]."""
    page.add_init_script(EVENTS)
    return lambda: page.evaluate("heard")


def sign_in_by_cookie(context: BrowserContext, api: FakeApi, name: str = "session") -> None:
    """As a supporter, or with "checkout" as somebody who paid in this browser; and the hint that the API leaves."""
    context.add_cookies([{"name": name, "value": "yes", "url": api.url}])
    context.add_cookies([{"name": f"spilno-ask-{urlsplit(api.url).port}", "value": "1", "url": api.url}])


def unfold_sign_in(page: Page, context: BrowserContext, site: Site, api: FakeApi) -> None:
    """Open the article of somebody who has just paid, and go to sign in for other devices."""
    sign_in_by_cookie(context, api, "checkout")
    page.goto(site.wall())
    page.get_by_role("button", name=EVERYWHERE).click()
    expect(page.get_by_label(re.compile("Електронна адреса"))).to_be_focused()


def type_code(page: Page, code: str = CODE) -> None:
    """Ask for a code and type it."""
    page.get_by_label(re.compile("Електронна адреса")).fill("olena@example.org")
    page.get_by_role("button", name="Надіслати код").click()
    page.get_by_label("Код із листа").fill(code)
    page.get_by_role("button", name="Увійти").click()


def test_a_stranger_sees_the_teaser_the_appeal_and_both_ways_in(page: Page, site: Site, heard: Any) -> None:
    page.goto(site.wall())
    expect(page.get_by_text(TEASER)).to_be_visible()
    expect(page.get_by_role("heading", name="Цю редакцію тримають читачі")).to_be_visible()
    expect(page.get_by_text("Цей матеріал — для тих, хто підтримує редакцію.")).to_be_visible()
    # The lowest amount that opens it is chosen, not the usual second one.
    expect(page.get_by_role("button", name="Підтримувати: 3 € щомісяця")).to_be_visible()
    expect(page.get_by_text("Уже підтримуєте?")).to_be_visible()
    href = page.get_by_role("link", name="Увійти").get_attribute("href") or ""
    assert href.startswith(f"{site.api.url}/sign-in?")
    assert parse_qs(urlsplit(href).query) == {"return_to": [site.url()], "lang": ["uk"]}
    expect(page.locator("spilno-wall")).to_have_attribute("state", "closed")
    assert CANARY not in page.content()
    assert heard() == [["closed", "sign_in"]]


def test_a_supporter_reads_the_whole_text_in_the_pages_own_styles(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, heard: Any
) -> None:
    sign_in_by_cookie(context, api)
    page.goto(site.wall())
    expect(page.get_by_text(CANARY)).to_be_visible()
    in_light_dom = "Array.from(document.querySelectorAll('spilno-wall > p'), (one) => one.textContent)"
    assert page.evaluate(in_light_dom) == [TEASER, CANARY]
    expect(page.get_by_text("Ваш рівень — «Друг редакції».")).to_be_visible()
    expect(page.get_by_text("Уже підтримуєте?")).to_have_count(0)
    assert heard() == [["opened", "supporter"]]
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_who_has_just_given_reads_and_is_asked_to_sign_in_for_other_devices(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    unfold_sign_in(page, context, site, api)
    expect(page.get_by_text(CANARY)).to_be_visible()
    type_code(page)
    expect(page.get_by_text("Ваш рівень — «Друг редакції»")).to_be_visible()


def test_an_open_article_has_nothing_under_it(page: Page, site: Site, api: FakeApi) -> None:
    api.article = {"decision": {"open": True, "reason": "open"}, "html": "<p>Усе відкрито.</p>", "requires": None}
    api.seal = {"access": "open", "requires": None}
    page.goto(site.wall())
    expect(page.get_by_text("Усе відкрито.")).to_be_visible()
    expect(page.locator("[part=line]")).to_have_count(0)


@pytest.mark.parametrize(
    ("reason", "requires", "signed_in", "words"),
    [
        ("sign_in", "members", False, "Цей матеріал — для тих, хто підтримує редакцію."),
        ("support", "members", True, "Ви ввійшли, але за цією адресою підтримки зараз немає."),
        ("higher_tier", "tier:patron", True, "підтримка рівня «Опора редакції»"),
        ("payment_failed", "members", True, "Останній внесок не пройшов"),
        ("meter_used", "members", False, "Відкриті статті цього місяця"),
    ],
)
def test_every_reason_has_its_words(
    page: Page,
    context: BrowserContext,
    site: Site,
    api: FakeApi,
    reason: str,
    requires: str,
    signed_in: bool,
    words: str,
) -> None:
    api.article = {"decision": {"open": False, "reason": reason}, "requires": requires, "signed_in": signed_in}
    context.add_cookies([{"name": "spilno-ask", "value": "1", "url": api.url}])
    page.goto(site.wall())
    expect(page.locator("[part='text reason']")).to_contain_text(words)
    expect(page.get_by_text("Уже підтримуєте?")).to_have_count(0 if signed_in else 1)
    if signed_in:
        expect(page.get_by_role("button", name="Вийти")).to_be_visible()
    if reason in {"higher_tier", "payment_failed"}:
        expect(page.get_by_role("heading", name="Ви вже з нами")).to_be_visible()
    if reason == "higher_tier":
        # Who gave once is asked for what opens it: nothing goes on beside which it would be taken.
        expect(page.get_by_role("button", name="Підтримувати: 15 € щомісяця")).to_be_visible()


GIVES = {"id": "sub_1", "amount": 300, "currency": "eur", "interval": "month"}


@pytest.mark.parametrize(
    ("reason", "gives", "label", "way"),
    [
        ("payment_failed", None, "Оновити спосіб оплати", "/account"),
        ("payment_failed", GIVES, "Оновити спосіб оплати", "/account"),
        ("higher_tier", GIVES, "Підняти до 15 € щомісяця", "/account/raise?tier=patron&return_to={here}&lang=uk"),
        ("higher_tier", {**GIVES, "amount": 1500}, "Моя підтримка", "/account"),
        ("higher_tier", {**GIVES, "currency": "gbp"}, "Моя підтримка", "/account"),
        (
            "support",
            {**GIVES, "amount": 100},
            "Підняти до 3 € щомісяця",
            "/account/raise?tier=member&return_to={here}&lang=uk",
        ),
        ("support", {**GIVES, "pending": True}, "Моя підтримка", "/account"),
        ("support", GIVES, "Моя підтримка", "/account"),
    ],
)
def test_who_gives_already_gets_one_button_and_no_second_gift_without_a_word(
    page: Page,
    context: BrowserContext,
    site: Site,
    api: FakeApi,
    reason: str,
    gives: dict[str, Any] | None,
    label: str,
    way: str,
) -> None:
    needs = "tier:patron" if reason == "higher_tier" else "members"
    api.article = {
        "decision": {"open": False, "reason": reason},
        "requires": needs,
        "signed_in": True,
        "gives": gives,
    }
    context.add_cookies([{"name": "spilno-ask", "value": "1", "url": api.url}])
    page.goto(site.wall())
    expect(page.get_by_role("heading", name="Ви вже з нами")).to_be_visible()
    link = page.get_by_role("link", name=label)
    expect(link).to_have_attribute("href", api.url + way.format(here=quote(site.url(), safe="")))
    filled = "(wall) => [...wall.root.querySelectorAll('.button, .main')].map((one) => one.textContent)"
    found = page.locator("spilno-wall").evaluate(filled)
    assert [one.replace("\N{NO-BREAK SPACE}", " ") for one in found] == [label]
    if gives and "raise" in way:
        expect(page.get_by_text(f"Зараз ви підтримуєте нас на {gives['amount'] // 100} € щомісяця.")).to_be_visible()
    on_its_way = bool(gives and gives.get("pending"))
    expect(page.get_by_text("Не платіть удруге: щойно гроші надійдуть")).to_have_count(int(on_its_way))
    expect(page.get_by_text("підтримки зараз немає")).to_have_count(0)
    expect(page.locator("spilno-donate")).to_have_count(0)
    page.get_by_role("button", name="Зробити ще один внесок").click()
    expect(page.get_by_text("Новий внесок додасться до того, що ви вже даєте")).to_be_visible()
    page.get_by_role("button", name="Підтримувати").click()
    page.wait_for_url("**/pay")
    assert api.bodies("/v1/checkouts")[-1]["unless_supporting"] is False, "the reader has said so"


@pytest.mark.parametrize("code", ["ABCD-2345", "abcd2345", "abcd 2345", "abcd–2345", "Ваш код: ABCD-2345."])
def test_the_code_from_the_mail_signs_in_in_place(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, code: str, heard: Any
) -> None:
    unfold_sign_in(page, context, site, api)
    type_code(page, code)
    expect(page.get_by_text("Ваш рівень — «Друг редакції»")).to_be_visible()
    expect(page.locator("spilno-wall")).to_be_focused()
    assert api.bodies("/v1/sign-in") == [{"email": "olena@example.org", "return_to": site.url(), "locale": "uk"}]
    assert api.bodies("/v1/sign-in/confirm") == [{"code": code, "remember": True}], (
        "as it was typed: the API reads it"
    )
    assert heard() == [["opened", "supporter"], ["opened", "supporter"]]


def test_the_code_field_is_made_for_codes(page: Page, context: BrowserContext, site: Site, api: FakeApi) -> None:
    unfold_sign_in(page, context, site, api)
    page.get_by_label(re.compile("Електронна адреса")).fill("olena@example.org")
    page.keyboard.press("Enter")
    field = page.get_by_label("Код із листа")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("autocomplete", "one-time-code")
    expect(page.get_by_role("status")).to_contain_text("olena@example.org")


def test_a_wrong_code_is_told_beside_the_field_and_may_be_typed_again(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, heard: Any
) -> None:
    unfold_sign_in(page, context, site, api)
    page.get_by_role("button", name="Надіслати код").click()
    expect(page.get_by_role("alert")).to_have_text("Напишіть електронну адресу.")
    type_code(page, "WRONG-123")
    expect(page.get_by_role("alert")).to_have_text("Код не підходить.")
    expect(page.get_by_label("Код із листа")).to_be_focused()
    page.get_by_label("Код із листа").fill(CODE)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ваш рівень — «Друг редакції»")).to_be_visible()
    assert ["error", "code_wrong"] in heard()


def test_another_mail_or_another_address_is_a_press_away(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    unfold_sign_in(page, context, site, api)
    page.get_by_label(re.compile("Електронна адреса")).fill("olena@example.org")
    page.get_by_role("button", name="Надіслати код").click()
    page.get_by_role("button", name="Надіслати ще раз").click()
    expect(page.get_by_role("status")).to_contain_text("Надіслали ще один лист.")
    assert [one["email"] for one in api.bodies("/v1/sign-in")] == ["olena@example.org"] * 2
    page.get_by_role("button", name="Інша адреса").click()
    expect(page.get_by_label(re.compile("Електронна адреса"))).to_have_value("olena@example.org")


def test_too_many_requests_are_told_in_the_apis_words(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    api.problems["/v1/sign-in"] = [(429, {"title": "Забагато спроб. Зачекайте 10 хвилин.", "code": "too_many"})]
    unfold_sign_in(page, context, site, api)
    page.get_by_label(re.compile("Електронна адреса")).fill("olena@example.org")
    page.get_by_role("button", name="Надіслати код").click()
    expect(page.get_by_role("alert")).to_have_text("Забагато спроб. Зачекайте 10 хвилин.")


def test_a_link_pressed_in_another_tab_is_noticed_here(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    unfold_sign_in(page, context, site, api)
    page.get_by_label(re.compile("Електронна адреса")).fill("olena@example.org")
    page.get_by_role("button", name="Надіслати код").click()
    expect(page.get_by_label("Код із листа")).to_be_focused()
    sign_in_by_cookie(context, api)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")
    expect(page.get_by_text("Ваш рівень — «Друг редакції»")).to_be_visible()


def test_a_payment_that_was_mended_in_another_tab_opens_the_text_here(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    sign_in_by_cookie(context, api)
    api.article = {"decision": {"open": False, "reason": "payment_failed"}, "signed_in": True}
    page.goto(site.wall())
    expect(page.get_by_role("link", name="Оновити спосіб оплати")).to_be_visible()
    api.article = {}
    page.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")
    expect(page.get_by_text(CANARY)).to_be_visible()


@pytest.mark.own_tab
def test_signing_out_closes_every_open_page_of_the_site(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, heard: Any
) -> None:
    sign_in_by_cookie(context, api)
    page.goto(site.wall())
    other = context.new_page()
    other.goto(site.url())
    expect(other.get_by_text(CANARY)).to_be_visible()
    page.bring_to_front()
    page.get_by_role("button", name="Вийти").click()
    for tab in (page, other):
        expect(tab.get_by_text("Уже підтримуєте?")).to_be_visible()
        expect(tab.get_by_text(TEASER)).to_be_visible()
        assert CANARY not in tab.content()
    assert heard()[1:] == [["closed", "away"], ["closed", "sign_in"]]


def test_the_sites_own_sign_out_closes_it_too(page: Page, context: BrowserContext, site: Site, api: FakeApi) -> None:
    sign_in_by_cookie(context, api)
    page.goto(site.wall())
    expect(page.get_by_text(CANARY)).to_be_visible()
    context.clear_cookies()
    page.evaluate("dispatchEvent(new Event('spilno:signed-out'))")
    expect(page.get_by_text(CANARY)).to_have_count(0)


def test_a_failed_sign_out_says_so_and_hides_nothing(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    sign_in_by_cookie(context, api)
    page.goto(site.wall())
    api.problems["/v1/session"] = [(503, {"title": "Не вдалося вийти.", "code": "unavailable"})]
    page.get_by_role("button", name="Вийти").click()
    expect(page.get_by_role("alert")).to_have_text("Не вдалося вийти.")
    expect(page.get_by_text(CANARY)).to_be_visible()


def test_a_page_that_goes_to_the_back_forward_cache_carries_no_text_and_asks_anew(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    sign_in_by_cookie(context, api)
    page.goto(site.wall())
    expect(page.get_by_text(CANARY)).to_be_visible()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    assert CANARY not in page.content()
    assert TEASER in page.content()
    context.clear_cookies()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(page.get_by_text("Уже підтримуєте?")).to_be_visible()
    assert api.asked(ARTICLE) == 2, "once for each time that the page was shown"


def test_a_wall_taken_off_the_page_keeps_still(page: Page, context: BrowserContext, site: Site, api: FakeApi) -> None:
    sign_in_by_cookie(context, api)
    page.goto(site.wall())
    expect(page.get_by_text(CANARY)).to_be_visible()
    page.evaluate("document.querySelector('spilno-wall').remove()")
    page.evaluate("dispatchEvent(new Event('spilno:signed-out'))")
    page.wait_for_timeout(200)
    assert api.asked(ARTICLE) == 1


def test_another_article_may_be_put_in_its_place(page: Page, site: Site, api: FakeApi) -> None:
    page.goto(site.wall())
    expect(page.locator("spilno-wall")).to_have_attribute("state", "closed")
    page.evaluate("document.querySelector('spilno-wall').setAttribute('article', 'demo-metered')")
    expect(page.locator("spilno-wall")).to_have_attribute("state", "closed")
    page.wait_for_function("document.querySelector('spilno-wall').root.querySelector('spilno-donate')")
    assert api.asked("/v1/articles/demo-metered/seal") == 1


# ---- Where cookies cannot work


@pytest.mark.own_tab
@pytest.mark.parametrize("why", ["another site", "not allowed", "cookies off"])
def test_elsewhere_it_links_to_the_newsrooms_own_pages(
    page: Page, site: Site, api: FakeApi, why: str, heard: Any
) -> None:
    site.wall()
    if why == "not allowed":
        api.origins = lambda _origin: False
    if why == "cookies off":
        page.add_init_script("Object.defineProperty(Navigator.prototype, 'cookieEnabled', {get: () => false})")
    page.goto(site.url("localhost" if why == "another site" else "127.0.0.1"))
    expect(page.get_by_text(TEASER)).to_be_visible()
    read = page.get_by_role("link", name="Читати на нашій сторінці")
    expect(read).to_have_attribute("href", f"{api.url}/read/demo-members")
    expect(page.get_by_role("link", name="Підтримати")).to_have_attribute(
        "href", re.compile(re.escape(f"{api.url}/donate?source=http"))
    )
    expect(page.get_by_role("textbox")).to_have_count(0)
    assert api.asked(ARTICLE) == 0
    assert ["closed", "hosted"] in heard()


def test_a_browser_that_keeps_no_cookies_is_sent_to_the_hosted_page_after_signing_in(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    api.keeps_cookies = False
    unfold_sign_in(page, context, site, api)
    context.clear_cookies()
    type_code(page)
    expect(page.get_by_role("link", name="Читати на нашій сторінці")).to_be_visible()


@pytest.mark.own_tab
def test_an_unreachable_api_leaves_the_teaser_and_a_way_to_try_again(page: Page, site: Site, heard: Any) -> None:
    page.route("**/v1/**", lambda route: route.abort())
    page.goto(site.wall())
    expect(page.get_by_role("alert")).to_contain_text("Немає зв’язку із сервером.")
    expect(page.get_by_text(TEASER)).to_be_visible()
    assert heard() == [["error", "unreachable"]]
    page.unroute("**/v1/**")
    page.get_by_role("button", name="Спробувати ще раз").click()
    expect(page.get_by_text("Уже підтримуєте?")).to_be_visible()


def test_a_refusal_of_the_article_is_told_in_the_apis_words(page: Page, site: Site, api: FakeApi) -> None:
    for path in (ARTICLE, f"{ARTICLE}/seal"):
        api.problems[path] = [(404, {"title": "Такої статті немає.", "code": "article_unknown"})]
    page.goto(site.wall())
    expect(page.get_by_role("alert")).to_have_text("Такої статті немає.")
    expect(page.get_by_text(TEASER)).to_be_visible()


@pytest.mark.own_tab
def test_a_blocked_script_leaves_the_teaser(page: Page, site: Site) -> None:
    page.route("**/widget.js", lambda route: route.abort())
    page.goto(site.wall())
    expect(page.get_by_text(TEASER)).to_be_visible()


# ---- For editors


@pytest.mark.parametrize(
    ("preview", "words"),
    [
        ("stranger", "Цей матеріал — для тих, хто підтримує редакцію."),
        ("supporter", "Ваш рівень — «Друг редакції»"),
        ("thanks", "Дякуємо за підтримку!"),
    ],
)
def test_a_preview_shows_its_state_and_asks_for_nothing_gated(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, preview: str, words: str
) -> None:
    sign_in_by_cookie(context, api)
    page.goto(site.wall(f'article="demo-members" preview="{preview}"'))
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_text("Попередній перегляд для редакції.").first).to_be_visible()
    if preview == "stranger":
        page.get_by_role("button", name=re.compile("^Підтрим.*: ")).click()
        expect(page.get_by_role("alert").last).to_have_text("Попередній перегляд для редакції.")
    if preview == "thanks":
        page.get_by_role("button", name=EVERYWHERE).click()
        type_code(page)
        expect(page.get_by_role("alert").last).to_have_text("Попередній перегляд для редакції.")
    if preview == "supporter":
        page.get_by_role("button", name="Вийти").click()
    asked = {call.path for call in api.calls if not call.path.startswith("/widget/")}
    assert asked <= {"/widget.js", "/v1/newsroom", "/favicon.ico"}


def test_it_speaks_english_where_the_page_does(page: Page, site: Site) -> None:
    site.lang = "en"
    page.goto(site.wall())
    expect(page.get_by_text("This article is for readers who support the newsroom.")).to_be_visible()
    expect(page.get_by_role("button", name="Support us: €3 a month")).to_be_visible()
    expect(page.get_by_text("Already a supporter?")).to_be_visible()


def test_a_real_return_from_the_back_forward_cache_asks_anew(browser: Browser, site: Site, api: FakeApi) -> None:
    """Playwright switches the cache off; here it is on, and the restored page must have lost the text."""
    launched = browser.browser_type.launch(
        executable_path=executable(),
        args=list(ARGUMENTS),
        ignore_default_args=["--disable-back-forward-cache"],
    )
    try:
        context = launched.new_context(locale="uk-UA")
        page = context.new_page()
        page.add_init_script("addEventListener('pageshow', (event) => { window.restored = event.persisted; })")
        sign_in_by_cookie(context, api)
        page.goto(site.wall())
        expect(page.get_by_text(CANARY)).to_be_visible()
        page.goto(f"{api.url}/pay")
        context.clear_cookies()
        page.evaluate("history.back()")
        page.wait_for_url(site.url(), wait_until="commit")
        page.wait_for_function("window.restored === true")
        expect(page.get_by_text("Уже підтримуєте?")).to_be_visible()
        assert CANARY not in page.content()
    finally:
        launched.close()
