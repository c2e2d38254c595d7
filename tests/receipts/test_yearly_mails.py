"""The mail that sums up a year: in January, once, to those of whom something is left, at a gentle pace."""

import re
from dataclasses import replace
from datetime import datetime

import pytest

from chalicelib import jobs
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.mail.rows import outbox, switched_off
from chalicelib.rails.registry import RAILS
from chalicelib.receipts.actions.history import GivingHistory
from chalicelib.receipts.actions.yearly_mails import put_yearly_mails
from chalicelib.reconciling.mail_tally import MailTally
from chalicelib.reconciling.work_limits import OutOfTime
from localdev.around import Around
from testkit.at_once import at_once
from testkit.clock import NOW
from testkit.harness import ADA, Harness
from testkit.reconciling import Hours
from tests.ledger.numbering import GIFT
from tests.receipts.giving import YEAR, books

DAY = 86_400
IN_HRYVNIA = replace(GIFT, id="pi_2", gift="pi_2", amount=20_000, currency="uah")


def kyiv(text: str) -> BusinessTime:
    return BusinessTime(int(datetime.fromisoformat(f"{text}+02:00").timestamp()))


def givers(harness: Harness, count: int) -> list[SupporterId]:
    """So many who gave in the year, and the third of January after it."""
    found = []
    for number in range(count):
        supporter = harness.supporter(f"{number}@reader.example")
        books(harness, supporter, replace(GIFT, id=f"pi_{number}", gift=f"pi_{number}", occurred_at=NOW + number))
        found.append(supporter)
    harness.clock.business = kyiv(f"{YEAR + 1}-01-03T10:00:00")
    return found


def run(harness: Harness, most: int = 600, hours: Hours | None = None, seconds: float | None = None) -> int:
    limits = (hours or Hours()).limits(4, seconds)
    tally = MailTally()
    put_yearly_mails(GivingHistory.of(harness.wiring), RAILS, limits, tally, now=harness.now(), most=most)
    return tally.put


def sent(harness: Harness) -> list[str]:
    harness.pass_time(2 * 3600)
    harness.sweeps()
    return [mail.to for mail in harness.mails.sent]


def test_it_sums_up_the_year_and_leads_to_the_statement(harness: Harness) -> None:
    supporter = harness.supporter(ADA)
    books(
        harness,
        supporter,
        replace(GIFT, occurred_at=kyiv(f"{YEAR}-01-01T00:00:00")),
        replace(
            GIFT, id="pi_2", gift="pi_2", amount=20_000, currency="uah", occurred_at=kyiv(f"{YEAR}-12-31T23:59:59")
        ),
        replace(GIFT, id="re_1", kind="refund", amount=-200, occurred_at=kyiv(f"{YEAR + 1}-01-02T10:00:00")),
        replace(GIFT, id="pi_3", gift="pi_3", amount=77_700, occurred_at=kyiv(f"{YEAR + 1}-01-01T00:00:00")),
        replace(GIFT, id="pi_4", gift="pi_4", amount=88_800, occurred_at=kyiv(f"{YEAR}-01-01T00:00:00") - 1),
    )
    harness.clock.business = kyiv(f"{YEAR + 1}-01-03T10:00:00")
    assert run(harness) == 1
    assert sent(harness) == [ADA]
    mail = harness.mails.last
    assert mail.subject == f"Ваші внески за {YEAR} рік: «Вісті Надріччя»"
    text = " ".join(mail.text.replace("\N{NO-BREAK SPACE}", " ").split())
    assert "на 3 € та 200 ₴." in text
    assert re.search(rf"return_to=/account/statements/{YEAR}\b", mail.text)
    assert mail.unsubscribe


@pytest.mark.parametrize(
    ("now", "put"),
    [
        (f"{YEAR}-12-31T23:59:59", 0),
        (f"{YEAR + 1}-01-01T00:00:00", 1),
        (f"{YEAR + 1}-01-31T23:59:59", 1),
        (f"{YEAR + 1}-02-01T00:00:00", 0),
    ],
)
def test_it_is_of_the_newsrooms_january(harness: Harness, now: str, put: int) -> None:
    givers(harness, 1)
    harness.clock.business = kyiv(now)
    assert run(harness) == put


def test_it_comes_once_however_often_the_job_runs_and_from_wherever(harness: Harness) -> None:
    givers(harness, 3)
    at_once(4, lambda _number: jobs.daily_mails())
    for _ in range(28):
        jobs.daily_mails()
        harness.pass_time(DAY)
    assert sorted(sent(harness)) == [f"{number}@reader.example" for number in range(3)]


def test_the_next_year_has_one_of_its_own(harness: Harness) -> None:
    (supporter,) = givers(harness, 1)
    assert run(harness) == 1
    books(harness, supporter, replace(GIFT, id="pi_n", gift="pi_n", occurred_at=kyiv(f"{YEAR + 1}-06-01T00:00:00")))
    harness.clock.business = kyiv(f"{YEAR + 2}-01-03T10:00:00")
    assert run(harness) == 1
    assert outbox.exists(harness.table, f"{supporter}:year:{YEAR + 1}")


def test_so_many_a_day_two_seconds_apart(harness: Harness) -> None:
    givers(harness, 7)
    assert [run(harness, most=3) for _ in range(4)] == [3, 3, 1, 0]
    due = sorted(row["due"] for row in harness.rows() if row["pk"].startswith("MAIL#") and ":year:" in row["pk"])
    assert len(due) == 7
    assert len(set(due)) == 3, "three runs, in each of them one after the other"


def test_what_was_begun_in_january_is_finished_after_it(harness: Harness) -> None:
    """More than a month's runs can put, or a job that did not run for three weeks."""
    people = givers(harness, 5)
    harness.clock.business = kyiv(f"{YEAR + 1}-01-31T10:00:00")
    assert run(harness, most=2) == 2
    fork = harness.fork()
    harness.pass_time(20 * DAY)
    assert run(harness) == 3
    assert run(harness) == 0
    assert all(outbox.exists(harness.table, f"{one}:year:{YEAR}") for one in people)
    with fork.installed():
        fork.clock.business = kyiv(f"{YEAR + 1}-04-01T10:00:00")
        assert run(fork) == 0, "in April nobody waits for it any more"


def test_one_whose_year_cannot_be_read_keeps_nobody_else_from_theirs(harness: Harness, alarms: list[str]) -> None:
    people = sorted(givers(harness, 3))
    table = harness.table

    def spoilt(call: str, what: object) -> None:
        if call in {"get", "query"} and str(people[0]) in str(what):
            raise ValueError("a row of another release")

    harness.table = Around(table, spoilt)
    done = jobs.daily_mails()
    assert (done["years"], done["failed"]) == (2, 1)
    assert "daily_mails_unfinished" in [one.split()[1] for one in alarms]
    harness.table = table
    harness.pass_time(DAY)
    assert jobs.daily_mails()["years"] == 1, "once it can be read, it is made up for"
    harness.pass_time(DAY)
    assert jobs.daily_mails()["years"] == 0


def test_cut_off_it_goes_on_where_it_was(harness: Harness) -> None:
    people = givers(harness, 6)
    hours = Hours()
    table = harness.table

    def slow(call: str, _what: object) -> None:
        if call == "write":
            hours.now += 10

    harness.table = Around(table, slow)
    with pytest.raises(OutOfTime):
        run(harness, hours=hours, seconds=25)
    harness.table = table
    done = sum(outbox.exists(table, f"{one}:year:{YEAR}") for one in people)
    assert 0 < done < 6
    assert run(harness) == 6 - done


def test_who_got_everything_back_who_is_gone_and_who_did_not_give_get_none(harness: Harness) -> None:
    back, stays, never = (harness.supporter(f"{name}@reader.example") for name in ("back", "stays", "never"))
    books(harness, back, replace(GIFT), replace(GIFT, id="re_1", kind="refund", amount=-500, occurred_at=NOW + DAY))
    books(harness, stays, replace(GIFT, id="pi_2", gift="pi_2"))
    books(harness, never, replace(GIFT, id="pi_3", gift="pi_3", occurred_at=NOW - 400 * DAY))
    harness.clock.business = kyiv(f"{YEAR + 1}-01-03T10:00:00")
    assert run(harness) == 1
    assert sent(harness) == ["stays@reader.example"]


def test_who_wants_none_gets_none(harness: Harness) -> None:
    (supporter,) = givers(harness, 1)
    harness.table.write(switched_off.off(supporter, "statements", harness.now()))
    run(harness)
    assert sent(harness) == []
