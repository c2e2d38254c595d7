"""A limit is not an outage: what the table will never take is told to a person, not waited out for three days."""

from typing import Any

from chalicelib.inbox import rows as inbox
from chalicelib.kernel.failures import MOST_FAULTS
from chalicelib.kernel.table import Put, TableRefused
from tests.actions.test_receive_event import PENDING, answered, untold
from tests.support.tables import Around
from tests.support.till import Till


def refusing(till: Till, refused: str) -> Any:
    """The table that will never take such a call."""

    def never(call: str, what: Any) -> None:
        if call == refused and (call != "write" or (isinstance(what, Put) and what.item["pk"].startswith("EVT#"))):
            raise TableRefused("ValidationException")

    return Around(till.table, never)


def test_an_event_whose_changes_the_table_will_never_take_is_a_fault(till: Till) -> None:
    """Counted as one, parked after eight tries and told to a person: an outage would be waited out for three days."""
    event, real = untold(till), till.table
    till.table = refusing(till, "transact")
    assert answered(till.deliver(event)) == (200, PENDING)
    for _ in range(60):
        till.pass_time(3600)
        till.sweeps()
    till.table = real
    stored = inbox.read(till.table, event["id"])
    assert stored is not None
    assert (stored.status, stored.tries) == ("parked", MOST_FAULTS)


def test_an_event_that_is_too_large_for_the_table_is_refused_not_asked_for_again(till: Till) -> None:
    event, rows = untold(till), till.rows()
    till.table, real = refusing(till, "write"), till.table
    reply = till.deliver(event)
    till.table = real
    assert (reply.status, reply.code, till.rows()) == (413, "too_large", rows)
