"""The changes of a recurring gift, each once from end to end."""

from testkit.harness import Harness
from tests.changing.scenes import Scene


def test_a_change_begins_with_the_next_payment_and_charges_nothing_before(harness: Harness) -> None:
    ada = Scene(harness, 500)
    shown = ada.preview(amount=700)
    assert (shown["charged_now"], shown["next_payment"]["amount"]) == (0, 700)
    assert ada.price == (500, "month"), "a preview changes nothing"
    reply = ada.does(amount=700, **{"if": shown["changes"]})
    assert (reply.status, reply.json["amount"]) == (200, 700)
    assert ada.price == (700, "month")
    assert ada.new_mails() == ["recurring_changed"]
    ada.hears()
    assert ada.new_mails() == [], "Stripe tells of what we have booked: one mail"
    assert harness.books.totals == {"eur": (500, 1)}
    ada.month_passes()
    assert harness.books.totals == {"eur": (1200, 2)}


def test_pause_resume_stop_and_keep(harness: Harness) -> None:
    ada = Scene(harness, 500)
    paused = ada.does("pause", months=2)
    assert (paused.status, paused.json["status"], paused.json["can"]) == (200, "paused", ["resume", "stop", "card"])
    assert ada.does("pause", months=2).json == paused.json, "twice is the same as once"
    assert ada.does("pause", months=3).json["code"] == "gift_paused", "another pause is not"
    assert ada.does("resume").json["can"] == ["change", "pause", "stop", "card"]
    stopped = ada.does("stop", reason="money", comment="Back in spring.")
    assert stopped.json["can"] == ["keep", "card"]
    assert ada.does("stop").json == stopped.json, "twice is the same as once"
    assert ada.does("keep").json["ends_at"] is None
    assert ada.new_mails() == ["recurring_paused", "recurring_resumed", "recurring_will_end", "recurring_resumed"]
    ada.hears()
    assert ada.new_mails() == []
