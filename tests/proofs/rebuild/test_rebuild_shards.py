"""Sums of which an earlier release wrote a part are held with the others against the ledger, and mended once."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from chalicelib.kernel import keys
from chalicelib.kernel.table import TableUnavailable, Update
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rows import sums as sums_store
from chalicelib.rails.registry import RAILS
from chalicelib.rebuild.actions.rebuild import rebuild
from testkit.harness import EMAIL_KEY, Harness
from testkit.one_partition import as_before
from testkit.rebuilding import afterwards, found, rebuilds, rows
from testkit.tables import Around


def books(harness: Harness) -> Any:
    """Everything that is read of sums and entries."""
    entries = list(ledger.entries_of_rails(harness.table, RAILS))
    return sums_store.totals_by_month(harness.table), sums_store.totals_of_campaign(harness.table, "winter"), entries


def halves() -> Harness:
    """After a rich life, of which an earlier release wrote every other row."""
    harness = afterwards()
    as_before(harness.table, rows(harness)[::2])
    return harness


def damage(harness: Harness) -> None:
    """A counter of before is wrong, one of now is gone, and one of a campaign is wrong."""
    sums = [row for row in rows(harness) if sums_store.group_of(row) and row.get("gross")]
    old = next(row for row in sums if row["pk"] == keys.TOTALS)
    new = next(row for row in sums if row["pk"].startswith(f"{keys.TOTALS}#"))
    campaign = next(row for row in sums if row["pk"].startswith(keys.CAMPAIGN_PREFIX))
    for row, gross in ((old, 12_345), (new, -new["gross"]), (campaign, 7)):
        harness.table.write(Update((row["pk"], row["sk"]), add={"gross": gross}))


def test_rebuild_holds_both_together_against_the_ledger_and_mends_them_once() -> None:
    harness = halves()
    assert found(rebuilds(harness)) == [], "moved, and nothing lost"
    was = books(harness)
    damage(harness)
    done = rebuilds(harness, repair=True)
    assert {one.what for one in done.differences} == {"total"}
    assert done.left == []
    assert books(harness) == was
    settled = rows(harness)
    assert found(rebuilds(harness, repair=True)) == []
    assert rows(harness) == settled


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_fault_at_any_call_of_the_repair_leaves_sums_that_the_next_run_makes_right(*, after: bool) -> None:
    """It ends before, or after, each of its calls in turn; nothing is added twice."""
    whole = halves()
    damage(whole)
    calls = _until(whole, 0, after=after)
    for number in range(1, calls + 1):
        harness = halves()
        was = books(harness)
        damage(harness)
        assert _until(harness, number, after=after) == number
        rebuilds(harness, repair=True)
        assert books(harness) == was, number
        assert found(rebuilds(harness)) == [], number
    assert calls > 20


class _Failing(Around):
    """Ends at the call with this number: before the table has heard of it, or after that, with no answer."""

    def __init__(self, harness: Harness, number: int, *, after: bool) -> None:
        super().__init__(harness.table)
        self.made, self._number, self._after = 0, number, after

    def _call(self, _name: str, _what: object, work: Callable[[], Any]) -> Any:
        self.made += 1
        if self.made != self._number:
            return work()
        if self._after:
            work()
        raise TableUnavailable("injected")


def _until(harness: Harness, number: int, *, after: bool) -> int:
    table = _Failing(harness, number, after=after)
    with suppress(TableUnavailable):
        rebuild(table, EMAIL_KEY, rails=RAILS, repair=True, now=harness.now(), zone=harness.newsroom.zone)
    return table.made
