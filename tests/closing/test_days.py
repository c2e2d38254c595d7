"""Which day a movement belongs to, and that no second of any zone is in no day or in two."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib.closing.rules.days import DAY, READY, Day, day_after, day_of, named, near, not_walked, ready, window
from chalicelib.kernel.moments import BusinessTime

KYIV, UTC_ZONE = ZoneInfo("Europe/Kyiv"), ZoneInfo("UTC")
ZONES = ("Europe/Kyiv", "America/Santiago", "Asia/Beirut", "Pacific/Apia", "Australia/Lord_Howe", "UTC")


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def test_days_are_the_newsrooms_and_both_sides_of_midnight_are_two() -> None:
    before, after = day_of(at("2026-11-28 21:59:59"), KYIV), day_of(at("2026-11-28 22:00:00"), KYIV)
    assert (before.name, after.name) == ("2026-11-28", "2026-11-29")
    assert before.until + 1 == after.since == at("2026-11-28 22:00:00")
    assert before.has(before.until)
    assert not before.has(after.since)


@pytest.mark.parametrize(("name", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-28", 24)])
def test_a_day_of_summer_time_is_shorter_or_longer(name: str, hours: int) -> None:
    day = named(name, KYIV)
    assert day.until - day.since + 1 == hours * 3600


@pytest.mark.parametrize("zone", ZONES)
def test_no_second_of_a_year_is_left_out_or_has_two_days(zone: str) -> None:
    here, last = ZoneInfo(zone), day_of(at("2025-12-31 12:00:00"), ZoneInfo(zone)).until
    names: list[str] = []
    for _ in range(370):
        day = day_after(last, here)
        assert day.since == last + 1 <= day.until
        assert day_of(day.since, here).name == day_of(day.until, here).name == day.name
        names.append(day.name)
        last = day.until
    assert names == sorted(set(names))


@pytest.mark.parametrize(("old", "new"), [(one, other) for one in ZONES for other in ZONES if one != other])
def test_when_the_newsroom_moves_every_second_still_has_one_day_and_every_date_one_seal(old: str, new: str) -> None:
    sealed = named("2026-11-28", ZoneInfo(old))
    names, last = [sealed.name], sealed.until
    for _ in range(4):
        day = day_after(last, ZoneInfo(new), names[-1])
        assert day.since == last + 1
        names.append(day.name)
        last = day.until
    assert len(set(names)) == len(names), "no seal is written over"


def test_a_day_is_ready_two_hours_after_its_end() -> None:
    last = named("2026-11-26", KYIV).until
    end = named("2026-11-28", KYIV).until
    on_time, early = (
        list(ready(last, "2026-11-26", BusinessTime(now), KYIV)) for now in (end + READY, end + READY - 1)
    )
    assert [day.name for day in on_time] == ["2026-11-27", "2026-11-28"]
    assert [day.name for day in early] == ["2026-11-27"]
    assert [not_walked(last, "2026-11-26", BusinessTime(now), KYIV) for now in (end, end + 1)] == [1, 2]


def test_a_window_begins_with_a_whole_day_and_ends_with_the_one_of_now() -> None:
    now = BusinessTime(at("2026-11-28 12:00:00"))
    found = window(now, 2, UTC_ZONE)
    assert [day.name for day in found] == ["2026-11-26", "2026-11-27", "2026-11-28"]
    assert found[0].since == at("2026-11-26 00:00:00")


def test_a_day_that_was_written_over_is_no_day_of_another_zone() -> None:
    day = named("2026-11-28", KYIV)
    assert near(named("2026-11-28", ZoneInfo("America/Los_Angeles")), day)
    assert not near(Day(day.name, day.since - 3 * DAY, day.until), day)
    assert not near(Day(day.name, day.since, day.until + 3 * DAY), day)
