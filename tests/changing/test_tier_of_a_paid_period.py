"""The rule of the level, word for word, on what a supporter's own changes make of a gift's invoices.

The level of a paid period is decided when its invoice is paid, from unit price times quantity of the gift's own
item in the line whose period is the one just paid for, before credit, discount, tax and other lines; the newest such
period decides. What the newsroom makes of invoices in Stripe's dashboard: `tests/booking/test_odd_invoices.py`.
"""

from collections.abc import Callable

import pytest

from testkit import plan_changes as plan
from testkit.harness import ADA, Harness
from tests.changing.scenes import DAY, Scene

PATRON, MEMBER = 1500, 500
BESIDE: dict[str, Callable[[Harness], object]] = {
    "nothing": lambda _harness: [],
    "credit that pays for all of it": lambda harness: plan.has_credit(harness, 100_000),
    "half of it let off": lambda harness: plan.coupon(harness, 50, "forever"),
    "tax on top": lambda harness: plan.taxed(harness, 23),
    "a book for 90 €": lambda harness: plan.buys(harness, 9_000),
}


@pytest.mark.parametrize("beside", BESIDE)
def test_a_charged_raise_counts_at_its_price_whatever_stands_beside_it(harness: Harness, beside: str) -> None:
    ada = Scene(harness, MEMBER)
    harness.pass_time(20 * DAY)
    harness.sign_in(ada.visitor, ADA)
    BESIDE[beside](harness)
    ada.hears()
    assert harness.access().tier == "member"
    assert ada.does(amount=PATRON, charge="now").status == 200
    assert harness.access().tier == "patron"
    ada.hears()
    ada.month_passes()
    assert harness.access().tier == "patron"


@pytest.mark.parametrize("beside", BESIDE)
def test_a_lowered_gift_keeps_what_is_paid_and_then_opens_its_own(harness: Harness, beside: str) -> None:
    ada = Scene(harness, PATRON)
    BESIDE[beside](harness)
    assert ada.does(amount=MEMBER).status == 200
    ada.hears()
    assert harness.access().tier == "patron"
    ada.month_passes()
    assert harness.access().tier == "member"


def test_raised_lowered_and_raised_in_one_month_the_last_paid_for_counts(harness: Harness) -> None:
    ada = Scene(harness, MEMBER)
    for amount, charge in ((PATRON, "now"), (100, "next"), (2000, "now")):
        harness.pass_time(5 * DAY)
        harness.sign_in(ada.visitor, ADA)
        assert ada.does(amount=amount, charge=charge).status == 200
        ada.hears()
        assert harness.access().tier == "patron"
    assert ada.does(amount=100).status == 200
    ada.hears()
    ada.month_passes()
    assert harness.access().tier is None


def test_two_changes_of_one_second_are_not_added_up(harness: Harness) -> None:
    """In Stripe's dashboard, the second thought invoiced at once: what the first would have charged is taken back."""
    harness.tell(harness.gives(MEMBER, "month"))
    plan.later(harness, 10)
    harness.tell(plan.changes(harness, 900))
    harness.tell(plan.changes(harness, 1000, proration="always_invoice"))
    assert harness.access().tier == "member", "9 € and 10 € are not 19 €"
    harness.tell(plan.changes(harness, PATRON, proration="always_invoice"))
    assert harness.access().tier == "patron"


def test_several_pieces_count_as_often(harness: Harness) -> None:
    ada = Scene(harness, MEMBER)
    item = ada.at_stripe["items"]["data"][0]["id"]
    params = {"items": [{"id": item, "quantity": 3}], "proration_behavior": "none"}
    harness.stripe.update_subscription(ada.gift, params, idempotency_key="three")
    ada.hears()
    assert harness.access().tier == "member", "not before it is paid"
    ada.month_passes()
    assert harness.access().tier == "patron"


def test_what_was_raised_and_taken_back_by_a_bank_opens_what_was_paid_before(harness: Harness) -> None:
    ada = Scene(harness, MEMBER)
    harness.pass_time(10 * DAY)
    harness.sign_in(ada.visitor, ADA)
    assert ada.does(amount=PATRON, charge="now").status == 200
    ada.hears()
    payment = harness.stripe.of("payment_intent")[-1]["id"]
    harness.tell(harness.stripe.bank_disputes(payment))
    assert harness.access().tier == "member"
    harness.tell(harness.stripe.bank_decides(harness.stripe.of("dispute")[-1]["id"], won=True))
    assert harness.access().tier == "patron"
