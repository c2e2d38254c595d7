"""The account page: what each gift stands at, and the way to change it."""

from chalicelib.account.views.pages import AccountPage, RecurringGiftLine
from chalicelib.http import pages
from tests.pages import samples
from tests.pages.markup import shown

MONTH = pages.Gift(500, "eur", "month")


def test_every_recurring_gift_can_be_stopped_until_it_has_ended() -> None:
    account = samples.sample_pages("en")["account"]
    page = shown(account, "en")
    portal = [form for form in page.all("form") if str(form["action"]).endswith("/v1/me/portal")]
    assert len(portal) == 9
    assert "Stopped: nothing more will be charged. Paid until 22 December 2026." in page.text


def test_every_state_of_a_recurring_gift_has_its_own_sentence_and_a_button_that_fits() -> None:
    page = {lang: shown(samples.sample_pages(lang)["account"], lang).text for lang in samples.LANGUAGES}
    for lang, said in (
        ("uk", "Триває. Наступний внесок — 22 грудня 2026 року. Змінити або зупинити"),
        ("uk", "Оплачено до 22 грудня 2026 року. Відновити підтримку"),
        ("uk", "Останній внесок не пройшов. Перевірте спосіб оплати — кнопка нижче. Оновити спосіб оплати або"),
        (
            "uk",
            "поки що нічого не списується. Оплачено до 22 листопада 2026 року. Відновити або зупинити",
        ),
        ("uk", "або зупинити підтримку можна кнопкою нижче. Оновити спосіб оплати або зупинити"),
        ("uk", "Перший внесок ще не підтверджено."),
        ("uk", "Не розпочалася: перший внесок не пройшов."),
        ("en", "Ended on 22 November 2026."),
        ("en", "Paused: nothing is being charged for now. Paid until 22 November 2026. Resume or stop"),
        ("en", "You can pay it, or stop, with the button below. Update payment details, or stop"),
        ("en", "nothing will be charged and you can start again. Change or stop"),
        ("en", "Did not start: the first payment did not go through."),
        ("en", "Ends on 22 March 2027. Next payment on 22 December 2026."),
        ("en", "the next attempt is on 22 December 2026."),
        ("uk", "Призупинено до 22 березня 2027 року: доти нічого не списується."),
    ):
        assert said in page[lang]
    undated = AccountPage("maria@example.org", recurring=(RecurringGiftLine("sub_1", MONTH, "paused"),))
    assert "Призупинено: поки що нічого не списується. Відновити" in shown(undated).text


def test_what_went_back_stands_beside_the_gift() -> None:
    page = {lang: shown(samples.sample_pages(lang)["account"], lang).text for lang in samples.LANGUAGES}
    assert "25 € 22 грудня 2026 1234,50 ₴ Повернено 234,50 ₴ 22 грудня 2026 5 € Повернено" in page["uk"]
    assert "₴1,234.50 ₴234.50 refunded 22 December 2026 €5 Refunded" in page["en"]


def test_every_gift_says_its_own_rhythm() -> None:
    gift = RecurringGiftLine("sub_1", pages.Gift(1500, "eur", "month", 6), "active", next_payment_at=samples.UNTIL)
    account = AccountPage("maria@example.org", recurring=(gift,))
    assert "15 € кожні 6 місяців Триває. Наступний внесок — 22 грудня 2026 року." in shown(account).text
    assert "€15 every 6 months Active." in shown(account, "en").text
