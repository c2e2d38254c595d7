"""The days that a pause is offered with are those on which the provider then charges, or none are said."""

from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.account.rules.pauses import pauses
from testkit.people import monthly


def at(month: int, day: int, year: int = 2027) -> int:
    return int(datetime(year, month, day, 9, tzinfo=UTC).timestamp())


def days(started: int, first: int | None) -> list[str]:
    found = pauses(replace(monthly(), started_at=started, next_payment_at=first)).values()
    return [datetime.fromtimestamp(one, UTC).strftime("%m-%d") if one else "" for one in found]


def test_so_many_payments_are_skipped_and_the_next_one_is_taken() -> None:
    assert days(at(1, 12), at(3, 12)) == ["04-12", "05-12", "06-12"]


def test_the_end_of_a_short_month_is_no_new_day_of_payment() -> None:
    """Counted from 31 January: 28 February, 31 March, 30 April."""
    assert days(at(1, 31), at(2, 28)) == ["03-31", "04-30", "05-31"]


def test_a_gift_whose_day_was_moved_is_counted_from_its_next_payment() -> None:
    assert days(at(1, 12), at(3, 20)) == ["04-20", "05-20", "06-20"]
    assert days(at(1, 12), at(3, 31)) == ["04-30", "05-31", "06-30"]


def test_where_the_day_cannot_be_known_none_is_said() -> None:
    assert days(at(1, 12), at(4, 30)) == ["", "", ""], "counted from a 30th, or from a 31st?"
    assert days(at(1, 12), None) == ["", "", ""]
