"""What is ours though our mark is not on it: a subscription that we know, or whose checkout bears the mark."""

from itertools import permutations

import pytest

from localdev.stripe import reversals
from testkit.harness import Harness
from testkit.reconciling import reconciles
from testkit.webhooks import Json, one

SHOP = {"shop": "1"}


def unmarked(harness: Harness, events: list[Json]) -> list[Json]:
    """As if the mark stood on the checkout session alone."""
    for kind in ("subscription", "payment_intent"):
        for found in harness.stripe.of(kind):
            harness.stripe.account.put(found | {"metadata": SHOP})
    for found in harness.stripe.of("invoice"):
        details = {**found["parent"]["subscription_details"], "metadata": SHOP}
        harness.stripe.account.put(found | {"parent": {**found["parent"], "subscription_details": details}})
    bare = []
    for event in events:
        about = harness.stripe.account.store.get(event["data"]["object"]["id"], event["data"]["object"]["object"])
        bare.append({**event, "data": {**event["data"], "object": about or event["data"]["object"]}})
    return bare


def renewed(harness: Harness) -> list[Json]:
    """The events of a renewal, none of them marked."""
    return unmarked(harness, harness.stripe.renew(str(harness.stripe.of("subscription")[-1]["id"])))


def test_renewals_of_a_gift_whose_mark_is_on_its_checkout_only_are_booked(harness: Harness) -> None:
    harness.tell(unmarked(harness, harness.gives(500, "month")))
    harness.tell(renewed(harness))
    assert harness.books.totals == {"eur": (1000, 2)}
    harness.pass_time(35 * 86_400)
    assert harness.access().tier == "member", "the second month is paid for"


@pytest.mark.parametrize("first", ["invoice.paid", "customer.subscription.updated", "payment_intent.succeeded"])
def test_also_when_the_renewal_is_told_before_the_start(harness: Harness, first: str) -> None:
    started = unmarked(harness, harness.gives(500, "month"))
    later = renewed(harness)
    harness.tell([one(later, first)])
    harness.tell([*later, *started])
    assert harness.books.totals == {"eur": (1000, 2)}


def test_a_gift_once_whose_mark_is_on_its_checkout_only_in_every_order_with_its_refund(harness: Harness) -> None:
    for number, order in enumerate(permutations(range(3))):
        events = harness.gives(1000, email=f"r{number}@reader.example")
        events += harness.stripe.gives_back(str(harness.stripe.of("payment_intent")[-1]["id"]))
        bare = unmarked(harness, events)
        told = [
            one(bare, kind) for kind in ("checkout.session.completed", "payment_intent.succeeded", "refund.created")
        ]
        harness.tell(told[at] for at in order)
    sums = harness.totals()["eur"]
    assert sums == (6000, 6)
    assert sum(int(entry["amount"]) for entry in harness.books.entries) == 0, "each was given back"


def test_another_newsrooms_mark_is_believed_whatever_we_know(harness: Harness) -> None:
    """Negative control: what is marked for somebody else is theirs, and nothing is asked at Stripe for it."""
    harness.tell(harness.gives(500, "month"))
    renewal = harness.stripe.renew(str(harness.stripe.of("subscription")[-1]["id"]))
    paid = one(renewal, "invoice.paid")
    about = paid["data"]["object"]
    details = {**about["parent"]["subscription_details"], "metadata": {"spilno": "herald"}}
    theirs = {**paid, "data": {"object": {**about, "parent": {**about["parent"], "subscription_details": details}}}}
    harness.stripe.calls.clear()
    harness.tell([theirs])
    assert harness.status(paid["id"]) == "foreign"
    assert not harness.stripe.calls
    assert harness.books.totals == {"eur": (500, 1)}


def test_a_shops_subscription_is_none_of_ours_though_its_customer_is(harness: Harness) -> None:
    """Negative control: neither its mark, nor our own gifts, nor its checkout says that it is."""
    harness.tell(harness.gives(500, "month"))
    events = harness.gives(900, "month")
    shop, ours = harness.stripe.of("subscription")[-1], harness.stripe.of("subscription")[0]
    harness.stripe.account.put(shop | {"metadata": SHOP, "customer": ours["customer"]})
    session = harness.stripe.of("checkout.session")[-1]
    harness.stripe.account.put(session | {"metadata": SHOP})
    created = one(events, "customer.subscription.created")
    about = {**created["data"]["object"], "metadata": SHOP, "customer": ours["customer"]}
    harness.tell([{**created, "data": {"object": about}}])
    assert harness.status(created["id"]) == "foreign"


def test_the_daily_ring_keeps_a_known_gift_up_to_date_without_its_mark(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month"))
    unmarked(harness, [])
    harness.stripe.stop(str(harness.stripe.of("subscription")[-1]["id"]))
    part = reconciles(harness, ["money"]).parts["recurring"]
    assert part.applied == 1
    assert harness.state().standing.recurring[0].ends_at is not None


@pytest.mark.parametrize("first", ["warning", "gift"])
def test_a_fraud_warning_about_such_a_gift_is_heeded_in_either_order(
    harness: Harness, alarms: list[str], first: str
) -> None:
    events = unmarked(harness, harness.gives(1000))
    payment = str(harness.stripe.of("payment_intent")[-1]["id"])
    warning = harness.stripe.happens(lambda it: reversals.fraud_warning(it, reversals.collected(it, payment)))
    harness.tell([*warning, *events] if first == "warning" else [*events, *warning])
    assert [one.split()[1] for one in alarms] == ["early_fraud_warning"]


def test_a_list_of_sessions_that_was_not_narrowed_down_makes_nothing_ours(harness: Harness) -> None:
    """Whoever answers with any session must not lend our mark to a shop's subscription or payment."""
    harness.tell(harness.gives(500, "month"))
    harness.tell(harness.gives(1000, email="ben@reader.example"))
    ours = harness.stripe.of("checkout.session")
    for interval in ("month", "once"):
        events = unmarked(harness, harness.gives(900, interval, email="shop@reader.example"))
        shop = harness.stripe.of("checkout.session")[-1]
        harness.stripe.account.put(shop | {"metadata": SHOP})
        harness.stripe.checkout_session_of_payment = lambda _name: ours[1]  # type: ignore[method-assign,assignment] # the port's call
        harness.stripe.checkout_session_of_subscription = lambda _name: ours[0]  # type: ignore[method-assign,assignment] # the same
        kind = "customer.subscription.created" if interval == "month" else "payment_intent.succeeded"
        told = one(events, kind)
        harness.tell([told])
        assert harness.status(told["id"]) == "foreign"
    assert harness.totals() == {"eur": (1500, 2)}


def test_a_gift_brought_over_is_booked_once_its_subscription_bears_the_mark(harness: Harness) -> None:
    """Its invoices keep the marks of their day: the first run makes the gift known, the second books its payments."""
    harness.gives(500, "month")
    harness.stripe.account.put(harness.stripe.of("checkout.session")[-1] | {"metadata": SHOP})
    unmarked(harness, [])
    reconciles(harness, ["money"])
    assert harness.books.entries == ()
    harness.stripe.account.put(harness.stripe.of("subscription")[-1] | {"metadata": {"spilno": "test"}})
    for _ in range(2):
        reconciles(harness, ["money"])
    assert harness.totals() == {"eur": (500, 1)}
    assert harness.access().tier == "member"
