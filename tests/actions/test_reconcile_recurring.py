"""Recurring gifts as Stripe says they stand (ring 3): what moves no money and was told by no event is found."""

from typing import Any

from chalicelib.rails.stripe.port import StripeRefused
from chalicelib.reconciling.run import RecurringTally
from tests.support.reconciling import reconciles, without
from tests.support.till import ADA, BEN, Json, Till, one


def recurring(till: Till) -> RecurringTally:
    """What the part about recurring gifts found."""
    part = reconciles(till, ["money"]).parts["recurring"]
    assert isinstance(part, RecurringTally)
    return part


def without_money(till: Till) -> None:
    """Hide the lines of Stripe's books, so that the other part of the ring finds nothing."""
    lines = [one["id"] for one in till.double.of("balance_transaction")]
    till.double.on_answer = without(*lines, lists=("balance_transactions",))


def subscription_of(events: list[Json]) -> str:
    return str(one(events, "customer.subscription.created")["data"]["object"]["id"])


def test_a_stop_that_no_event_told_is_found(till: Till) -> None:
    events = till.gives(300, "month")
    till.tell(events)
    till.double.stop(subscription_of(events))
    assert recurring(till).applied == 1
    (gift,) = till.state().standing.recurring
    assert gift.ends_at == gift.paid_through
    assert recurring(till).applied == 0


def test_an_end_that_no_event_told_is_found_though_stripe_lists_it_no_more(till: Till) -> None:
    events = till.gives(300, "month")
    till.tell(events)
    till.double.end(subscription_of(events))
    assert recurring(till).applied == 1
    assert till.state().standing.recurring[0].status == "canceled"
    found = recurring(till)
    assert (found.seen, found.applied) == (0, 0), "nothing is asked about what has ended"


def test_a_gift_that_stripe_does_not_know_is_counted(till: Till) -> None:
    events = till.gives(300, "month")
    till.tell(events)
    gone = subscription_of(events)

    def missing(name: str, answer: Any) -> Any:
        if name == "subscription":
            raise StripeRefused("resource_missing", missing=True)
        return without(gone, lists=("subscriptions",))(name, answer)

    till.double.on_answer = missing
    found = recurring(till)
    assert (found.unknown_at_stripe, found.faults, found.failed) == (1, 0, None)


def test_a_renewal_is_found_by_its_period_where_its_money_is_not(till: Till) -> None:
    """A month that cost nothing moves no money; here its line is hidden, to the same end."""
    events = till.gives(300, "month")
    till.tell(events)
    till.double.renew(subscription_of(events))
    till.pass_time(till.double.account.seconds - till.business)
    without_money(till)
    assert recurring(till).applied == 1
    assert till.books.totals == {"eur": (600, 2)}
    (gift,) = till.state().standing.recurring
    assert gift.paid_through > till.business
    assert recurring(till).applied == 0


def test_an_unknown_gift_of_ours_is_taken_in_and_another_products_is_not(till: Till) -> None:
    till.gives(300, "month")
    till.gives(500, "month", email=BEN)
    other = till.double.of("subscription")[-1]
    till.double.account.put(other | {"metadata": {"shop": "1"}})
    session = till.double.of("checkout.session")[-1]
    till.double.account.put(session | {"metadata": {"shop": "1"}})
    without_money(till)
    found = recurring(till)
    assert (found.seen, found.applied, found.foreign) == (1, 1, 1)
    assert till.knows(ADA)
    assert not till.knows(BEN)


def test_one_odd_subscription_does_not_keep_the_others_from_being_looked_at(till: Till) -> None:
    first, second = till.gives(300, "month"), till.gives(300, "month", email=BEN)
    till.tell([*first, *second])
    till.double.stop(subscription_of(first))
    till.double.stop(subscription_of(second))
    odd = subscription_of(second)

    def bend(name: str, answer: Any) -> Any:
        if name != "subscriptions":
            return answer
        bent = [one | {"start_date": "long ago"} if one["id"] == odd else one for one in answer["data"]]
        return answer | {"data": bent}

    till.double.on_answer = bend
    found = recurring(till)
    assert (found.faults, found.applied) == (1, 1)
    assert till.state(ADA).standing.recurring[0].ends_at is not None
