"""What the meter opened to two records that become one: read by both, and counted once."""

import pytest

from chalicelib.kernel import keys
from chalicelib.metering.rows import read_articles
from chalicelib.metering.rules.meter import month_at
from chalicelib.newsroom.meter import MOST_SIGNED_IN
from localdev.around import Around
from testkit.harness import Harness
from testkit.merging import merges, two_records


def test_what_the_meter_opened_to_either_both_have_read(harness: Harness) -> None:
    source, into = two_records(harness)
    month = month_at(harness.now(), harness.newsroom.zone)
    for reader, articles in ((source, "abc"), (into, "bcd")):
        for article in articles:
            read_articles.add(harness.table, reader, month, f"m-{article}", 5)
    merges(harness, source, into)
    kept = read_articles.read(harness.table, into, month)
    assert kept == {"m-a", "m-b", "m-c", "m-d"}
    assert len(read_articles.add(harness.table, into, month, "m-e", 5)) == 4, "and its counter says so"
    assert len(read_articles.add(harness.table, into, month, "m-f", 5)) == 5
    assert not read_articles.read(harness.table, source, month)


def test_the_fullest_months_of_both_go_into_one(harness: Harness) -> None:
    """As many marks as a newsroom may allow, none the other's, and one of the two is two records already."""
    source, into = two_records(harness)
    month = month_at(harness.now(), harness.newsroom.zone)
    for reader, kind, many in ((source, "m", 2 * MOST_SIGNED_IN), (into, "g", MOST_SIGNED_IN)):
        for number in range(many):
            read_articles.add(harness.table, reader, month, f"{kind}-{number:05}", many)
    row = harness.table.get(keys.read_articles(source, month.name))
    assert row is not None
    (change,) = read_articles.joined(harness.table, row, into)
    assert len(change.only_if) == 1, "DynamoDB holds 4 KB in one expression"
    merges(harness, source, into)
    assert len(read_articles.read(harness.table, into, month)) == 3 * MOST_SIGNED_IN


@pytest.mark.parametrize("had_row", [True, False])
def test_what_is_read_while_two_records_become_one_counts(harness: Harness, *, had_row: bool) -> None:
    """Another device opens the same article between the look at the month and its writing: looked at again."""
    source, into = two_records(harness)
    month = month_at(harness.now(), harness.newsroom.zone)
    read_articles.add(harness.table, source, month, "m-a", 5)
    if had_row:
        read_articles.add(harness.table, into, month, "m-b", 5)
    inner, looked = harness.table, list[bool]()

    def meanwhile(call: str, what: object) -> None:
        if what == keys.read_articles(into, month.name):
            looked.append(True)
        elif call == "transact" and len(looked) == 1:
            looked.append(True)
            read_articles.add(inner, into, month, "m-a", 5)

    harness.table = Around(inner, meanwhile)
    merges(harness, source, into)
    harness.table = inner
    assert read_articles.read(inner, into, month) == {"m-a"} | ({"m-b"} if had_row else set())
    kept = inner.get(keys.read_articles(into, month.name))
    assert kept is not None
    assert kept["count"] == (2 if had_row else 1)
