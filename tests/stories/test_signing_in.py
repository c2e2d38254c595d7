"""Signing in: by link and by code, here and on another device, past scanners that open every mail."""

import re

import pytest
import requests
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PatienceEnded

from testkit.stack import Stack
from tests.stories.conftest import NewReader
from tests.stories.hidden import first_words
from tests.stories.reader import Reader

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_by_the_link_in_the_browser_that_asked(reader: Reader) -> None:
    """The link opens a page with a button; only the button signs in."""
    reader.opens_hosted("/sign-in?lang=uk")
    reader.asks_for_a_code()
    reader.page.goto(reader.link())
    reader.sees_heading("Увійти на цьому пристрої?")
    assert reader.session() == {"signed_in": False}
    reader.page.get_by_role("button", name="Увійти").click()
    reader.sees_heading("Моя підтримка")
    reader.sees(f"Ви ввійшли з адресою {reader.email}.")
    # And the link has done its work
    reader.page.goto(reader.link())
    reader.sees_heading("Це посилання вже не діє")


def test_from_the_wall_by_the_code_and_back(new_reader: NewReader) -> None:
    """The wall's quiet link, the code, the article; the code may be written small and without the dash."""
    giver = new_reader()
    giver.gives()
    reader = new_reader(giver.email)
    reader.opens_article()
    reader.page.locator("spilno-wall").get_by_role("link", name="Увійти").click()
    reader.asks_for_a_code()
    reader.enters(reader.code(2).replace("-", "").lower())
    reader.page.wait_for_url("**/articles/demo-members")
    reader.sees(first_words("demo-members"))
    reader.sees("Ваш рівень — «Друг редакції»")


def test_who_is_signed_in_and_has_lost_the_hint_comes_straight_back(new_reader: NewReader, stack: Stack) -> None:
    """A stranger's wall asks nothing about them; its link asks nothing of them."""
    reader = new_reader()
    reader.gives()
    reader.enters(reader.code())
    reader.page.wait_for_url("**/articles/demo-members")
    kept = [one for one in reader.context.cookies() if not str(one.get("name")).startswith("spilno-ask-")]
    assert len(kept) == len(reader.context.cookies()) - 1, "one of them is the hint"
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    reader.context.clear_cookies(name=re.compile("^spilno-ask-"))
    reader.context.add_cookies([{"name": f"spilno-asked-{stack.ports.app}", "value": "1", "url": stack.app}])
    reader.opens_article()
    expect(reader.wall).to_have_attribute("state", "closed")
    assert f"{stack.app}/v1/articles/demo-members" not in asked
    reader.page.locator("spilno-wall").get_by_role("link", name="Увійти").click()
    reader.page.wait_for_url("**/articles/demo-members")
    reader.sees(first_words("demo-members"))
    assert asked.count(f"{stack.app}/v1/articles/demo-members") == 1


def test_the_wall_notices_when_the_link_was_pressed_in_another_tab(new_reader: NewReader) -> None:
    """Who has just given is asked to sign in for other devices; the link of the mail opens beside the article."""
    reader = new_reader()
    reader.gives()
    reader.opens_article()
    reader.page.get_by_role("button", name="Щоб читати на всіх пристроях, увійдіть").click()
    reader.asks_for_a_code()
    beside = reader.tab()
    beside.goto(reader.link(2))
    beside.get_by_role("button", name="Увійти").click()
    beside.wait_for_url("**/articles/demo-members")
    beside.close()
    reader.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    reader.sees("Ваш рівень — «Друг редакції»")


def test_on_another_device_the_link_alone_is_not_enough(new_reader: NewReader, stack: Stack) -> None:
    """Asked on the desk, the mail is opened on the phone: there it takes link and code, and signs in the phone."""
    workbench = new_reader()
    workbench.opens_hosted("/sign-in?lang=uk")
    workbench.asks_for_a_code()
    phone = new_reader(workbench.email, phone=True)
    phone.page.goto(phone.link())
    phone.sees_heading("Потрібен ще й код")
    token = phone.link().rpartition("/")[2].partition("?")[0]
    alone = requests.post(f"{stack.app}/v1/sign-in/confirm", json={"token": token}, timeout=10)
    assert (alone.status_code, alone.json()["code"]) == (400, "code_needed")
    phone.enters(phone.code())
    phone.sees_heading("Моя підтримка")
    assert phone.session()["signed_in"] is True
    assert workbench.session() == {"signed_in": False}, "it signs in the browser that presses, never another"


def test_a_code_alone_is_worth_nothing_in_another_browser(new_reader: NewReader, stack: Stack) -> None:
    """Whoever reads the code over a shoulder needs the link as well."""
    reader = new_reader()
    reader.opens_hosted("/sign-in?lang=uk")
    reader.asks_for_a_code()
    stolen = requests.post(f"{stack.app}/v1/sign-in/confirm", json={"code": reader.code()}, timeout=10)
    assert (stolen.status_code, stolen.json()["code"]) == (410, "other_browser")
    reader.enters(reader.code())
    reader.sees_heading("Моя підтримка")


def test_five_wrong_codes_end_a_code_and_a_new_one_works(reader: Reader) -> None:
    """The page says what is wrong each time, and how to go on."""
    reader.opens_hosted("/sign-in?lang=uk")
    reader.asks_for_a_code()
    right = reader.code()
    wrong = "2222-2222" if right != "2222-2222" else "3333-3333"
    for _ in range(4):
        reader.enters(wrong)
        expect(reader.page.get_by_role("alert")).to_contain_text("Код не підходить")
        expect(reader.code_field).to_have_attribute("aria-invalid", "true")
        expect(reader.code_field).to_have_value(wrong)  # a slip is mended where it stands
        expect(reader.code_field).to_be_focused()
    reader.enters(wrong)
    expect(reader.page.get_by_role("alert")).to_contain_text("Код уже не діє")
    expect(reader.code_field).to_have_count(0)  # no code works any more, so none is asked for
    assert reader.session() == {"signed_in": False}
    again = reader.page.get_by_role("button", name="Надіслати код ще раз")
    expect(again).to_be_focused()
    again.click()
    expect(reader.code_field).to_be_focused()
    reader.enters(reader.code(2))
    reader.sees_heading("Моя підтримка")


@pytest.mark.parametrize("presses", [False, True], ids=["looks at every link", "presses every button"])
def test_a_mail_scanner_signs_nobody_in(new_reader: NewReader, *, presses: bool) -> None:
    """A browser with scripts opens every link of every mail, and the bolder one presses all it finds there."""
    reader, scanner = new_reader(), new_reader()
    reader.gives()
    reader.code()
    reader.mail("Дякуємо")
    opened = reader.links()
    assert any("/v1/sign-in/" in link for link in opened)
    for link in opened:
        scanner.page.goto(link)
        if presses:
            press_everything(scanner.page, link)
    assert scanner.session() == {"signed_in": False}
    assert scanner.access()["open"] is False
    assert reader.session()["signed_in"] is False, "nobody is signed in in the reader's stead"
    # And the reader still signs in with that very mail
    reader.page.goto(reader.link())
    reader.sees_heading("Увійти на цьому пристрої?")
    reader.page.get_by_role("button", name="Увійти").click()
    reader.page.wait_for_url("**/articles/demo-members")
    assert reader.session()["signed_in"] is True


def press_everything(page: Page, address: str) -> None:
    """Press each button of the page, filling in nothing, and come back after each."""
    for number in range(page.get_by_role("button").count()):
        page.evaluate("for (const field of document.querySelectorAll('[required]')) field.required = false")
        try:
            page.get_by_role("button").nth(number).click(timeout=3000)
        except PatienceEnded:
            continue
        page.wait_for_load_state()
        page.goto(address)


def test_signing_in_says_the_same_to_every_address(reader: Reader) -> None:
    """Nobody learns from the page who supports the newsroom; a slip in the address is said beside it."""
    reader.opens_hosted("/sign-in?lang=uk")
    field = reader.page.get_by_label("Електронна адреса")
    field.fill("olena@example")
    reader.page.get_by_role("button", name="Надіслати код").click()
    expect(reader.page.get_by_role("alert")).to_have_text("Перевірте адресу: схоже, у ній помилка.")
    expect(field).to_have_value("olena@example")
    reader.asks_for_a_code()
    reader.sees(re.compile("має надійти лист із кодом"))
    reader.enters(reader.code())
    reader.sees("Внесків за цією адресою поки немає.")


@pytest.mark.parametrize("typed", ["\u200b mailto:{},", "{}.", "{}"])
def test_an_address_as_people_paste_it(new_reader: NewReader, typed: str) -> None:
    """A browser would refuse it, and the reader would not see why; the page lets the server understand it."""
    reader = new_reader("olena@xn--bcher-kva.de")
    reader.opens_hosted("/sign-in?lang=uk")
    sent = len(reader.sign_in_mails())
    reader.page.get_by_label("Електронна адреса").fill(typed.format("olena@bücher.de"))
    reader.page.get_by_role("button", name="Надіслати код").click()
    reader.sees("o…@bücher.de")
    reader.enters(reader.code(sent + 1))
    reader.sees("Ви ввійшли з адресою olena@bücher.de.")
