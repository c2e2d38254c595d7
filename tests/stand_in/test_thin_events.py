"""Event destinations of API v2: thin ones and those of v1 in one list, and the ping of a thin one."""

import json
from typing import Any

import pytest
import stripe

from chalicelib.settings import LOCAL_STRIPE_KEY
from testkit.stand_in import CheckingClient, StandIn


def _destinations(stand_in: StandIn) -> Any:
    client = stripe.StripeClient(LOCAL_STRIPE_KEY, base_addresses={"api": stand_in.url}, http_client=CheckingClient())
    return client.v2.core.event_destinations


def test_a_thin_destination_is_listed_beside_those_of_v1_and_pinged(fresh: StandIn) -> None:
    made = fresh.control("event_destinations")
    assert [(event["type"], event["deliveries"][0]["status"]) for event in made["events"]] == [
        ("v2.core.event_destination.ping", 200)
    ]
    told = fresh.receiver.events[-1]
    assert (told["object"], told["type"]) == ("v2.core.event", "v2.core.event_destination.ping")
    assert told["related_object"]["id"] == made["event_destination"]
    assert "data" not in told
    listed = _destinations(fresh).list({"include": ["webhook_endpoint.url"]}).data
    assert {(one.event_payload, one.type, one.status, one.webhook_endpoint.url) for one in listed} == {
        ("thin", "webhook_endpoint", "enabled", made["url"]),
        ("snapshot", "webhook_endpoint", "enabled", made["url"]),
    }
    assert [one.webhook_endpoint.to_dict() for one in _destinations(fresh).list().data] == [{}, {}]
    one = _destinations(fresh).retrieve(made["event_destination"], {"include": ["webhook_endpoint.url"]})
    assert (one.enabled_events, one.webhook_endpoint.url) == (["v2.core.event_destination.ping"], made["url"])
    with pytest.raises(stripe.StripeError):
        _destinations(fresh).retrieve("ed_nobody")


def test_a_disabled_endpoint_of_v1_is_disabled_there_too(fresh: StandIn) -> None:
    fresh.control("webhook_endpoints/we_1SpilnoStandIn/disable")
    assert [one.status for one in _destinations(fresh).list().data] == ["disabled"]


def test_a_ping_that_is_not_taken_is_tried_again(fresh: StandIn) -> None:
    fresh.receiver.refuse_with = 400
    made = fresh.control("event_destinations", name="Mine", enabled_events=["v1.billing.meter.no_meter_found"])
    assert made["events"][0]["deliveries"][0]["state"] == "waiting"
    assert json.dumps(fresh.client.events.list().data) == "[]", "API v1 does not know thin events"
