"""Rebuild: what follows from the ledger, derived anew, is what is stored; damage to it is found, and mended."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.kernel import keys
from chalicelib.kernel.table import Delete, Update
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rows import sums as sums_store
from chalicelib.ledger.rules.movements import STRIPE
from chalicelib.ledger.rules.sums import COUNTED
from chalicelib.rails.registry import RAILS
from chalicelib.rebuild.actions.rebuild import as_json, rebuild
from chalicelib.supporters.rows import supporters
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.rebuilding import (
    EVE,
    OLA,
    access,
    afterwards,
    damaged,
    found,
    lost,
    no_events,
    rebuilds,
    rows,
    written,
)

Damage = Callable[[Harness], object]


@pytest.fixture
def harness() -> Harness:
    """A harness after a rich life, with a table that may be damaged."""
    return afterwards()


# ---- what can be mended ----


def a_shard_was_changed(harness: Harness) -> None:
    row = next(
        row for row in rows(harness) if row["pk"].startswith("TOTALS#") and "#eur#" in row["sk"] and "gross" in row
    )
    damaged(harness, row, gross=row["gross"] + 12_345)


def a_shard_of_the_campaign_was_lost(harness: Harness) -> None:
    row = next(row for row in rows(harness) if row["pk"].startswith("CAMPAIGN#winter#") and "refunded" in row)
    written(harness, {name: row[name] for name in row if name != "refunded"})


def a_grant_was_lost(harness: Harness) -> None:
    written(harness, access(harness), grants=[])


def a_grant_was_made_longer(harness: Harness) -> None:
    item = access(harness)
    written(harness, item, grants=[{**item["grants"][0], "days": 9_999}])


def a_refund_was_forgotten(harness: Harness) -> None:
    written(harness, access(harness), reversals=[])


def a_refund_holds_more(harness: Harness) -> None:
    item = access(harness, EVE)
    first = next(one for one in item["reversals"] if any(one["refunds"].values()))
    others = [one for one in item["reversals"] if one != first]
    written(
        harness, item, reversals=[*others, {**first, "refunds": dict.fromkeys(first["refunds"], first["amount"])}]
    )


def a_lost_dispute_was_forgiven(harness: Harness) -> None:
    item = access(harness, BEN)
    first = next(one for one in item["reversals"] if any(one["disputes"].values()))
    others = [one for one in item["reversals"] if one != first]
    written(harness, item, reversals=[*others, {**first, "disputes": dict.fromkeys(first["disputes"], 0)}])


def a_lost_dispute_was_forgotten(harness: Harness) -> None:
    item = access(harness, BEN)
    written(harness, item, reversals=[one for one in item["reversals"] if not any(one["disputes"].values())])


def the_paid_time_was_lowered(harness: Harness) -> None:
    item = access(harness)
    ((name, gift),) = item["recurring"].items()
    *others, (start, end, tier, invoice) = gift["periods"]
    written(harness, item, recurring={name: {**gift, "periods": [*others, [start, end - 86_400, tier, invoice]]}})


def a_paid_month_was_lost(harness: Harness) -> None:
    item = access(harness)
    ((name, gift),) = item["recurring"].items()
    assert len(gift["periods"]) > 1
    written(harness, item, recurring={name: {**gift, "periods": gift["periods"][1:]}})


def the_tier_was_raised(harness: Harness) -> None:
    item = access(harness)
    ((name, gift),) = item["recurring"].items()
    *others, (start, end, _, invoice) = gift["periods"]
    written(harness, item, recurring={name: {**gift, "periods": [*others, [start, end, "patron", invoice]]}})


def the_listing_was_lost(harness: Harness) -> None:
    item = access(harness)
    written(harness, {name: item[name] for name in item if not name.startswith("gsi1")})


def an_ended_one_was_listed(harness: Harness) -> None:
    written(harness, access(harness, OLA), gsi1pk=keys.RECURRING, gsi1sk=access(harness, OLA)["pk"])


def an_address_was_lost(harness: Harness) -> None:
    harness.table.write(Delete(keys.email(supporters.email_hash(ADA, EMAIL_KEY))))


def a_customer_was_lost(harness: Harness) -> None:
    ((_, gift),) = access(harness)["recurring"].items()
    harness.table.write(Delete(keys.customer(gift["customer"])))


def a_customer_led_nowhere(harness: Harness) -> None:
    ((_, gift),) = access(harness)["recurring"].items()
    harness.table.write(Update(keys.customer(gift["customer"]), set={"supporter": "nobody"}))


MENDED: list[tuple[Damage, str, str]] = [
    (a_shard_was_changed, "total", "sums"),
    (a_shard_of_the_campaign_was_lost, "total", "sums"),
    (a_grant_was_lost, "grant", "grants"),
    (a_grant_was_made_longer, "grant", "grants"),
    (a_refund_was_forgotten, "reversal", "reversals"),
    (a_refund_holds_more, "reversal", "reversals"),
    (a_lost_dispute_was_forgiven, "reversal", "reversals"),
    (a_lost_dispute_was_forgotten, "reversal", "reversals"),
    (the_paid_time_was_lowered, "paid_through", "recurring"),
    (the_tier_was_raised, "tier", "recurring"),
    (a_paid_month_was_lost, "paid_periods", "recurring"),
    (the_listing_was_lost, "listing", "listing"),
    (an_ended_one_was_listed, "listing", "listing"),
    (an_address_was_lost, "address_lookup", "addresses"),
    (a_customer_was_lost, "customer_lookup", "customers"),
    (a_customer_led_nowhere, "customer_lookup", "customers"),
]


def mended_rows(harness: Harness) -> list[Any]:
    """All rows, the sums added up and without versions and the history of mending."""
    sums: dict[Any, int] = {}
    kept = []
    for row in rows(harness):
        if group := sums_store.group_of(row):
            for column in COUNTED:
                name = (group, column)
                sums[name] = sums.get(name, 0) + row.get(column, 0)
        elif "access:standing:rebuilt" not in row.get("tags", ()):
            kept.append({name: row[name] for name in row if name != "version"})
    return [{name: amount for name, amount in sums.items() if amount}, *kept]


@pytest.mark.parametrize(("damage", "what", "comparison"), MENDED, ids=[one[0].__name__ for one in MENDED])
def test_damage_to_what_follows_is_found_and_mended(
    harness: Harness, damage: Damage, what: str, comparison: str
) -> None:
    whole = mended_rows(harness)
    damage(harness)
    broken = rows(harness)
    assert broken != whole
    assert found(rebuilds(harness)) == [what], "exactly its own difference"
    assert rows(harness) == broken, "to look changes nothing"
    assert found(rebuilds(harness, without=comparison)) == [], "the negative control: nobody else would notice"
    done = rebuilds(harness, repair=True)
    assert (found(done), done.left) == ([what], [])
    assert mended_rows(harness) == whole
    settled = rows(harness)
    assert found(rebuilds(harness, repair=True)) == []
    assert rows(harness) == settled, "the second time changes nothing"


def test_what_a_person_granted_and_a_month_for_free_stay(harness: Harness) -> None:
    item = access(harness)
    ((name, gift),) = item["recurring"].items()
    end = gift["periods"][-1][1]
    by_hand = {"id": "grant_1", "tier": "patron", "at": 1, "until": 2_000_000_000}
    written(
        harness,
        item,
        grants=[by_hand, *item["grants"]],
        recurring={name: {**gift, "periods": [*gift["periods"], [end, end + 30 * 86_400, "patron", "in_free"]]}},
    )
    assert found(rebuilds(harness)) == []


def test_without_its_events_the_ledger_still_holds(harness: Harness) -> None:
    no_events(harness)
    done = rebuilds(harness)
    assert (found(done), as_json(done)["events"]) == ([], 0)


def test_two_kinds_of_damage_in_one_place_are_both_mended(harness: Harness) -> None:
    a_grant_was_lost(harness)
    the_paid_time_was_lowered(harness)
    a_shard_was_changed(harness)
    done = rebuilds(harness, repair=True)
    assert (found(done), done.left) == (["grant", "paid_through", "total"], [])
    history = [row for row in rows(harness) if "access:standing:rebuilt" in row.get("tags", ())]
    assert [row["found"] for row in history] == [["grant", "paid_through"]]
    assert found(rebuilds(harness)) == []


def test_with_another_key_for_addresses_no_second_look_up_is_written(harness: Harness) -> None:
    before = rows(harness)
    done = rebuild(
        harness.table, "another key", rails=RAILS, repair=True, now=harness.now(), zone=harness.newsroom.zone
    )
    assert {one.what for one in done.differences} == {"address_lookup"}
    assert done.left == done.differences
    assert rows(harness) == before


def test_no_address_is_told(harness: Harness) -> None:
    a_grant_was_lost(harness)
    an_address_was_lost(harness)
    told = str(as_json(rebuilds(harness)))
    assert "@" not in told
    assert supporters.email_hash(ADA, EMAIL_KEY) not in told


def test_a_row_of_totals_that_was_lost_is_made_again(harness: Harness) -> None:
    for row in list(sums_store.of_months(harness.table)):
        lost(harness, row)
    assert list(ledger.entries(harness.table, STRIPE)) == [], "the ledger's months are learnt from the totals"
    done = rebuilds(harness, repair=True)
    assert done.left == []
    assert len(list(ledger.entries(harness.table, STRIPE))) == 16
