"""Invoices that are not exactly one period at full price: the tier follows the period, the ledger what was paid.

In the newsroom of the tests 3 EUR a month opens `member` and 15 EUR `patron`; a year the tenfold.
"""

import random

import pytest

from chalicelib.account.actions.find_supporter import find_supporter
from chalicelib.account.views.account_json import as_json
from chalicelib.rails.stripe.port import StripeRefused
from tests.support import plan_changes as plan
from tests.support.odd_lives import LIVES, gives_back_last, lived
from tests.support.till import ADA, Json, Till
from tests.support.world import EMAIL_KEY


def received(till: Till) -> list[int]:
    """What each payment brought, in order."""
    gifts = [entry for entry in till.books.entries if entry["kind"] == "gift"]
    return [int(entry["amount"]) for entry in sorted(gifts, key=lambda entry: (entry["occurred_at"], entry["id"]))]


@pytest.mark.parametrize("name", LIVES)
def test_the_tier_is_that_of_the_period_and_the_ledger_has_what_was_paid(till: Till, name: str) -> None:
    steps, tier, payments = LIVES[name]
    till.tell(lived(till, steps))
    assert till.access().tier == tier
    paid = received(till)
    assert len(paid) == len(payments)
    assert all(abs(one - other) <= 17 for one, other in zip(sorted(paid), sorted(payments), strict=True)), paid
    stripe = sum(one["amount_received"] for one in till.double.of("payment_intent"))
    assert sum(paid) == stripe


@pytest.mark.parametrize("name", LIVES)
def test_it_is_the_same_reversed_shuffled_and_tripled(till: Till, name: str) -> None:
    steps, tier, _ = LIVES[name]
    events = lived(till, steps)
    order = random.Random(name)  # noqa: S311 - the same each time
    told = order.choice([events[::-1], order.sample(events, len(events))])
    till.tell([*told, *order.sample(events, len(events)), *told])
    assert till.access().tier == tier
    assert sum(received(till)) == sum(one["amount_received"] for one in till.double.of("payment_intent"))
    (gift,) = shown(till)
    item = plan.subscription_of(till)["items"]["data"][0]
    assert till.state().standing.recurring[0].next_payment_at == item["current_period_end"]
    assert gift["will_renew"] is True


def shown(till: Till) -> list[Json]:
    """The recurring gifts as `ops supporter --json` tells them."""
    account = find_supporter(till.table, ADA, till.newsroom, email_key=EMAIL_KEY, now=till.business)
    told = as_json(account)["recurring"]
    return [dict(one) for one in told]


def test_a_changed_rhythm_says_when_stripe_takes_the_next_payment(till: Till) -> None:
    till.tell(till.gives(15000, "year"))
    plan.later(till, 100)
    till.tell(plan.changes(till, 500))
    for _ in range(2):
        till.tell(plan.renews(till))
    end = plan.subscription_of(till)["items"]["data"][0]["current_period_end"]
    (gift,) = till.state().standing.recurring
    assert (gift.interval, gift.next_payment_at, gift.paid_through) == ("month", end, end)
    till.pass_time(end - till.business - 1)
    till.double.stop(gift.id)
    assert till.access().tier == "member"


def test_after_a_refund_the_next_payment_is_still_the_next_one(till: Till) -> None:
    till.tell(till.gives(500, "month"))
    plan.later(till, 3)
    till.tell(gives_back_last(till))
    (gift,) = till.state().standing.recurring
    assert gift.next_payment_at == plan.subscription_of(till)["items"]["data"][0]["current_period_end"]
    assert till.access().tier is None


def test_what_was_paid_for_stays_until_a_lowered_gift_renews(till: Till) -> None:
    till.tell(till.gives(1500, "month"))
    plan.later(till, 3)
    till.tell(plan.changes(till, 500, proration="none"))
    assert till.access().tier == "patron", "a price changed between two invoices changes nothing"
    till.tell(plan.renews(till))
    assert till.access().tier == "member"


def test_a_trial_in_which_a_changed_rhythm_waits_takes_nothing_away(till: Till) -> None:
    till.tell(till.gives(1500, "month"))
    plan.later(till, 3)
    end = plan.subscription_of(till)["items"]["data"][0]["current_period_end"]
    till.tell(plan.changes(till, 3000, interval="year", proration="none", trial_end=end))
    assert till.access().tier == "patron"
    (gift,) = till.state().standing.recurring
    assert (gift.next_payment_at, gift.will_renew, gift.interval) == (end, True, "year")


def test_a_month_that_the_newsroom_gave_at_the_start_opens_what_the_gift_will(till: Till) -> None:
    """A trial's first invoice comes to nothing, on a line that costs nothing."""
    events = till.gives(1500, "month")
    for kind, free in (("invoice", {"amount_due": 0, "amount_paid": 0, "total": 0}),):
        (found,) = till.double.of(kind)
        (line,) = found["lines"]["data"]
        pricing = {**line["pricing"], "unit_amount_decimal": "0"}
        lines = {**found["lines"], "data": [{**line, "amount": 0, "pricing": pricing}]}
        till.double.account.put(found | free | {"lines": lines})
    till.tell(event for event in events if event["type"] in ("invoice.paid", "customer.subscription.created"))
    assert till.access().tier == "patron"


def test_a_second_item_counts_as_it_was_when_the_change_was_charged(till: Till) -> None:
    """Told at once and told days later, when the first item costs less: the tier is decided by the invoice."""
    events = till.gives(1000, "month")
    plan.later(till, 5)
    added = plan.adds_item(till, 500, proration="always_invoice")
    plan.later(till, 1)
    lowered = plan.changes(till, 300, proration="none")
    till.tell([*events, *added, *lowered])
    assert till.access().tier == "patron"


def test_a_key_that_may_not_read_prices_decides_nothing(till: Till) -> None:
    """The event waits: a tier that was decided once stays, and must not be decided by half of what there is."""
    till.tell(till.gives(500, "month"))
    plan.later(till, 15)
    raised = plan.changes(till, 1500, proration="always_invoice")
    plan.later(till, 1)
    again = plan.changes(till, 2000, proration="none")

    def may_not(name: str) -> None:
        if name == "price":
            raise StripeRefused("permission_denied")

    till.double.on_call = may_not
    paid = next(event for event in raised if event["type"] == "invoice.paid")
    assert till.deliver(paid).json == {"stored": True, "applied": False}
    assert till.access().tier == "member"
    till.double.on_call = lambda _name: None
    till.pass_time(3600)
    till.sweeps()
    till.tell([*raised, *again])
    assert till.access().tier == "patron"


@pytest.mark.parametrize(("back", "tier"), [(1, "member"), (4, None)])
def test_of_an_invoice_paid_in_two_parts_the_larger_one_carries_the_month(
    till: Till, back: int, tier: str | None
) -> None:
    """One is given back: of 1 + 4 EUR, the one euro ends nothing."""
    events = till.gives(500, "month")
    (whole,) = till.double.of("payment_intent")
    parts = [
        till.double.account.put(whole | {"id": f"pi_of_{euros}", "amount_received": euros * 100}) for euros in (1, 4)
    ]
    links = [
        {"amount_paid": part["amount_received"], "currency": "eur", "status": "paid"}
        | {"payment": {"type": "payment_intent", "payment_intent": part["id"]}}
        for part in parts
    ]

    def in_two_parts(name: str, found: Json) -> Json:
        return {**found, "payments": {"data": links}} if name == "invoice" else found

    till.double.on_answer = in_two_parts
    till.tell([event for event in events if event["type"] in ("invoice.paid", "customer.subscription.created")])
    assert sorted(received(till)) == [100, 400]
    refund = {
        "id": "re_part",
        "object": "refund",
        "amount": back * 100,
        "currency": "eur",
        "created": till.business,
        "status": "succeeded",
        "payment_intent": f"pi_of_{back}",
    }
    till.double.refund = lambda _name: refund  # type: ignore[method-assign,assignment] # the port's call, on one double
    till.tell([{"id": "evt_re", "type": "refund.created", "livemode": False, "data": {"object": refund}}])
    plan.later(till, 10)
    assert till.access().tier == tier
