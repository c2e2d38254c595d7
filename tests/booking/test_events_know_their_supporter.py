"""An event knows whom it was about once it is applied, so that it can be forgotten with them."""

import pytest

from chalicelib.rails.stripe.about import events_about
from testkit.harness import ADA, Harness
from testkit.webhooks import one


def known(harness: Harness) -> dict[str, str]:
    """The supporter of each event: all that were applied have one, and of the others those about a customer."""
    events = {str(row["pk"]).removeprefix("EVT#"): row for row in harness.rows() if str(row["pk"]).startswith("EVT#")}
    assert all("supporter" in row for row in events.values() if row["status"] == "applied")
    return {name: str(row["supporter"]) for name, row in events.items() if "supporter" in row}


@pytest.mark.parametrize("interval", ["once", "month"])
def test_every_event_of_a_gift_leads_to_its_supporter_and_back(harness: Harness, interval: str) -> None:
    events = harness.gives(500, interval)
    harness.tell(events)
    harness.tell(harness.gives(700, interval, email="ben@reader.example"))
    ada, ben = harness.state().id, harness.state("ben@reader.example").id
    of_ada, of_ben = set(events_about(harness.table, ada)), set(events_about(harness.table, ben))
    assert known(harness) == dict.fromkeys(of_ada, ada) | dict.fromkeys(of_ben, ben)
    assert of_ada
    assert of_ada <= {event["id"] for event in events}


def test_it_is_written_in_the_transaction_that_applies_it(harness: Harness) -> None:
    event = one(harness.gives(500), "checkout.session.completed")
    harness.stripe.down = True
    harness.deliver(event)
    (row,) = (row for row in harness.rows() if row["pk"] == f"EVT#{event['id']}")
    assert (row["status"], row.get("supporter")) == ("pending", None)
    harness.stripe.down = False
    harness.pass_time(3600)
    harness.sweeps()
    (row,) = (row for row in harness.rows() if row["pk"] == f"EVT#{event['id']}")
    assert (row["status"], row["supporter"]) == ("applied", harness.state(ADA).id)
    assert "gsi1pk" not in row, "the history names it"


def test_what_refunds_cards_and_customers_tell_of_is_found_too(harness: Harness) -> None:
    events = harness.gives(500, "month")
    harness.tell(events)
    payment = str(one(events, "payment_intent.succeeded")["data"]["object"]["id"])
    harness.tell(harness.stripe.gives_back(payment, 200))
    harness.tell(harness.stripe.bank_disputes(payment))
    assert set(events_about(harness.table, harness.state().id)) == set(known(harness))
