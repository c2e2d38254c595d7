"""Every change is undone with one link from its mail: the gift is what it was, and what was charged goes back."""

from typing import Any

import pytest

from chalicelib.kernel.moments import rfc3339
from chalicelib.rails.stripe.port import StripeRefused
from localdev.stripe import collecting
from testkit import plan_changes
from testkit.calls import Reply
from testkit.harness import Harness
from testkit.visitor import Visitor
from tests.changing.scenes import DAY, Scene, charged, lost_answers, undo_of
from tests.changing.test_charge_now import HIGHER, half_a_month_later
from tests.changing.test_over_time import passes
from tests.leaving.declaring import declared, receipt_of


def undone(harness: Harness) -> Reply:
    """Somebody with the newest mail presses its button, in a browser that is signed in nowhere."""
    return Visitor().post(undo_of(harness), {})


def shape(ada: Scene) -> dict[str, Any]:
    """What an undo gives back."""
    at = ada.at_stripe
    return {
        "price": ada.price,
        "paused": at["pause_collection"],
        "ends": at["cancel_at"],
        "next": ada.me()["next_payment_at"],
        "can": ada.me()["can"],
    }


@pytest.mark.parametrize(
    ("before", "what", "body"),
    [
        ([], "", {"amount": 700}),
        ([], "", {"amount": 300}),
        ([], "", {"amount": 6000, "interval": "year"}),
        ([], "pause", {"months": 2}),
        ([], "stop", {"reason": "money"}),
        ([("stop", {})], "keep", {}),
        ([("pause", {"months": 3})], "resume", {}),
    ],
)
def test_each_change_is_undone_once(
    harness: Harness, before: list[tuple[str, dict[str, Any]]], what: str, body: dict[str, Any]
) -> None:
    ada = Scene(harness, 500)
    for one, fields in before:
        assert ada.does(one, **fields).status == 200
    ada.hears()
    ada.new_mails()
    was = shape(ada)
    assert ada.does(what, **body).status == 200
    assert shape(ada) != was
    ada.hears()
    [told] = ada.new_mails()
    assert undone(harness).json == {"undone": True}
    assert shape(ada) == was
    ada.hears()
    assert len(ada.new_mails()) == 1, f"{told}, and that it was undone"
    assert "/undo/" not in harness.mails.sent[-1].text, "an undo is not undone"
    assert undone(harness).json["code"] == "undo_over"
    assert charged(harness) == [500]


def test_a_charged_raise_gives_the_difference_back_and_the_level_too(harness: Harness) -> None:
    ada = half_a_month_later(harness)
    assert ada.does(amount=HIGHER, charge="now").status == 200
    assert (charged(harness), harness.access().tier) == ([500, 500], "patron")
    assert undone(harness).status == 200
    assert charged(harness) == [500, 500, -500]
    assert (ada.price, harness.access().tier) == ((500, "month"), "member")
    ada.hears()
    assert charged(harness) == [500, 500, -500]
    ada.month_passes()
    assert charged(harness) == [500, 500, -500, 500]


def test_a_raise_in_the_second_of_a_payment_leaves_that_payment_alone(harness: Harness) -> None:
    """Both are for time from the same second on; only one of them was charged for the change."""
    ada = Scene(harness, 500)
    ada.month_passes()
    harness.sign_in(ada.visitor, "ada@reader.example")
    assert ada.does(amount=HIGHER, charge="now").status == 200
    ada.hears()
    assert sorted(charged(harness)) == [500, 500, 1000]
    assert undone(harness).status == 200
    assert sorted(charged(harness)) == [-1000, 500, 500, 1000]


def test_a_raise_that_credit_has_paid_gives_no_later_payment_back(harness: Harness) -> None:
    """Nothing was charged for the change itself; of the payment that came meanwhile the difference goes back."""
    ada = Scene(harness, 500)
    harness.pass_time(30 * DAY - 3600)
    harness.sign_in(ada.visitor, "ada@reader.example")
    harness.tell(plan_changes.has_credit(harness, ada.preview(amount=40000, charge="now")["charged_now"]))
    assert ada.does(amount=40000, charge="now").status == 200
    link = undo_of(harness)
    ada.hears()
    ada.month_passes()
    assert charged(harness) == [500, 40000]
    assert Visitor().post(link, {}).status == 200
    assert charged(harness) == [500, 40000, 500 - 40000]


def test_a_year_that_was_charged_at_once_goes_back_to_months(harness: Harness) -> None:
    ada = half_a_month_later(harness)
    due = ada.me()["next_payment_at"]
    assert ada.does(amount=5000, interval="year", charge="now").status == 200
    assert charged(harness)[1] == 4750, "the year, less the rest of the month"
    assert undone(harness).status == 200
    assert charged(harness) == [500, 4750, -4750]
    assert (ada.price, ada.me()["next_payment_at"]) == ((500, "month"), due), "as if nothing had been"
    ada.hears()
    assert harness.access().tier == "member"
    ada.month_passes()
    assert charged(harness)[-1] == 500


def test_a_raise_whose_payment_came_meanwhile_gives_its_difference_back(harness: Harness) -> None:
    """The change is made an hour before the next payment, and undone after it."""
    ada = Scene(harness, 500)
    harness.pass_time(30 * DAY - 3600)
    assert ada.does(amount=700).status == 200
    link = undo_of(harness)
    ada.month_passes()
    assert charged(harness) == [500, 700]
    assert Visitor().post(link, {}).status == 200
    assert charged(harness) == [500, 700, -200]
    assert ada.price == (500, "month")
    ada.month_passes()
    assert charged(harness)[-1] == 500


def test_a_year_whose_payment_came_meanwhile_is_given_back_but_for_a_month(harness: Harness) -> None:
    ada = Scene(harness, 500)
    harness.pass_time(30 * DAY - 3600)
    harness.sign_in(ada.visitor, "ada@reader.example")
    assert ada.does(amount=5000, interval="year").status == 200
    link = undo_of(harness)
    ada.month_passes()
    assert charged(harness) == [500, 5000]
    assert Visitor().post(link, {}).status == 200
    assert charged(harness) == [500, 5000, -4500]
    ada.hears()
    ada.month_passes()
    assert charged(harness) == [500, 5000, -4500, 500], "a month after the payment, not a year"


def test_a_lowered_gift_gives_nothing_back(harness: Harness) -> None:
    ada = Scene(harness, 500)
    harness.pass_time(30 * DAY - 3600)
    assert ada.does(amount=300).status == 200
    link = undo_of(harness)
    ada.month_passes()
    assert Visitor().post(link, {}).status == 200
    assert charged(harness) == [500, 300]
    assert ada.price == (500, "month")


def test_a_charge_that_waits_for_the_bank_is_given_up_with_the_change_before_it(harness: Harness) -> None:
    """Else the bank's answer would raise the gift after somebody has put it back."""
    ada = Scene(harness, 500)
    assert ada.does(amount=700).status == 200
    link = undo_of(harness)
    ada.hears()
    harness.stripe.happens(lambda it: collecting.tell_next(it, ada.gift, "needs_action"))
    assert ada.does(amount=HIGHER, charge="now").status == 202
    assert Visitor().post(link, {}).status == 200
    assert [one["status"] for one in harness.stripe.of("invoice")] == ["paid", "void"]
    assert (ada.price, ada.at_stripe["pending_update"]) == ((500, "month"), None)


def test_what_was_changed_once_more_is_not_undone(harness: Harness) -> None:
    ada = Scene(harness, 500)
    assert ada.does(amount=700).status == 200
    link = undo_of(harness)
    assert ada.does(amount=900).status == 200
    assert Visitor().post(link, {}).json["code"] == "gift_changed"
    assert ada.price == (900, "month")
    assert undone(harness).status == 200
    assert ada.price == (700, "month")
    assert Visitor().post(link, {}).status == 200, "now it is as that change left it"
    assert ada.price == (500, "month")


@pytest.mark.parametrize("call", ["update_subscription", "create_refund", "refund"])
def test_an_answer_that_is_lost_undoes_once_all_the_same(harness: Harness, call: str) -> None:
    ada = half_a_month_later(harness)
    assert ada.does(amount=HIGHER, charge="now").status == 200
    link = undo_of(harness)
    with lost_answers(harness, call):
        assert Visitor().post(link, {}).status == 503
    ada.hears()
    assert Visitor().post(link, {}).json == {"undone": True}
    ada.hears()
    assert charged(harness) == [500, 500, -500]
    assert ada.price == (500, "month")
    assert len(harness.stripe.of("refund")) == 1


@pytest.mark.parametrize("call", ["create_refund", "refund"])
def test_a_part_of_a_payment_goes_back_once_as_well(harness: Harness, call: str) -> None:
    ada = Scene(harness, 500)
    harness.pass_time(30 * DAY - 3600)
    assert ada.does(amount=700).status == 200
    link = undo_of(harness)
    ada.month_passes()
    with lost_answers(harness, call):
        assert Visitor().post(link, {}).status == 503
    assert Visitor().post(link, {}).status == 200
    ada.hears()
    assert charged(harness) == [500, 700, -200]


def test_money_that_went_back_by_another_hand_goes_back_once(harness: Harness) -> None:
    ada = half_a_month_later(harness)
    assert ada.does(amount=HIGHER, charge="now").status == 200
    payment = harness.stripe.of("payment_intent")[-1]["id"]
    harness.tell(harness.stripe.gives_back(payment))
    assert undone(harness).status == 200
    assert charged(harness) == [500, 500, -500]


@pytest.mark.parametrize("act", ["stop", "keep"])
def test_a_day_on_which_it_was_to_end_is_put_back(harness: Harness, act: str) -> None:
    """By a statement it ends in the third month: whoever undoes a stop, or a keep, does not give for ever."""
    ada = Scene(harness, 500)
    declared(gift=receipt_of(harness), when=rfc3339(harness.now() + 70 * DAY)[:10])
    harness.sweeps()
    ada.hears()
    ends = ada.me()["ends_at"]
    assert ends > ada.me()["next_payment_at"]
    assert ada.does(act).json["ends_at"] != ends
    assert undone(harness).status == 200
    ada.hears()
    assert ada.me()["ends_at"] == ends
    passes(ada, rfc3339(harness.now() + 120 * DAY))
    assert (charged(harness), ada.me()["status"]) == ([500] * 3, "canceled")


def test_a_statement_that_stops_sooner_is_undone_to_the_later_day(harness: Harness) -> None:
    ada = Scene(harness, 500)
    reference = receipt_of(harness)
    declared(gift=reference, when=rfc3339(harness.now() + 70 * DAY)[:10])
    harness.sweeps()
    ends = ada.me()["ends_at"]
    declared(gift=reference)
    harness.sweeps()
    assert ada.me()["ends_at"] < ends
    assert undone(harness).status == 200
    assert ada.me()["ends_at"] == ends


def test_its_day_ends(harness: Harness) -> None:
    ada = Scene(harness, 500)
    assert ada.does(amount=700).status == 200
    harness.pass_time(DAY)
    assert undone(harness).json["code"] == "undo_over"
    assert ada.price == (700, "month")


@pytest.mark.parametrize(("why", "told"), [("charge_disputed", 1), ("charge_already_refunded", 0)])
def test_money_that_stripe_does_not_give_back_is_a_persons_business(
    harness: Harness, monkeypatch: pytest.MonkeyPatch, why: str, told: int, caplog: pytest.LogCaptureFixture
) -> None:
    def refuses(*_params: Any, **_key: Any) -> None:
        raise StripeRefused(why)

    ada = half_a_month_later(harness)
    assert ada.does(amount=HIGHER, charge="now").status == 200
    monkeypatch.setattr(harness.stripe, "create_refund", refuses)
    assert undone(harness).status == 200
    assert ada.price == (500, "month"), "what could be undone is"
    assert sum("alarm undo_not_refunded" in record.message for record in caplog.records) == told
