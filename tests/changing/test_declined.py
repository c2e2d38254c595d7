"""A charge at once that is declined changes nothing, whatever answer is lost, and however often it is pressed."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.rails.stripe.port import StripeUnavailable
from localdev.stripe import collecting
from testkit.harness import Harness
from tests.changing.scenes import charged, lost_answers
from tests.changing.test_charge_now import HIGHER, half_a_month_later, told_to
from tests.changing.test_over_time import passes


def test_a_declined_card_leaves_all_as_it_was(harness: Harness) -> None:
    ada = half_a_month_later(harness)
    before = ada.me()
    told_to(ada, "fails")
    reply = ada.does(amount=HIGHER, charge="now")
    assert (reply.status, reply.json["code"]) == (402, "card_declined")
    assert [one["status"] for one in harness.stripe.of("invoice")] == ["paid", "void"], "nobody is charged later"
    assert (ada.price, ada.at_stripe["pending_update"]) == ((500, "month"), None)
    ada.hears()
    assert ada.me() == before
    assert ada.new_mails() == [], "no mail says that a payment failed: none was due"
    assert harness.access().tier == "member"
    assert not [row for row in harness.rows() if row["sk"].startswith("UNDO#")]
    told_to(ada, "succeeds")
    assert ada.does(amount=HIGHER, charge="now").status == 200, "with another card"
    assert charged(harness) == [500, 500]


def test_the_refusal_may_be_told_while_we_still_ask(harness: Harness) -> None:
    ada = half_a_month_later(harness)
    told_to(ada, "fails")
    harness.stripe.on_call = lambda name: ada.hears() if name == "void_invoice" else None
    assert ada.does(amount=HIGHER, charge="now").status == 402
    harness.stripe.on_call = lambda _name: None
    ada.hears()
    assert ada.new_mails() == []
    assert ada.me()["status"] == "active"


def test_paid_at_the_last_moment_is_not_called_declined(harness: Harness) -> None:
    """The payer's bank agrees after all, while we give the charge up: it cannot be void any more."""
    ada = half_a_month_later(harness)
    told_to(ada, "fails")

    def pays(name: str) -> None:
        if name == "void_invoice":
            harness.stripe.happens(
                lambda it: collecting.pay_by_hand(
                    it, it.get("subscription", ada.gift), harness.stripe.of("invoice")[-1]
                )
            )

    harness.stripe.on_call = pays
    reply = ada.does(amount=HIGHER, charge="now")
    assert (reply.status, reply.json.get("tier")) == (200, "patron")
    harness.stripe.on_call = lambda _name: None
    ada.hears()
    assert (charged(harness), ada.new_mails()) == ([500, 500], ["recurring_changed"])


@pytest.mark.parametrize("call", ["update_subscription", "void_invoice", "invoice"])
def test_a_declined_charge_whose_answer_is_lost_is_tried_once_more(harness: Harness, call: str) -> None:
    """Stripe repeats its answer under the same key for a day: it would tell of an invoice that is void by now."""
    ada = half_a_month_later(harness)
    told_to(ada, "fails")
    with lost_answers(harness, call):
        assert ada.does(amount=HIGHER, charge="now").status == 503
    reply = ada.does(amount=HIGHER, charge="now")
    assert (reply.status, reply.json.get("code")) == (402, "card_declined")
    told_to(ada, "succeeds")
    assert ada.does(amount=HIGHER, charge="now").json["tier"] == "patron"
    ada.hears()
    assert charged(harness) == [500, 500]
    assert {one["status"] for one in harness.stripe.of("invoice")} == {"paid", "void"}


@pytest.mark.parametrize("call", ["update_subscription", "void_invoice"])
def test_a_declined_charge_that_nobody_asks_for_again_takes_no_money(harness: Harness, call: str) -> None:
    """No sweep of ours voids it: Stripe tries it no more by itself, and lets it lapse after 23 hours."""
    ada = half_a_month_later(harness)
    told_to(ada, "fails")
    harness.stripe.on_call = _down(call) if call == "void_invoice" else harness.stripe.on_call
    with lost_answers(harness, call):
        assert ada.does(amount=HIGHER, charge="now").status == 503
    harness.stripe.on_call = lambda _name: None
    ada.hears()
    told_to(ada, "succeeds")
    due = ada.me()["next_payment_at"]
    passes(ada, due)
    assert [one["status"] for one in harness.stripe.of("invoice")] == ["paid", "void", "paid"]
    assert charged(harness) == [500, 500], "the month, at the old price"


def _down(call: str) -> Callable[[str], None]:
    def refuse(name: str) -> None:
        if name == call:
            raise StripeUnavailable("not reached")

    return refuse


def test_two_taps_on_a_card_that_is_declined_are_told_so_twice(harness: Harness) -> None:
    """The second tap has the first one's answer, under the same key, after the first gave the charge up."""
    ada = half_a_month_later(harness)
    told_to(ada, "fails")
    second: list[Any] = []

    def taps_again(name: str) -> None:
        if name == "update_subscription" and not second:
            second.append(None)
            second[0] = ada.does(amount=HIGHER, charge="now")

    harness.stripe.on_call = taps_again
    first = ada.does(amount=HIGHER, charge="now")
    assert [(one.status, one.json["code"]) for one in (first, second[0])] == [(402, "card_declined")] * 2
    assert ada.price == (500, "month")
