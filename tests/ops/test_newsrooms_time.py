"""A person reads and types days and hours of the newsroom's; a machine gets RFC 3339 in UTC."""

import json
from datetime import UTC, datetime

import pytest

from chalicelib.kernel import keys
from chalicelib.kernel.moments import seconds_of
from chalicelib.kernel.table import Update
from testkit.harness import ADA, Harness
from tests.ops.conftest import Run

DAY = 86_400


def at(harness: Harness, moment: str) -> None:
    seconds = seconds_of(moment)
    assert seconds is not None
    harness.pass_time(seconds - harness.clock.business)


def granted(run: Run, until: str) -> str:
    result = run("grant", ADA, "--tier", "member", "--until", until, "--reason", "works here", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)["until"]
    assert isinstance(told, str)
    return told


@pytest.mark.parametrize(
    ("typed", "ends"),
    [
        ("2099-06-30", "2099-06-30T20:59:59Z"),
        ("2099-12-31", "2099-12-31T21:59:59Z"),
        ("2099-12-31T12:00:00Z", "2099-12-31T12:00:00Z"),
    ],
)
def test_a_grant_lasts_to_the_end_of_the_day_in_the_newsroom(
    harness: Harness, run: Run, typed: str, ends: str
) -> None:
    assert harness.settings.newsroom_file
    assert granted(run, typed) == ends
    account = json.loads(run("supporter", ADA, "--json").output)
    assert account["until"] == ends
    printed = run("grant", ADA, "--tier", "member", "--until", "2099-06-30", "--reason", "works here").output
    assert printed == f"{ADA} has member until 2099-06-30 23:59:59+03:00.\n"


def test_a_grant_for_today_opens_today(harness: Harness, run: Run) -> None:
    today = datetime.now(harness.newsroom.zone).date().isoformat()
    assert datetime.fromisoformat(granted(run, today)) > datetime.now(UTC)


@pytest.mark.parametrize("typed", ["2099-13-01", "2099-02-30", "tomorrow", "20990630", "2099-06-30T12:00:00", ""])
def test_what_is_no_day_is_refused_with_what_to_write(harness: Harness, run: Run, typed: str) -> None:
    assert harness.books.entries == ()
    result = run("grant", ADA, "--tier", "member", "--until", typed, "--reason", "works here")
    assert result.exit_code == 2
    assert "no day such as 2027-06-30" in result.output


def test_tables_tell_the_newsrooms_clock_and_json_utc(harness: Harness, run: Run) -> None:
    at(harness, "2026-09-30T21:30:00Z")
    harness.tell(harness.gives(1000))
    assert "2026-10-01 00:30:0" in run("ledger").output
    assert "+03:00" in run("ledger").output
    assert json.loads(run("ledger", "--json").output)["occurred_at"].startswith("2026-09-30T21:30:0")
    printed = run("supporter", ADA).output
    assert "2026-10-01 00:30:0" in printed
    assert "T21:30" not in printed
    told = json.loads(run("supporter", ADA, "--json").output)
    assert told["one_off"][0]["given_at"].startswith("2026-09-30T21:30:0")
    assert "2026-10  eur" in run("totals", "--by", "month").output


def test_rebuild_names_what_was_counted_in_another_zone_and_moves_it(harness: Harness, run: Run) -> None:
    at(harness, "2026-09-30T21:30:00Z")
    harness.tell(harness.gives(1000))
    # As versions before this one counted: by the month in UTC.
    row = next(row for row in harness.rows() if row["pk"].startswith(keys.TOTALS))
    for key, sign in (((row["pk"], row["sk"]), -1), (("TOTALS", "2026-09#eur#3"), 1)):
        amounts = {name: sign * row[name] for name in ("gross", "payments", "fees") if name in row}
        harness.table.write(Update(key, add=amounts))
    assert "2026-09  eur" in run("totals", "--by", "month").output
    checked = run("rebuild", "--check")
    assert checked.exit_code == 1
    for line in (
        "total  month 2026-09 eur gross     10.00   0.00 ",
        "total  month 2026-10 eur gross     0.00    10.00 ",
    ):
        assert line in checked.output
    assert run("rebuild").exit_code == 0
    assert [line.split()[:3] for line in run("totals", "--by", "month").output.splitlines()[1:]] == [
        ["2026-10", "eur", "10.00"]
    ]
    assert run("rebuild", "--check").exit_code == 0
