"""An event knows whom it was about once it is applied, so that it can be forgotten with them."""

import pytest

from chalicelib.rails.stripe.about import events_about
from tests.support.harness import ADA, one
from tests.support.memory_harness import MemoryHarness


def known(harness: MemoryHarness) -> dict[str, str]:
    """The supporter of each event: all that were applied have one, and of the others those about a customer."""
    events = {str(row["pk"]).removeprefix("EVT#"): row for row in harness.rows() if str(row["pk"]).startswith("EVT#")}
    assert all("supporter" in row for row in events.values() if row["status"] == "applied")
    return {name: str(row["supporter"]) for name, row in events.items() if "supporter" in row}


@pytest.mark.parametrize("interval", ["once", "month"])
def test_every_event_of_a_gift_leads_to_its_supporter_and_back(memory: MemoryHarness, interval: str) -> None:
    events = memory.gives(500, interval)
    memory.tell(events)
    memory.tell(memory.gives(700, interval, email="ben@reader.example"))
    ada, ben = memory.state().id, memory.state("ben@reader.example").id
    of_ada, of_ben = set(events_about(memory.table, ada)), set(events_about(memory.table, ben))
    assert known(memory) == dict.fromkeys(of_ada, ada) | dict.fromkeys(of_ben, ben)
    assert of_ada
    assert of_ada <= {event["id"] for event in events}


def test_it_is_written_in_the_transaction_that_applies_it(memory: MemoryHarness) -> None:
    event = one(memory.gives(500), "checkout.session.completed")
    memory.double.down = True
    memory.deliver(event)
    (row,) = (row for row in memory.rows() if row["pk"] == f"EVT#{event['id']}")
    assert (row["status"], row.get("supporter")) == ("pending", None)
    memory.double.down = False
    memory.pass_time(3600)
    memory.sweeps()
    (row,) = (row for row in memory.rows() if row["pk"] == f"EVT#{event['id']}")
    assert (row["status"], row["supporter"]) == ("applied", memory.state(ADA).id)
    assert "gsi1pk" not in row, "the history names it"


def test_what_refunds_cards_and_customers_tell_of_is_found_too(memory: MemoryHarness) -> None:
    events = memory.gives(500, "month")
    memory.tell(events)
    payment = str(one(events, "payment_intent.succeeded")["data"]["object"]["id"])
    memory.tell(memory.double.gives_back(payment, 200))
    memory.tell(memory.double.bank_disputes(payment))
    assert set(events_about(memory.table, memory.state().id)) == set(known(memory))
