"""The difference for the rest of the paid time is charged at once, or nothing happens at all."""

from typing import Any

import pytest

from localdev.stripe import collecting
from testkit import plan_changes
from testkit.harness import Harness
from testkit.visitor import Visitor
from tests.changing.scenes import DAY, Scene, charged, undo_of

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
    ada = half_a_month_later(harness)
    harness.tell(plan_changes.has_credit(harness, 400))
    shown = ada.preview(amount=HIGHER, charge="now")
    assert shown["charged_now"] == 100
    harness.tell(plan_changes.has_credit(harness, -400))
    reply = ada.does(amount=HIGHER, charge="now", **{"if": shown["changes"]})
    assert (reply.status, reply.json["code"]) == (409, "gift_changed")
    assert charged(harness) == [500]


def test_a_credit_that_covers_it_changes_the_gift_and_charges_nothing(harness: Harness) -> None:
    ada = half_a_month_later(harness)
    harness.tell(plan_changes.has_credit(harness, 2_000))
    shown = ada.preview(amount=HIGHER, charge="now")
    assert shown["charged_now"] == 0
    assert ada.does(amount=HIGHER, charge="now", **{"if": shown["changes"]}).status == 200
    assert (charged(harness), harness.access().tier) == ([500], "patron")
    ada.hears()
    assert ada.new_mails() == ["recurring_changed"]


@pytest.mark.parametrize(("credit", "amount", "taken"), [(600, HIGHER, 1400), (0, 560, 590), (-30, 700, 700)])
def test_the_next_payment_is_what_that_charge_leaves(harness: Harness, credit: int, amount: int, taken: int) -> None:
    """Credit that it uses up is gone by then; a difference below the least that Stripe charges is added to it."""
    ada = half_a_month_later(harness)
    if credit:
        harness.tell(plan_changes.has_credit(harness, credit))
    shown = ada.preview(amount=amount, charge="now")
    assert shown["next_payment"]["amount"] == taken
    assert ada.does(amount=amount, charge="now", **{"if": shown["changes"]}).status == 200
    told = next(row["values"] for row in harness.kinds("MAIL") if row["kind"] == "recurring_changed")
    assert told["next_amount"] == taken
    ada.hears()
    ada.month_passes()
    now = [shown["charged_now"]] if shown["charged_now"] else []
    assert charged(harness) == [500, *now, taken]


def test_what_waits_for_the_next_invoice_is_told_once(harness: Harness) -> None:
    """A book that the newsroom has put on it: Stripe takes it along with whatever it invoices first."""
    ada = half_a_month_later(harness)
    harness.tell(plan_changes.buys(harness, 1200))
    shown = ada.preview(amount=HIGHER, charge="now")
    assert (shown["charged_now"], shown["next_payment"]["amount"]) == (500 + 1200, HIGHER)
    assert ada.does(amount=HIGHER, charge="now", **{"if": shown["changes"]}).status == 200
    ada.hears()
    ada.month_passes()
    assert charged(harness) == [500, 500 + 1200, HIGHER]


@pytest.mark.parametrize("taken_back", ["by the undo", "a part, by the newsroom"])
def test_what_was_taken_back_is_not_opened_once_more_for_nothing(harness: Harness, taken_back: str) -> None:
    """Stripe credits what it has billed, also where that went back: the same raise would come to nothing."""
    ada = half_a_month_later(harness)
    assert ada.does(amount=HIGHER, charge="now").status == 200
    if taken_back == "by the undo":
        assert Visitor().post(undo_of(harness), {}).status == 200
    else:
        assert ada.does(amount=500).status == 200
        harness.tell(harness.stripe.gives_back(harness.stripe.of("payment_intent")[-1]["id"], 499))
    ada.hears()
    held = harness.access().tier
    assert ada.does(amount=HIGHER, charge="now").json["code"] == "charge_next_only"
    assert ada.does(amount=HIGHER).status == 200
    assert harness.access().tier == held
    ada.hears()
    ada.month_passes()
    assert (charged(harness)[-1], harness.access().tier) == (HIGHER, "patron")
    harness.sign_in(ada.visitor, "ada@reader.example")
    assert ada.does(amount=HIGHER + 500, charge="now").status == 200, "the next month is paid for"


def test_a_gift_that_is_paid_by_hand_cannot_be_charged_at_once(harness: Harness) -> None:
    """Stripe knows pending changes only where it collects by itself."""
    ada = Scene(harness, 500)
    harness.stripe.happens(
        lambda it: it.put(
            it.get("subscription", ada.gift) | {"collection_method": "send_invoice", "days_until_due": 9}
        )
    )
    assert ada.does(amount=700, charge="now").json["code"] == "charge_next_only"
    assert ada.does(amount=700).status == 200


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
