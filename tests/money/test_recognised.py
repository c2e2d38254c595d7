"""What is ours though our mark is not on it: a subscription that we know, or whose checkout bears the mark."""

from itertools import permutations

import pytest

from localdev.stripe import reversals
from tests.support.memory_till import MemoryTill
from tests.support.reconciling import reconciles
from tests.support.till import Json, Till, one

SHOP = {"shop": "1"}


def unmarked(till: Till, events: list[Json]) -> list[Json]:
    """As if the mark stood on the checkout session alone."""
    for kind in ("subscription", "payment_intent"):
        for found in till.double.of(kind):
            till.double.account.put(found | {"metadata": SHOP})
    for found in till.double.of("invoice"):
        details = {**found["parent"]["subscription_details"], "metadata": SHOP}
        till.double.account.put(found | {"parent": {**found["parent"], "subscription_details": details}})
    bare = []
    for event in events:
        about = till.double.account.store.get(event["data"]["object"]["id"], event["data"]["object"]["object"])
        bare.append({**event, "data": {**event["data"], "object": about or event["data"]["object"]}})
    return bare


def renewed(till: Till) -> list[Json]:
    """The events of a renewal, none of them marked."""
    return unmarked(till, till.double.renew(str(till.double.of("subscription")[-1]["id"])))


def test_renewals_of_a_gift_whose_mark_is_on_its_checkout_only_are_booked(till: Till) -> None:
    till.tell(unmarked(till, till.gives(500, "month")))
    till.tell(renewed(till))
    assert till.books.totals == {"eur": (1000, 2)}
    till.pass_time(35 * 86_400)
    assert till.access().tier == "member", "the second month is paid for"


@pytest.mark.parametrize("first", ["invoice.paid", "customer.subscription.updated", "payment_intent.succeeded"])
def test_also_when_the_renewal_is_told_before_the_start(till: Till, first: str) -> None:
    started = unmarked(till, till.gives(500, "month"))
    later = renewed(till)
    till.tell([one(later, first)])
    till.tell([*later, *started])
    assert till.books.totals == {"eur": (1000, 2)}


def test_a_gift_once_whose_mark_is_on_its_checkout_only_in_every_order_with_its_refund(till: Till) -> None:
    for number, order in enumerate(permutations(range(3))):
        events = till.gives(1000, email=f"r{number}@reader.example")
        events += till.double.gives_back(str(till.double.of("payment_intent")[-1]["id"]))
        bare = unmarked(till, events)
        told = [
            one(bare, kind) for kind in ("checkout.session.completed", "payment_intent.succeeded", "refund.created")
        ]
        till.tell(told[at] for at in order)
    sums = till.totals()["eur"]
    assert sums == (6000, 6)
    assert sum(int(entry["amount"]) for entry in till.books.entries) == 0, "each was given back"


def test_another_newsrooms_mark_is_believed_whatever_we_know(till: Till) -> None:
    """Negative control: what is marked for somebody else is theirs, and nothing is asked at Stripe for it."""
    till.tell(till.gives(500, "month"))
    renewal = till.double.renew(str(till.double.of("subscription")[-1]["id"]))
    paid = one(renewal, "invoice.paid")
    about = paid["data"]["object"]
    details = {**about["parent"]["subscription_details"], "metadata": {"spilno": "herald"}}
    theirs = {**paid, "data": {"object": {**about, "parent": {**about["parent"], "subscription_details": details}}}}
    till.double.calls.clear()
    till.tell([theirs])
    assert till.status(paid["id"]) == "foreign"
    assert not till.double.calls
    assert till.books.totals == {"eur": (500, 1)}


def test_a_shops_subscription_is_none_of_ours_though_its_customer_is(till: Till) -> None:
    """Negative control: neither its mark, nor our own gifts, nor its checkout says that it is."""
    till.tell(till.gives(500, "month"))
    events = till.gives(900, "month")
    shop, ours = till.double.of("subscription")[-1], till.double.of("subscription")[0]
    till.double.account.put(shop | {"metadata": SHOP, "customer": ours["customer"]})
    session = till.double.of("checkout.session")[-1]
    till.double.account.put(session | {"metadata": SHOP})
    created = one(events, "customer.subscription.created")
    about = {**created["data"]["object"], "metadata": SHOP, "customer": ours["customer"]}
    till.tell([{**created, "data": {"object": about}}])
    assert till.status(created["id"]) == "foreign"


def test_the_daily_ring_keeps_a_known_gift_up_to_date_without_its_mark(till: Till) -> None:
    till.tell(till.gives(500, "month"))
    unmarked(till, [])
    till.double.stop(str(till.double.of("subscription")[-1]["id"]))
    part = reconciles(till, ["money"]).parts["recurring"]
    assert part.applied == 1
    assert till.state().standing.recurring[0].ends_at is not None


@pytest.mark.parametrize("first", ["warning", "gift"])
def test_a_fraud_warning_about_such_a_gift_is_heeded_in_either_order(
    till: MemoryTill, alarms: list[str], first: str
) -> None:
    events = unmarked(till, till.gives(1000))
    payment = str(till.double.of("payment_intent")[-1]["id"])
    warning = till.double.happens(lambda it: reversals.fraud_warning(it, reversals.collected(it, payment)))
    till.tell([*warning, *events] if first == "warning" else [*events, *warning])
    assert [one.split()[1] for one in alarms] == ["early_fraud_warning"]


def test_a_list_of_sessions_that_was_not_narrowed_down_makes_nothing_ours(till: MemoryTill) -> None:
    """Whoever answers with any session must not lend our mark to a shop's subscription or payment."""
    till.tell(till.gives(500, "month"))
    till.tell(till.gives(1000, email="ben@reader.example"))
    ours = till.double.of("checkout.session")
    for interval in ("month", "once"):
        events = unmarked(till, till.gives(900, interval, email="shop@reader.example"))
        shop = till.double.of("checkout.session")[-1]
        till.double.account.put(shop | {"metadata": SHOP})
        till.double.checkout_session_of_payment = lambda _name: ours[1]  # type: ignore[method-assign,assignment] # the port's call
        till.double.checkout_session_of_subscription = lambda _name: ours[0]  # type: ignore[method-assign,assignment] # the same
        kind = "customer.subscription.created" if interval == "month" else "payment_intent.succeeded"
        told = one(events, kind)
        till.tell([told])
        assert till.status(told["id"]) == "foreign"
    assert till.totals() == {"eur": (1500, 2)}


def test_a_gift_brought_over_is_booked_once_its_subscription_bears_the_mark(till: MemoryTill) -> None:
    """Its invoices keep the marks of their day: the first run makes the gift known, the second books its payments."""
    till.gives(500, "month")
    till.double.account.put(till.double.of("checkout.session")[-1] | {"metadata": SHOP})
    unmarked(till, [])
    reconciles(till, ["money"])
    assert till.books.entries == ()
    till.double.account.put(till.double.of("subscription")[-1] | {"metadata": {"spilno": "test"}})
    for _ in range(2):
        reconciles(till, ["money"])
    assert till.totals() == {"eur": (500, 1)}
    assert till.access().tier == "member"
