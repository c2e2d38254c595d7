"""Sums by month are counted as months stand in the newsroom; what is stored of an entry, and its list, stays UTC."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.kernel import keys
from chalicelib.kernel.moments import rfc3339, seconds_of
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rows import sums as ledger_sums
from chalicelib.ledger.rules.movements import STRIPE
from chalicelib.rails.registry import RAILS
from chalicelib.rebuild.actions.rebuild import rebuild
from testkit.harness import EMAIL_KEY, Harness
from testkit.rebuilding import damaged, found, lost, rebuilds, rows, scenarios
from testkit.tables import Around, Unguarded

ByMonth = dict[tuple[str, str], tuple[int, int]]


def in_zone(harness: Harness, zone: str) -> None:
    """The newsroom's file names another time zone from now on."""
    harness.wiring.newsroom = replace(harness.newsroom, time_zone=zone)


def at(harness: Harness, moment: str) -> None:
    seconds = seconds_of(moment)
    assert seconds is not None
    harness.pass_time(seconds - harness.clock.business)


def by_month(harness: Harness) -> ByMonth:
    """Gross and payments of every month in which there is anything."""
    found = {
        (one.of, one.currency): (one.sums.gross, one.sums.payments)
        for one in ledger_sums.totals_by_month(harness.table)
    }
    return {key: sums for key, sums in found.items() if any(sums)}


def at_the_end_of_months(harness: Harness) -> None:
    """A gift in the evening, in UTC, of several months' last days."""
    for moment in ("2026-09-30T20:30:00Z", "2026-09-30T21:30:00Z", "2026-10-01T03:30:00Z", "2026-12-31T23:30:00Z"):
        at(harness, moment)
        harness.tell(harness.gives(1000, campaign="winter"))


UTC_SUMS: ByMonth = {("2026-09", "eur"): (2000, 2), ("2026-10", "eur"): (1000, 1), ("2026-12", "eur"): (1000, 1)}
KYIV: ByMonth = {("2026-09", "eur"): (1000, 1), ("2026-10", "eur"): (2000, 2), ("2027-01", "eur"): (1000, 1)}
NEW_YORK: ByMonth = {("2026-09", "eur"): (3000, 3), ("2026-12", "eur"): (1000, 1)}
ZONES = [("UTC", UTC_SUMS), ("Europe/Kyiv", KYIV), ("America/New_York", NEW_YORK)]


@pytest.mark.parametrize(("zone", "expected"), ZONES)
def test_a_gift_counts_in_the_month_that_it_is_in_the_newsroom(
    harness: Harness, zone: str, expected: ByMonth
) -> None:
    in_zone(harness, zone)
    at_the_end_of_months(harness)
    assert by_month(harness) == expected
    assert found(rebuilds(harness)) == []
    entries = list(ledger.entries(harness.table, STRIPE))
    assert [rfc3339(entry.occurred_at or 0) for entry in entries] == [
        "2026-09-30T20:30:00Z",
        "2026-09-30T21:30:00Z",
        "2026-10-01T03:30:00Z",
        "2026-12-31T23:30:00Z",
    ], "none is missed, although its own month in UTC may have no sums"
    for row in harness.books.entries:
        assert row["gsi1pk"].startswith(f"LEDGER#{rfc3339(row['occurred_at'])[:7]}#stripe#")
    assert list(ledger.entries(harness.table, STRIPE, "2026-10")) == entries[2:]


def test_a_fee_and_a_refund_count_in_their_own_month(harness: Harness) -> None:
    in_zone(harness, "America/New_York")
    at(harness, "2026-10-01T03:30:00Z")
    events = harness.gives(1000)
    for event in events:
        harness.deliver(event)
    at(harness, "2026-10-01T04:30:00Z")
    harness.tell(harness.stripe.gives_back(harness.stripe.of("payment_intent")[-1]["id"], 400))
    (september, october) = ledger_sums.totals_by_month(harness.table)
    assert (september.of, september.sums.gross, september.sums.refunded) == ("2026-09", 1000, 0)
    assert september.sums.fees > 0
    assert (october.of, october.sums.gross, october.sums.refunded) == ("2026-10", 0, 400)
    assert found(rebuilds(harness)) == []


# ---- the sums move ----


def test_sums_of_another_zone_are_named_and_moved_with_nothing_lost(harness: Harness) -> None:
    in_zone(harness, "UTC")
    at_the_end_of_months(harness)
    whole, campaign = ledger_sums.totals(harness.table), ledger_sums.totals_of_campaign(harness.table, "winter")
    for zone, expected in (*ZONES[1:], *ZONES):  # the newsroom moves, and moves back
        in_zone(harness, zone)
        before, was = rows(harness), by_month(harness)
        checked = rebuilds(harness)
        assert rows(harness) == before, "to look changes nothing"
        months = {one.where.split()[1] for one in checked.differences}
        assert {one.what for one in checked.differences} <= {"total"}
        assert months == {
            month
            for month, currency in {*was, *expected}
            if was.get((month, currency)) != expected.get((month, currency))
        }
        done = rebuilds(harness, repair=True)
        assert (done.left, by_month(harness)) == ([], expected)
        assert ledger_sums.totals(harness.table) == whole
        assert ledger_sums.totals_of_campaign(harness.table, "winter") == campaign
        assert len(list(ledger.entries(harness.table, STRIPE))) == 4
        settled = rows(harness)
        assert found(rebuilds(harness, repair=True)) == []
        assert rows(harness) == settled, "the second time changes nothing"


def test_a_whole_life_in_utc_moves_to_the_far_ends_of_the_calendar(harness: Harness) -> None:
    in_zone(harness, "UTC")
    at(harness, "2026-09-30T23:30:00Z")
    scenarios(harness)
    whole = ledger_sums.totals(harness.table)
    entries = list(ledger.entries(harness.table, STRIPE))
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Kyiv"):
        in_zone(harness, zone)
        done = rebuilds(harness, repair=True)
        assert done.differences
        assert done.left == []
        assert ledger_sums.totals(harness.table) == whole
        assert list(ledger.entries(harness.table, STRIPE)) == entries
        assert found(rebuilds(harness)) == []


def test_sums_move_beside_gifts_at_any_moment(harness: Harness) -> None:
    """A gift at a month's end before every single call of the move: none is lost, none doubled."""
    in_zone(harness, "UTC")
    at_the_end_of_months(harness)
    given, number, calls = 4, 0, 0
    zones = ["Europe/Kyiv", "America/New_York"]
    while number <= calls:
        number += 1
        in_zone(harness, zones[number % 2])
        made = 0

        def before(_name: str, _what: Any, number: int = number) -> None:
            nonlocal made, given
            made += 1
            if made == number:
                given += 1
                harness.tell(harness.gives(1000, campaign="winter"))

        table = Around(harness.table, before)
        rebuild(table, EMAIL_KEY, rails=RAILS, repair=True, now=harness.now(), zone=harness.newsroom.zone)
        calls = max(calls, made)
        rebuilds(harness, repair=True)  # a sum that a gift was at just then is left for the next run
        done = rebuilds(harness)
        assert (found(done), done.moving) == ([], ()), number
        assert ledger_sums.totals(harness.table)["eur"].gross == given * 1000
    assert number > 10


def test_two_people_who_move_the_sums_at_once_move_them_once(harness: Harness) -> None:
    in_zone(harness, "UTC")
    at_the_end_of_months(harness)
    in_zone(harness, "Europe/Kyiv")
    other = iter([lambda: rebuilds(harness, repair=True)])

    def before(name: str, _what: Any) -> None:
        if name == "write" and (first := next(other, None)):
            first()

    rebuild(
        Around(harness.table, before),
        EMAIL_KEY,
        rails=RAILS,
        repair=True,
        now=harness.now(),
        zone=harness.newsroom.zone,
    )
    assert by_month(harness) == KYIV


def test_without_the_condition_they_would_be_moved_twice(harness: Harness) -> None:
    """The negative control of the test above."""
    in_zone(harness, "UTC")
    at_the_end_of_months(harness)
    in_zone(harness, "Europe/Kyiv")
    other = iter([lambda: rebuilds(harness, repair=True)])

    def before(name: str, _what: Any) -> None:
        if name == "write" and (first := next(other, None)):
            first()

    careless = Unguarded(harness.table, keys.TOTALS)
    rebuild(
        Around(careless, before), EMAIL_KEY, rails=RAILS, repair=True, now=harness.now(), zone=harness.newsroom.zone
    )
    assert by_month(harness) != KYIV


def test_where_an_entry_is_in_doubt_the_sums_of_its_month_in_the_newsroom_are_left_alone(harness: Harness) -> None:
    in_zone(harness, "Europe/Kyiv")
    at(harness, "2026-09-30T21:30:00Z")  # October there
    harness.tell(harness.gives(1000))
    at(harness, "2026-12-01T12:00:00Z")
    harness.tell(harness.gives(1000))
    (entry, _) = sorted(harness.books.entries, key=lambda row: str(row["occurred_at"]))
    for gone in (False, True):
        if gone:
            lost(harness, entry)
        else:
            damaged(harness, entry, amount="a lot")
        done = rebuilds(harness, repair=True)
        assert not [one for one in done.differences if one.what == "total"], "October's sums are right"
        assert by_month(harness)["2026-10", "eur"] == (1000, 1)


def test_every_row_of_sums_lost_is_made_again_in_the_newsrooms_months(harness: Harness) -> None:
    in_zone(harness, "Europe/Kyiv")
    at_the_end_of_months(harness)
    for row in list(ledger_sums.of_months(harness.table)):
        lost(harness, row)
    rebuilds(harness, repair=True)
    assert by_month(harness) == KYIV
