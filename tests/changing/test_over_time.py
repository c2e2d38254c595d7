"""What was said about the next payment is what then happens: months, years, pauses, and what is open meanwhile."""

from typing import Any

import pytest

from chalicelib.kernel.moments import rfc3339, seconds_of
from localdev.stripe import collecting, pausing
from testkit import plan_changes
from testkit.harness import ADA, Harness
from tests.changing.scenes import DAY, Scene, charged


def passes(ada: Scene, until: str) -> None:
    """Time passes up to and with this moment, with all that Stripe does by itself on the way."""
    harness, end = ada.harness, seconds_of(until)
    assert end is not None
    account = harness.stripe.account
    while True:
        job = account.store.next_due(end)
        if job is None:
            break
        at, what, identifier = job
        harness.pass_time(max(0, at - harness.clock.business))
        account.store.schedule(what, identifier, None)
        harness.stripe.happens(lambda it, what=what, identifier=identifier: _do(it, what, identifier))  # type: ignore[misc]
        ada.hears()
    harness.pass_time(max(0, end - harness.clock.business))


def _do(account: Any, what: str, identifier: str) -> None:
    from localdev.stripe import billing, pending

    {
        "renew": billing.renew,
        "collect": pausing.collect_due,
        "cancel": billing.cancel_due,
        "retry": collecting.retry,
        "lapse": pending.lapse,
    }[what](account, identifier)


def after(text: str, days: int) -> str:
    """Some days after a moment."""
    at = seconds_of(text)
    assert at is not None
    return rfc3339(at + days * DAY)


def test_from_months_to_a_year_and_back_nothing_is_paid_twice(harness: Harness) -> None:
    ada = Scene(harness, 500)
    first = ada.me()["next_payment_at"]
    harness.pass_time(10 * DAY)
    harness.sign_in(ada.visitor, ADA)
    year = ada.does(amount=5000, interval="year").json
    assert (year["next_payment_at"], year["paid_through"], year["tier"]) == (first, first, "member")
    ada.hears()
    assert harness.access().tier == "member", "a trial at Stripe is paid time here"
    grace = harness.newsroom.grace_days * DAY
    assert harness.access().until == (seconds_of(first) or 0) + grace, "and no longer than any gift that goes on"
    assert charged(harness) == [500]
    passes(ada, first)
    assert charged(harness) == [500, 5000]
    assert ada.me()["status"] == "active"
    ends = ada.me()["paid_through"]
    assert ends == ada.me()["next_payment_at"]
    month = ada.does(amount=700, interval="month").json
    assert month["next_payment_at"] == ends, "the year is paid"
    ada.hears()
    passes(ada, after(ends, 1))
    assert charged(harness) == [500, 5000, 700]
    assert ada.me()["paid_through"] == ada.me()["next_payment_at"]
    assert ada.new_mails() == ["recurring_changed", "renewed", "recurring_changed", "renewed"]


def test_a_payment_that_is_taken_back_leaves_nothing_open_by_stripes_trial(harness: Harness) -> None:
    """Stripe's zero invoice of the time until the year begins gives nothing away."""
    ada = Scene(harness, 500)
    harness.sign_in(ada.visitor, ADA)
    assert ada.does(amount=5000, interval="year").status == 200
    ada.hears()
    assert harness.access().tier == "member"
    harness.tell(harness.stripe.gives_back(harness.stripe.of("payment_intent")[-1]["id"]))
    assert harness.access().tier is None


@pytest.mark.parametrize("months", [1, 2, 3])
def test_a_pause_skips_exactly_so_many_and_opens_nothing(harness: Harness, months: int) -> None:
    ada = Scene(harness, 500)
    paid = ada.me()["paid_through"]
    told = ada.does("pause", months=months).json
    ada.hears()
    assert harness.access().tier == "member", "what is paid stays open"
    passes(ada, after(paid, 0))
    assert harness.access().tier is None
    passes(ada, after(told["paused_until"], 1))
    assert (ada.me()["status"], ada.me()["next_payment_at"]) == ("active", told["next_payment_at"])
    assert harness.access().tier is None, "the skipped time opens nothing, grace included"
    passes(ada, after(told["next_payment_at"], -1))
    assert charged(harness) == [500]
    passes(ada, told["next_payment_at"])
    assert charged(harness) == [500, 500]
    assert harness.access().tier == "member"
    assert [one["status"] for one in harness.stripe.of("invoice")] == ["paid", *["void"] * months, "paid"]
    assert ada.new_mails() == ["recurring_paused", "recurring_resumed", "renewed"]


def test_a_skipped_month_is_not_opened_by_a_difference(harness: Harness) -> None:
    """The pause has ended by itself, its last month still runs: one cent more, charged now, would open it."""
    ada = Scene(harness, 1500)
    told = ada.does("pause", months=1).json
    ada.hears()
    passes(ada, after(told["paused_until"], 1))
    assert (ada.me()["status"], harness.access().tier) == ("active", None)
    harness.sign_in(ada.visitor, ADA)
    assert ada.does(amount=1501, charge="now").json["code"] == "charge_next_only"
    assert (charged(harness), harness.access().tier) == ([1500], None)
    assert ada.does(amount=1501).status == 200
    ada.hears()
    assert harness.access().tier is None


def test_nor_is_one_whose_payment_was_taken_back(harness: Harness) -> None:
    ada = Scene(harness, 1500)
    harness.tell(harness.stripe.gives_back(harness.stripe.of("payment_intent")[-1]["id"]))
    assert ada.does(amount=1501, charge="now").json["code"] == "charge_next_only"
    assert harness.access().tier is None


def test_resumed_in_the_skipped_time_the_next_payment_is_the_next_one(harness: Harness) -> None:
    ada = Scene(harness, 500)
    first = ada.me()["next_payment_at"]
    ada.does("pause", months=3)
    ada.hears()
    passes(ada, after(first, 40))
    resumed = ada.does("resume").json
    assert (resumed["status"], charged(harness)) == ("active", [500]), "nothing is charged for the time that passed"
    passes(ada, resumed["next_payment_at"])
    assert charged(harness) == [500, 500]


def test_paused_in_the_portal_it_is_resumed_here(harness: Harness) -> None:
    ada = Scene(harness, 500)
    first = ada.me()["next_payment_at"]
    harness.pass_time(10 * DAY)
    harness.tell(harness.stripe.happens(lambda it: pausing.pause(it, it.get("subscription", ada.gift))))
    shown = ada.me()
    assert (shown["status"], shown["next_payment_at"], shown["can"]) == ("paused", None, ["resume", "stop", "card"])
    resumed = ada.does("resume").json
    assert (resumed["status"], resumed["next_payment_at"], charged(harness)) == ("active", first, [500])
    passes(ada, first)
    assert charged(harness) == [500, 500]


def test_paused_in_the_portal_and_resumed_much_later_nothing_is_charged_at_once(harness: Harness) -> None:
    ada = Scene(harness, 500)
    harness.tell(harness.stripe.happens(lambda it: pausing.pause(it, it.get("subscription", ada.gift))))
    harness.pass_time(75 * DAY)
    harness.sign_in(ada.visitor, ADA)
    resumed = ada.does("resume").json
    assert charged(harness) == [500]
    passes(ada, resumed["next_payment_at"])
    assert charged(harness) == [500, 500]


@pytest.mark.parametrize("days", [10, 45])
def test_paused_in_the_portal_it_is_stopped_with_what_is_paid(harness: Harness, days: int) -> None:
    ada = Scene(harness, 500)
    paid = ada.me()["paid_through"]
    harness.tell(harness.stripe.happens(lambda it: pausing.pause(it, it.get("subscription", ada.gift))))
    harness.pass_time(days * DAY)
    harness.sign_in(ada.visitor, ADA)
    stopped = ada.does("stop").json
    assert (stopped["status"], stopped["ends_at"]) == (
        ("paused", paid) if days < 30 else ("canceled", rfc3339(harness.now()))
    )
    ada.hears()
    passes(ada, after(paid, 60))
    assert (ada.me()["status"], charged(harness)) == ("canceled", [500])


def test_who_stops_while_a_payment_is_overdue_is_not_charged_any_more(harness: Harness) -> None:
    ada = Scene(harness, 500)
    first = ada.me()["next_payment_at"]
    harness.stripe.happens(lambda it: collecting.tell_next(it, ada.gift, "fails"))
    ada.hears()
    passes(ada, after(first, 1))
    assert ada.me()["can"] == ["stop", "card"]
    refused: tuple[tuple[str, dict[str, Any]], ...] = (("pause", {"months": 1}), ("", {"amount": 300}))
    for what, body in refused:
        reply = ada.does(what, **body).json
        assert (reply["code"], reply["gift"]) == ("payment_due", ada.me())
    assert ada.does("stop").status == 200
    ada.hears()
    assert [one["status"] for one in harness.stripe.of("invoice")] == ["paid", "void"]
    harness.stripe.happens(lambda it: collecting.tell_next(it, ada.gift, "succeeds"))
    passes(ada, after(first, 60))
    assert charged(harness) == [500]
    assert ada.me()["status"] == "canceled"
    assert ada.kinds.count("recurring_will_end") == ada.kinds.count("recurring_ended") == 1


def test_the_next_payment_is_what_stripe_takes_after_credit(harness: Harness) -> None:
    ada = Scene(harness, 500)
    harness.tell(plan_changes.has_credit(harness, 250))
    shown = ada.preview(amount=700)
    assert shown["next_payment"]["amount"] == 450
    assert ada.does(amount=700).status == 200
    mail = harness.mails.sent[-1].text.replace("\xa0", " ")
    assert "4,50 €" in mail
    ada.hears()
    passes(ada, shown["next_payment"]["at"])
    assert charged(harness) == [500, 450]
    assert harness.access().tier == "member"


def test_lowered_below_every_level_what_is_paid_stays(harness: Harness) -> None:
    ada = Scene(harness, 500)
    shown = ada.preview(amount=100)
    assert (shown["opens"], shown["until"]) == (None, ada.me()["paid_through"])
    ada.does(amount=100)
    ada.hears()
    assert harness.access().tier == "member"
    passes(ada, after(shown["next_payment"]["at"], 1))
    assert (charged(harness), harness.access().tier) == ([500, 100], None)
