"""The difference for the rest of the paid time is charged at once, or nothing happens at all."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.rails.stripe.port import StripeUnavailable
from localdev.stripe import collecting
from testkit.harness import Harness
from tests.changing.scenes import DAY, Scene, charged, lost_answers, undo_of
from tests.changing.test_over_time import passes

HIGHER = 1500  # «Опора»: a higher level than 5 € a month


def told_to(ada: Scene, outcome: str) -> None:
    """How the next charge of the gift's card ends."""
    ada.harness.stripe.happens(lambda it: collecting.tell_next(it, ada.gift, outcome))
    ada.waiting()


def half_a_month_later(harness: Harness) -> Scene:
    ada = Scene(harness, 500)
    harness.pass_time(15 * DAY)
    harness.sign_in(ada.visitor, "ada@reader.example")
    return ada


def test_what_was_shown_is_taken_and_what_was_raised_opens_at_once(harness: Harness) -> None:
    ada = half_a_month_later(harness)
    assert harness.access().tier == "member"
    shown = ada.preview(amount=HIGHER, charge="now")
    assert (shown["charged_now"], shown["opens"]) == (500, "patron")
    harness.pass_time(600)  # they read it over
    harness.sign_in(ada.visitor, "ada@reader.example")
    reply = ada.does(amount=HIGHER, charge="now", **{"if": shown["changes"]})
    assert (reply.status, reply.json["tier"]) == (200, "patron")
    assert charged(harness) == [500, 500]
    assert harness.access().tier == "patron"
    assert reply.json["next_payment_at"] == shown["next_payment"]["at"]
    assert ada.new_mails() == ["recurring_changed"], "it is the receipt as well"
    mail = harness.mails.sent[-1].text
    assert "5\xa0€" in mail
    ada.hears()
    assert (ada.new_mails(), charged(harness)) == ([], [500, 500])
    ada.month_passes()
    assert charged(harness) == [500, 500, shown["next_payment"]["amount"]]


def test_a_year_that_begins_now_is_shown_as_it_then_is(harness: Harness) -> None:
    ada = half_a_month_later(harness)
    shown = ada.preview(amount=15000, interval="year", charge="now")
    reply = ada.does(amount=15000, interval="year", charge="now", **{"if": shown["changes"]})
    assert reply.status == 200, reply.text
    assert charged(harness) == [500, shown["charged_now"]]
    assert (reply.json["next_payment_at"], reply.json["paid_through"]) == (
        shown["next_payment"]["at"],
        shown["until"],
    )
    assert harness.access().tier == shown["opens"] == "patron"
    ada.month_passes()
    assert charged(harness)[-1] == shown["next_payment"]["amount"] == 15000


def test_without_a_preview_it_is_charged_from_now_on(harness: Harness) -> None:
    ada = half_a_month_later(harness)
    assert ada.does(amount=HIGHER, charge="now").status == 200
    assert charged(harness) == [500, 500]


def test_the_notification_may_be_first(harness: Harness) -> None:
    """Stripe tells of the change before our call has booked it: one mail, one entry, with the undo link."""
    ada = half_a_month_later(harness)
    harness.stripe.on_call = lambda name: ada.hears() if name == "invoice" else None
    assert ada.does(amount=HIGHER, charge="now").status == 200
    harness.stripe.on_call = lambda _name: None
    assert ada.new_mails() == ["recurring_changed"]
    assert charged(harness) == [500, 500]
    assert undo_of(harness)


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


def test_the_bank_asks_first(harness: Harness) -> None:
    ada = half_a_month_later(harness)
    told_to(ada, "needs_action")
    reply = ada.does(amount=HIGHER, charge="now")
    assert (reply.status, reply.json["status"]) == (202, "needs_confirmation")
    assert ada.does(amount=HIGHER, charge="now").json == reply.json, "pressed twice"
    ada.hears()
    assert ada.new_mails() == []
    assert (ada.me()["amount"], harness.access().tier) == (500, "member"), "until it is paid all stays"
    invoice = harness.stripe.of("invoice")[-1]
    assert invoice["hosted_invoice_url"] == reply.json["url"]
    harness.pass_time(3 * 3600)
    harness.tell(
        harness.stripe.happens(
            lambda it: collecting.pay_by_hand(it, it.get("subscription", ada.gift), it.get("invoice", invoice["id"]))
        )
    )
    assert (ada.me()["amount"], harness.access().tier) == (HIGHER, "patron")
    assert ada.new_mails() == ["recurring_changed"]
    harness.pass_time(23 * 3600)
    assert ada.visitor.get(undo_of(harness)).status == 200, "a day from the confirmation on"


@pytest.mark.parametrize("instead", [{"amount": 700}, {"amount": 500}])
def test_another_wish_gives_up_what_waits(harness: Harness, instead: dict[str, Any]) -> None:
    ada = half_a_month_later(harness)
    told_to(ada, "needs_action")
    assert ada.does(amount=HIGHER, charge="now").status == 202
    assert ada.does(**instead).status == 200
    assert [one["status"] for one in harness.stripe.of("invoice")] == ["paid", "void"]
    assert ada.price == (instead["amount"], "month")


@pytest.mark.parametrize(("what", "body"), [("stop", {}), ("pause", {"months": 1})])
def test_so_do_a_stop_and_a_pause(harness: Harness, what: str, body: dict[str, Any]) -> None:
    ada = half_a_month_later(harness)
    told_to(ada, "needs_action")
    assert ada.does(amount=HIGHER, charge="now").status == 202
    assert ada.does(what, **body).status == 200
    assert [one["status"] for one in harness.stripe.of("invoice")] == ["paid", "void"]


def test_who_is_not_signed_in_freshly_is_asked_for_a_code(harness: Harness) -> None:
    ada = Scene(harness, 500)
    harness.clock.real += 601
    reply = ada.does(amount=700, charge="now")
    assert (reply.status, reply.json["code"]) == (403, "sign_in_again")
    assert ada.does(amount=1001).json["code"] == "sign_in_again", "more than twice as much"
    assert ada.preview(amount=700, charge="now")["charged_now"] == 200, "looking is free"
    assert ada.does(amount=1000).status == 200


def test_what_changed_since_the_preview_is_not_charged(harness: Harness) -> None:
    ada = Scene(harness, 500)
    shown = ada.preview(amount=HIGHER, charge="now")
    assert ada.does(amount=700).status == 200  # in another tab
    reply = ada.does(amount=HIGHER, charge="now", **{"if": shown["changes"]})
    assert (reply.status, reply.json["code"], reply.json["gift"]["amount"]) == (409, "gift_changed", 700)
    assert charged(harness) == [500]


def test_nor_is_another_sum_than_was_shown(harness: Harness) -> None:
    """A credit that would have paid for it is used up by something else."""
    from testkit import plan_changes

    ada = half_a_month_later(harness)
    harness.tell(plan_changes.has_credit(harness, 400))
    shown = ada.preview(amount=HIGHER, charge="now")
    assert shown["charged_now"] == 100
    harness.tell(plan_changes.has_credit(harness, -400))
    reply = ada.does(amount=HIGHER, charge="now", **{"if": shown["changes"]})
    assert (reply.status, reply.json["code"]) == (409, "gift_changed")
    assert charged(harness) == [500]


def test_a_credit_that_covers_it_changes_the_gift_and_charges_nothing(harness: Harness) -> None:
    from testkit import plan_changes

    ada = half_a_month_later(harness)
    harness.tell(plan_changes.has_credit(harness, 2_000))
    shown = ada.preview(amount=HIGHER, charge="now")
    assert shown["charged_now"] == 0
    assert ada.does(amount=HIGHER, charge="now", **{"if": shown["changes"]}).status == 200
    assert (charged(harness), harness.access().tier) == ([500], "patron")
    ada.hears()
    assert ada.new_mails() == ["recurring_changed"]


def test_a_gift_by_bank_debit_cannot_be_charged_at_once(harness: Harness) -> None:
    ada = Scene(harness, 500)

    def by_debit(account: object) -> None:
        it = harness.stripe.account
        method = it.get("payment_method", ada.at_stripe["default_payment_method"])
        assert account is it
        it.put(method | {"type": "sepa_debit", "card": None})

    harness.stripe.held_to_types = False
    harness.stripe.happens(by_debit)
    reply = ada.does(amount=700, charge="now")
    assert (reply.status, reply.json["code"]) == (409, "charge_next_only")
    assert ada.does(amount=700).status == 200
