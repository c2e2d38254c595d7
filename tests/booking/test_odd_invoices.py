"""Invoices that are not exactly one period at full price: the tier follows the period, the ledger what was paid.

In the newsroom of the tests 3 EUR a month opens `member` and 15 EUR `patron`; a year the tenfold.
"""

import pytest

from chalicelib.account.actions.find_supporter import find_supporter
from chalicelib.account.views.account_json import as_json
from chalicelib.rails.stripe.port import StripeRefused
from testkit import plan_changes as plan
from testkit.harness import ADA, EMAIL_KEY, Harness
from testkit.odd_scenarios import LIVES, gives_back_last, lived
from testkit.webhooks import Json


def received(harness: Harness) -> list[int]:
    """What each payment brought, in order."""
    gifts = [entry for entry in harness.books.entries if entry["kind"] == "gift"]
    return [int(entry["amount"]) for entry in sorted(gifts, key=lambda entry: (entry["occurred_at"], entry["id"]))]


@pytest.mark.parametrize("name", LIVES)
def test_the_tier_is_that_of_the_period_and_the_ledger_has_what_was_paid(harness: Harness, name: str) -> None:
    steps, tier, payments = LIVES[name]
    harness.tell(lived(harness, steps))
    assert harness.access().tier == tier
    paid = received(harness)
    assert len(paid) == len(payments)
    assert all(abs(one - other) <= 17 for one, other in zip(sorted(paid), sorted(payments), strict=True)), paid
    stripe = sum(one["amount_received"] for one in harness.stripe.of("payment_intent"))
    assert sum(paid) == stripe


def shown(harness: Harness) -> list[Json]:
    """The recurring gifts as `ops supporter --json` tells them."""
    account = find_supporter(harness.table, ADA, harness.newsroom, email_key=EMAIL_KEY, now=harness.now())
    told = as_json(account, harness.newsroom)["recurring"]
    return [dict(one) for one in told]


def test_a_changed_rhythm_says_when_stripe_takes_the_next_payment(harness: Harness) -> None:
    harness.tell(harness.gives(15000, "year"))
    plan.later(harness, 100)
    harness.tell(plan.changes(harness, 500))
    for _ in range(2):
        harness.tell(plan.renews(harness))
    end = plan.subscription_of(harness)["items"]["data"][0]["current_period_end"]
    (gift,) = harness.state().standing.recurring
    assert (gift.interval, gift.next_payment_at, gift.paid_through) == ("month", end, end)
    harness.pass_time(end - harness.clock.business - 1)
    harness.stripe.stop(gift.id)
    assert harness.access().tier == "member"


def test_after_a_refund_the_next_payment_is_still_the_next_one(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month"))
    plan.later(harness, 3)
    harness.tell(gives_back_last(harness))
    (gift,) = harness.state().standing.recurring
    assert gift.next_payment_at == plan.subscription_of(harness)["items"]["data"][0]["current_period_end"]
    assert harness.access().tier is None


def test_what_was_paid_for_stays_until_a_lowered_gift_renews(harness: Harness) -> None:
    harness.tell(harness.gives(1500, "month"))
    plan.later(harness, 3)
    harness.tell(plan.changes(harness, 500, proration="none"))
    assert harness.access().tier == "patron", "a price changed between two invoices changes nothing"
    harness.tell(plan.renews(harness))
    assert harness.access().tier == "member"


def test_a_trial_in_which_a_changed_rhythm_waits_takes_nothing_away(harness: Harness) -> None:
    harness.tell(harness.gives(1500, "month"))
    plan.later(harness, 3)
    end = plan.subscription_of(harness)["items"]["data"][0]["current_period_end"]
    harness.tell(plan.changes(harness, 3000, interval="year", proration="none", trial_end=end))
    assert harness.access().tier == "patron"
    (gift,) = harness.state().standing.recurring
    assert (gift.next_payment_at, gift.will_renew, gift.interval) == (end, True, "year")


def test_a_month_that_the_newsroom_gave_at_the_start_opens_what_the_gift_will(harness: Harness) -> None:
    """A trial's first invoice comes to nothing, on a line that costs nothing."""
    events = harness.gives(1500, "month")
    for kind, free in (("invoice", {"amount_due": 0, "amount_paid": 0, "total": 0}),):
        (found,) = harness.stripe.of(kind)
        (line,) = found["lines"]["data"]
        pricing = {**line["pricing"], "unit_amount_decimal": "0"}
        lines = {**found["lines"], "data": [{**line, "amount": 0, "pricing": pricing}]}
        harness.stripe.account.put(found | free | {"lines": lines})
    harness.tell(event for event in events if event["type"] in ("invoice.paid", "customer.subscription.created"))
    assert harness.access().tier == "patron"


def test_a_second_item_counts_as_it_was_when_the_change_was_charged(harness: Harness) -> None:
    """Told at once and told days later, when the first item costs less: the tier is decided by the invoice."""
    events = harness.gives(1000, "month")
    plan.later(harness, 5)
    added = plan.adds_item(harness, 500, proration="always_invoice")
    plan.later(harness, 1)
    lowered = plan.changes(harness, 300, proration="none")
    harness.tell([*events, *added, *lowered])
    assert harness.access().tier == "patron"


def test_a_key_that_may_not_read_prices_decides_nothing(harness: Harness) -> None:
    """The event waits: a tier that was decided once stays, and must not be decided by half of what there is."""
    harness.tell(harness.gives(500, "month"))
    plan.later(harness, 15)
    raised = plan.changes(harness, 1500, proration="always_invoice")
    plan.later(harness, 1)
    again = plan.changes(harness, 2000, proration="none")

    def may_not(name: str) -> None:
        if name == "price":
            raise StripeRefused("permission_denied")

    harness.stripe.on_call = may_not
    paid = next(event for event in raised if event["type"] == "invoice.paid")
    assert harness.deliver(paid).json == {"stored": True, "applied": False}
    assert harness.access().tier == "member"
    harness.stripe.on_call = lambda _name: None
    harness.pass_time(3600)
    harness.sweeps()
    harness.tell([*raised, *again])
    assert harness.access().tier == "patron"


@pytest.mark.parametrize(("back", "tier"), [(1, "member"), (4, None)])
def test_of_an_invoice_paid_in_two_parts_the_larger_one_carries_the_month(
    harness: Harness, back: int, tier: str | None
) -> None:
    """One is given back: of 1 + 4 EUR, the one euro ends nothing."""
    events = harness.gives(500, "month")
    (whole,) = harness.stripe.of("payment_intent")
    parts = [
        harness.stripe.account.put(whole | {"id": f"pi_of_{euros}", "amount_received": euros * 100})
        for euros in (1, 4)
    ]
    links = [
        {"amount_paid": part["amount_received"], "currency": "eur", "status": "paid"}
        | {"payment": {"type": "payment_intent", "payment_intent": part["id"]}}
        for part in parts
    ]

    def in_two_parts(name: str, found: Json) -> Json:
        return {**found, "payments": {"data": links}} if name == "invoice" else found

    harness.stripe.on_answer = in_two_parts
    harness.tell([event for event in events if event["type"] in ("invoice.paid", "customer.subscription.created")])
    assert sorted(received(harness)) == [100, 400]
    refund = {
        "id": "re_part",
        "object": "refund",
        "amount": back * 100,
        "currency": "eur",
        "created": harness.clock.business,
        "status": "succeeded",
        "payment_intent": f"pi_of_{back}",
    }
    harness.stripe.refund = lambda _name: refund  # type: ignore[method-assign,assignment] # the port's call, on one double
    harness.tell([{"id": "evt_re", "type": "refund.created", "livemode": False, "data": {"object": refund}}])
    plan.later(harness, 10)
    assert harness.access().tier == tier
