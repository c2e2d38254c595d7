"""Rebuild: damage to the ledger itself is told as what it is, once, and nothing that follows from it is touched."""

from collections.abc import Callable

import pytest

from chalicelib.kernel import keys
from chalicelib.kernel.table import Put
from testkit.harness import BEN, Harness
from testkit.rebuilding import (
    EVE,
    OLA,
    access,
    afterwards,
    damaged,
    entries,
    entry,
    found,
    guard,
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


def an_entry_was_deleted(harness: Harness) -> None:
    lost(harness, entry(harness))


def an_entry_of_a_month_was_deleted(harness: Harness) -> None:
    lost(harness, entry(harness, recurring=True))


def the_entry_of_a_refund_was_deleted(harness: Harness) -> None:
    lost(harness, entry(harness, "refund", EVE))


def a_guard_was_deleted(harness: Harness) -> None:
    lost(harness, guard(harness, entry(harness)))


def a_booking_was_deleted_whole(harness: Harness) -> None:
    lost(harness, guard(harness, entry(harness, email=EVE)))
    lost(harness, entry(harness, email=EVE))


def a_refund_was_deleted_whole(harness: Harness) -> None:
    (refund,) = [row for row in entries(harness) if row["kind"] == "refund"]
    lost(harness, guard(harness, refund))
    lost(harness, refund)


def an_amount_was_changed(harness: Harness) -> None:
    damaged(harness, entry(harness), amount=99_000)


def a_month_s_amount_was_raised(harness: Harness) -> None:
    damaged(harness, entry(harness, recurring=True), amount=99_000)


def a_month_s_amount_was_lowered(harness: Harness) -> None:
    damaged(harness, entry(harness, recurring=True), amount=1)


def a_currency_was_changed(harness: Harness) -> None:
    damaged(harness, entry(harness), currency="usd")


def a_gift_became_a_debt(harness: Harness) -> None:
    no_events(harness)
    damaged(harness, entry(harness, email=OLA), amount=-30_000)


def a_currency_was_invented(harness: Harness) -> None:
    no_events(harness)
    damaged(harness, entry(harness, email=OLA), currency="xyz")


def a_refund_that_came_back_grew(harness: Harness) -> None:
    no_events(harness)
    back = next(row for row in entries(harness, EVE) if row["id"].endswith(":failed"))
    damaged(harness, back, amount=1)


def an_entry_lost_its_amount(harness: Harness) -> None:
    item = entry(harness)
    written(harness, {name: item[name] for name in item if name != "amount"})


def an_entry_is_no_longer_listed(harness: Harness) -> None:
    item = entry(harness)
    written(harness, {name: item[name] for name in item if not name.startswith("gsi1")})


def a_payment_was_booked_twice(harness: Harness) -> None:
    """As without the guard: two tellings of one payment that differ by a second."""
    item = entry(harness)
    later = item["occurred_at"] + 1
    pk, sk = keys.entry(item["supporter"], later, item["id"])
    listed = f"{keys.moment(later)}#{item['id']}"
    harness.table.write(Put({**item, "pk": pk, "sk": sk, "occurred_at": later, "gsi1sk": listed}))


def nothing_is_left_of_a_refunded_gift(harness: Harness) -> None:
    no_events(harness)
    for item in entries(harness, EVE):
        if item["payment_intent"] == entry(harness, email=EVE)["payment_intent"] and item["kind"] == "refund":
            continue
        if item["id"] == entry(harness, "refund", EVE)["payment_intent"]:
            lost(harness, guard(harness, item))
            lost(harness, item)


def nobody_knows_the_dispute(harness: Harness) -> None:
    no_events(harness)
    item = access(harness, BEN)
    written(harness, item, reversals=[one for one in item["reversals"] if not any(one["disputes"].values())])


def a_recurring_gift_was_lost(harness: Harness) -> None:
    item = access(harness)
    written(harness, {name: item[name] for name in item if not name.startswith("gsi1")}, recurring={})


def an_address_leads_to_nobody(harness: Harness) -> None:
    harness.table.write(Put({"pk": "EMAIL#0", "sk": "EMAIL", "supporter": "nobody"}))


def an_access_item_cannot_be_read(harness: Harness) -> None:
    written(harness, access(harness), grants=[{"id": "pi_1", "colour": "blue"}])


def a_profile_has_no_address(harness: Harness) -> None:
    profile = harness.table.get(keys.profile(harness.state().id))
    assert profile
    written(harness, {name: profile[name] for name in profile if name != "email"})


LOOKED_AT: list[tuple[Damage, str, str]] = [
    (an_entry_was_deleted, "guard_without_entry", "guards"),
    (an_entry_of_a_month_was_deleted, "guard_without_entry", "guards"),
    (the_entry_of_a_refund_was_deleted, "guard_without_entry", "guards"),
    (a_guard_was_deleted, "entry_without_guard", "guards"),
    (a_payment_was_booked_twice, "entry_without_guard", "guards"),
    (an_entry_lost_its_amount, "entry_unreadable", "guards"),
    (a_booking_was_deleted_whole, "told_but_not_booked", "told"),
    (a_refund_was_deleted_whole, "told_but_not_booked", "told"),
    (an_amount_was_changed, "told_otherwise", "told"),
    (a_month_s_amount_was_raised, "told_otherwise", "told"),
    (a_month_s_amount_was_lowered, "told_otherwise", "told"),
    (a_currency_was_changed, "told_otherwise", "told"),
    (a_gift_became_a_debt, "entry_sign", "entries"),
    (a_currency_was_invented, "entry_currency", "entries"),
    (a_refund_that_came_back_grew, "entry_comes_back_otherwise", "entries"),
    (an_entry_is_no_longer_listed, "entry_listing", "entries"),
    (nothing_is_left_of_a_refunded_gift, "gift_not_booked", "entries"),
    (nobody_knows_the_dispute, "reversal_unnamed", "reversals"),
    (a_recurring_gift_was_lost, "recurring_gift_lost", "recurring"),
    (an_access_item_cannot_be_read, "not_readable", "readable"),
    (a_profile_has_no_address, "not_readable", "readable"),
    (an_address_leads_to_nobody, "address_leads_astray", "addresses"),
]


@pytest.mark.parametrize(("damage", "what", "comparison"), LOOKED_AT, ids=[one[0].__name__ for one in LOOKED_AT])
def test_damage_to_the_ledger_is_told_and_left_alone(
    harness: Harness, damage: Damage, what: str, comparison: str
) -> None:
    damage(harness)
    broken = rows(harness)
    done = rebuilds(harness, repair=True)
    assert found(done) == [what], "exactly its own difference; what follows from it is not judged"
    assert done.left == done.differences
    assert rows(harness) == broken, "nothing is written while it is in doubt"
    assert what not in found(rebuilds(harness, without=comparison)), "the negative control"


def test_a_grant_that_the_ledger_does_not_know_is_told_and_not_taken_away(harness: Harness) -> None:
    item = access(harness)
    written(harness, item, grants=[*item["grants"], {**item["grants"][0], "id": "pi_unheard_of"}])
    before = rows(harness)
    assert found(rebuilds(harness, repair=True)) == ["grant_without_gift"]
    assert rows(harness) == before


def test_rows_that_nobody_can_read_stop_nothing(harness: Harness) -> None:
    """Whatever stands there: the look goes on, and says what it is."""
    item = next(row for row in rows(harness) if row["sk"] == "EVT" and row["type"] == "payment_intent.succeeded")
    written(harness, item, body=b"not zlib")
    lost(harness, entry(harness))
    written(harness, guard(harness, entry(harness, email=EVE)), entry="elsewhere")
    harness.table.write(Put({"pk": keys.TOTALS, "sk": "nonsense", "gross": 5}))
    harness.table.write(Put({"pk": "CUS#cus_1", "sk": "CUS"}))
    done = rebuilds(harness)
    assert found(done) == ["customer_lookup", "guard_without_entry", "guard_without_entry"]
    assert done.read.without_movements == 1
