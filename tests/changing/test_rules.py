"""What is possible with a gift, and what a change of it means: pure rules."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.changing.rules import token
from chalicelib.changing.rules.change import Change, plan
from chalicelib.changing.rules.possible import ACTS, can, refusal
from chalicelib.changing.rules.reasons import REASONS, cancellation_details
from chalicelib.changing.rules.token import Previewed
from chalicelib.i18n.texts import LANGUAGES, Texts
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.moments import BusinessTime
from chalicelib.supporters.rules.access import RecurringGift
from testkit.clock import NOW as START
from testkit.harness import Harness

DAY = 86_400
NOW = BusinessTime(START)
GIFT = RecurringGift("sub_1", NOW, "active", 500, "eur", "month", "cus_1", next_payment_at=NOW + 30 * DAY)
STATES: dict[str, tuple[RecurringGift, str]] = {
    "running": (GIFT, "change pause stop card"),
    "yearly": (replace(GIFT, interval="year"), "change stop card"),
    "every three months": (replace(GIFT, interval_count=3), "change stop card"),
    "changes its interval at the next payment": (replace(GIFT, status="trialing"), "change pause stop card"),
    "past due": (replace(GIFT, status="past_due"), "stop card"),
    "unpaid": (replace(GIFT, status="unpaid", next_payment_at=None), "stop card"),
    "not begun": (replace(GIFT, status="incomplete", next_payment_at=None), "stop card"),
    "paused": (replace(GIFT, status="paused", resumes_at=NOW + 45 * DAY), "resume stop card"),
    "stopping": (replace(GIFT, ends_at=NOW + 30 * DAY, next_payment_at=None), "keep card"),
    "ends much later": (replace(GIFT, ends_at=NOW + 90 * DAY), "stop keep card"),
    "paused and stopping": (replace(GIFT, status="paused", ends_at=NOW + 30 * DAY), "keep card"),
    "ended": (replace(GIFT, status="canceled", ends_at=NOW, next_payment_at=None), ""),
    "never begun": (replace(GIFT, status="incomplete_expired", next_payment_at=None), ""),
    "a status that is new at Stripe": (replace(GIFT, status="dormant"), "stop card"),  # type: ignore[arg-type]
    "in a currency that is taken no more": (replace(GIFT, currency="pln"), "pause stop card"),
}


@pytest.mark.parametrize("state", STATES)
def test_what_can_be_done_in_every_state(state: str) -> None:
    gift, possible = STATES[state]
    assert can(gift, {"eur"}) == tuple(possible.split())


@pytest.mark.parametrize(
    ("state", "act", "code"),
    [
        ("past due", "change", "payment_due"),
        ("unpaid", "pause", "payment_due"),
        ("paused", "pause", "gift_paused"),
        ("paused", "change", "gift_paused"),
        ("stopping", "pause", "gift_ending"),
        ("stopping", "change", "gift_ending"),
        ("paused and stopping", "resume", "gift_ending"),
        ("yearly", "pause", "not_monthly"),
        ("every three months", "pause", "not_monthly"),
        ("not begun", "change", "gift_fixed"),
        *(("ended", act, "gift_ended") for act in ACTS),
    ],
)
def test_why_it_cannot_be_done(state: str, act: Any, code: str) -> None:
    problem = refusal(act, STATES[state][0])
    assert problem
    assert (problem.status, problem.code) == (409, code)


def test_what_is_so_already_is_not_refused() -> None:
    for state, act in (("running", "resume"), ("running", "keep"), ("stopping", "stop")):
        assert refusal(act, STATES[state][0]) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("was", "wish", "now", "step_up"),
    [
        ((500, "month"), Change(700), False, False),
        ((500, "month"), Change(700, charge="now"), True, True),
        ((500, "month"), Change(1000), False, False),
        ((500, "month"), Change(1001), False, True),
        ((500, "month"), Change(300, charge="now"), False, False),
        ((500, "month"), Change(6000, "year"), False, True),  # twelve payments at once
        ((500, "month"), Change(1000, "year"), False, False),
        ((500, "month"), Change(5000, "year", "now"), True, True),
        ((6000, "year"), Change(500, "month", "now"), False, False),
        ((6000, "year"), Change(1000, "month"), False, False),
        ((6000, "year"), Change(1001, "month"), False, True),  # 120.12 a year
        ((6000, "year"), Change(7000, charge="now"), True, True),
        ((500, "month"), Change(400, "year", "now"), True, True),  # a year begins now, however little
        ((400, "year"), Change(500, "month", "now"), False, True),  # the year is paid
    ],
)
def test_what_a_change_means(
    harness: Harness, was: tuple[int, str], wish: Change, *, now: bool, step_up: bool
) -> None:
    decided = plan(wish, replace(GIFT, amount=was[0], interval=was[1]), harness.newsroom)
    assert (decided.charge_now, decided.step_up) == (now, step_up)


def test_months_that_become_other_months_begin_with_the_next_payment(harness: Harness) -> None:
    decided = plan(Change(900, "month", "now"), replace(GIFT, interval_count=3), harness.newsroom)
    assert (decided.other_rhythm, decided.charge_now) == (True, False)


def test_a_change_to_what_is_given_already_is_none(harness: Harness) -> None:
    assert plan(Change(500), GIFT, harness.newsroom).nothing
    assert plan(Change(500, "month", "now"), GIFT, harness.newsroom).nothing
    assert not plan(Change(500, "year"), GIFT, harness.newsroom).nothing


def test_another_rhythm_stays_unless_one_is_named(harness: Harness) -> None:
    decided = plan(Change(900), replace(GIFT, interval_count=3), harness.newsroom)
    assert (decided.new.rhythm.unit, decided.new.rhythm.count) == ("month", 3)


@pytest.mark.parametrize("amount", [0, -1, 99, 10**9, 10**18])
def test_amounts_are_held_to_the_newsrooms_bounds(harness: Harness, amount: int) -> None:
    with pytest.raises(BadInput) as refused:
        plan(Change(amount), GIFT, harness.newsroom)
    assert refused.value.code in ("amount_too_small", "amount_too_large")
    assert refused.value.details["currency"] == "eur"


# ---- what a preview hands out ----

KEY = "key"
ABOUT = ["sub_1", 700, None]


def test_what_a_preview_hands_out_is_about_one_gift_and_one_wish() -> None:
    made = token.make(Previewed(NOW, 200), ABOUT, KEY)
    assert token.read(made, ABOUT, KEY, NOW) == Previewed(NOW, 200)
    assert token.read(made, ABOUT, KEY, BusinessTime(NOW + 3_599)) == Previewed(NOW, 200)
    assert token.read(made, ["sub_1", 701, None], KEY, NOW) is None
    assert token.read(made, ABOUT, "other key", NOW) is None
    assert token.read(made, ABOUT, KEY, BusinessTime(NOW + 3_600)) is None, "too long ago"
    assert token.read(made, ABOUT, KEY, BusinessTime(NOW - 1)) is None, "from the future"


def test_nobody_chooses_the_moment_from_which_is_charged() -> None:
    """Shortly before the end of the paid time the difference is nearly nothing."""
    made = token.make(Previewed(NOW, 200), ABOUT, KEY)
    _, _, rest = made.partition(".")
    assert token.read(f"{NOW - 60}.{rest}", ABOUT, KEY, NOW) is None
    for odd in ("", ".", "..", "x.y.z", "１.2.3", f"{'9' * 500}.1.2", f"{NOW}.200.", f"{NOW}.-1.abc", f"{NOW}..abc"):
        assert token.read(odd, ABOUT, KEY, NOW) is None


# ---- reasons ----


def test_every_reason_has_words_and_a_word_of_stripes() -> None:
    for lang in LANGUAGES:
        for reason in REASONS:
            assert Texts(lang).say(f"stopping.reason.{reason}")
    for reason in REASONS:
        told = cancellation_details(reason, None)
        assert told["feedback"]
        assert told["comment"] == reason


def test_neither_reason_nor_comment_is_asked_for() -> None:
    assert cancellation_details(None, None) == {}
    assert cancellation_details(None, "See you.") == {"comment": "See you."}
    assert cancellation_details("money", "See you.") == {"feedback": "too_expensive", "comment": "money: See you."}
