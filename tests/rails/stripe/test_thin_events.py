"""Thin events and pings of v2 event destinations: signed by Stripe, and no use to us. Said so, and nothing stored."""

from typing import Any

import pytest

from chalicelib.rails.stripe.port import API_VERSION
from testkit.harness import Harness
from testkit.webhooks import one, raw

PING: dict[str, Any] = {
    "id": "evt_test_65T9SjhYMvKJ5JKwxkK16SjhYMvKJ5JK",
    "object": "v2.core.event",
    "type": "v2.core.event_destination.ping",
    "created": "2026-11-29T14:30:12.000Z",
    "livemode": False,
    "context": None,
    "reason": None,
    "related_object": {
        "id": "ed_test_61RM8ltWcTW4mbsxf16RJyfa2xSQLHJJh1sxm7H0KVT6",
        "type": "v2.core.event_destination",
        "url": "/v2/core/event_destinations/ed_test_61RM8ltWcTW4mbsxf16RJyfa2xSQLHJJh1sxm7H0KVT6",
    },
}
METER = PING | {"type": "v1.billing.meter.error_report_triggered", "data": {"developer_message_summary": "…"}}
THIN: dict[str, dict[str, Any]] = {
    "a ping": PING,
    "a meter's": METER,
    "of a type that we handle": PING | {"type": "v1.checkout.session.completed"},
    "of no object": PING | {"related_object": None},
    "with an object all the same": METER | {"data": {"object": {"id": "cs_1", "object": "checkout.session"}}},
    "without its own name": {name: value for name, value in PING.items() if name != "object"},
    "a notification without its own name": {
        name: value for name, value in METER.items() if name not in ("object", "data")
    },
    "live, at a stage of tests": PING | {"livemode": True},
}


@pytest.mark.parametrize("event", THIN.values(), ids=THIN)
def test_a_thin_event_is_refused_with_what_to_choose_and_nothing_is_stored(
    harness: Harness, event: dict[str, Any]
) -> None:
    reply = harness.post_raw(raw(event))
    assert (reply.status, reply.code) == (400, "thin_event")
    assert "snapshot" in reply.json["title"]
    assert API_VERSION in reply.json["title"]
    assert "ed_test" not in reply.text
    assert harness.rows() == []


def test_a_snapshot_beside_it_is_taken(harness: Harness) -> None:
    """The negative control: the same endpoint, another payload style."""
    harness.post_raw(raw(PING))
    event = one(harness.gives(1000), "checkout.session.completed")
    assert harness.deliver(event).status == 200
    assert harness.deliver(event | {"id": "evt_2", "context": "acct_1", "reason": None}).status == 200
    assert harness.books.totals == {"eur": (1000, 1)}


def test_an_event_of_a_type_of_tomorrow_is_recorded_as_any_other(harness: Harness) -> None:
    """Its name alone does not make it thin: refused, it would be lost after three days."""
    event = one(harness.gives(1000), "checkout.session.completed")
    reply = harness.deliver(event | {"type": "v2.checkout.session.completed", "related_object": None})
    assert reply.status == 200
    assert harness.status(event["id"]) == "unhandled"


def test_one_that_nobody_signed_learns_nothing(harness: Harness) -> None:
    reply = harness.post_raw(raw(PING), "t=1,v1=00")
    assert (reply.status, reply.code) == (400, "bad_signature")
