"""A supporter moves to another address, whoever has the old one takes it back, and a mistyped one is put right."""

import re

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import NewReader
from tests.stories.reader import Reader, ledger_of, ops

pytestmark = [pytest.mark.stack, pytest.mark.browser]

UK = {
    "address": "Ваша адреса",
    "new": "Нова адреса",
    "send": "Надіслати код",
    "code": "Код із листа",
    "change": "Змінити адресу",
    "done": "Готово: ваша адреса тепер",
    "changed": "Адресу вашої підтримки змінено",
    "undo": "Повернути попередню адресу",
    "undone": "Попередню адресу повернено",
    "sign_in": "Вхід",
    "devices": "Де ви ввійшли",
    "phone": "Комп’ютер · ви зараз тут",
}
EN = {
    "address": "Your address",
    "new": "New address",
    "send": "Send the code",
    "code": "Code from the email",
    "change": "Change the address",
    "done": "Done: your address is now",
    "changed": "The address of your support was changed",
    "undo": "Go back to the old address",
    "undone": "The old address is back",
    "sign_in": "Sign in",
    "devices": "Where you are signed in",
    "phone": "Computer · this one",
}


def gives_and_signs_in(reader: Reader, lang: str) -> None:
    reader.gives("demo-members" if lang == "uk" else "demo-members-en")
    reader.enters(reader.code())
    reader.opens_hosted(f"/account?lang={lang}")


@pytest.mark.parametrize(("lang", "words"), [("uk", UK), ("en", EN)])
def test_moving_to_another_address_and_the_old_one_takes_it_back(
    new_reader: NewReader, lang: str, words: dict[str, str]
) -> None:
    reader, other = new_reader(phone=True, lang=lang), new_reader(phone=True, lang=lang)
    gives_and_signs_in(reader, lang)
    reader.page.get_by_role("link", name=words["devices"]).click()
    reader.sees(words["phone"])
    reader.page.go_back()
    reader.page.get_by_role("link", name=words["address"]).click()
    reader.page.get_by_label(words["new"]).fill(other.email)
    reader.page.get_by_role("button", name=words["send"]).click()
    reader.page.get_by_label(words["code"]).fill(other.code())
    reader.page.get_by_role("button", name=words["change"]).click()
    reader.sees(words["done"])
    assert ops(reader.stack, "supporter", other.email)[0]["recurring"], "the gift came along"
    assert reader.session()["signed_in"] is True

    told = reader.mail(words["changed"])
    assert other.email not in told["text"]
    old = new_reader(reader.email, phone=True, lang=lang)
    old.page.goto(next(link for link in re.findall(r"https?://\S+", told["text"]) if "/undo/" in link))
    old.page.get_by_role("button", name=words["undo"]).click()
    old.sees(words["undone"])
    assert ops(reader.stack, "supporter", reader.email)[0]["recurring"]
    assert reader.session() == {"signed_in": False}, "everybody is out, the taker too"
    old.opens_hosted(f"/account?lang={lang}")
    expect(old.page.get_by_role("heading", name=words["sign_in"])).to_be_visible()


def test_a_mistyped_address_is_put_right_on_the_thank_you_page(new_reader: NewReader) -> None:
    reader = new_reader(phone=True)
    mistyped = f"x{reader.email}"
    reader.opens_article()
    reader.goes_to_pay()
    reader.pays(email=mistyped)
    reader.sees_the_way_back_from_paying()
    reader.page.get_by_text("Не та адреса?").click()
    reader.page.get_by_label("Правильна адреса").fill(reader.email)
    reader.page.get_by_role("button", name="Надіслати код", exact=True).click()
    reader.page.locator("#claim-code").fill(reader.code())
    reader.page.get_by_role("button", name="Перенести внесок на цю адресу").click()
    reader.sees("Внесок перенесено на вашу адресу.")
    assert len(ledger_of(reader.stack, reader.email)) == 1
    assert ledger_of(reader.stack, mistyped) == []
    reader.mail("Дякуємо")
    reader.enters(reader.code(2))
    reader.opens_hosted("/account?lang=uk")
    reader.sees("Ваш рівень — «Друг редакції»")
