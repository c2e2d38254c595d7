"""Webhook endpoints: several, for some types, disabled and back; payloads in the shapes of older versions."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import stripe

from testkit.ports import HOST, free_ports
from testkit.stand_in import Json, Receiver, StandIn
from testkit.waiting import until
from tests.stand_in.sessions import session_params


@pytest.fixture
def second() -> Iterator[Receiver]:
    """Another listener, which may get events in any shape."""
    made = Receiver(free_ports(1)[0], check_types=False)
    made.start()
    yield made
    made.stop()
    assert made.problems == []


def _add(stand_in: StandIn, receiver: Receiver, types: list[Any], **more: Any) -> str:
    url = f"http://{HOST}:{receiver.port}/hook"
    params: Any = {"url": url, "enabled_events": types, **more}
    made = stand_in.client.webhook_endpoints.create(params)
    assert made.secret
    receiver.secret = made.secret
    assert stand_in.client.webhook_endpoints.retrieve(made.id).to_dict().get("secret") is None
    return made.id


def _gift(stand_in: StandIn, mode: str = "payment") -> Json:
    return stand_in.pay(stand_in.client.checkout.sessions.create(session_params(mode)).id)


def test_each_endpoint_gets_what_it_wants_signed_with_its_own_secret(fresh: StandIn, second: Receiver) -> None:
    added = _add(fresh, second, ["charge.succeeded", "charge.refunded"])
    paid = _gift(fresh)
    assert second.types() == ["charge.succeeded"]
    assert len(fresh.receiver.events) == 5
    told = next(event for event in paid["events"] if event["type"] == "charge.succeeded")
    assert {one["endpoint"] for one in told["deliveries"]} == {added, "we_1SpilnoStandIn"}
    assert len(fresh.client.webhook_endpoints.list().data) == 2
    assert fresh.client.webhook_endpoints.delete(added).deleted is True
    _gift(fresh)
    assert len(second.events) == 1


def test_an_event_is_undelivered_while_one_endpoint_lacks_it(fresh: StandIn, second: Receiver) -> None:
    _add(fresh, second, ["charge.succeeded"])
    second.refuse_with = 500
    _gift(fresh)
    undelivered = fresh.client.events.list({"delivery_success": False}).data
    assert [(event.type, event.pending_webhooks) for event in undelivered] == [("charge.succeeded", 1)]
    second.refuse_with = None
    until(lambda: fresh.client.events.list({"delivery_success": False}).data == [], "the retry")


def test_a_disabled_endpoint_hears_nothing_until_it_is_back(fresh: StandIn) -> None:
    """What waited for it goes out; what happened meanwhile never does, and only the event list knows it."""
    fresh.receiver.refuse_with = 500
    _gift(fresh)
    own = fresh.client.webhook_endpoints.list().data[0]
    assert own.url == f"http://{HOST}:{fresh.receiver.port}/v1/stripe/webhook"
    fresh.control(f"webhook_endpoints/{own.id}/disable")
    assert fresh.client.webhook_endpoints.retrieve(own.id).status == "disabled"
    fresh.receiver.refuse_with = None
    meanwhile = _gift(fresh)
    assert fresh.receiver.events == []
    assert all(event["deliveries"] == [] for event in meanwhile["events"])
    assert len(fresh.client.events.list({"delivery_success": False}).data) == 5
    fresh.control(f"webhook_endpoints/{own.id}/enable")
    until(lambda: len(fresh.receiver.events) == 5, "what had waited")
    assert len(fresh.client.events.list({"limit": 100}).data) == 10


def test_an_endpoint_is_switched_by_the_api_too(shared: StandIn) -> None:
    made = shared.client.webhook_endpoints.create({"url": "https://news.example/hook", "enabled_events": ["*"]})
    changed = shared.client.webhook_endpoints.update(made.id, {"disabled": True, "description": "old"})
    assert (changed.status, changed.description) == ("disabled", "old")
    with pytest.raises(stripe.InvalidRequestError):
        shared.client.webhook_endpoints.create({"url": "nowhere", "enabled_events": ["*"]})
    shared.client.webhook_endpoints.delete(made.id)


def test_what_nobody_took_for_three_days_is_given_up_and_still_listed(fresh: StandIn) -> None:
    fresh.receiver.refuse_with = 500
    paid = _gift(fresh)
    fresh.advance(4)
    until(
        lambda: _deliveries(fresh)["failed"] >= 5,
        "the next tries, which are the last",
    )
    undelivered = fresh.client.events.list({"delivery_success": False}).data
    assert {event["id"] for event in paid["events"]} <= {event.id for event in undelivered}


def _deliveries(stand_in: StandIn) -> Json:
    found: Json = requests.get(f"{stand_in.url}/_control/deliveries", timeout=5).json()
    return found


def test_acacia_payloads_have_the_links_that_are_gone_today(fresh: StandIn, second: Receiver) -> None:
    _add(fresh, second, ["*"], api_version="2025-02-24.acacia")
    paid = _gift(fresh, "subscription")
    assert {event["api_version"] for event in second.events} == {"2025-02-24.acacia"}
    assert "invoice_payment.paid" not in second.types()
    invoice = second.of("invoice.paid")
    assert (invoice["subscription"], invoice["payment_intent"], invoice["paid"]) == (
        paid["subscription"],
        paid["payment_intent"],
        True,
    )
    assert invoice["subscription_details"]["metadata"] == {"spilno": "demo"}
    assert "parent" not in invoice
    assert invoice["lines"]["data"][0]["price"]["id"].startswith("price_")
    assert second.of("charge.succeeded")["invoice"] == paid["invoice"]
    assert second.of("payment_intent.succeeded")["invoice"] == paid["invoice"]
    old, today = second.of("customer.subscription.created"), fresh.receiver.of("customer.subscription.created")
    item = today["items"]["data"][0]
    assert old["current_period_end"] == item["current_period_end"]
    assert "current_period_end" not in old["items"]["data"][0]
    assert second.of("checkout.session.completed")["ui_mode"] == "hosted"


def test_basil_payloads_are_todays_but_for_names(fresh: StandIn, second: Receiver) -> None:
    _add(fresh, second, ["*"], api_version="2025-08-27.basil")
    _gift(fresh, "subscription")
    assert second.of("invoice.paid") == fresh.receiver.of("invoice.paid")
    assert second.of("checkout.session.completed")["ui_mode"] == "hosted"
    assert "invoice_payment.paid" in second.types()


def test_the_stacks_own_endpoint_can_be_moved_to_an_older_version_and_back(fresh: StandIn) -> None:
    fresh.receiver.check_types = False
    fresh.control("webhook_endpoints/we_1SpilnoStandIn", api_version="2025-02-24.acacia")
    _gift(fresh, "subscription")
    assert "subscription" in fresh.receiver.of("invoice.paid")
    fresh.control("webhook_endpoints/we_1SpilnoStandIn", api_version="2026-10-28.endive")
    fresh.receiver.check_types = True
    _gift(fresh, "subscription")
    assert "parent" in fresh.receiver.of("invoice.paid")
    fresh.control("webhook_endpoints/we_1SpilnoStandIn", 400, api_version="newest")


@pytest.mark.parametrize("kind", ["payment", "checkout", "subscription", "refund", "dispute"])
def test_other_products_are_told_of_but_not_in_our_books(fresh: StandIn, kind: str) -> None:
    made = fresh.control("foreign", kind=kind, amount=2400)
    assert "payment_intent.succeeded" in fresh.receiver.types()
    assert "spilno" not in str(fresh.receiver.events)
    assert fresh.books() == {}
    theirs = requests.get(f"{fresh.url}/_control/books?foreign=true", timeout=5).json()["eur"]
    assert (theirs["payments"], theirs["paid"]) == (1, 2400)
    if kind == "subscription":
        fresh.advance(31)
        assert fresh.books() == {}
        assert made["subscription"]


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("livemode", "livemode", True),
        ("connected", "account", "acct_1SomebodyElse"),
        ("unknown_type", "type", "payment_intent.reconsidered"),
        ("unknown_version", "api_version", "2027-09-29.fennel"),
    ],
)
def test_odd_events_arrive_but_cannot_be_looked_up(fresh: StandIn, kind: str, field: str, value: object) -> None:
    fresh.receiver.check_types = kind != "unknown_type"
    made = fresh.control("foreign", kind=kind)
    assert {event[field] for event in fresh.receiver.events} == {value}
    assert fresh.receiver.events[0]["data"]["object"]["metadata"] == {"spilno": "demo"}
    with pytest.raises(stripe.InvalidRequestError):
        fresh.client.payment_intents.retrieve(made["payment_intent"])
    assert fresh.books() == {}
    if kind in ("livemode", "connected"):
        assert fresh.client.events.list().data == []


def test_too_many_requests_a_second_are_refused(fresh: StandIn) -> None:
    fresh.control("rate-limit", per_second=3)
    answers, refused = [], None
    for _ in range(6):
        try:
            fresh.client.events.list({"limit": 1})
            answers.append(200)
        except stripe.RateLimitError as error:
            refused = error
            answers.append(429)
    assert answers[:3] == [200, 200, 200]
    assert refused
    body: Any = refused.json_body
    assert body["error"]["code"] == "rate_limit"
    headers: Any = refused.headers
    assert headers["Stripe-Rate-Limited-Reason"] == "global-rate"
    assert fresh.control("rate-limit", per_second=0)["refused"] == answers.count(429)
    for _ in range(6):
        fresh.client.events.list({"limit": 1})
