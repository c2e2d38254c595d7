"""A remembered session lasts a year, and ends after 90 days in which nobody came."""

import pytest

from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import TableUnavailable, Update
from chalicelib.supporters.rows import sessions
from testkit.harness import Harness
from testkit.people import watch
from testkit.visitor import Visitor

DAY = 86_400
ADA = "ada@reader.example"


def signed_in(visitor: Visitor) -> bool:
    return bool(visitor.get("/v1/session").json["signed_in"])


def row(harness: Harness) -> dict[str, int]:
    (found,) = harness.kinds("SESSION")
    return dict(found)


@pytest.fixture
def reader(harness: Harness) -> Visitor:
    visitor = Visitor()
    harness.sign_in(visitor, ADA)
    return visitor


def test_ninety_days_without_a_visit_end_it(harness: Harness, reader: Visitor) -> None:
    harness.pass_time(90 * DAY)
    assert not signed_in(reader)


def test_who_comes_now_and_then_stays_for_a_year_and_not_longer(harness: Harness, reader: Visitor) -> None:
    """Every 89 days is often enough, wherever the visits fall."""
    for _ in range(4):
        harness.pass_time(89 * DAY)
        assert signed_in(reader)
    harness.pass_time(8 * DAY)
    assert signed_in(reader), "the 364th day"
    harness.pass_time(DAY)
    assert not signed_in(reader)


@pytest.mark.parametrize("path", ["/v1/access?needs=members", "/v1/me", "/account", "/donate"])
def test_a_visit_is_whatever_reads_the_session(harness: Harness, reader: Visitor, path: str) -> None:
    harness.pass_time(89 * DAY)
    reader.get(path)
    harness.pass_time(89 * DAY)
    assert signed_in(reader)


def test_visits_of_one_day_are_noted_once(harness: Harness, reader: Visitor) -> None:
    """A day begins at midnight UTC, so that the list of devices knows the day of the last visit and nothing finer."""
    harness.pass_time(DAY - harness.clock.real % DAY)
    assert signed_in(reader)
    before = row(harness)
    assert before["seen"] == harness.clock.real
    harness.pass_time(DAY - 1)
    assert signed_in(reader)
    assert row(harness) == before
    harness.pass_time(1)
    assert signed_in(reader)
    assert row(harness)["expires"] > before["expires"]
    assert row(harness)["seen"] == harness.clock.real


def test_a_session_of_before_is_held_to_it_from_its_next_visit_on(harness: Harness, reader: Visitor) -> None:
    (found,) = harness.kinds("SESSION")
    key = (found["pk"], found["sk"])
    harness.table.write(Update(key, set={"expires": harness.clock.real + 365 * DAY}))
    harness.pass_time(100 * DAY)
    assert signed_in(reader), "nobody is signed out by our next version"
    harness.pass_time(90 * DAY)
    assert not signed_in(reader)


def test_who_is_not_remembered_is_signed_out_after_a_day_however_often_they_come(harness: Harness) -> None:
    visitor = Visitor()
    harness.sign_in(visitor, ADA, remember=False)
    for _ in range(23):
        harness.pass_time(3600)
        assert signed_in(visitor)
    harness.pass_time(3600)
    assert not signed_in(visitor)


def test_a_table_that_takes_no_writes_keeps_nobody_from_reading(
    harness: Harness, reader: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness.pass_time(5 * DAY)

    def full(_change: object) -> None:
        raise TableUnavailable("full")

    monkeypatch.setattr(harness.table, "write", full)
    assert signed_in(reader)


def test_a_session_that_was_ended_meanwhile_does_not_come_back(harness: Harness, reader: Visitor) -> None:
    secret = reader.cookies["__Host-spilno-session-8000"]
    reader.delete("/v1/session")
    assert sessions.prolong(harness.table, secret, RealTime(harness.clock.real + DAY), harness.clock.real) is False
    assert harness.kinds("SESSION") == []


def test_a_visit_of_the_same_day_costs_no_write(harness: Harness, reader: Visitor) -> None:
    assert signed_in(reader)
    watched = watch(harness)
    assert signed_in(reader)
    assert watched.calls == 2
