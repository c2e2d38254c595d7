"""The rules: until when one may withdraw, when a gift then ends, and which payments still come."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.moments import BusinessTime
from chalicelib.leaving.rules.plan import LeavingPlan, may_withdraw_until, plan
from chalicelib.leaving.rules.statements import LeavingStatement, statement_id
from chalicelib.leaving.rules.typed_words import as_line, as_text
from chalicelib.ledger.rules.movements import Movement
from chalicelib.mail.rules.quoted import quoted
from chalicelib.supporters.rules.access import RecurringGift, Standing
from chalicelib.supporters.rules.paid_time import PaidPeriod

KYIV = ZoneInfo("Europe/Kyiv")


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("made", "last"),
    [
        ("2026-11-02T10:00", "2026-11-16T21:59:59"),  # a Monday, and the day itself does not count
        ("2026-11-06T10:00", "2026-11-20T21:59:59"),  # Friday
        ("2026-11-07T10:00", "2026-11-23T21:59:59"),  # Saturday: on the Monday after
        ("2026-11-08T10:00", "2026-11-23T21:59:59"),  # Sunday
        ("2026-11-05T22:30", "2026-11-20T21:59:59"),  # Friday in Kyiv by then
        ("2026-10-12T10:00", "2026-10-26T21:59:59"),  # over the end of summer time
    ],
)
def test_one_may_withdraw_to_the_end_of_the_fourteenth_day_that_is_no_weekend(made: str, last: str) -> None:
    assert may_withdraw_until(at(made), KYIV) == at(last)


def gift(started: str, paid_to: str, **more: object) -> RecurringGift:
    whole = RecurringGift(
        "sub_1",
        at(started),
        "active",
        500,
        "eur",
        "month",
        "cus_1",
        next_payment_at=at(paid_to),
        periods=(PaidPeriod(at(started), at(paid_to), "member", "in_1"),),
    )
    return replace(whole, **more)  # type: ignore[arg-type] # by name


def cancelled(one: RecurringGift, now: str, when: str | None = None, **more: object) -> LeavingPlan:
    declared = LeavingStatement(
        "X",
        "cancel",
        EmailAddress("ada@reader.example"),
        "uk",
        BusinessTime(at(now)),
        when=date.fromisoformat(when) if when else None,
    )
    said = replace(declared, **more)  # type: ignore[arg-type] # by name
    return plan(said, Standing(recurring=(one,)), [], KYIV, BusinessTime(at(now)))


@pytest.mark.parametrize(
    ("when", "ends", "payments"),
    [
        (None, "2026-02-28T10:00", []),
        ("2026-02-10", "2026-02-28T10:00", []),
        ("2026-02-28", "2026-02-28T10:00", []),
        ("2026-03-01", "2026-03-31T10:00", ["2026-02-28T10:00"]),
        ("2026-04-15", "2026-04-30T10:00", ["2026-02-28T10:00", "2026-03-31T10:00"]),
    ],
)
def test_a_chosen_day_is_within_the_last_period_and_months_keep_their_last_day(
    when: str | None, ends: str, payments: list[str]
) -> None:
    [stop] = cancelled(gift("2026-01-31T10:00", "2026-02-28T10:00"), "2026-02-05T10:00", when).stops
    assert stop.ends_at == at(ends)
    assert list(stop.payments) == [at(one) for one in payments]


def test_what_was_moved_by_a_change_of_interval_is_counted_from_where_it_is_now() -> None:
    moved = gift("2026-01-31T10:00", "2026-03-15T08:00")
    [stop] = cancelled(moved, "2026-03-01T10:00", "2026-04-20").stops
    assert stop.ends_at == at("2026-05-15T08:00")


def test_what_is_paused_ends_with_what_is_paid() -> None:
    paused = gift("2026-01-10T10:00", "2026-02-10T10:00", status="paused", next_payment_at=None)
    assert cancelled(paused, "2026-01-20T10:00").stops[0].ends_at == at("2026-02-10T10:00")
    assert cancelled(paused, "2026-05-20T10:00").stops[0].ends_at == at("2026-05-20T10:00"), "at once"


def test_what_ends_later_than_asked_is_stopped_sooner() -> None:
    later = gift("2026-01-10T10:00", "2026-02-10T10:00", ends_at=at("2026-06-10T10:00"))
    assert cancelled(later, "2026-01-20T10:00").stops[0].ends_at == at("2026-02-10T10:00")
    sooner = gift("2026-01-10T10:00", "2026-02-10T10:00", ends_at=at("2026-02-10T10:00"), next_payment_at=None)
    kept = cancelled(sooner, "2026-01-20T10:00", "2026-05-01")
    assert (kept.stops, kept.outcome) == ((), "stopped_already"), "what was decided before is not taken back"


def test_what_has_ended_is_not_stopped_and_a_payment_names_its_gift() -> None:
    one = gift("2026-01-10T10:00", "2026-02-10T10:00")
    payment = Movement(
        "pi_1", "gift", "pi_1", 500, "eur", at("2026-01-10T10:00"), livemode=False, recurring="sub_1", rail="stripe"
    )
    declared = LeavingStatement(
        "X", "cancel", EmailAddress("a@b.example"), "uk", BusinessTime(at("2026-01-20T10:00")), target="pi_1"
    )
    standing = Standing(recurring=(one, replace(one, id="sub_2")))
    now = BusinessTime(at("2026-01-20T10:00"))
    assert plan(declared, standing, [payment], KYIV, now).ids == ("sub_1",)
    assert plan(replace(declared, target="pi_other"), standing, [payment], KYIV, now).nothing
    ended = Standing(recurring=(replace(one, status="canceled"),))
    assert plan(replace(declared, target=""), ended, [payment], KYIV, now).outcome == "nothing"


@pytest.mark.parametrize("typed", ["7K3M-XQ4T-9ZBD", " 7k3m xq4t 9zbd", "7K3MXQ4T9ZBD."])
def test_a_number_is_read_as_it_is_typed(typed: str) -> None:
    assert statement_id(typed) == "7K3MXQ4T9ZBD"


def test_words_of_strangers_are_cleaned_and_quoted_without_links() -> None:
    assert as_line(" a\r\nBcc: b\t\u202e\u200bc\x00 ") == "a Bcc: b c"
    assert as_text("\u2028a\r\n\r\nb \x07\rc\u200b") == "a\n\nb\nc"
    for link in ("https://evil.example/x", "www.evil.example", "a@b.example", "evil.example:80/x"):
        broken = quoted(link)
        assert broken.replace("\u200b", "") == link
        assert "\u200b" in broken
    assert quoted("Ні. Дякую!") == "Ні. Дякую!"
