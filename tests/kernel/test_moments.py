"""Times as text: which month and which day it is depends on where the newsroom stands."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib.kernel.moments import end_of_day, local, month_of, neighbours_of, rfc3339, seconds_of


def at(text: str) -> int:
    seconds = seconds_of(text)
    assert seconds is not None, text
    return seconds


@pytest.mark.parametrize(
    ("moment", "zone", "month"),
    [
        ("2026-08-31T20:30:00Z", "Europe/Kyiv", "2026-08"),  # 23:30 on the 31st
        ("2026-08-31T20:59:59Z", "Europe/Kyiv", "2026-08"),
        ("2026-08-31T21:00:00Z", "Europe/Kyiv", "2026-09"),
        ("2026-12-31T21:59:59Z", "Europe/Kyiv", "2026-12"),
        ("2026-12-31T22:00:00Z", "Europe/Kyiv", "2027-01"),
        ("2026-09-01T03:59:59Z", "America/New_York", "2026-08"),
        ("2026-09-01T04:00:00Z", "America/New_York", "2026-09"),
        ("2026-08-31T10:00:00Z", "Pacific/Kiritimati", "2026-09"),
        ("2026-09-01T10:59:59Z", "Pacific/Pago_Pago", "2026-08"),
        # The clocks change on the month's last day: the offset of the evening counts, not that of the morning.
        ("2027-10-31T21:59:59Z", "Europe/Kyiv", "2027-10"),
        ("2027-10-31T22:00:00Z", "Europe/Kyiv", "2027-11"),
        ("2030-03-31T20:59:59Z", "Europe/Kyiv", "2030-03"),
        ("2030-03-31T21:00:00Z", "Europe/Kyiv", "2030-04"),
        ("2026-08-31T23:59:59Z", "UTC", "2026-08"),
    ],
)
def test_a_month_is_the_one_on_the_newsrooms_wall(moment: str, zone: str, month: str) -> None:
    assert month_of(at(moment), ZoneInfo(zone)) == month


def test_the_months_beside_one() -> None:
    assert neighbours_of("2026-01") == ("2025-12", "2026-02")
    assert neighbours_of("2026-12") == ("2026-11", "2027-01")
    assert neighbours_of("2026-08") == ("2026-07", "2026-09")
    for wrong in ("", "2026", "2026-08-31", "nothing", "a-b"):
        with pytest.raises(ValueError, match=r".*"):
            neighbours_of(wrong)


@pytest.mark.parametrize(
    ("day", "zone", "last"),
    [
        ((2026, 12, 31), "Europe/Kyiv", "2026-12-31T21:59:59Z"),
        ((2026, 8, 31), "Europe/Kyiv", "2026-08-31T20:59:59Z"),
        ((2026, 10, 25), "Europe/Kyiv", "2026-10-25T21:59:59Z"),  # a day of 25 hours
        ((2026, 3, 29), "Europe/Kyiv", "2026-03-29T20:59:59Z"),  # of 23
        ((2026, 12, 31), "America/New_York", "2027-01-01T04:59:59Z"),
        ((2026, 12, 31), "UTC", "2026-12-31T23:59:59Z"),
        ((2026, 4, 23), "Africa/Cairo", "2026-04-23T21:59:59Z"),  # the next day has no midnight
    ],
)
def test_a_day_ends_with_its_last_second(day: tuple[int, int, int], zone: str, last: str) -> None:
    assert rfc3339(end_of_day(date(*day), ZoneInfo(zone))) == last


def test_a_person_reads_the_newsrooms_clock_and_its_distance_from_utc() -> None:
    assert local(at("2026-08-31T21:15:00Z"), ZoneInfo("Europe/Kyiv")) == "2026-09-01 00:15:00+03:00"
    assert local(at("2026-12-31T22:00:00Z"), ZoneInfo("America/New_York")) == "2026-12-31 17:00:00-05:00"


def test_only_our_own_way_of_writing_a_time_is_read_back() -> None:
    assert seconds_of("2026-08-31T21:15:00Z") == int(datetime(2026, 8, 31, 21, 15, tzinfo=UTC).timestamp())
    for other in ("", "2026-08-31", "2026-08-31T21:15:00", "2026-08-31T21:15:00+00:00", "nonsense"):
        assert seconds_of(other) is None
