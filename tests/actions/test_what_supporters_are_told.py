"""What a supporter hears when money goes back, fails to come, or rests: the very mails, from Stripe's own events."""

import html
import re

from localdev.stripe import billing, pausing
from tests.support.calls import Visitor
from tests.support.sent import Mail
from tests.support.till import ADA, Till

DAY = 86_400


def plain(text: str) -> str:
    """On one line, without tags, as a reader takes it in."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def letters(till: Till) -> list[Mail]:
    """All mails but codes and thanks, oldest first."""
    return [mail for mail in till.post.sent if not mail.subject.startswith(("Код для входу", "Дякуємо"))]


def told(till: Till) -> list[str]:
    """Their subjects."""
    return [plain(mail.subject) for mail in letters(till)]


def last(till: Till) -> str:
    """The newest of them."""
    return plain(letters(till)[-1].text)


def payment_of(till: Till) -> str:
    """The newest payment at Stripe."""
    return str(till.double.of("payment_intent")[-1]["id"])


def gives_monthly(till: Till) -> str:
    """Ada gives 5 EUR a month; answers the subscription."""
    till.tell(till.gives(500, "month"))
    return str(till.double.of("subscription")[-1]["id"])


def catch_up(till: Till) -> None:
    """Bring the newsroom's clock to Stripe's."""
    till.pass_time(till.double.account.seconds - till.business)


def account_page(till: Till) -> str:
    """What Ada sees on her own page."""
    visitor = Visitor()
    visitor.post("/v1/sign-in", {"email": ADA})
    visitor.post("/v1/sign-in/confirm", {"code": till.post.last.code})
    return plain(visitor.navigate("/account").text)


def test_a_gift_given_back_is_told_and_shown(till: Till) -> None:
    till.tell(till.gives(2500))
    till.tell(till.double.gives_back(payment_of(till)))
    assert told(till) == ["Ми повернули вам 25 €"]
    assert "Ми повернули вам внесок від 21 вересня 2026: 25 €. Доступ за цей внесок завершився." in last(till)
    assert "Для вас і далі відкрито" not in last(till)
    assert "25 € Повернено Зробити внесок" in account_page(till)


def test_a_part_given_back_changes_nothing_and_the_rest_ends_it(till: Till) -> None:
    till.tell(till.gives(2500))
    till.tell(till.double.gives_back(payment_of(till), 1000))
    assert "частину внеску від 21 вересня 2026: 10 € із 25 €. На те, що для вас відкрито, це не впливає" in last(till)
    assert "25 € Повернено 10 €" in account_page(till)
    till.tell(till.double.gives_back(payment_of(till)))
    assert "ще 15 €. Тепер внесок від 21 вересня 2026 повернуто повністю: 25 €. Доступ за цей" in last(till)


def test_a_refund_beside_a_monthly_gift_says_what_stays_open(till: Till) -> None:
    gives_monthly(till)
    till.tell(till.gives(2500))
    till.tell(till.double.gives_back(payment_of(till)))
    assert "Для вас і далі відкрито всі статті для спільноти — щонайменше до 28 жовтня 2026." in last(till)
    assert "Вашої регулярної підтримки це не зупиняє" not in last(till), "this gift was none of it"


def test_a_small_gift_given_back_ended_nothing(till: Till) -> None:
    till.tell(till.gives(200))
    till.tell(till.double.gives_back(payment_of(till)))
    assert "Доступ" not in last(till)


def test_a_monthly_payment_given_back_says_that_the_support_goes_on(till: Till) -> None:
    gives_monthly(till)
    till.tell(till.double.gives_back(payment_of(till)))
    assert "Вашої регулярної підтримки це не зупиняє" in last(till)
    assert "/account?lang=uk" in last(till)


def test_a_refund_that_the_bank_returns_is_told(till: Till) -> None:
    till.tell(till.gives(2500))
    till.tell(till.double.gives_back(payment_of(till)))
    till.tell(till.double.bank_returns(till.double.of("refund")[-1]["id"]))
    assert told(till) == ["Ми повернули вам 25 €", "Не вдалося повернути вам 25 €"]
    assert "Повернено" not in account_page(till)


def test_each_notice_of_a_failed_renewal_has_its_own_words_and_promises_no_day_that_is_over(till: Till) -> None:
    subscription = gives_monthly(till)
    till.tell(till.double.renew(subscription, fails=True))
    catch_up(till)
    for _ in range(2):
        till.pass_time(4 * DAY)
        till.tell(till.double.happens(lambda account: billing.retry(account, subscription)))
    first, again, later = (plain(mail.text) for mail in letters(till))
    assert told(till) == ["Внесок не пройшов: 5 € щомісяця", *["Внесок знову не пройшов: 5 € щомісяця"] * 2]
    assert "До 28 жовтня 2026 усе, що було відкрито" in first
    assert "До 28 жовтня 2026 усе, що було відкрито" in again
    assert "відкрит" not in later, "the grace is over by then"
    assert "Останній внесок не пройшов, наступна спроба буде" in account_page(till)


def test_a_pause_and_its_end_are_told(till: Till) -> None:
    subscription = gives_monthly(till)
    till.tell(till.double.happens(lambda account: pausing.pause(account, account.get("subscription", subscription))))
    assert "Доки триває пауза, нічого не списується. До 21 жовтня 2026" in last(till)
    assert "Призупинено: поки що нічого не списується. Оплачено до 21 жовтня 2026." in account_page(till)
    till.pass_time(3 * DAY)
    till.tell(till.double.happens(lambda account: pausing.resume(account, account.get("subscription", subscription))))
    assert "Вашу підтримку відновлено" in last(till)
    assert "Триває. Наступний внесок — 21 жовтня 2026." in account_page(till)


def test_who_got_the_last_month_back_is_not_told_that_it_stays_open(till: Till) -> None:
    """Given back and ended, as a newsroom does it: what was paid for before stays, what was given back does not."""
    till.tell(till.gives(500, "month"))
    running = till.double.of("subscription")[0]["id"]
    till.tell(till.double.gives_back(till.double.of("payment_intent")[-1]["id"]))
    assert till.access().tier is None
    till.tell(till.double.renew(running, fails=True))
    till.tell(till.double.end(running))
    values = {row["kind"]: row["values"] for row in till.kinds("MAIL")}
    assert "access_until" not in values["payment_failed"]
    assert "access_until" not in values["recurring_ended"]
