"""Whoever leaves while a payment is on its way is not charged for it: Stripe lets a renewal's draft rest for an hour.

Peers cancel there, and the draft is collected all the same: https://github.com/Kilo-Org/cloud/pull/5409.
"""

import pytest

from chalicelib.kernel.moments import rfc3339
from chalicelib.privacy.actions.end_gifts import end_gifts
from localdev.stripe import collecting
from testkit.harness import ADA, Harness
from testkit.resting import hour_is_over, rests
from testkit.visitor import Visitor
from tests.changing.scenes import DAY, charged, lost_answers, undo_of
from tests.leaving.declaring import declared, gives_monthly, link_in, pressed, receipt_of, statement


def stops(harness: Harness, reference: str, when: str = "soonest") -> str:
    """A statement with the receipt's reference, carried out; answers its number."""
    number = str(declared(gift=reference, when=when).json["reference"])
    harness.sweeps()
    return number


@pytest.mark.parametrize("heard", [True, False])
def test_nothing_is_charged_and_the_link_gives_all_of_it_back(harness: Harness, heard: bool) -> None:
    gift = gives_monthly(harness)
    reference = receipt_of(harness)
    told = rests(harness, gift)
    if heard:
        harness.tell(told)
    number = stops(harness, reference)
    assert statement(harness, number).outcome == "stopped"
    harness.tell(hour_is_over(harness))
    assert [one["status"] for one in harness.stripe.of("invoice")] == ["paid", "void"]
    assert charged(harness) == [500]
    kinds = [row["kind"] for row in harness.kinds("MAIL")]
    assert (kinds.count("recurring_will_end"), kinds.count("recurring_ended")) == (1, 0)
    assert "Нових списань не буде." in harness.mails.last.text
    reply = Visitor().post(undo_of(harness), {})
    assert reply.status == 200, "a stranger with a receipt takes nothing away for good"
    assert harness.state().standing.recurring[0].will_renew
    assert charged(harness) == [500]


@pytest.mark.parametrize(("days", "payments"), [(10, 1), (45, 2)])
def test_a_day_that_lies_ahead_is_paid_for(harness: Harness, days: int, payments: int) -> None:
    gift = gives_monthly(harness)
    reference = receipt_of(harness)
    harness.tell(rests(harness, gift))
    stops(harness, reference, when=rfc3339(harness.now() + days * DAY)[:10])
    harness.tell(hour_is_over(harness))
    assert charged(harness) == [500, 500]
    for _ in range(payments - 1):
        harness.tell(harness.stripe.renew(gift))
    after = harness.state().standing.recurring[0]
    assert after.ends_at == after.paid_through, "no part of a period"


def withdraws_from_what_rests(harness: Harness) -> str:
    """The link that confirms a withdrawal, in the hour in which the next payment is a draft."""
    gift = gives_monthly(harness)
    harness.pass_time(5 * DAY)
    declared(kind="withdraw")
    harness.sweeps()
    link = link_in(harness, ADA, "statements")
    harness.tell(rests(harness, gift))
    return link


def test_a_withdrawal_that_is_confirmed_in_that_hour_ends_it_uncollected(harness: Harness) -> None:
    link = withdraws_from_what_rests(harness)
    pressed(link)
    harness.sweeps()
    harness.tell(hour_is_over(harness))
    assert charged(harness) == [500, -500]
    assert [one["status"] for one in harness.stripe.of("invoice")] == ["paid", "void"]


def test_nor_is_anything_charged_after_an_erasure(harness: Harness) -> None:
    gift = gives_monthly(harness)
    harness.tell(rests(harness, gift))
    whom = [harness.state().id]
    end_gifts(harness.stripe_deps, whom, now=harness.now(), real_now=harness.real_now())
    harness.tell(hour_is_over(harness))
    assert charged(harness) == [500]


@pytest.mark.parametrize("call", ["cancel_subscription", "void_invoice", "finalize_invoice"])
def test_an_answer_that_is_lost_leaves_no_invoice_behind(harness: Harness, call: str) -> None:
    link = withdraws_from_what_rests(harness)
    with lost_answers(harness, call):
        pressed(link)
        harness.sweeps()
    harness.pass_time(600)
    harness.sweeps()
    harness.tell(hour_is_over(harness))
    assert charged(harness) == [500, -500]
    assert [one["status"] for one in harness.stripe.of("invoice")] == ["paid", "void"]


def test_what_is_overdue_for_months_is_void_with_all_its_invoices(harness: Harness) -> None:
    """Smart Retries may last two months: then two invoices are open, and each would still be tried."""
    gift = gives_monthly(harness)
    reference = receipt_of(harness)
    for _ in range(2):
        harness.tell(harness.stripe.renew(gift, fails=True))
        harness.pass_time(max(0, harness.stripe.account.seconds - harness.clock.business))
    assert [one["status"] for one in harness.stripe.of("invoice")] == ["paid", "open", "open"]
    stops(harness, reference)
    assert [one["status"] for one in harness.stripe.of("invoice")] == ["paid", "void", "void"]
    harness.stripe.happens(lambda it: collecting.tell_next(it, gift, "succeeds"))
    harness.tell(harness.stripe.happens(lambda it: collecting.retry(it, gift)))
    assert charged(harness) == [500]
