"""Waiting events stand in eight partitions of the index, and are found in one order, with those of before."""

from collections import Counter

from chalicelib.inbox import rows as inbox
from chalicelib.kernel import keys
from chalicelib.kernel.failures import MOST_FAULTS
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Update
from testkit.clock import NOW
from testkit.harness import Harness

MANY = 400
LATER = BusinessTime(NOW + 10_000)


def stored(harness: Harness, many: int = MANY) -> list[str]:
    """So many events, one a second; the first half as an earlier release listed them."""
    names = [f"evt_{number * 7919:024}" for number in range(many)]
    for number, name in enumerate(names):
        assert inbox.store(harness.table, name, "invoice.paid", b"{}", BusinessTime(NOW + number), "pending")
        if number < many / 2:
            harness.table.write(Update(keys.event(name), set={"gsi1pk": keys.INBOX_WORK}))
    return names


def test_they_are_spread_evenly() -> None:
    shards = Counter(keys.inbox_work(f"evt_1Q{number:022x}") for number in range(8000))
    assert set(shards) == set(keys.all_inbox_work()) - {keys.INBOX_WORK}
    assert max(shards.values()) < 1.5 * min(shards.values())


def test_they_come_in_order_of_time_whatever_their_shard(harness: Harness) -> None:
    names = stored(harness)
    assert [event for event, _ in inbox.pending_events(harness.table, LATER)] == names
    soon = BusinessTime(NOW + 60 + 10)
    assert [event for event, _ in inbox.pending_events(harness.table, soon)] == names[:11], "and no further than due"
    assert len(inbox.waiting(harness.table)) == MANY


def test_the_oldest_and_the_parked_are_found_in_any_shard(harness: Harness) -> None:
    names = stored(harness, 24)
    assert inbox.inbox_status(harness.table, LATER) == inbox.InboxStatus(NOW, due=True, parked=0)
    for name in (names[0], names[-1]):
        for _ in range(MOST_FAULTS):
            event = inbox.read(harness.table, name)
            assert event is not None
            inbox.failed(harness.table, event, "ValueError", BusinessTime(NOW + 30))
    assert inbox.inbox_status(harness.table, LATER) == inbox.InboxStatus(NOW + 1, due=True, parked=2)
    assert len(list(inbox.pending_events(harness.table, LATER))) == 22


def test_an_event_of_before_moves_to_its_shard_when_it_is_tried_again(harness: Harness) -> None:
    name, *_ = stored(harness, 2)
    (_, due), *_ = inbox.pending_events(harness.table, LATER)
    assert inbox.lease(harness.table, name, due, LATER)
    assert (harness.table.get(keys.event(name)) or {})["gsi1pk"] == keys.inbox_work(name)
    assert name in {event for event, _ in inbox.pending_events(harness.table, BusinessTime(LATER + 60))}


def test_what_is_done_waits_in_none(harness: Harness) -> None:
    for name in stored(harness, 16):
        harness.table.write(inbox.finished(name, "applied", LATER))
    assert inbox.waiting(harness.table) == []
