"""The hosted pages in Chromium, under the very policy that they are served with."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

import chalicelib
from chalicelib.giving.views.pages import DonationPage, ThanksPage, ThanksState
from chalicelib.http import pages
from chalicelib.signing_in.views.pages import EnterCodePage, SignInPage
from tests.pages import samples

pytestmark = pytest.mark.browser
NAMES = tuple(samples.sample_pages("uk"))
SCRIPT = (Path(chalicelib.__file__).parent / "static" / "donate.js").read_text(encoding="utf-8")
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8"/></svg>'
Show = Callable[..., None]


def serve(context: BrowserContext) -> Show:
    """Answers for the API within the browser, policy included; any other address fails. No network."""
    current: dict[str, str] = {}

    def answer(route: Route) -> None:
        if "/donate.js?v=" in route.request.url:
            route.fulfill(body=SCRIPT, content_type="text/javascript")
        elif "/v1/checkouts/" in route.request.url:
            route.fulfill(json={"status": current["status"]})
        elif route.request.method == "GET":
            route.fulfill(
                body=current["html"],
                content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": current["policy"]},
            )
        else:
            route.fulfill(body="<title>Sent</title>", content_type="text/html")

    context.route("**/*", lambda route: route.abort())
    context.route(f"{samples.PUBLIC_URL}/**", answer)
    context.route(samples.PICTURE, lambda route: route.fulfill(body=PICTURE, content_type="image/svg+xml"))

    def show(tab: Page, page: pages.Page, lang: str = "uk", status: str = "processing") -> None:
        layout = samples.layout(lang)
        current["html"] = pages.render(page, layout)
        current["policy"] = pages.content_security_policy(page, layout)
        current["status"] = status
        tab.goto(f"{samples.PUBLIC_URL}/shown")

    return show


@pytest.fixture
def show(context: BrowserContext) -> Show:
    return serve(context)


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[tuple[Page, Show]]:
    """One narrow tab for the checks that only look."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    yield context.new_page(), serve(context)
    context.close()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", samples.LANGUAGES)
def test_axe_finds_nothing_and_everything_fits_a_phone(phone: tuple[Page, Show], name: str, lang: str) -> None:
    tab, show = phone
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    show(tab, samples.sample_pages(lang)[name], lang)
    results = Axe().run(
        tab, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    assert results.violations_count == 0, results.generate_report()
    assert tab.evaluate("document.documentElement.scrollWidth") == 360
    assert complaints == []
    assert small_targets(tab) == []
    assert broken_words(tab) == []


def test_axe_finds_nothing_in_any_mail(phone: tuple[Page, Show]) -> None:
    tab, _ = phone
    tab.goto("about:blank")  # a page's policy would keep the mails' styles away
    for name, lang, mail in samples.every_mail():
        tab.set_content(mail.html)
        results = Axe().run(tab, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert results.violations_count == 0, (name, lang, results.generate_report())
        assert tab.evaluate("document.documentElement.scrollWidth") == 360, (name, lang)


def small_targets(tab: Page) -> list[str]:
    """What a finger has to hit and is lower than 44 px; links within a sentence are exempt, as in WCAG 2.5.8."""
    found = tab.evaluate(
        """() => [...document.querySelectorAll("button, .button, .tabs a, .languages a, .colophon a, .nameplate a,"
          + " .amount, .check, input:not([type=hidden], [type=radio], [type=checkbox])")]
          .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 43.5)
          .map((one) => one.outerHTML)"""
    )
    return [str(one) for one in found]


def broken_words(tab: Page) -> list[str]:
    """Words that begin on one line and end on the next, with no hyphen between."""
    found = tab.evaluate(
        """() => {
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), broken = [];
          for (let node; (node = walker.nextNode()); )
            for (const word of node.data.matchAll(/(?<![\\p{L}\\d_@.])\\p{L}{2,}(?![\\p{L}\\d_@])/gu)) {
              const range = document.createRange();
              range.setStart(node, word.index);
              range.setEnd(node, word.index + word[0].length);
              const lines = new Set([...range.getClientRects()].map((line) => Math.round(line.top)));
              if (lines.size > 1) broken.push(word[0]);
            }
          return broken;
        }"""
    )
    return [str(one) for one in found]


def test_the_pages_reflow_at_320_pixels(page: Page, show: Show) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    for name in NAMES:
        show(page, samples.sample_pages("uk")[name])
        assert page.evaluate("document.documentElement.scrollWidth") == 320, name


def test_the_first_tab_stop_skips_to_the_content(page: Page, show: Show) -> None:
    show(page, SignInPage())
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="До основного тексту")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Електронна адреса")).to_be_focused()


def test_the_button_says_the_chosen_amount_and_what_an_own_one_opens(page: Page, show: Show) -> None:
    show(page, DonationPage(samples.form("uk"), samples.ATTEMPT))
    button = page.locator("#give")
    expect(button).to_have_text("Підтримувати: 5 € щомісяця")
    page.get_by_text("10 €", exact=True).click()
    expect(button).to_have_text("Підтримувати: 10 € щомісяця")
    page.get_by_text("Інша сума").click()
    own = page.get_by_label("Ваша сума")
    expect(own).to_be_focused()
    expect(button).to_have_text("Підтримати")
    live = page.locator("#own-opens")
    for typed, said, opens in (
        ("7,5", "Підтримувати: 7,50 € щомісяця", "Відкриває"),
        ("1 000", "Підтримувати: 1000 € щомісяця", "редакційні нотатки"),
        ("1.20", "Підтримувати: 1,20 € щомісяця", "Допомагає редакції працювати"),
        ("4,999", "Підтримувати: 4999 € щомісяця", "редакційні нотатки"),
        ("4,9991", "Підтримати", ""),
        ("$5", "Підтримати", ""),
        ("5 грн", "Підтримати", ""),
        ("5 €", "Підтримувати: 5 € щомісяця", "Відкриває"),
        ("0,99", "Підтримати", "Найменша сума — 1 €."),
        ("0,5", "Підтримати", "Найменша сума — 1 €."),
        ("5000,01", "Підтримати", "Найбільша сума — 5000 €."),
        ("-5", "Підтримати", ""),
        ("1e3", "Підтримати", ""),
        ("4.35", "Підтримувати: 4,35 € щомісяця", "Відкриває"),
    ):
        own.fill(typed)
        expect(button).to_have_text(said)
        expect(live).to_contain_text(opens)


def test_the_script_writes_amounts_as_the_server_does(page: Page, show: Show) -> None:
    from chalicelib.i18n.language import Language

    for lang, currency, typed, amount in (
        ("uk", "uah", "12345,67", 1234567),
        ("en", "usd", "7.50", 750),
        ("en", "uah", "5000", 500000),
        ("uk", "pln", "5,05", 505),
    ):
        show(page, DonationPage(samples.form(lang, currency=currency, own_text=typed), samples.ATTEMPT), lang)
        written = Language(lang, "Europe/Kyiv").money(amount, currency)
        label = page.locator("#give").text_content() or ""
        assert written in label, (label, written)


def test_a_second_tap_sends_nothing(page: Page, show: Show) -> None:
    show(page, DonationPage(samples.form("uk"), samples.ATTEMPT))
    held = page.evaluate(
        """() => {
          const form = document.querySelector("form[data-giving]");
          const stopped = [];
          form.addEventListener("submit", (event) => {
            stopped.push(event.defaultPrevented);
            event.preventDefault();
          });
          form.requestSubmit();
          form.requestSubmit();
          return stopped;
        }"""
    )
    assert held == [False, True]


def test_without_a_script_the_donation_page_asks_and_sends_all_the_same(browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    show, tab = serve(context), context.new_page()
    show(tab, DonationPage(samples.form("uk"), samples.ATTEMPT, return_to=f"{samples.SITE}/a"))
    expect(tab.get_by_label("Ваша сума")).to_be_hidden()
    tab.get_by_label("Інша сума").check(force=True)
    tab.get_by_label("Ваша сума").fill("7,50")
    with tab.expect_request(lambda request: request.method == "POST") as sent:
        tab.get_by_role("button", name=re.compile("^Підтрим")).click()
    assert sent.value.url == f"{samples.PUBLIC_URL}/donate"
    assert sent.value.post_data_json == {
        "attempt": samples.ATTEMPT,
        "currency": "eur",
        "interval": "month",
        "lang": "uk",
        "return_to": f"{samples.SITE}/a",
        "amount": "own",
        "own_amount": "7,50",
    }
    context.close()


def test_a_payment_under_way_is_looked_after_until_it_is_decided(page: Page, show: Show) -> None:
    waiting = ThanksPage("cs_test_1", ThanksState.PROCESSING)
    show(page, waiting, status="paid")
    with page.expect_navigation(timeout=9_000):
        pass


@pytest.mark.parametrize("lang", samples.LANGUAGES)
def test_a_code_an_address_and_a_sum_with_its_rhythm_stay_on_one_line(phone: tuple[Page, Show], lang: str) -> None:
    tab, show = phone
    one_line = "nodes => nodes.filter(node => node.getClientRects().length > 1).map(node => node.textContent)"
    for name in ("enter-code-problem", "thanks-paid", "account"):
        show(tab, samples.sample_pages(lang)[name], lang)
        assert tab.locator(".whole").count() > 0 or name == "account"
        assert tab.locator(".whole").evaluate_all(one_line) == []
    show(tab, DonationPage(samples.form(lang), samples.ATTEMPT), lang)
    sums = tab.locator(".amount label").all_text_contents()
    assert not [text for text in sums[:-1] if " " in text], "no-break spaces only"
    assert " " not in (tab.locator("button.primary").text_content() or "").partition(": ")[2]


@pytest.mark.parametrize("lang", samples.LANGUAGES)
def test_the_other_language_stands_beside_the_nameplate(phone: tuple[Page, Show], lang: str) -> None:
    tab, show = phone
    show(tab, samples.sample_pages(lang)["sign-in"], lang)
    name, link = (tab.locator(one).bounding_box() for one in (".nameplate", ".languages a"))
    assert name
    assert link
    assert link["x"] >= name["x"] + name["width"]
    assert abs((link["y"] + link["height"] / 2) - (name["y"] + name["height"] / 2)) < 4
    assert name["height"] < 60, "one line, at 360 pixels"


def test_a_refused_code_can_be_mended_where_it_stands(page: Page, show: Show) -> None:
    refused = EnterCodePage(problem="Код не підходить.", typed="7K3M-XQ4A")
    show(page, refused)
    field = page.locator("#code")
    expect(field).to_be_focused()
    expect(field).to_have_value("7K3M-XQ4A")
    show(page, SignInPage("maria@", problem="Перевірте адресу."))
    expect(page.locator("#email")).to_be_focused()
