"""A gift is changed while its renewal rests for an hour at Stripe: nobody pays what they stopped, or pays twice."""

from typing import Any

import pytest

from chalicelib.kernel.moments import seconds_of
from testkit.harness import Harness
from testkit.resting import hour_is_over, rests
from testkit.visitor import Visitor
from tests.changing.scenes import Scene, charged, lost_answers, undo_of
from tests.changing.test_over_time import passes


def resting(harness: Harness) -> Scene:
    """Ada's second month has begun, and is not paid yet."""
    ada = Scene(harness, 500)
    harness.tell(rests(harness, ada.gift))
    ada.waiting()
    harness.sign_in(ada.visitor, "ada@reader.example")
    return ada


def hour_passes(ada: Scene) -> None:
    """Stripe collects what rested, and tells of it."""
    ada.harness.tell(hour_is_over(ada.harness))
    ada.waiting()


def invoices(harness: Harness) -> list[str]:
    """How every invoice stands."""
    return [one["status"] for one in harness.stripe.of("invoice")]


def test_who_stops_is_not_charged_for_it(harness: Harness) -> None:
    ada = resting(harness)
    for call in ("finalize_invoice", "void_invoice", "update_subscription"):
        with lost_answers(harness, call):
            assert ada.does("stop").status == 503
    assert ada.does("stop").status == 200
    hour_passes(ada)
    assert (invoices(harness), charged(harness)) == (["paid", "void"], [500])
    assert ada.kinds.count("recurring_will_end") == 1


@pytest.mark.parametrize("undone", ["by the link", "by the button"])
def test_who_keeps_it_after_all_is_charged_from_the_next_payment_on(harness: Harness, undone: str) -> None:
    ada = resting(harness)
    assert ada.does("stop").status == 200
    reply = ada.does("keep") if undone == "by the button" else Visitor().post(undo_of(harness), {})
    assert reply.status == 200
    ada.hears()
    hour_passes(ada)
    assert charged(harness) == [500]
    passes(ada, ada.me()["next_payment_at"])
    assert charged(harness) == [500, 500]


def test_who_pauses_waits_until_it_is_paid(harness: Harness) -> None:
    ada = resting(harness)
    assert ada.does("pause", months=1).json["code"] == "payment_due"
    hour_passes(ada)
    told = ada.does("pause", months=1).json
    ada.hears()
    passes(ada, told["next_payment_at"])
    assert charged(harness) == [500, 500, 500]
    assert invoices(harness) == ["paid", "paid", "void", "paid"]


def test_at_the_second_of_the_payment_nothing_is_changed_but_a_stop_holds(harness: Harness) -> None:
    """Stripe has not begun the next period yet: it would refuse a moment that is past, or take the old amount."""
    ada = Scene(harness, 500)
    harness.pass_time((seconds_of(ada.me()["next_payment_at"]) or 0) - harness.clock.business)
    harness.sign_in(ada.visitor, "ada@reader.example")
    wishes: list[dict[str, Any]] = [
        {"amount": 700},
        {"amount": 5000, "interval": "year"},
        {"amount": 700, "charge": "now"},
    ]
    assert {ada.does("", "", **wish).json["code"] for wish in wishes} == {"payment_due"}
    assert ada.does("pause", months=1).json["code"] == "payment_due"
    begins: list[None] = []

    def meanwhile(name: str) -> None:
        if name == "update_subscription" and not begins:
            begins.append(None)
            rests(harness, ada.gift)

    harness.stripe.on_call = meanwhile
    assert ada.does("stop").status == 200
    hour_passes(ada)
    assert (charged(harness), invoices(harness)) == ([500], ["paid", "void"])


def test_an_older_invoice_that_is_still_tried_is_a_payment_that_is_due(harness: Harness) -> None:
    """Stripe goes on trying what was made before a pause, although the newest payment was made."""
    ada = Scene(harness, 500)
    harness.tell(harness.stripe.renew(ada.gift, fails=True))
    harness.tell(harness.stripe.renew(ada.gift))
    ada.waiting()
    harness.pass_time(max(0, harness.stripe.account.seconds - harness.clock.business))
    harness.sign_in(ada.visitor, "ada@reader.example")
    assert (ada.me()["status"], invoices(harness)) == ("active", ["paid", "open", "paid"])
    assert ada.does("pause", months=1).json["code"] == "payment_due"
    assert ada.does("stop").status == 200
    assert invoices(harness) == ["paid", "void", "paid"]


def test_another_amount_begins_with_the_payment_after_it(harness: Harness) -> None:
    ada = resting(harness)
    assert ada.does(amount=700, charge="now").json["code"] == "charge_next_only", "there is no paid time to raise"
    shown = ada.preview(amount=300)
    assert ada.does(amount=300, **{"if": shown["changes"]}).status == 200
    ada.hears()
    hour_passes(ada)
    assert charged(harness) == [500, 500]
    passes(ada, shown["next_payment"]["at"])
    assert charged(harness) == [500, 500, 300]


def test_another_interval_begins_after_it_and_a_stop_lets_both_go(harness: Harness) -> None:
    ada = resting(harness)
    year = ada.does(amount=5000, interval="year").json
    ada.hears()
    assert ada.does("stop").status == 200
    hour_passes(ada)
    passes(ada, year["next_payment_at"])
    assert charged(harness) == [500], "the draft is not the latest invoice any more"


def test_without_a_stop_each_of_the_two_is_paid_once(harness: Harness) -> None:
    ada = resting(harness)
    year = ada.does(amount=5000, interval="year").json
    ada.hears()
    hour_passes(ada)
    assert charged(harness) == [500, 500]
    passes(ada, year["next_payment_at"])
    assert charged(harness) == [500, 500, 5000]
