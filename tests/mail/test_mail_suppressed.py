"""An address whose mail came back gets none, from the outbox or at sign-in, and from outside nobody can tell."""

from functools import partial
from typing import Any

import pytest

import app
from chalicelib.kernel.table import TableUnavailable
from chalicelib.mail.port import MailRefused, MailStopped
from chalicelib.mail.rows import outbox, suppressed
from chalicelib.mail.rows.suppressed import Allowed
from chalicelib.supporters.rows import supporters
from testkit.at_once import at_once
from testkit.calls import Reply
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.mail_feedback import bounce, complaint, sns
from testkit.sent import raising
from testkit.tables import Around
from testkit.visitor import Visitor

SIX_HOURS = 6 * 3600


def suppress(email: str, message: Any = bounce) -> None:
    app.mail_feedback(sns(message(email)), None)


def statuses(harness: Harness) -> list[tuple[str, int]]:
    return [(row["status"], row["tries"]) for row in harness.kinds("MAIL")]


def ask(email: str, visitor: Visitor | None = None) -> Reply:
    return (visitor or Visitor()).post("/v1/sign-in", {"email": email})


# ---- the outbox ----


@pytest.mark.parametrize("message", [bounce, complaint])
def test_no_thanks_go_to_a_suppressed_address_and_nobody_is_woken(
    harness: Harness, alarms: list[str], message: Any
) -> None:
    suppress(ADA, message)
    harness.tell([*harness.gives(1000), *harness.gives(1000, email=BEN)])
    assert [mail.to for mail in harness.mails.sent] == [BEN]
    assert harness.books.totals == {"eur": (2000, 2)}, "the gift is booked all the same"
    assert sorted(statuses(harness)) == [("sent", 1), ("suppressed", 1)]
    for _ in range(20):
        harness.pass_time(7 * 3600)
        assert harness.sweeps()["mails"] == 0, "and it is not tried again"
    assert alarms == []


def test_a_mail_that_waits_is_held_back_when_its_address_is_suppressed_meanwhile(harness: Harness) -> None:
    harness.mails.down = True
    harness.tell(harness.gives(1000))
    harness.mails.down = False
    suppress(ADA)
    harness.pass_time(3600)
    assert harness.sweeps() == {"events": 0, "applied": 0, "mails": 1, "sent": 0}
    assert statuses(harness) == [("suppressed", 2)]
    (row,) = outbox.given_up(harness.table)
    assert (row["status"], row["why"], row["kind"]) == ("suppressed", "bounce", "thanks_once")


def test_once_mail_is_allowed_new_ones_go_and_old_ones_can_be_brought_back(harness: Harness) -> None:
    suppress(ADA)
    harness.tell(harness.gives(1000))
    harness.pass_time(60)
    suppressed.allow(
        harness.table, supporters.email_hash(ADA, EMAIL_KEY), Allowed(harness.clock.real, "olena", "she called")
    )
    harness.tell(harness.gives(500))
    assert len(harness.mails.sent) == 1
    (row,) = outbox.given_up(harness.table)
    assert outbox.retry(harness.table, row["mail"], harness.now()) == "suppressed"
    assert outbox.given_up(harness.table) == []
    assert harness.mail_sender.try_send(row["mail"], harness.now())
    assert [mail.to for mail in harness.mails.sent] == [ADA, ADA]
    assert outbox.retry(harness.table, row["mail"], harness.now()) == "sent", "what was sent is not sent again"
    assert outbox.retry(harness.table, "pi_none:thanks", harness.now()) is None


def test_a_table_that_is_away_never_lets_a_mail_go_unasked(harness: Harness) -> None:
    """P15's way: who cannot see whether an address is suppressed does not write to it."""
    suppress(ADA)
    real = harness.table

    def away(call: str, what: Any) -> None:
        if call == "get" and what[0].startswith("SUPPRESSED#"):
            raise TableUnavailable("injected")

    harness.table = Around(real, away)
    harness.tell(harness.gives(1000))
    assert (ask(ADA).status, ask(ADA).code) == (503, "table_down")
    assert harness.mails.sent == []
    harness.table = real
    harness.pass_time(3600)
    harness.sweeps()
    assert [status for status, _ in statuses(harness)] == ["suppressed"]


# ---- signing in ----


def _noted(calls: list[str], call: str, _what: Any) -> None:
    calls.append(call)


def test_signing_in_answers_the_same_for_a_suppressed_address_and_sends_nothing(harness: Harness) -> None:
    suppress(ADA)
    ask("somebody@reader.example")  # the first call of a client counts otherwise
    harness.mails.sent.clear()
    asked: dict[str, list[str]] = {}
    replies = {}
    real = harness.table
    for email in (ADA, BEN):
        calls = asked.setdefault(email, [])
        harness.table = Around(real, partial(_noted, calls))
        replies[email] = ask(email)
    harness.table = real
    assert [mail.to for mail in harness.mails.sent] == [BEN]
    assert harness.mails.pretended == 1, "as long as a sending takes"
    assert asked[ADA] == asked[BEN], "the way there is the same, call by call"
    gone, there = replies[ADA], replies[BEN]
    assert (gone.status, gone.json) == (there.status, there.json) == (202, {"sent": True})
    assert set(gone.headers) == set(there.headers)


def test_too_many_mails_take_as_long_as_one(harness: Harness) -> None:
    most = harness.newsroom.limits.mails_per_address_and_hour
    for _ in range(most + 3):
        assert ask(ADA).status == 202
    assert (len(harness.mails.sent), harness.mails.pretended) == (most, 3)


def test_a_mail_that_will_never_go_is_no_news_to_who_typed_the_address(harness: Harness) -> None:
    harness.mails.on_send = raising(MailRefused("BadRequestException"))
    reply = ask(ADA)
    assert (reply.status, reply.json) == (202, {"sent": True})


# ---- a mail service that takes nobody's mail, and one that will never take this one ----


def test_a_stopped_mail_service_wakes_somebody_once_and_loses_no_mail(harness: Harness, alarms: list[str]) -> None:
    harness.mails.on_send = raising(MailStopped("SendingPausedException"))
    harness.tell([*harness.gives(1000), *harness.gives(1000, email=BEN)])
    reply = ask(ADA)
    assert (reply.status, reply.code) == (503, "mail_down")
    harness.pass_time(3600)
    harness.sweeps()
    assert len([line for line in alarms if "mail_stopped" in line]) == 1
    assert "SendingPausedException" in alarms[0]
    harness.pass_time(SIX_HOURS + 3600)
    harness.sweeps()
    assert len([line for line in alarms if "mail_stopped" in line]) == 2, "and again while it lasts"
    harness.mails.on_send = lambda _mail: None
    harness.pass_time(3600)
    harness.sweeps()
    assert sorted(mail.to for mail in harness.mails.sent) == [ADA, BEN]


def test_how_often_somebody_is_woken_goes_by_the_clock_on_the_wall(harness: Harness, alarms: list[str]) -> None:
    harness.mails.on_send = raising(MailStopped("SendingPausedException"))
    for _ in range(3):
        harness.clock.business += 7 * 86_400
        harness.tell(harness.gives(1000))
        harness.sweeps()
        assert ask(ADA).code == "mail_down"
    assert len([line for line in alarms if "mail_stopped" in line]) == 1, "no second of it has passed"


def test_the_alarm_comes_also_when_the_table_is_away(harness: Harness, alarms: list[str]) -> None:
    def no_counting(call: str, what: Any) -> None:
        if call == "get" and what[0].startswith("RATE#mail_stopped"):
            raise TableUnavailable("injected")

    harness.mails.on_send = raising(MailStopped("not_verified"))
    harness.table = Around(harness.table, no_counting)
    harness.tell(harness.gives(1000))
    assert ["mail_stopped" in line for line in alarms] == [True]
    assert [status for status, _ in statuses(harness)] == ["unsent"]


def test_a_mail_that_will_never_go_is_given_up_at_once(harness: Harness, alarms: list[str]) -> None:
    harness.mails.on_send = raising(MailRefused("BadRequestException"))
    harness.tell(harness.gives(1000))
    assert statuses(harness) == [("undeliverable", 1)]
    (line,) = alarms
    assert "mail_undeliverable" in line
    assert "BadRequestException" in line
    (row,) = outbox.given_up(harness.table)
    assert (row["status"], row["why"], row["tries"]) == ("undeliverable", "BadRequestException", 1)
    harness.pass_time(7 * 86_400)
    assert harness.sweeps()["mails"] == 0


def test_what_three_days_of_outage_gave_up_is_listed_and_starts_anew(harness: Harness) -> None:
    harness.mails.down = True
    harness.tell(harness.gives(1000))
    for _ in range(14):
        harness.pass_time(7 * 3600)
        harness.sweeps()
    (row,) = outbox.given_up(harness.table)
    assert (row["status"], row["why"]) == ("undeliverable", "MailUnavailable")
    assert outbox.retry(harness.table, row["mail"], harness.now()) == "undeliverable"
    assert not harness.mail_sender.try_send(row["mail"], harness.now())
    assert statuses(harness)[0][0] == "unsent", "one more failure is the first of new ones, not the last of the old"
    harness.mails.down = False
    harness.pass_time(3600)
    assert harness.sweeps()["sent"] == 1
    assert harness.sweeps()["mails"] == 0


@pytest.mark.engine
def test_of_many_who_bring_a_mail_back_one_sends_it(harness: Harness) -> None:
    suppress(ADA)
    harness.tell(harness.gives(1000))
    harness.pass_time(60)
    suppressed.allow(
        harness.table, supporters.email_hash(ADA, EMAIL_KEY), Allowed(harness.clock.real, "olena", "she called")
    )
    (name,) = harness.books.mails

    def bring_back(_number: int) -> bool:
        outbox.retry(harness.table, name, harness.now())
        return harness.mail_sender.try_send(name, harness.now())

    assert at_once(16, bring_back).count(True) == 1
    assert len(harness.mails.sent) == 1
