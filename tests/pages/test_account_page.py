"""The account page as markup: each state of a gift has a sentence, and what went back stands beside the gift."""

from chalicelib.account.views.pages import AccountPage, GiftLine, RecurringGiftLine
from chalicelib.http import pages
from tests.pages import samples
from tests.pages.markup import shown


def test_every_state_of_a_recurring_gift_has_its_own_sentence() -> None:
    page = {lang: shown(samples.sample_pages(lang)["account-every-state"], lang).text for lang in samples.LANGUAGES}
    for lang, said in (
        ("uk", "5 € щомісяця Наступний внесок — 22 грудня 2026 року."),
        ("uk", "200 ₴ щороку Зупинено: нових списань не буде. Завершиться 22 грудня 2026 року."),
        ("uk", "3 $ щомісяця Останній внесок не пройшов."),
        ("uk", "Призупинено: нічого не списується, доки підтримку не відновлено."),
        ("uk", "Останній внесок так і не пройшов, нових спроб не буде."),
        ("uk", "Перший внесок ще не підтверджено."),
        ("uk", "Не розпочалася: перший внесок не пройшов."),
        ("uk", "Останній внесок не пройшов. Завершиться 22 березня 2027 року."),
        ("uk", "Призупинено до 22 березня 2027 року: доти нічого не списується."),
        ("uk", "Призупинено. Наступний внесок — 22 березня 2027 року."),
        ("uk", "Останній внесок вам повернено"),
        ("uk", "Останній внесок оскаржено через банк"),
        ("uk", "Завершилася 22 листопада 2026 року, бо внесок не пройшов."),
        ("en", "Ended on 22 November 2026."),
        ("en", "Ended on 22 November 2026, as a payment did not go through."),
        ("en", "Ended, as a payment did not go through."),
        ("en", "Stopped: nothing more will be charged. Ends on 22 December 2026."),
        ("en", "Paused: nothing is charged until your support is resumed."),
        ("en", "Did not start: the first payment did not go through."),
        ("en", "Ends on 22 March 2027. Next payment on 22 December 2026."),
    ):
        assert said in page[lang], said


def test_what_went_back_and_the_receipt_stand_beside_the_gift() -> None:
    page = {lang: shown(samples.sample_pages(lang)["account-every-state"], lang).text for lang in samples.LANGUAGES}
    assert "22 грудня 2026 щомісячний внесок 1234,50 ₴ Повернено 234,50 ₴ Квитанція" in page["uk"]
    assert "22 грудня 2026 разовий внесок 5 € Повернено Квитанція" in page["uk"]
    assert "5 € Оскаржено через банк" in page["uk"]
    assert "monthly ₴1,234.50 ₴234.50 refunded Receipt 22 December 2026 one-off €5 Refunded" in page["en"]


def test_every_gift_says_its_own_rhythm() -> None:
    gift = RecurringGiftLine("sub_1", pages.Gift(1500, "eur", "month", 6), "active", next_payment_at=samples.UNTIL)
    account = AccountPage("maria@example.org", recurring=(gift,))
    assert "15 € кожні 6 місяців Наступний внесок — 22 грудня 2026 року." in shown(account).text


def test_a_page_with_as_many_gifts_as_it_shows_stays_light() -> None:
    """The control for the size: the style alone is most of a page."""
    given = tuple(GiftLine("pi_1", samples.NOW, 123450, "uah", interval="month", refunded=23450) for _ in range(12))
    page = AccountPage("maria@example.org", recurring=(), gifts=given, older="pi_3Sample0000000000000001")
    assert 20_000 < len(pages.render(page, samples.layout("uk")).encode()) < 30_000
