"""Sums and the ledger's list stand in eight partitions each, and are found with what earlier releases wrote."""

from collections import Counter
from functools import partial
from typing import Any

import pytest

from chalicelib.kernel import keys
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import ItemPage, Table, Update, written
from chalicelib.ledger.rows import codec
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rows import sums as sums_store
from chalicelib.ledger.rules.movements import STRIPE, Entry, Fee, Movement
from chalicelib.ledger.rules.stored import ListedEntry
from chalicelib.rails.registry import RAILS
from chalicelib.upgrade.rows import has_anything
from testkit.at_once import at_once
from testkit.harness import ADA, BEN, Harness
from testkit.one_partition import as_before
from testkit.rebuilding import found, rebuilds
from testkit.tables import Around

AT_ONCE = 16


class Without(Around):
    """The negative control: a reader that does not ask these partitions."""

    def __init__(self, harness: Harness, *partitions: str) -> None:
        super().__init__(harness.table)
        self._left_out = partitions

    def query(self, pk: str, **more: Any) -> ItemPage:
        """See the port."""
        return ItemPage([]) if pk in self._left_out else super().query(pk, **more)

    def query_index(self, pk: str, **more: Any) -> ItemPage:
        """See the port."""
        return ItemPage([]) if pk in self._left_out else super().query_index(pk, **more)


def books(harness: Harness, table: Table | None = None) -> Any:
    """Everything that is read of sums and entries."""
    asked = table or harness.table
    return (
        sums_store.totals(asked),
        sums_store.totals_by_month(asked),
        sums_store.totals_of_campaign(asked, "winter"),
        sorted(sums_store.months(asked)),
        list(ledger.entries_of_rails(asked, RAILS)),
    )


def gifts(harness: Harness, many: int, first: int = 0) -> list[Entry]:
    """Gifts of one supporter, a minute apart, booked as they are."""
    supporter = harness.state().id
    made = []
    for number in range(first, first + many):
        name = f"pi_{number * 7919:024}"
        at = harness.clock.business + 60 * number
        moved = Movement(name, "gift", name, 100, "eur", at, livemode=False, rail=STRIPE, fee=Fee(3, "eur"))
        made.append(Entry(moved, campaign="winter"))
        harness.table.transact(ledger.book(made[-1:], supporter, harness.newsroom.zone))
    return made


@pytest.fixture
def known(harness: Harness) -> Harness:
    """Ada is known, and gave once."""
    harness.tell(harness.gives(1000))
    return harness


# ---- where they stand ----


def test_entries_are_spread_evenly_and_each_rail_has_its_own() -> None:
    places = Counter(keys.ledger_month("2026-09", STRIPE, f"pi_3Q{number:022x}") for number in range(8000))
    assert set(places) == set(keys.all_of_ledger_month("2026-09", STRIPE)) - {"LEDGER#2026-09"}
    assert max(places.values()) < 1.5 * min(places.values())
    everywhere = [one for rail in (STRIPE, "bank") for one in keys.all_of_ledger_month("2026-09", rail)]
    assert len(set(everywhere)) == len(everywhere) == 18


def test_sums_are_spread_evenly_over_partitions_and_counters() -> None:
    for at in (
        [keys.total("2026-09", "eur", shard) for shard in range(keys.SUM_SHARDS)],
        [keys.campaign_total("winter", "eur", shard) for shard in range(keys.SUM_SHARDS)],
    ):
        assert len(set(at)) == keys.SUM_SHARDS == 32
        assert set(Counter(pk for pk, _ in at).values()) == {4}
    assert {pk for pk, _ in (keys.total("2026-09", "eur", shard) for shard in range(32))} == {*keys.all_totals()[1:]}


def test_a_campaign_whose_name_begins_another_ones_is_not_counted_with_it(known: Harness) -> None:
    known.tell(known.gives(700, campaign="winter"))
    known.tell(known.gives(300, campaign="winter-2"))
    sums = {name: sums_store.totals_of_campaign(known.table, name) for name in ("winter", "winter-2", "win")}
    assert {name: [one.sums.gross for one in found] for name, found in sums.items()} == {
        "winter": [700],
        "winter-2": [300],
        "win": [],
    }


# ---- read with what was before ----


@pytest.mark.engine
def test_what_was_written_before_counts_and_is_listed_like_what_is_written_now(known: Harness) -> None:
    gifts(known, 40)
    was = books(known)
    assert len(was[-1]) == 41
    moved = as_before(known.table, [row for row in known.rows() if row["sk"].endswith(("0", "2", "4", "6", "8"))])
    assert moved > 10
    assert books(known) == was, "half of it before, half now"
    times = [one.occurred_at for one in was[-1] if isinstance(one, ListedEntry)]
    assert times == sorted(times)
    as_before(known.table, known.rows())
    assert books(known) == was, "all of it before"
    assert has_anything(known.table)
    gifts(known, 3, first=40)
    eur = sums_store.totals(known.table)["eur"]
    assert (eur.gross, eur.payments) == (1000 + 43 * 100, 44)


def test_a_reader_that_leaves_a_partition_out_is_noticed(known: Harness) -> None:
    """The negative control of the test above, for each partition."""
    gifts(known, 80)
    month = keys.month(known.clock.business)
    half = known.rows()[::2]
    as_before(known.table, half)
    was = books(known)
    for place in (
        *keys.all_totals(),
        *keys.all_of_campaign("winter"),
        *keys.all_of_ledger_month(month, STRIPE),
    ):
        assert books(known, Without(known, place)) != was, place


def test_an_entry_of_before_is_right_where_it_is_and_another_shards_is_not(known: Harness) -> None:
    gifts(known, 2)
    (row, *_) = known.books.entries
    as_before(known.table, [row])
    stored = ledger.entry_of(known.table, row["id"])
    assert stored is not None
    assert stored.wrong is None
    assert found(rebuilds(known)) == []
    month, name = keys.month(row["occurred_at"]), row["id"]
    (other, *_) = set(keys.all_of_ledger_month(month, STRIPE)[1:]) - {keys.ledger_month(month, STRIPE, name)}
    for wrong in (other, "LEDGER#2020-01", keys.ledger_month(month, "bank", name)):
        known.table.write(Update((row["pk"], row["sk"]), set={"gsi1pk": wrong}))
        stored = ledger.entry_of(known.table, name)
        assert stored is not None
        assert stored.wrong == "listing", wrong
        assert "entry_listing" in found(rebuilds(known))


def test_a_fee_that_comes_late_leaves_an_entry_of_before_where_it_is(known: Harness) -> None:
    row = known.books.entries[0]
    known.table.write(Update((row["pk"], row["sk"]), remove=("fee", "fee_currency")))
    as_before(known.table, [row])
    stored = ledger.entry_of(known.table, row["id"])
    assert stored is not None
    known.table.transact(ledger.settle_fee(stored, Fee(9, "eur"), known.newsroom.zone))
    (listed,) = ledger.entries(known.table, STRIPE)
    assert isinstance(listed, ListedEntry)
    assert listed.fee == Fee(9, "eur")
    assert known.books.entries[0]["gsi1pk"] == "LEDGER#2026-09"


@pytest.mark.parametrize("before", [True, False], ids=["as it was", "now"])
def test_that_a_table_is_in_use_is_seen_from_either(harness: Harness, *, before: bool) -> None:
    assert not has_anything(harness.table)
    harness.tell(harness.gives(1000))
    if before:
        assert as_before(harness.table, harness.rows())
    assert has_anything(harness.table)


# ---- many at once ----


@pytest.mark.engine
def test_many_who_give_at_once_are_all_counted_beside_what_was_before(harness: Harness) -> None:
    harness.tell(harness.gives(1000, campaign="winter"))
    as_before(harness.table, harness.rows())
    state, zone, now = harness.state(), harness.newsroom.zone, harness.clock.business

    def gives(number: int) -> None:
        for one in range(4):
            name = f"pi_{number:012}{one:012}"
            moved = Movement(name, "gift", name, 500, "eur", BusinessTime(now + one), livemode=False, rail=STRIPE)
            changes = partial(ledger.book, [Entry(moved, campaign="winter")], state.id, zone)
            # Whoever meets another one at the same counter begins again, at another.
            assert any(written(harness.table, *changes()) for _ in range(50))

    assert at_once(AT_ONCE, gives) == [None] * AT_ONCE
    whole, (month,) = sums_store.totals(harness.table)["eur"], sums_store.totals_by_month(harness.table)
    (campaign,) = sums_store.totals_of_campaign(harness.table, "winter")
    for sums in (whole, month.sums, campaign.sums):
        assert (sums.gross, sums.payments) == (1000 + AT_ONCE * 4 * 500, 1 + AT_ONCE * 4)
    listed = list(ledger.entries(harness.table, STRIPE))
    assert len(listed) == len({one.id for one in listed if isinstance(one, ListedEntry)}) == 1 + AT_ONCE * 4
    used = {row["pk"] for row in harness.rows() if sums_store.group_of(row)}
    assert len(used & set(keys.all_totals())) > 5, "spread"


def test_people_who_gave_before_and_now_have_one_history(known: Harness) -> None:
    """What a supporter is shown, and what is erased, does not ask where the index lists an entry."""
    known.tell(known.gives(700, email=BEN))
    as_before(known.table, list(known.books.entries[:1]))
    for email in (ADA, BEN):
        (entry,) = ledger.entries_of(known.table, known.state(email).id)
        assert codec.key_of(entry.supporter, entry.place)[0] == keys.supporter(known.state(email).id)
