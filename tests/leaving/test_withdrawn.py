"""What follows from a withdrawal: money moves after the link or a person, and then all of it; nothing half-done."""

from collections.abc import Callable

import pytest

from chalicelib.checkouts.rules.wish import Wish
from chalicelib.rails.stripe.port import StripeUnavailable
from chalicelib.supporters.rules.access import ENDED
from testkit.commands import command
from testkit.harness import ADA, Harness
from testkit.visitor import Visitor
from tests.leaving.declaring import declared, gives_monthly, link_in, pressed, receipt_of, statement

DAY = 86_400


def withdraws(harness: Harness, **more: object) -> str:
    reference = declared(kind="withdraw", **more).json["reference"]  # type: ignore[arg-type] # passed on
    harness.sweeps()
    return str(reference)


def amounts(harness: Harness) -> list[int]:
    return sorted(int(row["amount"]) for row in harness.books.entries)


def test_reference_and_address_alone_move_no_money(harness: Harness) -> None:
    gives_monthly(harness)
    reference = withdraws(harness, gift=receipt_of(harness))
    assert statement(harness, reference).status == "waiting"
    assert amounts(harness) == [500]
    assert harness.stripe.of("refund") == []


def test_the_link_gives_all_back_through_the_same_ledger_and_ends_what_it_opened(harness: Harness) -> None:
    gift = gives_monthly(harness)
    reference = withdraws(harness)
    page = Visitor().navigate(link_in(harness, ADA, "statements")).text
    assert "повернемо 5" in page
    assert "Зроблено" in pressed(link_in(harness, ADA, "statements"))
    assert amounts(harness) == [-500, 500]
    assert harness.stripe.subscription(gift)["status"] == "canceled"
    assert harness.state().standing.recurring[0].status in ENDED
    assert harness.access().tier is None
    told = statement(harness, reference)
    assert (told.status, told.outcome, told.by) == ("done", "given_back", "link")
    kinds = [row["kind"] for row in harness.kinds("MAIL")]
    assert kinds.count("refunded") == kinds.count("recurring_ended") == 1
    # What Stripe then tells of it is the same once more.
    harness.tell(
        [one for one in harness.stripe.of("event") if one["type"].startswith(("refund.", "charge.refunded"))]
    )
    pressed_again = Visitor().navigate(link_in(harness, ADA, "statements")).text
    assert "Зроблено" in pressed_again
    assert amounts(harness) == [-500, 500]


def test_a_gift_made_once_goes_back_too_and_another_stays(harness: Harness) -> None:
    harness.tell(harness.gives(1000, "once"))
    reference = receipt_of(harness)
    harness.pass_time(60)
    gives_monthly(harness)
    withdraws(harness, gift=reference)
    pressed(link_in(harness, ADA, "statements"))
    assert amounts(harness) == [-1000, 500, 1000]
    assert harness.state().standing.recurring[0].goes_on


@pytest.mark.parametrize(
    ("days", "hours", "outcome"), [(14, 0, "given_back"), (14, 15, "too_late"), (15, 0, "too_late")]
)
def test_fourteen_days_from_the_day_after_until_their_last_minute(
    harness: Harness, days: int, hours: int, outcome: str
) -> None:
    """The harness' newsroom is in Kyiv, at 17:13 on a Monday; the fourteenth day after is a Monday."""
    gift = gives_monthly(harness)
    harness.pass_time(days * DAY + hours * 3600)
    reference = withdraws(harness)
    path = link_in(harness, ADA, "statements")
    asked = Visitor().navigate(path).text
    assert ("лише зупинити" in asked) is (outcome == "too_late")
    assert ("Так, зупинити" if outcome == "too_late" else "Так, повернути гроші") in asked, "what pressing it does"
    assert ("повернути гроші" in asked) is (outcome == "given_back")
    pressed(path)
    assert statement(harness, reference).outcome == outcome
    assert (harness.stripe.subscription(gift)["status"] == "canceled") is (outcome == "given_back")
    if outcome == "too_late":
        assert harness.state().standing.recurring[0].ends_at
        assert amounts(harness) == [500]
        assert any("14 днів" in mail.text for mail in harness.mails.sent)


def test_what_counts_is_when_it_was_declared(harness: Harness) -> None:
    """Declared on the last day, confirmed after the next payment: both payments go back."""
    gift = gives_monthly(harness)
    harness.pass_time(14 * DAY)
    withdraws(harness)
    harness.pass_time(17 * DAY)
    harness.tell(harness.stripe.renew(gift))
    assert amounts(harness) == [500, 500]
    pressed(link_in(harness, ADA, "statements"))
    assert amounts(harness) == [-500, -500, 500, 500]
    assert harness.access().tier is None


def test_a_part_that_went_back_before_is_not_given_twice(harness: Harness) -> None:
    gives_monthly(harness)
    payment = harness.stripe.of("payment_intent")[-1]["id"]
    harness.tell(harness.stripe.gives_back(payment, 200))
    withdraws(harness)
    pressed(link_in(harness, ADA, "statements"))
    assert amounts(harness) == [-300, -200, 500]


def test_nothing_to_give_back_is_said(harness: Harness) -> None:
    harness.tell(harness.gives(1000, "once"))
    harness.pass_time(20 * DAY)
    reference = withdraws(harness)
    assert statement(harness, reference).outcome == "nothing"
    assert "Повертати нічого" in harness.mails.last.text


def test_a_disputed_payment_is_left_to_a_person(harness: Harness) -> None:
    gift = gives_monthly(harness)
    harness.tell(harness.stripe.bank_disputes(harness.stripe.of("payment_intent")[-1]["id"]))
    reference = withdraws(harness)
    page = pressed(link_in(harness, ADA, "statements"))
    told = statement(harness, reference)
    assert told.status == "waiting"
    assert told.outcome.startswith("refused:")
    assert "людина з редакції" in page
    assert harness.stripe.subscription(gift)["status"] == "canceled", "nothing more is charged meanwhile"


def test_a_payment_on_its_way_goes_back_once_it_has_arrived(harness: Harness) -> None:
    """A direct debit takes days: it was started before the withdrawal, and arrives after it."""
    session = harness.starts(Wish(500, "eur", "month"))
    harness.tell(harness.stripe.pay(session, ADA, delayed=True))
    gift = harness.stripe.of("subscription")[-1]["id"]
    assert amounts(harness) == [], "the control: nothing has arrived"
    reference = withdraws(harness)
    assert "Виконуємо" in pressed(link_in(harness, ADA, "statements"))
    assert statement(harness, reference).status == "acting"
    assert harness.stripe.subscription(gift)["status"] == "canceled"
    harness.pass_time(DAY)
    harness.sweeps()
    assert statement(harness, reference).status == "acting"
    harness.tell(harness.stripe.settle(session))
    harness.pass_time(DAY)
    harness.sweeps()
    assert amounts(harness) == [-500, 500]
    assert (statement(harness, reference).status, statement(harness, reference).outcome) == ("done", "given_back")


def by_link(harness: Harness, reference: str) -> None:
    del reference
    pressed(link_in(harness, ADA, "statements"))


def by_person(harness: Harness, reference: str) -> None:
    assert command(harness, "statements", "agree", reference).exit_code == 0


CALLS = ("subscription", "cancel_subscription", "create_refund", "payment_intent", "refunds")


@pytest.mark.parametrize("decided", [by_link, by_person])
@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
@pytest.mark.parametrize("call", CALLS)
def test_stripe_goes_away_at_any_call_and_the_sweep_finishes_just_that(
    harness: Harness, call: str, after: bool, decided: Callable[[Harness, str], None]
) -> None:
    gift = gives_monthly(harness)
    reference = withdraws(harness)
    left = [1]

    def breaks(name: str) -> None:
        if name == call and left:
            left.pop()
            raise StripeUnavailable("gone")

    def answers(name: str, answer: dict[str, object]) -> dict[str, object]:
        breaks(name)
        return answer

    if after:
        harness.stripe.on_answer = answers
    else:
        harness.stripe.on_call = breaks
    decided(harness, reference)
    assert not left, "the control: it broke"
    for _ in range(4):
        harness.pass_time(600)
        harness.sweeps()
    told = statement(harness, reference)
    assert (told.status, told.outcome) == ("done", "given_back")
    assert amounts(harness) == [-500, 500]
    assert harness.stripe.subscription(gift)["status"] == "canceled"
    kinds = [row["kind"] for row in harness.kinds("MAIL")]
    assert kinds.count("refunded") == kinds.count("recurring_ended") == 1
    assert "statement_settled" not in kinds


def test_stripe_away_for_three_days_leaves_it_to_a_person_who_can_go_on(harness: Harness) -> None:
    gives_monthly(harness)
    reference = withdraws(harness)
    harness.stripe.down = True
    assert "Виконуємо" in pressed(link_in(harness, ADA, "statements"))
    for _ in range(80):
        harness.pass_time(3600)
        harness.sweeps()
    assert (statement(harness, reference).status, statement(harness, reference).outcome) == ("waiting", "failed")
    harness.stripe.down = False
    assert command(harness, "statements", "agree", reference).exit_code == 0
    assert statement(harness, reference).outcome == "given_back"
    assert amounts(harness) == [-500, 500]
