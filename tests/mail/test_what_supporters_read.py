"""What a supporter hears when money goes back, fails to come, or rests: the very mails, from Stripe's own events."""

import html
import re

from localdev.stripe import billing, pausing
from testkit.harness import ADA, Harness
from testkit.sent import Mail
from testkit.visitor import Visitor

DAY = 86_400


def plain(text: str) -> str:
    """On one line, without tags, as a reader takes it in."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def letters(harness: Harness) -> list[Mail]:
    """All mails but codes and thanks, oldest first."""
    return [mail for mail in harness.mails.sent if not mail.subject.startswith(("Код для входу", "Дякуємо"))]


def told(harness: Harness) -> list[str]:
    """Their subjects."""
    return [plain(mail.subject) for mail in letters(harness)]


def last(harness: Harness) -> str:
    """The newest of them."""
    return plain(letters(harness)[-1].text)


def payment_of(harness: Harness) -> str:
    """The newest payment at Stripe."""
    return str(harness.stripe.of("payment_intent")[-1]["id"])


def gives_monthly(harness: Harness) -> str:
    """Ada gives 5 EUR a month; answers the subscription."""
    harness.tell(harness.gives(500, "month"))
    return str(harness.stripe.of("subscription")[-1]["id"])


def catch_up(harness: Harness) -> None:
    """Bring the newsroom's clock to Stripe's."""
    harness.pass_time(harness.stripe.account.seconds - harness.clock.business)


def account_page(harness: Harness) -> str:
    """What Ada sees on her own page."""
    visitor = Visitor()
    visitor.post("/v1/sign-in", {"email": ADA})
    visitor.post("/v1/sign-in/confirm", {"code": harness.mails.last.code})
    return plain(visitor.navigate("/account").text)


def test_a_gift_given_back_is_told_and_shown(harness: Harness) -> None:
    harness.tell(harness.gives(2500))
    harness.tell(harness.stripe.gives_back(payment_of(harness)))
    assert told(harness) == ["Ми повернули вам 25 €"]
    assert "Ми повернули вам внесок від 21 вересня 2026 року: 25 €. Доступ за цей внесок завершився." in last(harness)
    assert "Вам і далі відкрито" not in last(harness)
    assert "25 € Повернено Квитанція" in account_page(harness)


def test_a_part_given_back_changes_nothing_and_the_rest_ends_it(harness: Harness) -> None:
    harness.tell(harness.gives(2500))
    harness.tell(harness.stripe.gives_back(payment_of(harness), 1000))
    assert "частину внеску від 21 вересня 2026 року: 10 € із 25 €. На те, що вам відкрито, це не впливає" in last(
        harness
    )
    assert "25 € Повернено 10 €" in account_page(harness)
    harness.tell(harness.stripe.gives_back(payment_of(harness)))
    assert "ще 15 €. Тепер внесок від 21 вересня 2026 року повернуто повністю: 25 €. Доступ за цей" in last(harness)


def test_a_refund_beside_a_monthly_gift_says_what_stays_open(harness: Harness) -> None:
    gives_monthly(harness)
    harness.tell(harness.gives(2500))
    harness.tell(harness.stripe.gives_back(payment_of(harness)))
    assert "Вам і далі відкрито всі статті для спільноти — щонайменше до 28 жовтня 2026 року." in last(harness)
    assert "Вашої регулярної підтримки це не зупиняє" not in last(harness), "this gift was none of it"


def test_a_small_gift_given_back_ended_nothing(harness: Harness) -> None:
    harness.tell(harness.gives(200))
    harness.tell(harness.stripe.gives_back(payment_of(harness)))
    assert "Доступ" not in last(harness)


def test_a_monthly_payment_given_back_says_that_the_support_goes_on(harness: Harness) -> None:
    gives_monthly(harness)
    harness.tell(harness.stripe.gives_back(payment_of(harness)))
    assert "Вашої регулярної підтримки це не зупиняє" in last(harness)
    assert "return_to=/account" in last(harness)


def test_a_refund_that_the_bank_returns_is_told(harness: Harness) -> None:
    harness.tell(harness.gives(2500))
    harness.tell(harness.stripe.gives_back(payment_of(harness)))
    harness.tell(harness.stripe.bank_returns(harness.stripe.of("refund")[-1]["id"]))
    assert told(harness) == ["Ми повернули вам 25 €", "Не вдалося повернути вам 25 €"]
    assert "Повернено" not in account_page(harness)


def test_each_notice_of_a_failed_renewal_has_its_own_words_and_promises_no_day_that_is_over(harness: Harness) -> None:
    subscription = gives_monthly(harness)
    harness.tell(harness.stripe.renew(subscription, fails=True))
    catch_up(harness)
    for _ in range(2):
        harness.pass_time(4 * DAY)
        harness.tell(harness.stripe.happens(lambda account: billing.retry(account, subscription)))
    first, again, later = (plain(mail.text) for mail in letters(harness))
    assert told(harness) == ["Внесок не пройшов: 5 € щомісяця", *["Внесок знову не пройшов: 5 € щомісяця"] * 2]
    assert "До 28 жовтня 2026 року все, що було відкрито" in first
    assert "До 28 жовтня 2026 року все, що було відкрито" in again
    assert "відкрит" not in later, "the grace is over by then"
    assert "Внесок не пройшов: 5 € щомісяця." in account_page(harness)


def test_a_pause_and_its_end_are_told(harness: Harness) -> None:
    subscription = gives_monthly(harness)
    harness.tell(
        harness.stripe.happens(lambda account: pausing.pause(account, account.get("subscription", subscription)))
    )
    assert "Доки триває пауза, нічого не списується. До 21 жовтня 2026 року" in last(harness)
    assert "Призупинено: нічого не списується, доки підтримку не відновлено." in account_page(harness)
    assert "Доступ діє до 21 жовтня 2026 року." in account_page(harness)
    harness.pass_time(3 * DAY)
    harness.tell(
        harness.stripe.happens(lambda account: pausing.resume(account, account.get("subscription", subscription)))
    )
    assert "Вашу підтримку відновлено" in last(harness)
    assert "Наступний внесок — 21 жовтня 2026 року." in account_page(harness)


def test_who_got_the_last_month_back_is_not_told_that_it_stays_open(harness: Harness) -> None:
    """Given back and ended, as a newsroom does it: what was paid for before stays, what was given back does not."""
    harness.tell(harness.gives(500, "month"))
    running = harness.stripe.of("subscription")[0]["id"]
    harness.tell(harness.stripe.gives_back(harness.stripe.of("payment_intent")[-1]["id"]))
    assert harness.access().tier is None
    harness.tell(harness.stripe.renew(running, fails=True))
    harness.tell(harness.stripe.end(running))
    values = {row["kind"]: row["values"] for row in harness.kinds("MAIL")}
    assert "access_until" not in values["payment_failed"]
    assert "access_until" not in values["recurring_ended"]
