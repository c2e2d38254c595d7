"""A limit is not an outage: what the table will never take is told to a person, not waited out for three days."""

from typing import Any

from chalicelib.inbox import rows as inbox
from chalicelib.kernel.failures import MOST_FAULTS
from chalicelib.kernel.table import Put, TableRefused
from testkit.harness import Harness
from testkit.receiving import PENDING, answered, untold
from testkit.tables import Around


def refusing(harness: Harness, refused: str) -> Any:
    """The table that will never take such a call."""

    def never(call: str, what: Any) -> None:
        if call == refused and (call != "write" or (isinstance(what, Put) and what.item["pk"].startswith("EVT#"))):
            raise TableRefused("ValidationException")

    return Around(harness.table, never)


def test_an_event_whose_changes_the_table_will_never_take_is_a_fault(harness: Harness) -> None:
    """Counted as one, parked after eight tries and told to a person: an outage would be waited out for three days."""
    event, real = untold(harness), harness.table
    harness.table = refusing(harness, "transact")
    assert answered(harness.deliver(event)) == (200, PENDING)
    for _ in range(60):
        harness.pass_time(3600)
        harness.sweeps()
    harness.table = real
    stored = inbox.read(harness.table, event["id"])
    assert stored is not None
    assert (stored.status, stored.tries) == ("parked", MOST_FAULTS)


def test_an_event_that_is_too_large_for_the_table_is_refused_not_asked_for_again(harness: Harness) -> None:
    event, rows = untold(harness), harness.rows()
    harness.table, real = refusing(harness, "write"), harness.table
    reply = harness.deliver(event)
    harness.table = real
    assert (reply.status, reply.code, harness.rows()) == (413, "too_large", rows)
