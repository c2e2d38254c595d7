"""`<spilno-donate>`: what a reader chooses, what it says about it, and what reaches the API."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.widget.conftest import Site
from tests.widget.fake_api import FakeApi

pytestmark = pytest.mark.browser
CHECKOUTS = "/v1/checkouts"


def give(page: Page, label: str | re.Pattern[str] = re.compile("^Підтрим")) -> None:
    """Press the one button of the form."""
    page.get_by_role("button", name=label).click()


def sentence(page: Page) -> str:
    return page.locator("[part=sentence]").inner_text().replace("\xa0", " ")


def button(page: Page) -> str:
    return page.locator("button[type=submit]").inner_text().replace("\xa0", " ")


def test_it_offers_the_newsrooms_defaults_and_leaves_for_the_payment_page(
    page: Page, site: Site, api: FakeApi
) -> None:
    address = site.donate() + "?from=letter#end"
    page.goto(address)
    expect(page.get_by_label("Щомісяця")).to_be_checked()
    expect(page.get_by_label("5 €", exact=True)).to_be_checked()
    give(page, "Підтримувати: 5 € щомісяця")
    page.wait_for_url("**/pay")
    (body,) = api.bodies(CHECKOUTS)
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", body.pop("attempt"))
    assert body == {
        "amount": 500,
        "currency": "eur",
        "interval": "month",
        "locale": "uk",
        "source": address.split("#", maxsplit=1)[0],
        "return_to": address,
        "unless_supporting": True,
    }


def test_the_sentence_says_what_opens_and_until_when(page: Page, site: Site) -> None:
    page.goto(site.donate())
    expect(page.locator("[part=sentence]")).to_have_text(
        "Відкриває всі статті для спільноти, доки триває підтримка. Зупинити можна будь\N{NON-BREAKING HYPHEN}коли."
    )
    page.get_by_text("Одноразово").click()
    assert re.match(r"Відкриває всі статті для спільноти на 60 днів, до \d+ \S+ \d{4}\sроку\. Якщо", sentence(page))
    page.get_by_text("5 €", exact=True).click()
    assert "нічого додатково не відкриє. 10 € і більше відкриває всі статті" in sentence(page)
    page.get_by_text("Щороку").click()
    assert re.search(r"до \d+ \S+ \d{4}\sроку, далі подовжується щороку", sentence(page))
    assert button(page) == "Підтримувати: 30 € щороку"


def test_another_currency_brings_its_own_amounts_and_bounds(page: Page, site: Site, api: FakeApi) -> None:
    page.goto(site.donate())
    page.get_by_label("Валюта").select_option("uah")
    assert button(page) == "Підтримувати: 200 ₴ щомісяця"
    expect(page.get_by_label("Валюта")).to_be_focused()
    page.get_by_label("Валюта").select_option("jpy")
    assert button(page) == "Підтримувати: 1000 ¥ щомісяця"
    give(page)
    page.wait_for_url("**/pay")
    assert [(one["amount"], one["currency"]) for one in api.bodies(CHECKOUTS)] == [(1000, "jpy")]


def test_only_the_intervals_of_the_currency_are_offered(page: Page, site: Site) -> None:
    page.goto(site.donate('interval="year"'))
    page.get_by_label("Валюта").select_option("jpy")
    expect(page.get_by_label("Щороку")).to_have_count(0)
    expect(page.get_by_label("Одноразово")).to_be_checked()
    assert button(page) == "Підтримати: 500 ¥"


def test_a_currency_of_whole_units_takes_no_fraction(page: Page, site: Site, api: FakeApi) -> None:
    """The Hungarian forint has two decimals on the wire and none in a purse: the API says `step`."""
    huf = {**api.newsroom["currencies"]["uah"], "step": 100}
    api.newsroom["currencies"] = {**api.newsroom["currencies"], "huf": huf}
    page.goto(site.donate('currency="huf"'))
    page.get_by_text("Інша сума").click()
    page.keyboard.type("500,50")
    give(page, "Підтримати")
    expect(page.get_by_role("alert")).to_contain_text("Напишіть суму цифрами")
    assert api.bodies(CHECKOUTS) == []


def test_attributes_choose_the_first_wish_and_the_campaign(page: Page, site: Site, api: FakeApi) -> None:
    page.goto(site.donate('currency="EUR" interval="once" amounts="700, 900" campaign="winter" lang="en"'))
    expect(page.locator("[part='group amount'] label")).to_have_text(["€7", "€9", "Another amount"])
    give(page, "Support us: €7")
    page.wait_for_url("**/pay")
    (body,) = api.bodies(CHECKOUTS)
    assert (body["amount"], body["interval"], body["campaign"], body["locale"]) == (700, "once", "winter", "en")


def test_an_amount_may_be_asked_for_even_if_no_button_offers_it(page: Page, site: Site) -> None:
    page.goto(site.donate('amount="1234"'))
    expect(page.get_by_role("textbox", name="Ваша сума, €")).to_have_value("12.34")
    assert button(page) == "Підтримувати: 12,34 € щомісяця"


def test_a_tier_preselects_the_lowest_amount_that_opens_it(page: Page, site: Site) -> None:
    page.goto(site.donate('tier="patron"'))
    assert button(page) == "Підтримувати: 15 € щомісяця"
    page.get_by_text("Щороку").click()
    assert button(page) == "Підтримувати: 150 € щороку"


def test_a_double_tap_makes_one_call(page: Page, site: Site, api: FakeApi) -> None:
    api.slow = 0.5
    page.goto(site.donate())
    page.locator("button[type=submit]").dblclick()
    expect(page.locator("button[type=submit]")).to_have_text("Відкриваємо сторінку оплати…")
    page.wait_for_url("**/pay")
    assert len(api.bodies(CHECKOUTS)) == 1


def test_every_changed_wish_has_its_own_attempt_and_a_repeated_one_keeps_it(
    page: Page, site: Site, api: FakeApi
) -> None:
    api.problems[CHECKOUTS] = [(503, {"title": "Stripe зараз не відповідає.", "code": "upstream_failed"})] * 3
    page.goto(site.donate())
    give(page)
    expect(page.get_by_role("alert")).to_have_text("Stripe зараз не відповідає.")
    give(page)
    page.wait_for_function("document.querySelector('spilno-donate').busy === false")
    page.get_by_text("10 €", exact=True).click()
    expect(page.get_by_role("alert")).to_be_hidden()
    give(page)
    expect(page.get_by_role("alert")).to_be_visible()
    first, again, changed = (one["attempt"] for one in api.bodies(CHECKOUTS))
    assert first == again
    assert changed != first


@pytest.mark.parametrize("code", ["attempt_finished", "attempt_changed", "attempt_elsewhere"])
def test_a_used_attempt_is_replaced_once(page: Page, site: Site, api: FakeApi, code: str) -> None:
    api.problems[CHECKOUTS] = [(409, {"title": "Цю спробу вже завершено.", "code": code})]
    page.goto(site.donate())
    give(page)
    page.wait_for_url("**/pay")
    one, other = (body["attempt"] for body in api.bodies(CHECKOUTS))
    assert one != other


def test_a_second_conflict_is_told_not_repeated(page: Page, site: Site, api: FakeApi) -> None:
    api.problems[CHECKOUTS] = [(409, {"title": "Цю спробу вже завершено.", "code": "attempt_finished"})] * 2
    page.goto(site.donate())
    give(page)
    expect(page.get_by_role("alert")).to_have_text("Цю спробу вже завершено.")
    assert len(api.bodies(CHECKOUTS)) == 2


def test_the_apis_refusal_stands_beside_the_amount_with_its_bounds(page: Page, site: Site, api: FakeApi) -> None:
    problem: dict[str, Any] = {"title": "Замало для цієї валюти.", "code": "amount_too_small", "field": "amount"}
    api.problems[CHECKOUTS] = [(400, {**problem, "minimum": 600, "maximum": 1000})]
    page.goto(site.donate())
    give(page)
    expect(page.get_by_role("alert")).to_have_text(
        "Замало для цієї валюти. Найменша сума — 6 €. Найбільша сума — 10 €."
    )


def test_an_answer_that_is_not_ours_still_gets_a_sentence(page: Page, site: Site, api: FakeApi) -> None:
    api.problems[CHECKOUTS] = [(502, {})]
    page.goto(site.donate())
    give(page)
    expect(page.get_by_role("alert")).to_contain_text("Щось пішло не так на нашому боці.")


@pytest.mark.own_tab
def test_a_lost_connection_keeps_the_wish_and_offers_the_hosted_page(page: Page, site: Site, api: FakeApi) -> None:
    page.goto(site.donate())
    page.route("**/v1/checkouts", lambda route: route.abort())
    give(page)
    expect(page.get_by_role("alert")).to_contain_text("Немає зв’язку із сервером")
    href = page.get_by_role("alert").get_by_role("link").get_attribute("href") or ""
    assert href.startswith(f"{api.url}/donate?amount=500&currency=eur&interval=month")
    page.unroute("**/v1/checkouts")
    give(page)
    page.wait_for_url("**/pay")


@pytest.mark.own_tab
def test_coming_back_from_the_payment_page_is_a_new_wish(page: Page, site: Site, api: FakeApi) -> None:
    """The back-forward cache restores the page as it was left: busy, with a used attempt."""
    page.goto(site.donate())
    page.route("**/pay", lambda route: route.fulfill(status=204))  # a navigation that leads nowhere: we stay
    with page.expect_request("**/pay"):
        give(page)
    expect(page.locator("button[type=submit]")).to_have_attribute("aria-disabled", "true")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(page.locator("button[type=submit]")).to_have_attribute("aria-disabled", "false")
    page.unroute("**/pay")
    give(page)
    page.wait_for_url("**/pay")
    one, other = (body["attempt"] for body in api.bodies(CHECKOUTS))
    assert one != other


def test_the_form_is_worked_by_keyboard_alone(page: Page, site: Site, api: FakeApi) -> None:
    page.goto(site.donate())
    expect(page.locator("form")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Щомісяця")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Щороку")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_label("50 €", exact=True)).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Інша сума", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("33")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pay")
    assert api.bodies(CHECKOUTS)[0]["amount"] == 3300


def test_test_money_and_the_pages_language_are_said_beforehand(page: Page, site: Site, api: FakeApi) -> None:
    page.goto(site.donate())
    expect(page.get_by_text("Тестовий режим: гроші не списуються.")).to_be_visible()
    expect(page.get_by_text("Сторінка оплати буде англійською.")).to_be_visible()
    api.newsroom["livemode"] = True
    page.goto(site.donate('lang="en"'))
    expect(page.get_by_role("button", name="Support us: €5 a month")).to_be_visible()
    expect(page.get_by_text(re.compile("Test mode|another language"))).to_have_count(0)


def test_compact_it_is_one_button_until_pressed(page: Page, site: Site) -> None:
    page.goto(site.donate("compact"))
    one = page.get_by_role("button", name="Підтримати", exact=True)
    expect(one).to_have_attribute("aria-expanded", "false")
    expect(page.locator("form")).to_have_count(0)
    one.press("Enter")
    expect(page.get_by_label("Щомісяця")).to_be_focused()
    expect(page.get_by_role("button", name="Підтримувати: 5 € щомісяця")).to_be_visible()


@pytest.mark.own_tab
@pytest.mark.parametrize("why", ["api is down", "another site", "cookies off"])
def test_without_the_api_the_link_inside_stays_and_carries_the_wish(
    page: Page, site: Site, api: FakeApi, why: str
) -> None:
    site.donate('currency="uah" interval="once" amount="20000" campaign="winter"')
    if why == "api is down":
        page.route("**/v1/newsroom", lambda route: route.abort())
    if why == "cookies off":
        page.add_init_script("Object.defineProperty(Navigator.prototype, 'cookieEnabled', {get: () => false})")
    address = site.url("localhost" if why == "another site" else "127.0.0.1")
    page.goto(address)
    link = page.get_by_role("link", name="Підтримати")
    expect(link).to_have_attribute("href", re.compile("campaign=winter"))
    href = link.get_attribute("href") or ""
    assert href.startswith(f"{api.url}/donate?amount=20000&currency=uah&interval=once&campaign=winter&source=http")
    assert "lang=uk" in href
    expect(page.get_by_role("button")).to_have_count(0)
    link.click()
    expect(page).to_have_title(re.compile("donate"))


@pytest.mark.own_tab
def test_a_blocked_script_leaves_the_link(page: Page, site: Site, api: FakeApi) -> None:
    page.route("**/widget.js", lambda route: route.abort())
    page.goto(site.donate())
    expect(page.get_by_role("link", name="Підтримати")).to_have_attribute("href", f"{api.url}/donate")


@pytest.mark.own_tab
def test_nothing_leaks_into_the_page(page: Page, site: Site) -> None:
    address = site.donate()
    page.route("**/widget.js", lambda route: route.abort())
    page.goto(address)
    before = set(page.evaluate("Object.getOwnPropertyNames(window)"))
    page.unroute("**/widget.js")
    page.goto(address)
    expect(page.locator("form")).to_be_visible()
    assert set(page.evaluate("Object.getOwnPropertyNames(window)")) == before
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("document.cookie") == "spilno-asked=1", "what the test put there"


def test_who_gives_already_is_asked_whether_they_mean_a_second_gift(page: Page, site: Site, api: FakeApi) -> None:
    api.problems["/v1/checkouts"] = [(409, {"code": "already_supporting", "title": "Ви вже підтримуєте нас."})]
    page.goto(site.donate())
    page.get_by_role("button", name="Підтримувати").click()
    expect(page.get_by_role("alert")).to_contain_text("Ви вже підтримуєте нас.")
    expect(page.get_by_role("link", name="Змінити підтримку")).to_be_focused()
    page.get_by_role("button", name="Так, почати ще одну на додачу").click()
    page.wait_for_url("**/pay")
    assert [body["unless_supporting"] for body in api.bodies("/v1/checkouts")] == [True, False]
