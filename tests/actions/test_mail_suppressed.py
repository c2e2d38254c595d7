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
from tests.support.calls import Reply, Visitor
from tests.support.mail_feedback import bounce, complaint, sns
from tests.support.sent import raising
from tests.support.tables import Around
from tests.support.till import ADA, BEN, Till, at_once
from tests.support.world import EMAIL_KEY

SIX_HOURS = 6 * 3600


def suppress(email: str, message: Any = bounce) -> None:
    app.mail_feedback(sns(message(email)), None)


def statuses(till: Till) -> list[tuple[str, int]]:
    return [(row["status"], row["tries"]) for row in till.kinds("MAIL")]


def ask(email: str, visitor: Visitor | None = None) -> Reply:
    return (visitor or Visitor()).post("/v1/sign-in", {"email": email})


# ---- the outbox ----


@pytest.mark.parametrize("message", [bounce, complaint])
def test_no_thanks_go_to_a_suppressed_address_and_nobody_is_woken(
    till: Till, alarms: list[str], message: Any
) -> None:
    suppress(ADA, message)
    till.tell([*till.gives(1000), *till.gives(1000, email=BEN)])
    assert [mail.to for mail in till.post.sent] == [BEN]
    assert till.books.totals == {"eur": (2000, 2)}, "the gift is booked all the same"
    assert sorted(statuses(till)) == [("sent", 1), ("suppressed", 1)]
    for _ in range(20):
        till.pass_time(7 * 3600)
        assert till.sweeps()["mails"] == 0, "and it is not tried again"
    assert alarms == []


def test_a_mail_that_waits_is_held_back_when_its_address_is_suppressed_meanwhile(till: Till) -> None:
    till.post.down = True
    till.tell(till.gives(1000))
    till.post.down = False
    suppress(ADA)
    till.pass_time(3600)
    assert till.sweeps() == {"events": 0, "applied": 0, "mails": 1, "sent": 0}
    assert statuses(till) == [("suppressed", 2)]
    (row,) = outbox.given_up(till.table)
    assert (row["status"], row["why"], row["kind"]) == ("suppressed", "bounce", "thanks_once")


def test_once_mail_is_allowed_new_ones_go_and_old_ones_can_be_brought_back(till: Till) -> None:
    suppress(ADA)
    till.tell(till.gives(1000))
    till.pass_time(60)
    suppressed.allow(till.table, supporters.email_hash(ADA, EMAIL_KEY), Allowed(till.real, "olena", "she called"))
    till.tell(till.gives(500))
    assert len(till.post.sent) == 1
    (row,) = outbox.given_up(till.table)
    assert outbox.retry(till.table, row["mail"], till.business) == "suppressed"
    assert outbox.given_up(till.table) == []
    assert till.mail_sender.try_send(row["mail"], till.business)
    assert [mail.to for mail in till.post.sent] == [ADA, ADA]
    assert outbox.retry(till.table, row["mail"], till.business) == "sent", "what was sent is not sent again"
    assert outbox.retry(till.table, "pi_none:thanks", till.business) is None


def test_a_table_that_is_away_never_lets_a_mail_go_unasked(till: Till) -> None:
    """P15's way: who cannot see whether an address is suppressed does not write to it."""
    suppress(ADA)
    real = till.table

    def away(call: str, what: Any) -> None:
        if call == "get" and what[0].startswith("SUPPRESSED#"):
            raise TableUnavailable("injected")

    till.table = Around(real, away)
    till.tell(till.gives(1000))
    assert (ask(ADA).status, ask(ADA).code) == (503, "table_down")
    assert till.post.sent == []
    till.table = real
    till.pass_time(3600)
    till.sweeps()
    assert [status for status, _ in statuses(till)] == ["suppressed"]


# ---- signing in ----


def _noted(calls: list[str], call: str, _what: Any) -> None:
    calls.append(call)


def test_signing_in_answers_the_same_for_a_suppressed_address_and_sends_nothing(till: Till) -> None:
    suppress(ADA)
    ask("somebody@reader.example")  # the first call of a client counts otherwise
    till.post.sent.clear()
    asked: dict[str, list[str]] = {}
    replies = {}
    real = till.table
    for email in (ADA, BEN):
        calls = asked.setdefault(email, [])
        till.table = Around(real, partial(_noted, calls))
        replies[email] = ask(email)
    till.table = real
    assert [mail.to for mail in till.post.sent] == [BEN]
    assert till.post.pretended == 1, "as long as a sending takes"
    assert asked[ADA] == asked[BEN], "the way there is the same, call by call"
    gone, there = replies[ADA], replies[BEN]
    assert (gone.status, gone.json) == (there.status, there.json) == (202, {"sent": True})
    assert set(gone.headers) == set(there.headers)


def test_too_many_mails_take_as_long_as_one(till: Till) -> None:
    most = till.newsroom.limits.mails_per_address_and_hour
    for _ in range(most + 3):
        assert ask(ADA).status == 202
    assert (len(till.post.sent), till.post.pretended) == (most, 3)


def test_a_mail_that_will_never_go_is_no_news_to_who_typed_the_address(till: Till) -> None:
    till.post.on_send = raising(MailRefused("BadRequestException"))
    reply = ask(ADA)
    assert (reply.status, reply.json) == (202, {"sent": True})


# ---- a mail service that takes nobody's mail, and one that will never take this one ----


def test_a_stopped_mail_service_wakes_somebody_once_and_loses_no_mail(till: Till, alarms: list[str]) -> None:
    till.post.on_send = raising(MailStopped("SendingPausedException"))
    till.tell([*till.gives(1000), *till.gives(1000, email=BEN)])
    reply = ask(ADA)
    assert (reply.status, reply.code) == (503, "mail_down")
    till.pass_time(3600)
    till.sweeps()
    assert len([line for line in alarms if "mail_stopped" in line]) == 1
    assert "SendingPausedException" in alarms[0]
    till.pass_time(SIX_HOURS + 3600)
    till.sweeps()
    assert len([line for line in alarms if "mail_stopped" in line]) == 2, "and again while it lasts"
    till.post.on_send = lambda _mail: None
    till.pass_time(3600)
    till.sweeps()
    assert sorted(mail.to for mail in till.post.sent) == [ADA, BEN]


def test_the_alarm_comes_also_when_the_table_is_away(till: Till, alarms: list[str]) -> None:
    def no_counting(call: str, what: Any) -> None:
        if call == "get" and what[0].startswith("RATE#mail_stopped"):
            raise TableUnavailable("injected")

    till.post.on_send = raising(MailStopped("not_verified"))
    till.table = Around(till.table, no_counting)
    till.tell(till.gives(1000))
    assert ["mail_stopped" in line for line in alarms] == [True]
    assert [status for status, _ in statuses(till)] == ["unsent"]


def test_a_mail_that_will_never_go_is_given_up_at_once(till: Till, alarms: list[str]) -> None:
    till.post.on_send = raising(MailRefused("BadRequestException"))
    till.tell(till.gives(1000))
    assert statuses(till) == [("undeliverable", 1)]
    (line,) = alarms
    assert "mail_undeliverable" in line
    assert "BadRequestException" in line
    (row,) = outbox.given_up(till.table)
    assert (row["status"], row["why"], row["tries"]) == ("undeliverable", "BadRequestException", 1)
    till.pass_time(7 * 86_400)
    assert till.sweeps()["mails"] == 0


def test_what_three_days_of_outage_gave_up_is_listed_and_starts_anew(till: Till) -> None:
    till.post.down = True
    till.tell(till.gives(1000))
    for _ in range(14):
        till.pass_time(7 * 3600)
        till.sweeps()
    (row,) = outbox.given_up(till.table)
    assert (row["status"], row["why"]) == ("undeliverable", "MailUnavailable")
    assert outbox.retry(till.table, row["mail"], till.business) == "undeliverable"
    assert not till.mail_sender.try_send(row["mail"], till.business)
    assert statuses(till)[0][0] == "unsent", "one more failure is the first of new ones, not the last of the old"
    till.post.down = False
    till.pass_time(3600)
    assert till.sweeps()["sent"] == 1
    assert till.sweeps()["mails"] == 0


def test_of_many_who_bring_a_mail_back_one_sends_it(till: Till) -> None:
    suppress(ADA)
    till.tell(till.gives(1000))
    till.pass_time(60)
    suppressed.allow(till.table, supporters.email_hash(ADA, EMAIL_KEY), Allowed(till.real, "olena", "she called"))
    (name,) = till.books.mails

    def bring_back(_number: int) -> bool:
        outbox.retry(till.table, name, till.business)
        return till.mail_sender.try_send(name, till.business)

    assert at_once(16, bring_back).count(True) == 1
    assert len(till.post.sent) == 1
