"""Webhooks: signed, retried, held, dropped, doubled, mixed, sent again; verified with stripe's own code."""

import pytest
import requests
import stripe

from testkit.stand_in import Json, StandIn
from testkit.waiting import until
from tests.stand_in.sessions import session_params


def _gift(stand_in: StandIn) -> Json:
    return stand_in.pay(stand_in.client.checkout.sessions.create(session_params()).id)


def test_an_answer_other_than_2xx_is_tried_again(fresh: StandIn) -> None:
    fresh.receiver.refuse_with = 503
    paid = _gift(fresh)
    assert fresh.receiver.refused >= 5
    undelivered = fresh.client.events.list({"delivery_success": False})
    assert {event.id for event in undelivered.data} == {event["id"] for event in paid["events"]}
    assert undelivered.data[0].pending_webhooks == 1
    fresh.receiver.refuse_with = None
    until(lambda: len(fresh.receiver.events) >= 5, "the retries")
    until(lambda: fresh.client.events.list({"delivery_success": False}).data == [], "nothing undelivered")
    assert fresh.client.events.list({"delivery_success": True}).data[0].pending_webhooks == 0


def test_what_waits_survives_a_kill(own_process: StandIn) -> None:
    own_process.receiver.refuse_with = 500
    _gift(own_process)
    own_process.kill()
    own_process.receiver.refuse_with = None
    own_process.start()
    until(lambda: len(own_process.receiver.events) >= 5, "the retries after the restart")


def test_a_redirect_is_a_failure(fresh: StandIn) -> None:
    fresh.receiver.refuse_with = 302
    paid = _gift(fresh)
    assert paid["events"][0]["deliveries"][0]["state"] == "waiting"


def test_dropped_events_are_listed_as_undelivered_and_can_be_sent_again(fresh: StandIn) -> None:
    fresh.control("deliveries", mode="drop")
    paid = _gift(fresh)
    assert fresh.receiver.events == []
    assert len(fresh.client.events.list({"delivery_success": False}).data) == 5
    fresh.control(f"events/{paid['events'][2]['id']}/resend")
    assert fresh.receiver.types() == ["payment_intent.succeeded"]
    fresh.control("deliveries", mode="normal")
    _gift(fresh)
    assert len(fresh.receiver.events) == 6


def test_held_events_come_when_released(fresh: StandIn) -> None:
    fresh.control("deliveries", mode="hold")
    _gift(fresh)
    assert fresh.receiver.events == []
    assert fresh.control("deliveries/release")["released"] == 5
    assert len(fresh.receiver.events) == 5
    assert fresh.control("deliveries/release")["released"] == 0


def test_duplicates_are_the_same_event_twice(fresh: StandIn) -> None:
    fresh.control("deliveries", mode="duplicate")
    _gift(fresh)
    ids = [event["id"] for event in fresh.receiver.events]
    assert len(ids) == 10
    assert len(set(ids)) == 5


def test_shuffled_events_are_all_there(fresh: StandIn) -> None:
    fresh.control("deliveries", mode="shuffle")
    orders = set()
    for _ in range(4):
        fresh.receiver.events.clear()
        _gift(fresh)
        assert len(fresh.receiver.events) == 5
        orders.add(tuple(fresh.receiver.types()))
    assert len(orders) > 1


def test_a_forgotten_event_is_nowhere(fresh: StandIn) -> None:
    fresh.control("deliveries", mode="hold")
    paid = _gift(fresh)
    lost = paid["events"][2]["id"]
    fresh.control(f"events/{lost}/forget")
    fresh.control("deliveries/release")
    assert len(fresh.receiver.events) == 4
    with pytest.raises(stripe.InvalidRequestError):
        fresh.client.events.retrieve(lost)


def test_the_payload_is_what_stripe_sends(fresh: StandIn) -> None:
    """Pretty-printed JSON, as UTF-8; the version is the endpoint's; nothing that is only there when expanded."""
    bodies: list[bytes] = []
    take = fresh.receiver.take

    def remember(body: bytes, signature: str) -> int:
        bodies.append(body)
        return take(body, signature)

    fresh.receiver.take = remember  # type: ignore[method-assign]  # a spy that still verifies
    fresh.pay(fresh.client.checkout.sessions.create(session_params("subscription")).id)
    assert all(body.startswith(b'{\n  "id": "evt_') for body in bodies)
    assert all(event["api_version"] == "2026-10-28.endive" for event in fresh.receiver.events)
    assert not any(b'"payments": {' in body or b'"line_items"' in body for body in bodies)


def test_events_are_listed_newest_first_and_paged_both_ways(shared: StandIn) -> None:
    _gift(shared)
    _gift(shared)
    everything = [event.id for event in shared.client.events.list({"limit": 100}).auto_paging_iter()]
    paged = [event.id for event in shared.client.events.list({"limit": 3}).auto_paging_iter()]
    assert paged == everything
    assert len(everything) >= 10
    back = shared.client.events.list({"limit": 2, "ending_before": everything[4]})
    assert [event.id for event in back.data] == everything[2:4]
    assert back.has_more
    some = shared.client.events.list({"types": ["charge.succeeded", "charge.updated"], "limit": 100})
    assert {event.type for event in some.data} == {"charge.succeeded", "charge.updated"}
    newest = shared.client.events.retrieve(everything[0])
    assert everything[0] in [
        event.id for event in shared.client.events.list({"created": {"gte": newest.created}}).data
    ]
    assert shared.client.events.list({"created": {"gt": newest.created}}).data == []
    oldest = shared.client.events.retrieve(everything[-1])
    assert shared.client.events.list({"created": {"lt": oldest.created}}).data == []
    until_then = shared.client.events.list({"created": {"lte": oldest.created}, "limit": 100}).data
    assert everything[-1] in [event.id for event in until_then]


def test_a_page_from_another_site_cannot_press_buttons(shared: StandIn) -> None:
    answer = requests.post(
        f"{shared.url}/_control/clock/advance",
        data='{"days": 1}',
        headers={"Sec-Fetch-Site": "cross-site", "Content-Type": "text/plain"},
        timeout=5,
    )
    assert answer.status_code == 403
