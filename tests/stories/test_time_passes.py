"""A monthly gift through the months, and the newsroom's machine through a restart, on a stack whose clock moves."""

import re
from collections.abc import Iterator

import pytest

from testkit.stack import Stack
from testkit.waiting import until
from tests.stories.conftest import NewReader, prepared
from tests.stories.hidden import first_words
from tests.stories.reader import Reader, control, ledger_of, ops

pytestmark = [pytest.mark.stack, pytest.mark.browser]


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of this file's own: its clock runs ahead, and it is stopped and started again."""
    with prepared(tmp_path_factory.mktemp("moving")).running() as stack:
        yield stack


def supporter_since_today(new_reader: NewReader, moving: Stack, *, phone: bool = False) -> Reader:
    """Somebody who gave 5 euros monthly and signed in."""
    reader = new_reader(at=moving, phone=phone)
    reader.opens_article()
    reader.picks("5 €")
    reader.goes_to_pay()
    reader.pays()
    reader.sees_the_way_back_from_paying()
    reader.enters(reader.code())
    reader.sees(first_words("demo-members"))
    return reader


def subscription_of(moving: Stack, reader: Reader) -> str:
    """The id of their one recurring gift, from the books."""
    found = {entry["subscription"] for entry in ledger_of(moving, reader.email)}
    assert len(found) == 1
    return str(found.pop())


def test_still_a_supporter_after_a_restart(new_reader: NewReader, moving: Stack) -> None:
    """The stack ends and starts again: still signed in, still a supporter, the books unchanged."""
    reader = supporter_since_today(new_reader, moving)
    before = (ops(moving, "totals"), ops(moving, "supporter", reader.email), ops(moving, "ledger"))
    assert before[0][0]["eur"]["net"] == sum(entry["amount"] for entry in before[2])
    moving.stop()
    moving.start()
    moving.wait_until_ready()
    reader.opens_article()
    reader.sees(first_words("demo-members"))
    assert reader.session()["signed_in"] is True
    after = (ops(moving, "totals"), ops(moving, "supporter", reader.email), ops(moving, "ledger"))
    assert after == before


def test_stopping_undoing_renewing_and_the_end(new_reader: NewReader, moving: Stack) -> None:
    """Stop, undo it, a month goes by, stop for good: the access ends with what was paid."""
    reader = supporter_since_today(new_reader, moving)
    # When they stop
    stop(reader)
    reader.sees("Зупинено: нових списань не буде. Завершиться")
    assert "Нових списань не буде" in reader.mail("Підтримку зупинено: 5 € щомісяця")["text"]
    (supporter,) = ops(moving, "supporter", reader.email)
    assert (supporter["recurring"][0]["will_renew"], supporter["access"]["tier"]) == (False, "member")
    # And change their mind
    reader.page.get_by_role("button", name="Не зупиняти").click()
    reader.sees("Наступний внесок — ")
    # Then a month later the gift has renewed, with a receipt
    control(moving, "clock/advance", days=31)
    receipt = reader.mail("Внесок отримано: 5 € щомісяця")
    assert "Змінити суму чи зупинити підтримку" in receipt["text"]
    assert [entry["amount"] for entry in ledger_of(moving, reader.email)] == [500, 500]
    reader.opens_article()
    reader.sees(first_words("demo-members"))
    # When they stop for good, what is paid stays open
    stop(reader)
    reader.sees("Зупинено: нових списань не буде. Завершиться")
    reader.opens_article()
    reader.sees(first_words("demo-members"))
    # And then it ends, and every page says so
    control(moving, "clock/advance", days=31)
    reader.mail("Підтримка завершилася: 5 € щомісяця")
    reader.opens_article()
    reader.sees("Ви ввійшли, але за цією адресою підтримки зараз немає.")
    assert first_words("demo-members") not in reader.page.content()
    assert reader.access()["reason"] == "support"
    reader.opens_hosted("/account?lang=uk")
    reader.sees("Завершилася")
    reader.sees("Статті для спільноти зараз для вас закриті.")
    assert len(ledger_of(moving, reader.email)) == 2


def stop(reader: Reader) -> None:
    """From the account page by its link and one button."""
    reader.opens_hosted("/account?lang=uk")
    reader.page.get_by_role("link", name="Зупинити підтримку 5 € щомісяця").click()
    reader.page.get_by_role("button", name="Зупинити підтримку").click()
    reader.sees_heading("Моя підтримка")


def test_a_renewal_that_fails(new_reader: NewReader, moving: Stack) -> None:
    """The card fails at the renewal: grace first, then the wall names the reason and the way to mend it."""
    reader = supporter_since_today(new_reader, moving, phone=True)
    control(moving, f"subscriptions/{subscription_of(moving, reader)}/next-payment", outcome="fails")
    control(moving, "clock/advance", days=31)
    reader.opens_article()
    reader.sees(first_words("demo-members"))
    reader.opens_hosted("/account?lang=uk")
    reader.sees("Внесок не пройшов: 5 € щомісяця.")
    control(moving, "clock/advance", days=8)
    assert reader.access()["reason"] == "payment_failed"
    reader.opens_article()
    reader.sees("Останній внесок не пройшов, тож доступ призупинено. Оновіть спосіб оплати")
    # When they follow the wall's button and put in a card that works
    reader.page.get_by_role("link", name="Оновити спосіб оплати").click()
    reader.page.get_by_role("button", name="Оновити спосіб оплати").click()
    enters_a_new_card(reader)
    is_mended(reader)
    reader.opens_article()
    reader.sees(first_words("demo-members"))
    assert [entry["amount"] for entry in ledger_of(moving, reader.email)] == [500, 500]


def is_mended(reader: Reader) -> None:
    """Stripe tells some seconds later what the card came to: the page says so, and then shows it."""
    reader.page.wait_for_url(re.compile(r"/account\?card=new"))
    until(lambda: "Наступний внесок" in shown_again(reader), "the account without the failed payment")
    # The gift goes on, and its payment is booked: two notifications, in any order.
    until(lambda: bool(reader.access()["open"]), "what the payment opens")


def shown_again(reader: Reader) -> str:
    """The account page, loaded anew."""
    reader.opens_hosted("/account?lang=uk")
    return reader.page.inner_text("main")


def enters_a_new_card(reader: Reader) -> None:
    """On Stripe's page, which then leads back."""
    reader.page.get_by_label("Card number").fill("4242 4242 4242 4242")
    reader.page.get_by_label("Expiry").fill("12 / 39")
    reader.page.get_by_label("CVC").fill("123")
    reader.page.get_by_role("button", name="Update").click()


def test_from_the_mail_about_a_failed_payment_to_a_new_card(new_reader: NewReader, moving: Stack) -> None:
    """On a phone that was never signed in: one button, one code, one button; the receipt says that all is well."""
    giver = supporter_since_today(new_reader, moving)
    control(moving, f"subscriptions/{subscription_of(moving, giver)}/next-payment", outcome="fails")
    control(moving, "clock/advance", days=31)
    (link,) = re.findall(r"^\S+/go/\S+/card$", giver.mail("Внесок не пройшов: 5 € щомісяця")["text"], re.MULTILINE)
    phone = new_reader(giver.email, at=moving, phone=True)
    phone.page.goto(link)
    phone.sees("Натисніть кнопку — надішлемо код на адресу, на яку прийшов лист.")
    assert giver.email.partition("@")[2] not in phone.page.content()
    phone.page.get_by_role("button", name="Надіслати код").click()
    phone.enters(phone.code(2))
    phone.sees_heading("Спосіб оплати")
    phone.sees("Останній внесок не пройшов.")
    phone.page.get_by_role("button", name="Додати нову картку").click()
    enters_a_new_card(phone)
    until(lambda: "Наступний внесок" in shown_again(phone), "the account without the failed payment")
    assert "Робити більше нічого не треба." in giver.mail("Внесок пройшов, дякуємо: 5 € щомісяця")["text"]
    won = ops(moving, "won-back")
    assert {found["currency"] for found in won} == {"eur"}
    assert all(found["amount"] == 500 * found["gifts"] > 0 for found in won)
