"""Every page, as axe-core and a narrow phone see it, light and dark; and the main job with the keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from testkit.stack import Stack
from tests.stories.conftest import NewReader
from tests.stories.hidden import first_words
from tests.stories.looks import complaints, tab_to
from tests.stories.reader import DECLINED_CARD, Reader

pytestmark = [pytest.mark.stack, pytest.mark.browser]


class Inspector:
    """A reader with a small phone who looks closely at each page they come to."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.page = reader, reader.page
        self.found: list[str] = []

    def look(self, name: str) -> None:
        """Note whatever is wrong with the page as it stands."""
        self.found += complaints(self.page, name)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_news_site_and_its_elements(new_reader: NewReader, *, dark: bool) -> None:
    """Both front pages, articles of every kind, the elements folded, open, refused, signed in."""
    inspector = Inspector(new_reader(phone=True, dark=dark))
    reader, page = inspector.reader, inspector.page
    button = page.locator("spilno-donate").get_by_role("button")
    for path, name in (("/", "front"), ("/en/", "English front"), ("/articles/none", "missing")):
        reader.opens(path)
        if name != "missing":
            expect(button).to_be_visible()
        inspector.look(name)
    reader.opens_article("demo-open")
    button.click()
    reader.picks("Інша сума")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_be_visible()
    inspector.look("own amount refused")
    for name in ("demo-patrons", "demo-members-en", "demo-members"):
        reader.opens_article(name)
        expect(reader.wall).to_have_attribute("state", "closed")
        inspector.look(f"closed {name}")
    reader.goes_to_pay()
    reader.pays()
    reader.sees_the_way_back_from_paying()
    page.get_by_role("link", name="Повернутися до читання").click()
    reader.sees(first_words("demo-members"))
    inspector.look("open without signing in")
    page.get_by_role("button", name="Щоб читати на всіх пристроях, увійдіть").click()
    inspector.look("open, asked for an address")
    reader.signs_in()
    reader.opens_article()
    reader.sees("Ваш рівень — «Друг редакції»")
    inspector.look("open, signed in")
    reader.context.route(f"{reader.stack.app}/v1/**", lambda route: route.abort())
    page.reload()
    reader.sees("Немає зв’язку із сервером.")
    inspector.look("API down")
    assert inspector.found == []


def test_giving_on_our_own_pages(new_reader: NewReader, stack: Stack) -> None:
    """The donation page in both languages and refused, the stand-in's pages, the thank-you page in its states."""
    inspector = Inspector(new_reader(phone=True))
    reader, page = inspector.reader, inspector.page
    for query in ("lang=uk", "lang=en&currency=uah&interval=year&campaign=winter"):
        reader.opens_hosted(f"/donate?{query}")
        inspector.look(f"donate {query}")
    reader.opens_hosted("/donate?lang=uk&interval=once")
    page.get_by_text("Інша сума").click()
    page.get_by_label("Ваша сума").fill("0,5")
    page.get_by_role("button", name=re.compile("^Підтрим")).click()
    expect(page.get_by_role("alert")).to_be_visible()
    inspector.look("donate, refused")
    page.get_by_label("Ваша сума").fill("12")
    page.get_by_role("button", name=re.compile("^Підтрим")).click()
    checkout = reader.is_at_the_payment_page()
    inspector.look("stand-in checkout")
    reader.pays(DECLINED_CARD)
    reader.sees("Your card was declined.")
    inspector.look("stand-in, declined")
    reader.opens_hosted(f"/thanks/{checkout}")
    inspector.look("thanks, open")
    page.get_by_role("link", name="До сторінки оплати").click()
    reader.pays_by_bank()
    reader.sees_the_way_back_from_paying()
    inspector.look("thanks, processing")
    page.goto(f"{stack.stripe}/c/pay/{checkout}")
    inspector.look("stand-in, complete")
    reader.gives()
    inspector.look("thanks, paid")
    address = page.url
    page.goto(stack.stripe)
    inspector.look("stand-in, control page")
    other = Inspector(new_reader(phone=True))
    for path, name in ((address, "thanks elsewhere"), (f"{stack.app}/thanks/cs_test_none", "thanks unknown")):
        other.page.goto(path)
        other.look(name)
    assert inspector.found + other.found == []


def test_signing_in_the_account_and_reading(new_reader: NewReader, stack: Stack) -> None:
    """Sign-in in each step and refusal, the account, the portal, /read closed and open, the mailbox, a refusal."""
    inspector = Inspector(new_reader(phone=True))
    reader, page = inspector.reader, inspector.page
    reader.gives()
    link = reader.link()
    other = Inspector(new_reader(phone=True))
    other.page.goto(link)
    other.look("link, other browser")
    page.goto(link)
    inspector.look("link, same browser")
    page.get_by_role("button", name="Увійти").click()
    page.wait_for_url("**/articles/**")
    page.goto(link)
    inspector.look("link, ended")
    for path, name in (
        ("/sign-in?lang=en", "sign-in"),
        ("/account?lang=uk", "account"),
        ("/account?lang=en", "account"),
    ):
        reader.opens_hosted(path)
        inspector.look(f"{name} {path[-2:]}")
    gift = page.locator('a[href*="/account/gifts/"]').first.get_attribute("href") or ""
    page.goto(gift.partition("?")[0] + "/card?lang=en")
    inspector.look("card")
    page.locator("main form button").first.click()
    inspector.look("new card at Stripe")
    reader.opens_hosted("/sign-in?lang=uk")
    reader.asks_for_a_code()
    inspector.look("code")
    reader.enters("AAAA-AAAA")
    expect(page.get_by_role("alert")).to_be_visible()
    inspector.look("code refused")
    for path in ("/read/demo-members", "/read/demo-patrons", "/read/none"):
        reader.opens_hosted(f"{path}?lang=uk")
        inspector.look(path)
        other.reader.opens_hosted(f"{path}?lang=en")
        other.look(f"{path} as a stranger")
    page.goto(stack.mail)
    inspector.look("mailbox")
    page.get_by_role("link", name=re.compile("Дякуємо")).first.click()
    inspector.look("mailbox, a mail")
    assert inspector.found + other.found == []


def test_the_main_job_with_the_keyboard_alone(reader: Reader) -> None:
    """Tab, arrows, Enter: choose, pay, type the code, read. Each stop can be seen."""
    page, keyboard = reader.page, reader.page.keyboard
    reader.opens_article("demo-members")
    expect(reader.button).to_be_visible()
    keyboard.press("Tab")
    expect(page.get_by_role("link", name="До основного тексту")).to_be_in_viewport()
    keyboard.press("Enter")
    tab_to(page, page.get_by_role("radio", name="Щомісяця"))
    tab_to(page, page.get_by_role("radio", name="3 €", exact=True))
    keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="5 €", exact=True)).to_be_focused()
    tab_to(page, page.get_by_label("Валюта"))
    tab_to(page, reader.button)
    keyboard.press("Enter")
    reader.is_at_the_payment_page()
    for label, value in (
        ("Email", reader.email), ("Card number", "4242424242424242"), ("Expiry", "1235"), ("CVC", "123"),
        ("Name on card", "Оксана"),
    ):  # fmt: skip
        tab_to(page, page.get_by_label(label))
        keyboard.type(value)
    keyboard.press("Enter")
    reader.sees_the_way_back_from_paying()
    tab_to(page, reader.code_field)
    keyboard.type(reader.code())
    keyboard.press("Enter")
    reader.sees(first_words("demo-members"))
    tab_to(page, page.get_by_role("button", name="Вийти"))
    keyboard.press("Enter")
    reader.sees("Уже підтримуєте?")


def test_giving_on_the_donation_page_with_the_keyboard_alone(reader: Reader) -> None:
    """The same on /donate: how often, how much, an own amount, the button."""
    page, keyboard = reader.page, reader.page.keyboard
    reader.opens_hosted("/donate?lang=uk")
    tab_to(page, page.get_by_role("button", name="Одноразово"))
    keyboard.press("Enter")
    page.wait_for_url(re.compile("interval=once"))
    tab_to(page, page.get_by_role("radio", name="10 €"))
    for _ in range(3):
        keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Інша сума")).to_be_checked()
    own = page.get_by_label("Ваша сума")
    if not own.evaluate("(one) => document.activeElement === one"):
        tab_to(page, own)
    keyboard.type("33")
    expect(reader.button).to_have_text("Підтримати: 33 €")
    tab_to(page, reader.button)
    keyboard.press("Enter")
    reader.is_at_the_payment_page()
    reader.sees("€33.00")
