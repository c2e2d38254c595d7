"""The types that Stripe is asked to send, and those that it is not, are all that have a handler."""

from chalicelib.rails.stripe.enabled_events import ENABLED_EVENTS, REDUNDANT_EVENTS
from chalicelib.rails.stripe.understand import HANDLED
from testkit.harness import BEN, Harness
from testkit.webhooks import Json


def test_each_type_with_a_handler_is_argued_once() -> None:
    assert not ENABLED_EVENTS.keys() & REDUNDANT_EVENTS.keys()
    assert ENABLED_EVENTS.keys() | REDUNDANT_EVENTS.keys() == HANDLED
    assert all(ENABLED_EVENTS.values())
    assert all(REDUNDANT_EVENTS.values())


def test_there_are_seventeen_and_what_a_card_and_a_bank_tell() -> None:
    """Four more than a gift's own: none of them comes with a gift."""
    assert len(ENABLED_EVENTS) == 17 + 4


def sent(events: list[Json]) -> list[str]:
    return [event["type"] for event in events if event["type"] in ENABLED_EVENTS]


def test_a_gift_is_told_once_a_first_recurring_one_twice_a_renewal_by_one_that_matters(harness: Harness) -> None:
    assert sent(harness.gives(1000)) == ["checkout.session.completed"]
    first = harness.gives(500, "month", BEN)
    assert sorted(sent(first)) == ["checkout.session.completed", "invoice.paid"]
    renewed = harness.stripe.renew(str(harness.stripe.of("subscription")[-1]["id"]))
    assert sorted(sent(renewed)) == ["customer.subscription.updated", "invoice.paid"]
