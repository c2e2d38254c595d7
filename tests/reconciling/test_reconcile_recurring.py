"""Recurring gifts as Stripe says they stand (ring 3): what moves no money and was told by no event is found."""

from typing import Any

from chalicelib.rails.stripe.port import StripeRefused
from chalicelib.reconciling.run import RecurringTally
from testkit.harness import ADA, BEN, Harness
from testkit.reconciling import reconciles, without
from testkit.webhooks import Json, one


def recurring(harness: Harness) -> RecurringTally:
    """What the part about recurring gifts found."""
    part = reconciles(harness, ["money"]).parts["recurring"]
    assert isinstance(part, RecurringTally)
    return part


def without_money(harness: Harness) -> None:
    """Hide the lines of Stripe's books, so that the other part of the ring finds nothing."""
    lines = [one["id"] for one in harness.stripe.of("balance_transaction")]
    harness.stripe.on_answer = without(*lines, lists=("balance_transactions",))


def subscription_of(events: list[Json]) -> str:
    return str(one(events, "customer.subscription.created")["data"]["object"]["id"])


def test_a_stop_that_no_event_told_is_found(harness: Harness) -> None:
    events = harness.gives(300, "month")
    harness.tell(events)
    harness.stripe.stop(subscription_of(events))
    assert recurring(harness).applied == 1
    (gift,) = harness.state().standing.recurring
    assert gift.ends_at == gift.paid_through
    assert recurring(harness).applied == 0


def test_an_end_that_no_event_told_is_found_though_stripe_lists_it_no_more(harness: Harness) -> None:
    events = harness.gives(300, "month")
    harness.tell(events)
    harness.stripe.end(subscription_of(events))
    assert recurring(harness).applied == 1
    assert harness.state().standing.recurring[0].status == "canceled"
    found = recurring(harness)
    assert (found.seen, found.applied) == (0, 0), "nothing is asked about what has ended"


def test_a_gift_that_stripe_does_not_know_is_counted(harness: Harness) -> None:
    events = harness.gives(300, "month")
    harness.tell(events)
    gone = subscription_of(events)

    def missing(name: str, answer: Any) -> Any:
        if name == "subscription":
            raise StripeRefused("resource_missing", missing=True)
        return without(gone, lists=("subscriptions",))(name, answer)

    harness.stripe.on_answer = missing
    found = recurring(harness)
    assert (found.unknown_at_stripe, found.faults, found.failed) == (1, 0, None)


def test_a_renewal_is_found_by_its_period_where_its_money_is_not(harness: Harness) -> None:
    """A month that cost nothing moves no money; here its line is hidden, to the same end."""
    events = harness.gives(300, "month")
    harness.tell(events)
    harness.stripe.renew(subscription_of(events))
    harness.pass_time(harness.stripe.account.seconds - harness.clock.business)
    without_money(harness)
    assert recurring(harness).applied == 1
    assert harness.books.totals == {"eur": (600, 2)}
    (gift,) = harness.state().standing.recurring
    assert gift.paid_through > harness.clock.business
    assert recurring(harness).applied == 0


def test_an_unknown_gift_of_ours_is_taken_in_and_another_products_is_not(harness: Harness) -> None:
    harness.gives(300, "month")
    harness.gives(500, "month", email=BEN)
    other = harness.stripe.of("subscription")[-1]
    harness.stripe.account.put(other | {"metadata": {"shop": "1"}})
    session = harness.stripe.of("checkout.session")[-1]
    harness.stripe.account.put(session | {"metadata": {"shop": "1"}})
    without_money(harness)
    found = recurring(harness)
    assert (found.seen, found.applied, found.foreign) == (1, 1, 1)
    assert harness.knows(ADA)
    assert not harness.knows(BEN)


def test_one_odd_subscription_does_not_keep_the_others_from_being_looked_at(harness: Harness) -> None:
    first, second = harness.gives(300, "month"), harness.gives(300, "month", email=BEN)
    harness.tell([*first, *second])
    harness.stripe.stop(subscription_of(first))
    harness.stripe.stop(subscription_of(second))
    odd = subscription_of(second)

    def bend(name: str, answer: Any) -> Any:
        if name != "subscriptions":
            return answer
        bent = [one | {"start_date": "long ago"} if one["id"] == odd else one for one in answer["data"]]
        return answer | {"data": bent}

    harness.stripe.on_answer = bend
    found = recurring(harness)
    assert (found.faults, found.applied) == (1, 1)
    assert harness.state(ADA).standing.recurring[0].ends_at is not None
