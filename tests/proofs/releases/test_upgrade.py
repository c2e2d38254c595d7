"""`ops upgrade`: what it writes, that it writes nothing else, and that it may be interrupted and repeated."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.articles.rows import articles
from chalicelib.inbox import rows as inbox
from chalicelib.inbox.compression import unpacked
from chalicelib.kernel import failures, keys
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Delete, Item, Key, Put, TableUnavailable, Update
from chalicelib.rails.stripe.about import events_about
from chalicelib.upgrade import rows as upgrades
from chalicelib.upgrade.run import upgrade
from chalicelib.upgrade.steps import STEPS
from testkit.at_once import at_once
from testkit.harness import EMAIL_KEY, Harness
from testkit.memory_table import MemoryTable
from testkit.tables import Around
from tests.proofs.releases import kept
from tests.proofs.releases.kept import Kept
from tests.proofs.releases.scenario import ARTICLES, ops

# What each step writes, and to which rows
_LISTED = {"gsi1pk", "gsi1sk"}
MAY_WRITE = {
    "MONEY": {"rail"},
    "EVT": {"supporter", "body", "zdict", *_LISTED},
    **dict.fromkeys(("ARTICLE", "CUS", "MAIL"), _LISTED),
}


def items(table: MemoryTable) -> Mapping[Key, Item]:
    return {(row["pk"], row["sk"]): row for row in table.rows()}


def runs(harness: Harness, *words: str, code: int = 0) -> Any:
    return json.loads(ops(harness, "upgrade", *words, "--json", codes=(code,)))


def lacking(told: Any) -> dict[str, int]:
    return {name: step["lacking"] for name, step in told["steps"].items()}


def first(harness: Harness, sk: str, **having: Any) -> Item:
    """A row with such a sort key and these values."""
    return next(row for row in harness.memory.rows() if row["sk"].startswith(sk) and having.items() <= row.items())


def bare(harness: Harness, row: Item, *names: str) -> None:
    """A row loses something."""
    harness.table.write(Update((row["pk"], row["sk"]), remove=names))


def store(harness: Harness, name: str, about: Mapping[str, Any], status: inbox.Arrival) -> None:
    """An event of this release, as it is stored."""
    body = {"id": name, "type": "customer.updated", "livemode": False, "data": {"object": about}}
    assert inbox.store(harness.table, name, "customer.updated", json.dumps(body).encode(), harness.now(), status)


@pytest.fixture
def release() -> Iterator[Kept]:
    """The table of before there were steps: it lacks what each of them writes, as no later one does."""
    yield kept.read("before-rooms")
    wiring.uninstall()


@pytest.fixture
def old(release: Kept) -> Harness:
    """A harness with the old table."""
    return release.harness()


def test_it_says_what_is_lacking_and_changes_nothing(old: Harness) -> None:
    before = items(old.memory)
    told = runs(old, "--check", code=1)
    entries = [row for row in before.values() if row["sk"].startswith(keys.ENTRY_PREFIX)]
    assert lacking(told)["rails"] == len(entries) > 20
    assert lacking(told)["articles"] == len(ARTICLES)
    assert told["left"] == sum(lacking(told).values())
    assert items(old.memory) == before


def test_it_writes_what_is_lacking_and_nothing_else_and_only_once(old: Harness) -> None:
    before = items(old.memory)
    told = runs(old)
    assert all(step["written"] == step["lacking"] > 0 and step["noted"] for step in told["steps"].values())
    after = items(old.memory)
    notes = after.keys() - before.keys()
    assert notes == {keys.upgraded(name) for name in STEPS}
    for key, row in before.items():
        changed = {name for name in after[key].keys() | row.keys() if after[key].get(name) != row.get(name)}
        assert changed <= MAY_WRITE.get(key[1].partition("#")[0], set()), key
        assert changed & row.keys() <= {"body"}, "nothing that stood there is another, but for events about nobody"
        assert "body" not in changed or "supporter" not in after[key]
    again = runs(old)
    assert (again["left"], sum(lacking(again).values())) == (0, 0)
    assert items(old.memory) == after
    assert runs(old, "--check")["left"] == 0


def test_every_row_has_then_what_this_release_writes(old: Harness) -> None:
    runs(old)
    rows = old.memory.rows()
    assert {row["rail"] for row in rows if row["pk"].startswith("SUP#") and row["sk"].startswith("MONEY#")} == {
        "stripe"
    }
    assert sorted(articles.every_article(old.table)) == sorted(ARTICLES)
    events = {row["pk"].removeprefix("EVT#"): row for row in rows if row["sk"] == "EVT"}
    for supporter in {row["supporter"] for row in events.values() if "supporter" in row}:
        of = {name for name, row in events.items() if row.get("supporter") == supporter}
        found = list(events_about(old.table, supporter))
        assert len(found) == len(set(found)), "each once, in the history or in the list"
        assert set(found) >= of
    done = [row for row in events.values() if row["status"] in ("applied", "ignored")]
    nobodys = sorted(row["type"] for row in done if "supporter" not in row)
    assert nobodys == ["checkout.session.expired", "payment_intent.payment_failed"], "nobody had said who they are"


def test_whose_an_event_is_agrees_with_the_history(old: Harness) -> None:
    """Each booking left a line of history that names its event: another witness than the event's body."""
    runs(old)
    rows = old.memory.rows()
    witnessed = {
        row["event"]: row["pk"].removeprefix("SUP#")
        for row in rows
        if row["sk"].startswith("LOG#") and row.get("event")
    }
    assert len(witnessed) > 20
    for event, supporter in witnessed.items():
        assert old.table.get(keys.event(event))["supporter"] == supporter  # type: ignore[index]


def test_what_waits_is_left_where_it_waits(old: Harness) -> None:
    customer = first(old, "CUS")["pk"].removeprefix("CUS#")
    for name in ("evt_pending", "evt_parked", "evt_foreign"):
        store(old, name, {"id": "ch_1", "customer": customer}, "pending")
    for _ in range(failures.MOST_FAULTS):
        event = inbox.read(old.table, "evt_parked")
        assert event
        inbox.failed(old.table, event, "ValueError", old.now())
    old.table.write(inbox.finished("evt_foreign", "foreign", old.now()))
    before = inbox.waiting(old.table)
    assert sorted(row["status"] for row in before) == ["parked", "parked", "pending", "pending"]
    foreign = old.table.get(keys.event("evt_foreign"))
    rows = [old.table.get(keys.event(row["event"])) for row in before]
    runs(old)
    assert inbox.waiting(old.table) == before
    assert [old.table.get(keys.event(row["event"])) for row in before] == rows
    left = old.table.get(keys.event("evt_foreign"))
    assert left
    assert foreign
    assert {**left, "body": b""} == {**foreign, "body": b""}, "another product's is told to nobody of ours"
    assert customer.encode() not in unpacked(left)


def test_an_event_of_somebody_who_was_joined_to_another_is_the_others(old: Harness) -> None:
    joined = next(row for row in old.memory.rows() if row.get("moved_to"))
    customer = first(old, "CUS")
    old.table.write(Update((customer["pk"], "CUS"), set={"supporter": joined["pk"].removeprefix("SUP#")}))
    store(old, "evt_x", {"id": customer["pk"].removeprefix("CUS#")}, "unhandled")
    runs(old)
    row = old.table.get(keys.event("evt_x"))
    assert row
    assert (row["supporter"], row["gsi1sk"]) == (joined["moved_to"], "evt_x")


@pytest.mark.parametrize(
    "body", [b"no event", b'{"id": 7}', b"\xff\xfe", b"[" * 100_000], ids=["text", "shape", "bytes", "deep"]
)
def test_an_event_that_cannot_be_read_stops_nothing(old: Harness, body: bytes) -> None:
    inbox.store(old.table, "evt_x", "charge.updated", body, old.now(), "unhandled")
    inbox.store(old.table, "evt_y", "charge.updated", body, old.now(), "unhandled")
    old.table.write(Update(keys.event("evt_y"), set={"body": b"not packed"}))
    assert runs(old)["left"] == 0


@pytest.mark.parametrize(
    ("step", "sk", "names"),
    [
        ("rails", keys.ENTRY_PREFIX, ("rail",)),
        ("supporters", "EVT", ("supporter", "gsi1pk", "gsi1sk")),
        ("articles", "ARTICLE", ("gsi1pk", "gsi1sk")),
    ],
)
def test_a_row_that_lost_something_is_noticed(old: Harness, step: str, sk: str, names: tuple[str, ...]) -> None:
    """The negative control: of a table that lacks nothing, one row does again."""
    runs(old)
    whole = items(old.memory)
    row = next(
        row for row in whole.values() if row["sk"].startswith(sk) and names[0] in row and row["pk"] != "TOTALS"
    )
    bare(old, row, *names)
    told = runs(old, "--check", code=1)
    assert lacking(told) == {name: int(name == step) for name in STEPS}
    runs(old)
    assert items(old.memory) == whole


def test_the_writes_are_held_to_what_was_read(old: Harness) -> None:
    """Beside live traffic: what happens between reading a row and writing to it stays, and nothing comes back."""
    entry, article = first(old, keys.ENTRY_PREFIX), first(old, "ARTICLE")
    event = first(old, "EVT", status="applied")
    inner, done = old.memory, set()

    def meanwhile(call: str, change: Any) -> None:
        if call != "write" or not isinstance(change, Update) or change.key in done:
            return
        done.add(change.key)
        if change.key == (entry["pk"], entry["sk"]):
            inner.write(Update(change.key, set={"amount": 1, "campaign": "by hand"}))
        if change.key in ((article["pk"], "ARTICLE"), (event["pk"], "EVT")):
            inner.write(Delete(change.key))

    found = upgrade(Around(inner, meanwhile), write=True, now=RealTime(1), email_key=EMAIL_KEY)
    assert found.left == 0
    assert inner.get((article["pk"], "ARTICLE")) is None
    assert inner.get((event["pk"], "EVT")) is None
    after = inner.get((entry["pk"], entry["sk"]))
    assert after == {**entry, "amount": 1, "campaign": "by hand", "rail": "stripe"}


def test_without_its_conditions_a_row_that_is_gone_would_come_back(old: Harness) -> None:
    """The negative control of the test above."""
    article = first(old, "ARTICLE")
    step = STEPS["articles"].change(article, old.table, EMAIL_KEY)
    assert step
    old.table.write(Delete((article["pk"], "ARTICLE")))
    old.table.write(replace(step, only_if=()))
    assert old.table.get((article["pk"], "ARTICLE"))


@pytest.mark.parametrize("at", [0, 1, 30, 100])
def test_an_interruption_is_made_good_by_the_next_run(old: Harness, release: Kept, at: int) -> None:
    whole = release.harness().memory
    upgrade(whole, write=True, now=RealTime(1), email_key=EMAIL_KEY)
    inner, written = old.memory, 0

    def down(call: str, _what: Any) -> None:
        nonlocal written
        if call == "write":
            written += 1
            if written > at:
                raise TableUnavailable("test")

    with pytest.raises(TableUnavailable):
        upgrade(Around(inner, down), write=True, now=RealTime(1), email_key=EMAIL_KEY)
    assert upgrades.lacking(inner) == list(STEPS), "only a complete run is noted"
    assert upgrade(inner, write=False, now=RealTime(1), email_key=EMAIL_KEY).left > 0
    assert upgrade(inner, write=True, now=RealTime(1), email_key=EMAIL_KEY).left == 0
    assert items(inner) == items(whole)


def test_several_at_once_write_what_one_writes(old: Harness, release: Kept) -> None:
    whole = release.harness().memory
    upgrade(whole, write=True, now=RealTime(1), email_key=EMAIL_KEY)
    done = at_once(4, lambda _: upgrade(old.memory, write=True, now=RealTime(1), email_key=EMAIL_KEY))
    assert [getattr(one, "left", one) for one in done] == [0] * 4
    assert items(old.memory) == items(whole)


def test_what_keeps_changing_is_told_and_not_noted(old: Harness) -> None:
    entry, times = first(old, keys.ENTRY_PREFIX), 0

    def meanwhile(call: str, change: Any) -> None:
        nonlocal times
        if call == "write" and isinstance(change, Update) and change.key == (entry["pk"], entry["sk"]):
            times += 1
            old.memory.write(Update(change.key, set={"amount": times}))

    found = upgrade(Around(old.memory, meanwhile), write=True, now=RealTime(1), email_key=EMAIL_KEY)
    assert (found.left, found.noted) == (1, tuple(STEPS)[1:])
    assert upgrades.lacking(old.memory) == ["rails"]


def test_rebuild_writes_the_rails_too_and_only_when_it_mends(old: Harness) -> None:
    before = items(old.memory)
    ops(old, "rebuild", "--check")
    assert items(old.memory) == before
    assert "25 entries from before a movement said its rail say it now." in ops(old, "rebuild")
    assert lacking(runs(old, "--check", code=1))["rails"] == 0
    after = items(old.memory)
    assert {name for key in before for name in after[key] if after[key][name] != before[key].get(name)} == {"rail"}
    assert "say it now" not in ops(old, "rebuild")


def test_another_rails_entry_keeps_its_own(old: Harness) -> None:
    entry = first(old, keys.ENTRY_PREFIX, kind="gift")
    old.table.write(Put({**entry, "rail": "bank"}))
    runs(old)
    assert first(old, keys.ENTRY_PREFIX, id=entry["id"])["rail"] == "bank"
