"""`/read/{id}`, and a website on another host than the API, where no cookie of ours can work."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from testkit.chromium import ARGUMENTS, executable
from testkit.stack import Stack
from tests.stories.conftest import OTHER_HOST, Elsewhere, NewReader
from tests.stories.hidden import article, first_words
from tests.stories.reader import Reader

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_giving_and_reading_on_our_own_page(reader: Reader) -> None:
    """A stranger at /read sees the teaser, gives from there, and comes back to the whole text."""
    reader.opens_hosted("/read/demo-members?lang=uk")
    reader.sees_heading("Міст, який добудовують утретє")
    reader.sees("Повний текст — для тих, хто підтримує редакцію.")
    assert first_words("demo-members") not in reader.page.content()
    reader.sees("Відкриває всі статті для спільноти. Доступ діє, доки триває підтримка.")
    expect(reader.button).to_have_text("Підтримувати: 3 € щомісяця")
    reader.goes_to_pay()
    reader.pays()
    reader.sees_the_way_back_from_paying()
    reader.enters(reader.code())
    reader.page.wait_for_url("**/read/demo-members*")
    reader.sees(first_words("demo-members"))
    reader.opens_hosted("/read/demo-patrons?lang=uk")
    reader.sees("Повний текст відкриває рівень «Опора редакції».")
    reader.sees("Підніміть суму — і стаття відкриється одразу.")
    expect(reader.page.get_by_role("link", name="Підняти до 15 € щомісяця")).to_be_visible()


def test_signing_in_from_our_own_page_leads_back_to_the_text(new_reader: NewReader) -> None:
    """The form under the teaser, the code, the text."""
    giver = new_reader()
    giver.gives()
    reader = new_reader(giver.email, phone=True)
    reader.opens_hosted("/read/demo-members?lang=uk")
    reader.asks_for_a_code()
    reader.enters(reader.code(2))
    reader.page.wait_for_url("**/read/demo-members*")
    reader.sees(first_words("demo-members"))


def test_reading_by_the_meter_without_javascript(new_reader: NewReader) -> None:
    """A stranger's first; signed in, an allowance of one's own; what is kept of both, and how it goes."""
    reader = new_reader(javascript=False)
    reader.opens_hosted("/read/demo-metered?lang=uk")
    reader.sees("Це перша з трьох відкритих статей цього місяця.")
    reader.sees(first_words("demo-metered"))
    reader.opens_hosted("/read/demo-members?lang=uk")
    reader.asks_for_a_code()
    reader.enters(reader.code())
    reader.opens_hosted("/read/demo-metered?lang=uk")
    reader.sees("вона не рахується знову. Лишилося ще 5")
    reader.opens_hosted("/read/demo-metered-en?lang=uk")
    reader.sees("Це перша з п’яти відкритих статей цього місяця.")
    reader.page.get_by_role("link", name="Що ми знаємо про ваше читання").click()
    reader.sees("Тут 1 позначка.")
    reader.sees("Цього місяця там 1 така сама позначка.")
    reader.page.get_by_role("button", name="Стерти позначки в обліковому записі").click()
    reader.page.get_by_role("button", name="Стерти позначки", exact=True).click()
    reader.sees("Позначки стерто. Рахунок почався спочатку.")
    reader.opens_hosted("/read/demo-metered?lang=uk")
    reader.sees("Це перша з п’яти відкритих статей цього місяця.")


@pytest.fixture(scope="module")
def mapped(browser: Browser) -> Iterator[Browser]:
    """A browser that finds the other host on this machine."""
    rules = f"--host-resolver-rules=MAP {OTHER_HOST} 127.0.0.1"
    launched = browser.browser_type.launch(executable_path=executable(), args=[*ARGUMENTS, rules])
    yield launched
    launched.close()


def elements(stack: Stack) -> str:
    """A small page with both elements, as our guide for websites says."""
    return (
        '<!doctype html><html lang="uk"><head><meta charset="utf-8"><title>Газета</title>'
        f'<meta name="viewport" content="width=device-width">'
        f'<script src="{stack.app}/widget.js" async></script></head>'
        f'<body><main><h1>Міст</h1><spilno-wall api="{stack.app}" article="demo-members">'
        f"{article('demo-members').teaser_html}</spilno-wall>"
        f'<spilno-donate api="{stack.app}"><a href="{stack.app}/donate">Підтримати газету</a></spilno-donate>'
        "</main></body></html>"
    )


def test_a_listed_website_on_another_host_links_to_our_pages(
    new_reader: NewReader, mapped: Browser, stack: Stack, elsewhere: Elsewhere
) -> None:
    """There the elements do not fail: they lead to /read and to /donate, and from there back."""
    elsewhere.html = elements(stack)
    reader = new_reader(inside=mapped)
    reader.page.goto(elsewhere.origin)
    reader.sees("У цьому браузері повний текст відкриється на окремій сторінці редакції.")
    reader.sees("Пішохідний міст на Заріччя мали відкрити ще позаминулої весни.")
    reader.page.get_by_role("link", name="Підтримати газету").click()
    reader.sees_heading("Цю редакцію тримають читачі")
    reader.button.click()
    reader.is_at_the_payment_page()
    reader.pays()
    reader.sees_the_way_back_from_paying()
    reader.enters(reader.code())
    reader.page.wait_for_url(f"{elsewhere.origin}/**")
    reader.page.get_by_role("link", name="Читати на нашій сторінці").click()
    reader.sees(first_words("demo-members"))


def test_an_unlisted_website_links_too_and_is_never_returned_to(
    new_reader: NewReader, mapped: Browser, stack: Stack, elsewhere: Elsewhere
) -> None:
    """A copy of the page under an origin that nobody listed: the links work, the way back there does not."""
    elsewhere.html = elements(stack)
    reader = new_reader(inside=mapped)
    reader.page.goto(f"http://localhost:{elsewhere.port}/")
    reader.page.get_by_role("link", name="Читати на нашій сторінці").click()
    reader.sees("Повний текст — для тих, хто підтримує редакцію.")
    assert first_words("demo-members") not in reader.page.content()
    reader.page.goto(f"http://localhost:{elsewhere.port}/")
    reader.page.get_by_role("link", name="Підтримати газету").click()
    reader.button.click()
    reader.is_at_the_payment_page()
    reader.pays()
    reader.sees_the_way_back_from_paying()
    assert f"localhost:{elsewhere.port}" not in reader.page.content()
