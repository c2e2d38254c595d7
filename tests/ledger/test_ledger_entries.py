"""A ledger entry on its way through the table: written, read whole, read from the index; its rail; strange rows."""

from dataclasses import fields, replace
from typing import Any

import pytest

from chalicelib.account.actions.manage import own_account
from chalicelib.account.views.account_json import as_json
from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.schema import PROJECTED
from chalicelib.kernel.table import Item, Put, Update
from chalicelib.ledger.rows import codec
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import STRIPE, Entry, Fee, MethodOfPayment, Movement, Period
from chalicelib.ledger.rules.stored import EntryUnreadable, ListedEntry, StoredEntry, UnreadableEntry
from testkit import rebuilding
from testkit.harness import ADA, Harness

AT = 1_788_000_000
ONCE = Entry(
    Movement("pi_1", "gift", "pi_1", 1000, "eur", AT, livemode=False, rail=STRIPE),
    "winter",
    "x.example",
    "member",
    60,
)
MONTHLY = Entry(
    Movement(
        *("pi_2", "gift", "pi_2", 500, "uah", AT),
        livemode=True,
        invoice="in_1",
        recurring="sub_1",
        fee=Fee(0, "usd"),
        period=Period(AT, AT + 1),
        method=MethodOfPayment("card", "visa", "4242"),
        payer="Марія К.",
        rail="bank",
    )
)
BACK = Entry(Movement("re_1:failed", "refund", "pi_1", 300, "eur", AT, livemode=False, rail=STRIPE))
KEYS = ("pk", "sk", "gsi1pk", "gsi1sk")


def of_the_index(row: Item) -> Item:
    """What the index copies of a row."""
    return {name: row[name] for name in (*KEYS, *PROJECTED) if name in row}


@pytest.mark.parametrize("entry", [ONCE, MONTHLY, BACK], ids=lambda entry: entry.movement.id)
def test_what_was_written_is_read(entry: Entry) -> None:
    row = codec.write_entry(entry, SupporterId("ada"))
    stored = codec.read_entry(row)
    assert stored == StoredEntry(SupporterId("ada"), row["sk"], entry)
    listed = codec.read_listed(of_the_index(row), entry.movement.rail)
    assert isinstance(listed, ListedEntry)
    assert (listed.supporter, listed.campaign) == ("ada", entry.campaign)
    of_movement = {field.name for field in fields(ListedEntry)} - {"supporter", "campaign"}
    assert {name: getattr(listed, name) for name in of_movement} == {
        name: getattr(entry.movement, name) for name in of_movement
    }


def test_the_index_tells_nothing_of_what_it_does_not_copy() -> None:
    left_out = {field.name for field in fields(Movement)} - {field.name for field in fields(ListedEntry)}
    assert left_out == {"period", "method", "payer"}
    assert not {"source", "tier", "days"} & {*PROJECTED, *(field.name for field in fields(ListedEntry))}


# ---- rows of before ----


def test_rows_without_a_rail_are_read_as_before(harness: Harness) -> None:
    """A whole life, then as the version before wrote it: an entry said no rail."""
    rebuilding.scenarios(harness)
    said = [list(ledger.entries_of(harness.table, harness.state(email).id)) for email in (ADA, rebuilding.EVE)]
    listed, account = list(ledger.entries(harness.table, STRIPE)), told(harness)
    for row in harness.books.entries:
        assert row["rail"] == STRIPE
        harness.table.write(Put({name: value for name, value in row.items() if name != "rail"}))
    assert not any("rail" in row for row in harness.books.entries)
    assert [
        list(ledger.entries_of(harness.table, harness.state(email).id)) for email in (ADA, rebuilding.EVE)
    ] == said
    assert (list(ledger.entries(harness.table, STRIPE)), told(harness)) == (listed, account)
    assert (rebuilding.found(rebuilding.rebuilds(harness)), len(listed)) == ([], 16)
    rebuilding.damaged(harness, harness.books.entries[0], rail=5)
    assert "entry_unreadable" in rebuilding.found(rebuilding.rebuilds(harness)), (
        "the negative control: rails are read"
    )


def told(harness: Harness) -> Any:
    account = own_account(harness.table, harness.state(), harness.newsroom, now=harness.now())
    return as_json(account, harness.newsroom)


# ---- another rail ----


def books_by_bank(harness: Harness) -> StoredEntry:
    """A gift on another rail, a minute before Ada's by card."""
    harness.pass_time(60)
    harness.tell(harness.gives(1000))
    moved = Movement(
        "pi_bank", "gift", "pi_bank", 700, "eur", harness.clock.business - 60, livemode=False, rail="bank"
    )
    harness.table.transact(ledger.book([Entry(moved)], harness.state().id, harness.newsroom.zone))
    stored = ledger.entry_of(harness.table, "pi_bank")
    assert stored
    return stored


def test_an_entry_of_another_rail_is_found_by_its_own(harness: Harness) -> None:
    stored = books_by_bank(harness)
    assert (stored.entry.movement.rail, stored.wrong) == ("bank", None)
    (by_bank,) = ledger.entries(harness.table, "bank")
    (by_card,) = ledger.entries(harness.table, STRIPE)
    assert isinstance(by_bank, ListedEntry)
    assert (by_bank.id, by_bank.rail, by_bank.amount) == ("pi_bank", "bank", 700)
    assert isinstance(by_card, ListedEntry)
    assert by_card.rail == STRIPE
    month = keys.month(harness.clock.business)
    listed_under = {row["id"]: row["gsi1pk"] for row in harness.books.entries}
    assert listed_under == {
        name: keys.ledger_month(month, rail, name) for name, rail in (("pi_bank", "bank"), (by_card.id, STRIPE))
    }
    assert list(ledger.entries_of_rails(harness.table, (STRIPE, "bank"))) == [by_bank, by_card], "in order of time"


def test_an_entry_that_is_listed_under_another_rail_is_told(harness: Harness) -> None:
    stored = books_by_bank(harness)
    assert "entry_listing" not in rebuilding.found(rebuilding.rebuilds(harness))
    key, month = codec.key_of(stored.supporter, stored.place), keys.month(harness.clock.business)
    harness.table.write(Update(key, set={"gsi1pk": keys.ledger_month(month, STRIPE, "pi_bank")}))
    assert ledger.entry_of(harness.table, "pi_bank") == replace(stored, wrong="listing")
    assert "entry_listing" in rebuilding.found(rebuilding.rebuilds(harness))


# ---- rows that cannot be read ----

WRONG: list[tuple[str, Any]] = [
    *((name, None) for name in ("id", "payment_intent", "currency", "kind", "livemode", "amount", "occurred_at")),
    *(("id", 5), ("payment_intent", 5), ("currency", ["eur"]), ("kind", "tax"), ("livemode", "no"), ("livemode", 1)),
    *(("amount", "a lot"), ("amount", True), ("occurred_at", "today"), ("occurred_at", 10**18)),
    *(("occurred_at", 253_402_300_799), ("occurred_at", -62_135_596_800)),  # where another zone has no date
    *(("rail", 5), ("invoice", 5), ("subscription", []), ("campaign", 5), ("source", 5), ("tier", {}), ("days", "x")),
    *(("fee", "little"), ("fee_currency", 5), ("period_start", "x"), ("period_end", None)),
]
FULL = {
    **codec.write_entry(MONTHLY, SupporterId("ada")),
    "campaign": "w",
    "source": "s",
    "tier": "member",
    "days": 60,
}


@pytest.mark.parametrize(("part", "value"), WRONG)
def test_a_row_that_is_none_says_which_part_is_wrong_and_where_it_stands(part: str, value: Any) -> None:
    assert isinstance(codec.read_entry(FULL), StoredEntry)
    row = {**FULL, part: value}
    found = codec.read_entry(row)
    assert isinstance(found, UnreadableEntry)
    assert (found.part, found.supporter, found.place) == (part, "ada", row["sk"])
    assert (found.movement, found.occurred_at) == ("pi_2", AT), "as its key says"
    listed = codec.read_listed(of_the_index(row), "bank")
    assert isinstance(listed, UnreadableEntry) is (part in PROJECTED), "what is not copied is not known there"


def test_a_row_at_the_end_of_all_time_is_told_and_ends_no_rebuild(harness: Harness) -> None:
    """Where the newsroom's clock is ahead of UTC, it is the year 10000 there."""
    stored = books_by_bank(harness)
    assert harness.newsroom.time_zone == "Europe/Kyiv"
    last = keys.entry(stored.supporter, 253_402_300_799, "pi_bank")
    row = {**codec.write_entry(stored.entry, stored.supporter), "occurred_at": 253_402_300_799}
    harness.table.write(Put({**row, "pk": last[0], "sk": last[1]}))
    assert "entry_unreadable" in rebuilding.found(rebuilding.rebuilds(harness))


def test_one_that_is_needed_is_an_error_without_what_it_says(harness: Harness) -> None:
    stored = books_by_bank(harness)
    harness.table.write(Update(codec.key_of(stored.supporter, stored.place), set={"currency": 5, "source": "secret"}))
    with pytest.raises(EntryUnreadable) as caught:
        ledger.entry_of(harness.table, "pi_bank")
    assert str(caught.value) == "The ledger's entry of pi_bank cannot be read: its currency is wrong."
    (other, broken) = ledger.entries_of(harness.table, stored.supporter)
    assert (type(other), type(broken)) == (StoredEntry, UnreadableEntry), "it hides no other"
