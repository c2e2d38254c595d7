"""What waits in the inbox is never deleted by time alone; what is done is, in the end."""

from chalicelib.inbox import rows as inbox
from chalicelib.kernel import keys
from chalicelib.kernel.failures import MOST_FAULTS
from tests.support.world import NOW, World

EVENT = "evt_1"


def expires(world: World) -> int | None:
    item = world.table.get(keys.event(EVENT))
    assert item is not None
    return item.get("expires")


def test_a_parked_event_waits_for_ever(world: World) -> None:
    assert inbox.store(world.table, EVENT, "invoice.paid", b"{}", NOW, "pending")
    assert expires(world) is None
    for _ in range(MOST_FAULTS):
        stored = inbox.read(world.table, EVENT)
        assert stored is not None
        last = inbox.failed(world.table, stored, "StripeRefused", NOW)
    assert last == "parked"
    assert expires(world) is None


def test_a_done_event_is_kept_for_an_audit_and_then_goes(world: World) -> None:
    inbox.store(world.table, EVENT, "invoice.paid", b"{}", NOW, "pending")
    world.table.write(inbox.finished(EVENT, "applied", NOW + 5))
    assert expires(world) == NOW + 5 + inbox.KEPT


def test_an_event_of_no_concern_goes_too(world: World) -> None:
    inbox.store(world.table, EVENT, "charge.updated", b"{}", NOW, "unhandled")
    assert expires(world) == NOW + inbox.KEPT
