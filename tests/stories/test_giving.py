"""Giving, from the button under an article to the text that it opens."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from playwright.sync_api import Route, expect

from testkit.stack import Stack
from tests.stories.conftest import NewReader
from tests.stories.hidden import first_words
from tests.stories.reader import DECLINED_CARD, Reader, checkouts_from, ledger_of, ops

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_five_euros_a_month_open_the_members_article(reader: Reader, stack: Stack) -> None:
    """The main job: give on the wall, come back, type the code from the mailbox, read."""
    # Given a stranger before a members' article
    reader.opens_article("demo-members")
    reader.sees("Цей матеріал — для тих, хто підтримує редакцію.")
    assert first_words("demo-members") not in reader.page.content()
    # When they choose five euros a month and pay
    reader.picks("5 €")
    expect(reader.button).to_have_text("Підтримувати: 5 € щомісяця")
    reader.goes_to_pay()
    reader.sees("€5.00 per month")
    reader.pays()
    # Then the thank-you page has already asked for the code
    reader.sees_the_way_back_from_paying()
    reader.sees_heading("Дякуємо!")
    reader.sees("Тепер ви підтримуєте «Вісті Надріччя»: 5 € щомісяця.")
    assert reader.session()["signed_in"] is False, "paying never signs in"
    reader.enters(reader.code())
    # And they stand before the article again, and its text is the page's own
    reader.page.wait_for_url(f"{stack.site}/articles/demo-members")
    reader.sees(first_words("demo-members"))
    assert first_words("demo-members") in reader.light_text()
    reader.sees("Ваш рівень — «Друг редакції»")
    assert reader.session()["signed_in"] is True
    # And the books tell the same as Stripe does
    (entry,) = ledger_of(stack, reader.email)
    assert (entry["kind"], entry["amount"], entry["currency"]) == ("gift", 500, "eur")
    assert entry["payment_intent"] == entry["id"]
    (supporter,) = ops(stack, "supporter", reader.email)
    assert supporter["access"]["tier"] == "member"
    (recurring,) = supporter["recurring"]
    assert (recurring["status"], recurring["will_renew"]) == ("active", True)
    told = reader.mail("Дякуємо, що ви з нами")["text"]
    assert len(re.findall(r"return_to=\S*/account\s", told)) == 1, "change or stop is in the mail"


def test_a_single_gift_says_until_when_and_opens_at_once(new_reader: NewReader, stack: Stack) -> None:
    """An own amount with a comma; the wall opens in the browser that paid, without signing in, and nowhere else."""
    reader = new_reader()
    reader.opens_article("demo-members")
    reader.picks("Одноразово")
    # When they choose less than opens, the page says so and says what would
    reader.picks("5 €")
    reader.sees("Ця сума підтримає редакцію, але нічого додатково не відкриє.")
    # When they write an own amount, the button and the promise follow each key
    reader.picks("Інша сума")
    reader.page.get_by_role("textbox", name=re.compile("Ваша сума")).fill("12,50")
    expect(reader.button).to_have_text("Підтримати: 12,50 €")
    until = datetime.now(UTC).astimezone(ZoneInfo("Europe/Kyiv")) + timedelta(days=60)
    day = format_date(until.date(), "d MMMM y", locale="uk")
    reader.sees(f"Відкриває всі статті для спільноти на 60 днів, до {day}")
    reader.goes_to_pay()
    reader.sees("€12.50")
    reader.pays()
    reader.sees_the_way_back_from_paying()
    reader.sees(f"Вам відкрито всі статті для спільноти — до {day}")
    # Then the article is open here, though nobody signed in
    reader.page.get_by_role("link", name="Повернутися до читання").click()
    reader.sees(first_words("demo-members"))
    assert reader.session()["signed_in"] is False
    assert reader.access()["open"] is True
    # And closed in any other browser, with the same address in mind
    other = new_reader(reader.email)
    other.opens_article("demo-members")
    other.sees("Цей матеріал — для тих, хто підтримує редакцію.")
    assert other.access() == {"open": False, "reason": "sign_in", "tier": None, "until": None}
    assert [entry["amount"] for entry in ledger_of(stack, reader.email)] == [1250]


def test_an_amount_that_cannot_be_is_said_at_its_field(new_reader: NewReader) -> None:
    """On a phone the button is far below by then: field and sentence stand together, in sight."""
    reader = new_reader(phone=True)
    reader.opens_article("demo-members")
    reader.picks("Інша сума")
    own = reader.page.get_by_role("textbox", name="Ваша сума")
    for typed, said in (("0,99", "Найменша сума — 1 €."), ("п’ять", "Напишіть суму цифрами, не розділяючи тисяч")):
        own.fill(typed)
        reader.page.get_by_role("button", name=re.compile("^Підтрим")).click()
        sentence = reader.page.get_by_role("alert").filter(has_text=said)
        expect(sentence).to_be_in_viewport()
        expect(own).to_be_in_viewport()
        expect(own).to_be_focused()
        expect(own).to_have_attribute("aria-invalid", "true")
    own.fill("7")
    expect(reader.page.get_by_role("alert").filter(has_text="Напишіть суму")).to_have_count(0)
    expect(reader.button).to_have_text("Підтримувати: 7 € щомісяця")


def test_a_declined_card_then_another_one(reader: Reader, stack: Stack) -> None:
    """The bank says no; the same payment page takes the next card, and one gift is booked."""
    reader.opens_article("demo-open")
    reader.page.get_by_role("button", name=re.compile("^Підтрим")).click()
    checkout = reader.goes_to_pay()
    reader.pays(DECLINED_CARD)
    reader.sees("Your card was declined. Try another card.")
    assert ledger_of(stack, reader.email) == []
    reader.pays()
    reader.sees_the_way_back_from_paying()
    assert checkout in reader.page.url
    reader.sees_heading("Дякуємо!")
    assert len(ledger_of(stack, reader.email)) == 1


def test_back_from_stripe_another_amount_and_give_again(reader: Reader, stack: Stack) -> None:
    """Back without paying, another amount, pay, back to the article, give again: two gifts, nothing paid twice."""
    mark = uuid.uuid4().hex
    reader.opens(f"/articles/demo-open?{mark}")
    reader.page.get_by_role("button", name=re.compile("^Підтрим")).click()
    reader.picks("10 €")
    first = reader.goes_to_pay()
    reader.page.get_by_role("link", name="Back").click()
    reader.page.wait_for_url(f"**/demo-open?{mark}")
    reader.page.get_by_role("button", name=re.compile("^Підтрим")).click()
    reader.picks("15 €")
    second = reader.goes_to_pay()
    assert second != first
    reader.sees("€15.00 per month")
    reader.pays()
    reader.sees_the_way_back_from_paying()
    # And once more, with the browser's own back button
    reader.page.go_back()
    reader.page.go_back()
    reader.page.wait_for_url(f"**/demo-open?{mark}")
    reader.page.get_by_role("button", name=re.compile("^Підтрим")).click()
    reader.picks("Одноразово")
    reader.picks("25 €")
    third = reader.goes_to_pay()
    reader.sees("€25.00")
    reader.pays()
    reader.sees_the_way_back_from_paying()
    assert third not in (first, second)
    assert sorted(entry["amount"] for entry in ledger_of(stack, reader.email)) == [1500, 2500]
    assert len(checkouts_from(stack, mark)) == 3


def test_a_double_tap_on_a_slow_connection_makes_one_session(reader: Reader, stack: Stack) -> None:
    """The first call hangs; the second tap, and the key, find the button busy and saying so."""
    held: list[Route] = []
    mark = uuid.uuid4().hex
    reader.context.route("**/v1/checkouts", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it
    reader.opens(f"/articles/demo-members?{mark}")
    reader.button.click()
    busy = reader.page.get_by_role("button", name="Відкриваємо сторінку оплати…")
    busy.dblclick(force=True)  # Playwright would rather wait until the button is itself again
    busy.press("Enter")
    assert len(held) == 1
    held[0].continue_()
    reader.is_at_the_payment_page()
    assert len(checkouts_from(stack, mark)) == 1


def test_two_impatient_presses_without_a_script_make_one_session(new_reader: NewReader, stack: Stack) -> None:
    """Nothing on the page holds a second press back: the attempt within the form does."""
    reader, mark = new_reader(javascript=False), uuid.uuid4().hex
    reader.opens_hosted(f"/donate?lang=uk&source={stack.site}/{mark}")
    reader.page.get_by_role("button", name=re.compile("^Підтрим")).dblclick()
    reader.is_at_the_payment_page()
    assert len(checkouts_from(stack, mark)) == 1


def test_the_campaign_and_the_article_travel_to_stripe(reader: Reader, stack: Stack) -> None:
    """What the front page asks for is written on the payment: our mark, the campaign, the page it came from."""
    mark = uuid.uuid4().hex
    reader.opens(f"/?{mark}")
    reader.page.get_by_role("button", name=re.compile("^Підтрим")).click()
    reader.picks("Щороку")
    reader.page.get_by_label("Валюта").select_option("UAH")
    reader.picks("1000 ₴")
    expect(reader.button).to_have_text("Підтримувати: 1000 ₴ щороку")
    reader.goes_to_pay()
    (session,) = checkouts_from(stack, mark)
    assert session["metadata"]["spilno"] == "demo"
    assert session["metadata"]["campaign"] == "winter"
    assert session["metadata"]["source"] == f"{stack.site}/?{mark}"
    assert (session["currency"], session["amount_total"], session["mode"]) == ("uah", 100000, "subscription")
    reader.pays()
    reader.sees_the_way_back_from_paying()
    reader.sees("1000 ₴ щороку")
