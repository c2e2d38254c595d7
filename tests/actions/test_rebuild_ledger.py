"""Rebuild: damage to the ledger itself is told as what it is, once, and nothing that follows from it is touched."""

from collections.abc import Callable

import pytest

from chalicelib.kernel import keys
from chalicelib.kernel.table import Put
from tests.support.rebuilding import (
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
from tests.support.till import BEN, Till

Damage = Callable[[Till], object]


@pytest.fixture
def till() -> Till:
    """A till after a rich life, with a table that may be damaged."""
    return afterwards()


def an_entry_was_deleted(till: Till) -> None:
    lost(till, entry(till))


def an_entry_of_a_month_was_deleted(till: Till) -> None:
    lost(till, entry(till, recurring=True))


def the_entry_of_a_refund_was_deleted(till: Till) -> None:
    lost(till, entry(till, "refund", EVE))


def a_guard_was_deleted(till: Till) -> None:
    lost(till, guard(till, entry(till)))


def a_booking_was_deleted_whole(till: Till) -> None:
    lost(till, guard(till, entry(till, email=EVE)))
    lost(till, entry(till, email=EVE))


def a_refund_was_deleted_whole(till: Till) -> None:
    (refund,) = [row for row in entries(till) if row["kind"] == "refund"]
    lost(till, guard(till, refund))
    lost(till, refund)


def an_amount_was_changed(till: Till) -> None:
    damaged(till, entry(till), amount=99_000)


def a_month_s_amount_was_raised(till: Till) -> None:
    damaged(till, entry(till, recurring=True), amount=99_000)


def a_month_s_amount_was_lowered(till: Till) -> None:
    damaged(till, entry(till, recurring=True), amount=1)


def a_currency_was_changed(till: Till) -> None:
    damaged(till, entry(till), currency="usd")


def a_gift_became_a_debt(till: Till) -> None:
    no_events(till)
    damaged(till, entry(till, email=OLA), amount=-30_000)


def a_currency_was_invented(till: Till) -> None:
    no_events(till)
    damaged(till, entry(till, email=OLA), currency="xyz")


def a_refund_that_came_back_grew(till: Till) -> None:
    no_events(till)
    back = next(row for row in entries(till, EVE) if row["id"].endswith(":failed"))
    damaged(till, back, amount=1)


def an_entry_lost_its_amount(till: Till) -> None:
    item = entry(till)
    written(till, {name: item[name] for name in item if name != "amount"})


def an_entry_is_no_longer_listed(till: Till) -> None:
    item = entry(till)
    written(till, {name: item[name] for name in item if not name.startswith("gsi1")})


def a_payment_was_booked_twice(till: Till) -> None:
    """As without the guard: two tellings of one payment that differ by a second."""
    item = entry(till)
    later = item["occurred_at"] + 1
    pk, sk = keys.entry(item["supporter"], later, item["id"])
    listed = f"{keys.moment(later)}#{item['id']}"
    till.table.write(Put({**item, "pk": pk, "sk": sk, "occurred_at": later, "gsi1sk": listed}))


def nothing_is_left_of_a_refunded_gift(till: Till) -> None:
    no_events(till)
    for item in entries(till, EVE):
        if item["payment_intent"] == entry(till, email=EVE)["payment_intent"] and item["kind"] == "refund":
            continue
        if item["id"] == entry(till, "refund", EVE)["payment_intent"]:
            lost(till, guard(till, item))
            lost(till, item)


def nobody_knows_the_dispute(till: Till) -> None:
    no_events(till)
    item = access(till, BEN)
    written(till, item, reversals=[one for one in item["reversals"] if not any(one["disputes"].values())])


def a_recurring_gift_was_lost(till: Till) -> None:
    item = access(till)
    written(till, {name: item[name] for name in item if not name.startswith("gsi1")}, recurring={})


def an_address_leads_to_nobody(till: Till) -> None:
    till.table.write(Put({"pk": "EMAIL#0", "sk": "EMAIL", "supporter": "nobody"}))


def an_access_item_cannot_be_read(till: Till) -> None:
    written(till, access(till), grants=[{"id": "pi_1", "colour": "blue"}])


def a_profile_has_no_address(till: Till) -> None:
    profile = till.table.get(keys.profile(till.state().id))
    assert profile
    written(till, {name: profile[name] for name in profile if name != "email"})


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
def test_damage_to_the_ledger_is_told_and_left_alone(till: Till, damage: Damage, what: str, comparison: str) -> None:
    damage(till)
    broken = rows(till)
    done = rebuilds(till, repair=True)
    assert found(done) == [what], "exactly its own difference; what follows from it is not judged"
    assert done.left == done.differences
    assert rows(till) == broken, "nothing is written while it is in doubt"
    assert what not in found(rebuilds(till, without=comparison)), "the negative control"


def test_a_grant_that_the_ledger_does_not_know_is_told_and_not_taken_away(till: Till) -> None:
    item = access(till)
    written(till, item, grants=[*item["grants"], {**item["grants"][0], "id": "pi_unheard_of"}])
    before = rows(till)
    assert found(rebuilds(till, repair=True)) == ["grant_without_gift"]
    assert rows(till) == before


def test_rows_that_nobody_can_read_stop_nothing(till: Till) -> None:
    """Whatever stands there: the look goes on, and says what it is."""
    item = next(row for row in rows(till) if row["sk"] == "EVT" and row["type"] == "payment_intent.succeeded")
    written(till, item, body=b"not zlib")
    lost(till, entry(till))
    written(till, guard(till, entry(till, email=EVE)), entry="elsewhere")
    till.table.write(Put({"pk": keys.TOTALS, "sk": "nonsense", "gross": 5}))
    till.table.write(Put({"pk": "CUS#cus_1", "sk": "CUS"}))
    done = rebuilds(till)
    assert found(done) == ["customer_lookup", "guard_without_entry", "guard_without_entry"]
    assert done.read.without_movements == 1
