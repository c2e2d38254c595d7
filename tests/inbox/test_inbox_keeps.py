"""What waits in the inbox is never deleted by time alone; what is done is, in the end."""

from chalicelib.inbox import rows as inbox
from chalicelib.kernel import keys
from chalicelib.kernel.failures import MOST_FAULTS
from chalicelib.kernel.moments import BusinessTime
from testkit.clock import NOW
from testkit.harness import Harness

EVENT = "evt_1"


def expires(harness: Harness) -> int | None:
    item = harness.table.get(keys.event(EVENT))
    assert item is not None
    return item.get("expires")


def test_a_parked_event_waits_for_ever(harness: Harness) -> None:
    assert inbox.store(harness.table, EVENT, "invoice.paid", b"{}", BusinessTime(NOW), "pending")
    assert expires(harness) is None
    for _ in range(MOST_FAULTS):
        stored = inbox.read(harness.table, EVENT)
        assert stored is not None
        last = inbox.failed(harness.table, stored, "StripeRefused", BusinessTime(NOW))
    assert last == "parked"
    assert expires(harness) is None


def test_a_done_event_is_kept_for_an_audit_and_then_goes(harness: Harness) -> None:
    inbox.store(harness.table, EVENT, "invoice.paid", b"{}", BusinessTime(NOW), "pending")
    harness.table.write(inbox.finished(EVENT, "applied", BusinessTime(NOW + 5)))
    assert expires(harness) == NOW + 5 + inbox.KEPT


def test_an_event_of_no_concern_goes_too(harness: Harness) -> None:
    inbox.store(harness.table, EVENT, "charge.updated", b"{}", BusinessTime(NOW), "unhandled")
    assert expires(harness) == NOW + inbox.KEPT
