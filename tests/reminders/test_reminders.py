"""Reminders that somebody asked for: one mail in its month, none to whoever supports again, taken back at will."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib import jobs
from chalicelib.kernel import keys
from chalicelib.kernel.moments import BusinessTime, month_of
from chalicelib.kernel.table import Update
from chalicelib.mail.rows import switched_off
from chalicelib.reminders.rows import reminders
from chalicelib.reminders.rules.months import ahead
from testkit.at_once import at_once
from testkit.calls import API
from testkit.harness import ADA, BEN, Harness
from testkit.sent import Mail
from testkit.visitor import Visitor

DAY = 86_400
KYIV = ZoneInfo("Europe/Kyiv")
GIFT = {"amount": 2500, "currency": "eur", "interval": "once", "attempt": "attempt-0123456789", "email": ADA}


def at(text: str) -> BusinessTime:
    return BusinessTime(int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()))


@pytest.mark.parametrize(
    ("now", "months", "month"),
    [
        ("2026-11-30T12:00:00", 1, "2026-12"),
        ("2026-11-30T12:00:00", 2, "2027-01"),
        ("2026-11-30T12:00:00", 12, "2027-11"),
        ("2027-01-31T21:59:59", 1, "2027-02"),
        ("2027-01-31T22:00:00", 1, "2027-03"),  # February already, in Kyiv
    ],
)
def test_the_month_is_the_newsrooms(now: str, months: int, month: str) -> None:
    assert ahead(at(now), months, KYIV) == month


# ---- asked for ----


def stopped(harness: Harness, email: str = ADA) -> Visitor:
    """A supporter whose monthly gift has ended, signed in."""
    harness.tell(harness.gives(500, "month", email))
    subscription = harness.stripe.of("subscription")[-1]["id"]
    harness.tell(harness.stripe.stop(subscription))
    harness.pass_time(40 * DAY)
    harness.tell(harness.stripe.end(subscription))
    visitor = Visitor()
    harness.sign_in(visitor, email)
    return visitor


def pays_once(harness: Harness) -> tuple[Visitor, str]:
    """Ada gives once in a browser of her own; answers it, and the checkout."""
    visitor = Visitor()
    session = visitor.post("/v1/checkouts", GIFT).json["id"]
    harness.tell(harness.stripe.pay(session))
    assert visitor.get(f"/v1/checkouts/return?session_id={session}").status == 303
    return visitor, session


def waits(harness: Harness, email: str = ADA) -> str | None:
    found = reminders.read(harness.table, harness.state(email).id)
    return found.month if found else None


def days(harness: Harness, count: int) -> None:
    """So many days pass, each with its daily job and its sweep."""
    for _ in range(count):
        harness.pass_time(DAY)
        jobs.daily_mails()
        harness.pass_time(61)
        harness.sweeps()


def reminded(harness: Harness) -> list[Mail]:
    return [mail for mail in harness.mails.sent if mail.subject.startswith("Ви просили нагадати")]


def test_after_a_stop_one_mail_comes_in_the_month_and_none_before_or_after(harness: Harness) -> None:
    visitor = stopped(harness)
    month = visitor.post("/v1/me/reminder", {"in_months": 2}).json["month"]
    assert month == "2026-12" == waits(harness), "asked on 31 October"
    arrived = []
    for _ in range(100):
        before = len(reminded(harness))
        days(harness, 1)
        if len(reminded(harness)) > before:
            arrived.append(month_of(harness.now(), KYIV))
    assert arrived == ["2026-12"]
    (mail,) = reminded(harness)
    assert mail.to == ADA
    assert f"{API}/donate?lang=uk&amount=500&currency=eur&interval=month" in mail.text, "what they gave, again"
    assert mail.unsubscribe.startswith(f"{API}/unsubscribe/")
    assert mail.unsubscribe in mail.text
    assert waits(harness) is None


def test_whoever_supports_again_by_then_is_not_reminded(harness: Harness) -> None:
    for interval in ("once", "month"):
        fork = harness.fork()
        with fork.installed():
            stopped(fork).post("/v1/me/reminder", {"in_months": 1})
            fork.pass_time(DAY)
            fork.tell(fork.gives(1000, interval))
            days(fork, 40)
            assert reminded(fork) == [], interval
            assert waits(fork) is None


def test_what_was_given_before_asking_does_not_count(harness: Harness) -> None:
    visitor, session = pays_once(harness)
    harness.pass_time(60)
    assert visitor.submit(f"/thanks/{session}/reminder", {"in_months": "1", "lang": "uk"}).status == 303
    days(harness, 40)
    (mail,) = reminded(harness)
    assert "amount=2500&currency=eur&interval=once" in mail.text


def test_the_newest_wish_counts_and_each_month_has_one_mail_at_most(harness: Harness) -> None:
    visitor = stopped(harness)
    for months in (6, 1, 3):
        visitor.post("/v1/me/reminder", {"in_months": months})
    assert waits(harness) == "2027-01"
    days(harness, 70)
    assert len(reminded(harness)) == 1


def test_it_can_be_taken_back(harness: Harness) -> None:
    visitor = stopped(harness)
    visitor.post("/v1/me/reminder", {"in_months": 1})
    assert visitor.delete("/v1/me/reminder").status == 204
    assert visitor.delete("/v1/me/reminder").status == 204, "again is the same"
    days(harness, 40)
    assert reminded(harness) == []


def test_a_month_in_which_nothing_ran_is_made_up_for_once_and_says_that_we_are_late(harness: Harness) -> None:
    visitor = stopped(harness)
    visitor.post("/v1/me/reminder", {"in_months": 1})
    fork = harness.fork()
    harness.pass_time(70 * DAY)
    days(harness, 3)
    (mail,) = reminded(harness)
    text = " ".join(mail.text.replace("\N{NO-BREAK SPACE}", " ").split())
    assert "Ви просили нагадати про нас на початку листопада 2026 року. Ми не зробили цього вчасно" in text
    assert "цього місяця" not in text
    assert waits(harness) is None
    with fork.installed():
        fork.pass_time(2 * DAY)
        days(fork, 1)
        assert "Ви просили нагадати про нас цього місяця." in " ".join(reminded(fork)[0].text.split()), "the control"


def test_whoever_supports_again_by_then_is_not_reminded_late_either(harness: Harness) -> None:
    stopped(harness).post("/v1/me/reminder", {"in_months": 1})
    harness.pass_time(70 * DAY)
    harness.tell(harness.gives(1000, "month"))
    days(harness, 2)
    assert reminded(harness) == []
    assert waits(harness) is None


def test_more_than_a_year_late_it_would_be_news(harness: Harness) -> None:
    stopped(harness).post("/v1/me/reminder", {"in_months": 1})
    harness.pass_time(410 * DAY)
    days(harness, 1)
    assert reminded(harness) == []
    assert waits(harness) is None


def test_a_row_that_cannot_be_read_keeps_nobody_else_from_a_reminder(harness: Harness, alarms: list[str]) -> None:
    for number, email in enumerate((BEN, ADA)):
        stopped(harness, email).post("/v1/me/reminder", {"in_months": 2 - number})
    spoilt = keys.reminder(harness.state(BEN).id)
    harness.table.write(Update(spoilt, set={"given": {"amount": 500, "of_another_release": 1}}))
    harness.pass_time(62 * DAY)
    done = jobs.daily_mails()
    assert (done["reminders"], done["failed"]) == (1, 1)
    assert "daily_mails_unfinished" in [one.split()[1] for one in alarms]
    harness.pass_time(61)
    harness.sweeps()
    assert [mail.to for mail in reminded(harness)] == [ADA]


@pytest.mark.engine
def test_many_runs_at_once_remind_once(harness: Harness) -> None:
    stopped(harness).post("/v1/me/reminder", {"in_months": 1})
    harness.pass_time(2 * DAY)
    at_once(8, lambda _number: jobs.daily_mails())
    harness.pass_time(61)
    harness.sweeps()
    assert len(reminded(harness)) == 1


# ---- bad input ----


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"in_months": 0}, "bad_input"),
        ({"in_months": 13}, "bad_input"),
        ({"in_months": -1}, "bad_input"),
        ({"in_months": 1.5}, "bad_input"),
        ({"in_months": "2"}, "bad_input"),
        ({"in_months": True}, "bad_input"),
        ({}, "missing_field"),
        ({"in_months": 2, "email": BEN}, "unknown_field"),
        ({"in_months": 2, "return_to": "https://evil.example/"}, "bad_return_to"),
    ],
    ids=str,
)
def test_what_is_no_number_of_months_is_refused_and_changes_nothing(
    harness: Harness, body: Mapping[str, Any], code: str
) -> None:
    visitor = stopped(harness)
    reply = visitor.post("/v1/me/reminder", body)
    assert (reply.status, reply.code) == (400, code)
    assert waits(harness) is None


def test_nobody_asks_without_a_session_or_from_a_foreign_page(harness: Harness) -> None:
    visitor = stopped(harness)
    assert Visitor().post("/v1/me/reminder", {"in_months": 2}).code == "not_signed_in"
    assert Visitor().delete("/v1/me/reminder").code == "not_signed_in"
    foreign = visitor.post("/v1/me/reminder", {"in_months": 2}, Origin="https://evil.example")
    assert foreign.code == "foreign_origin"
    assert waits(harness) is None


# ---- the account ----


def test_whoever_has_stopped_is_offered_it_on_their_page_and_can_take_it_back_there(harness: Harness) -> None:
    visitor = stopped(harness)
    page = visitor.navigate("/account?lang=uk").text
    assert "Нагадати згодом" in page
    assert "/account/mails" in page
    here = f"{API}/account?lang=uk"
    reply = visitor.submit("/v1/me/reminder", {"in_months": "3", "lang": "uk", "return_to": here})
    assert (reply.status, reply.headers["location"]) == (303, here)
    page = visitor.navigate("/account?lang=uk").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Нагадаємо один раз, на початку січня 2027 року." in page
    back = {"switch": "reminders", "wanted": "forget", "return_to": here}
    assert visitor.submit("/account/mails", back).headers["location"] == here
    assert waits(harness) is None


def test_whoever_gives_or_never_gave_regularly_is_not_offered_it_there(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month", BEN))
    for email in (BEN, ADA):
        visitor = Visitor()
        harness.sign_in(visitor, email)
        assert "Нагадати згодом" not in visitor.navigate("/account?lang=uk").text


# ---- the thank-you page ----


def test_the_thank_you_page_offers_it_and_says_what_was_chosen(harness: Harness) -> None:
    visitor, session = pays_once(harness)
    page = visitor.navigate(f"/thanks/{session}?lang=uk").text
    assert "Нагадати згодом" in page
    reply = visitor.submit(f"/thanks/{session}/reminder", {"in_months": "3", "lang": "uk"})
    assert reply.headers["location"] == f"{API}/thanks/{session}?lang=uk#remind"
    page = visitor.navigate(f"/thanks/{session}?lang=uk").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Нагадаємо один раз, на початку грудня 2026 року." in page
    visitor.submit(f"/thanks/{session}/reminder", {"lang": "uk"})
    assert waits(harness) is None
    assert "Нагадаємо один раз" not in visitor.navigate(f"/thanks/{session}?lang=uk").text


def test_only_the_browser_that_paid_once_is_asked_and_heard(harness: Harness) -> None:
    visitor, session = pays_once(harness)
    for other in (Visitor(), stopped(harness, BEN)):
        assert "Нагадати згодом" not in other.navigate(f"/thanks/{session}").text
        assert other.submit(f"/thanks/{session}/reminder", {"in_months": "3"}).status == 404
    monthly = Visitor()
    started = monthly.post("/v1/checkouts", {**GIFT, "interval": "month", "attempt": "attempt-9876543210"}).json["id"]
    harness.tell(harness.stripe.pay(started))
    monthly.get(f"/v1/checkouts/return?session_id={started}")
    assert "Нагадати згодом" not in monthly.navigate(f"/thanks/{started}").text
    assert monthly.submit(f"/thanks/{started}/reminder", {"in_months": "3"}).status == 404
    assert waits(harness) is None
    assert visitor.submit(f"/thanks/{session}/reminder", {"in_months": "13"}).status == 400
    assert waits(harness) is None


def test_a_stranger_who_typed_the_address_cannot_undo_what_its_owner_switched_off(harness: Harness) -> None:
    owner = stopped(harness)
    owner.submit("/account/mails", {"switch": "reminders", "wanted": "off"})
    stranger, session = pays_once(harness)
    stranger.submit(f"/thanks/{session}/reminder", {"in_months": "1"})
    assert switched_off.read(harness.table, harness.state().id) == {"reminders"}
    days(harness, 40)
    assert reminded(harness) == []
    owner.post("/v1/me/reminder", {"in_months": 1})
    assert switched_off.read(harness.table, harness.state().id) == frozenset(), "the owner's own wish is heard"
    days(harness, 40)
    assert len(reminded(harness)) == 1
