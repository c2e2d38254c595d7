"""What a mail says of access is true when it goes out, however long it waited."""

from typing import Any

from chalicelib.kernel.moments import BusinessTime
from chalicelib.mail.rows import outbox
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.supporters.rules.access import DAY, Grant, Standing
from testkit.clock import NOW
from testkit.harness import Harness
from testkit.people import MARIA, monthly

OPENS = "Вам і далі відкрито всі статті для спільноти — щонайменше до"
STILL = "До 21 жовтня 2026 року все, що було відкрито"
REFUND = {"amount": 2500, "currency": "eur", "gift_amount": 2500, "gift_at": NOW - DAY, "full": True}
MONTHLY = {"amount": 500, "currency": "eur", "interval": "month"}


def sent(harness: Harness, standing: Standing, kind: str, values: dict[str, Any], later: int = 0) -> str:
    """The text of a mail as it leaves, `later` seconds after it was written."""
    supporter = harness.supporter(MARIA, standing)
    harness.table.transact([outbox.put(MailToSend("re_1:told", kind, values), supporter, BusinessTime(NOW))])
    harness.pass_time(later)
    assert harness.mail_sender.try_send("re_1:told", harness.now())
    return " ".join(harness.mails.last.text.split())


def test_a_refund_names_what_is_open_all_the_same(harness: Harness) -> None:
    text = sent(harness, Standing((), (monthly(),)), "refunded", REFUND)
    assert "Доступ за цей внесок завершився." in text
    assert f"{OPENS} 28 жовтня 2026 року." in text, "the days of grace among them"


def test_a_refund_of_all_there_was_names_nothing(harness: Harness) -> None:
    assert "відкрито" not in sent(harness, Standing(), "refunded", REFUND)


def test_a_refund_that_waited_tells_what_is_open_by_then(harness: Harness) -> None:
    ends = Standing((Grant("pi_2", "member", NOW, until=NOW + DAY),))
    assert "відкрито" not in sent(harness, ends, "refunded", REFUND, later=2 * DAY)


def test_a_day_that_is_over_is_not_told_as_open_until_then(harness: Harness) -> None:
    late = MONTHLY | {"access_until": NOW + 30 * DAY}
    assert STILL in sent(harness, Standing(), "recurring_paused", late)


def test_a_day_that_is_over_when_the_mail_goes_out_is_left_out(harness: Harness) -> None:
    late = MONTHLY | {"access_until": NOW + 30 * DAY}
    assert "відкрит" not in sent(harness, Standing(), "recurring_paused", late, later=30 * DAY)
