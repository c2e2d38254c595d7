"""What waits in the inbox is never deleted by time alone; what is done is, in the end."""

from chalicelib.inbox import rows as inbox
from chalicelib.kernel import keys
from chalicelib.kernel.failures import MOST_FAULTS
from chalicelib.kernel.moments import BusinessTime
from tests.support.wired_app import NOW, WiredApp

EVENT = "evt_1"


def expires(app: WiredApp) -> int | None:
    item = app.table.get(keys.event(EVENT))
    assert item is not None
    return item.get("expires")


def test_a_parked_event_waits_for_ever(app: WiredApp) -> None:
    assert inbox.store(app.table, EVENT, "invoice.paid", b"{}", BusinessTime(NOW), "pending")
    assert expires(app) is None
    for _ in range(MOST_FAULTS):
        stored = inbox.read(app.table, EVENT)
        assert stored is not None
        last = inbox.failed(app.table, stored, "StripeRefused", BusinessTime(NOW))
    assert last == "parked"
    assert expires(app) is None


def test_a_done_event_is_kept_for_an_audit_and_then_goes(app: WiredApp) -> None:
    inbox.store(app.table, EVENT, "invoice.paid", b"{}", BusinessTime(NOW), "pending")
    app.table.write(inbox.finished(EVENT, "applied", BusinessTime(NOW + 5)))
    assert expires(app) == NOW + 5 + inbox.KEPT


def test_an_event_of_no_concern_goes_too(app: WiredApp) -> None:
    inbox.store(app.table, EVENT, "charge.updated", b"{}", BusinessTime(NOW), "unhandled")
    assert expires(app) == NOW + inbox.KEPT
