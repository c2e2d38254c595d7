"""P17: what a supporter was told about the next payment is what then happens, through a year of every change.

A promise holds until the payment comes, or until the supporter changes something and is told anew.
"""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import Movement
from chalicelib.ledger.rules.stored import StoredEntry
from localdev.ports import ROOT
from localdev.stripe import collecting
from testkit import plan_changes as plan
from testkit.harness import Harness
from testkit.webhooks import Json
from tests.proofs.year.passing import DAY, a_day_passes, passes
from tests.proofs.year.told import LANG, MAIL_SENTENCES, PAGE_SENTENCES, Promise, Reader, seconds


class Broken(AssertionError):
    """Something else happened than what was told."""


class Year:
    """Ada gives each month and changes her mind; whatever she is told is held against what comes."""

    def __init__(self, harness: Harness) -> None:
        self.harness, self.ada = harness, Reader(harness)
        self.open: list[Promise] = []
        self.kept = 0
        harness.tell(harness.gives(500, "month", language=LANG))
        self.booked = len(self.payments())
        self.hears(by=3)

    def payments(self) -> list[Movement]:
        """What the recurring gift brought, oldest first."""
        found = ledger.entries_of(self.harness.table, self.harness.state().id)
        moved = [one.entry.movement for one in found if isinstance(one, StoredEntry)]
        return sorted((one for one in moved if one.kind == "gift"), key=lambda one: (one.occurred_at, one.id))

    def hears(self, *, by: int = 2) -> None:
        """Everything that is told now counts from now on; `by` so many at least: JSON, page, and a mail."""
        told = [*self.ada.reads_mails(), *self.ada.looks()]
        assert len(told) >= by, told
        self.open += told

    def days(self, days: float) -> None:
        """Time passes, day by day; each payment that comes is held against what was told."""
        for _ in range(int(days)):
            a_day_passes(self.harness)
            self.open += [] if self.payments()[self.booked :] else self.ada.reads_mails()
            for payment in self.payments()[self.booked :]:
                self.compares(payment)
                self.booked += 1
                self.hears(by=3)

    def compares(self, payment: Movement) -> None:
        """Each open promise against the payment that came; one that failed before is awaited before the next one."""
        came = Promise("", self.ada.day(payment.occurred_at), self.ada.money(payment.amount, payment.currency))
        awaited = [promise for promise in self.open if promise.again] or self.open
        self.open = [promise for promise in self.open if promise not in awaited]
        for promise in awaited:
            if promise.day != came.day or promise.amount not in (None, came.amount):
                raise Broken(f"{promise} was told, and {came.amount} came on {came.day}")
            self.kept += 1

    def until_paid(self) -> None:
        """Until a day after the next payment, which has to come when it was told."""
        self.ada.signs_in()
        before, due = self.booked, seconds(self.ada.gift()["next_payment_at"])
        self.days((due - self.harness.clock.business) // DAY + 2)
        assert self.booked == before + 1, "the payment came"

    def does(self, what: str = "", **body: Any) -> Json:
        """A change of Ada's by its call; her session is fresh. What was told before counts no more."""
        self.ada.signs_in()
        path = f"/v1/me/recurring/{self.ada.gift()['id']}{'/' if what else ''}{what}"
        reply = self.ada.visitor.post(path, body)
        assert reply.status == 200, reply.text
        self.harness.tell(self.harness.stripe.of("event")[-12:])
        self.open = []
        return dict(reply.json)

    def changes(self, **body: Any) -> None:
        """Another amount or interval, looked at before; what is charged at once is what was shown."""
        self.ada.signs_in()
        gift = self.ada.gift()
        wish = {"amount": gift["amount"], "interval": gift["interval"], "charge": "next"} | body
        seen = self.ada.sees_before_the_click(gift["id"], **wish)
        shown = self.ada.visitor.post(f"/v1/me/recurring/{self.ada.gift()['id']}?preview=true", body).json
        self.does(**body, **{"if": shown["changes"]})
        charged = [payment.amount for payment in self.payments()[self.booked :]]
        if sum(charged) != shown["charged_now"]:
            raise Broken(f"{shown['charged_now']} was shown, and {charged} was charged")
        self.booked += len(charged)
        following = shown["next_payment"]
        at, amount = seconds(following["at"]), self.ada.money(following["amount"])
        if [(promise.day, promise.amount) for promise in seen] != [(self.ada.date(at), amount)]:
            raise Broken(f"{seen} was seen, and {amount} on {self.ada.date(at)} is what the call says")
        self.open.append(Promise("preview", self.ada.day(at), amount))
        self.hears(by=3)


def lives(harness: Harness) -> int:
    """The year; answers how many promises were kept."""
    year = Year(harness)
    year.until_paid()
    year.days(10)
    year.changes(amount=800)  # more, from the next payment on
    year.until_paid()
    year.days(5)
    year.changes(amount=400)  # less
    year.until_paid()
    harness.tell(plan.coupon(harness, 50))  # the newsroom lets half of one payment off
    year.open = [promise for promise in year.open if promise.amount is None]
    year.changes(amount=600)  # the preview knows of the coupon
    year.until_paid()
    year.days(3)
    year.does("pause", months=2)
    year.hears(by=3)
    year.until_paid()
    assert [round((b - a) / DAY) for a, b in plan_of(year)][-1] in range(89, 93), "two payments were skipped"
    year.does("pause", months=3)
    year.hears(by=3)
    year.days(40)
    year.does("resume")
    year.hears(by=3)
    year.until_paid()
    harness.tell(plan.has_credit(harness, 250))
    year.changes(amount=700)  # what is to the supporter's credit comes off the next payment
    year.until_paid()
    year.days(12)
    year.changes(amount=1500, charge="now")  # the difference at once
    year.until_paid()
    harness.tell(plan.changes(harness, 1200))  # the newsroom changes it at Stripe, with proration
    year.open = []
    year.hears()
    year.until_paid()
    harness.tell(harness.stripe.gives_back(year.payments()[-1].id))  # a refund changes nothing of what comes
    year.hears()
    year.until_paid()
    ends_well(year)
    return year.kept


def ends_well(year: Year) -> None:
    """What is undone, what fails once, another rhythm and back, and the end."""
    year.changes(amount=2000)
    undone(year)
    year.until_paid()
    fails_once(year)
    year.until_paid()
    year.does("stop", reason="money")
    year.days(4)
    year.does("keep")
    year.hears(by=3)
    year.until_paid()
    year.changes(interval="year", amount=6000)
    year.until_paid()
    year.harness.tell(plan.has_credit(year.harness, 1000))
    year.days(355)
    announced = [promise for promise in year.open if "yearly_ahead" in promise.by]
    assert {promise.amount for promise in announced} == {None, year.ada.money(5000)}, "announced, less the credit"
    year.until_paid()
    year.days(100)
    year.changes(interval="month", amount=600)
    year.until_paid()
    year.until_paid()
    stops(year)


def plan_of(year: Year) -> list[tuple[int, int]]:
    """The moments of each two payments that followed each other."""
    moments = [payment.occurred_at for payment in year.payments()]
    return list(pairwise(moments))


def undone(year: Year) -> None:
    """The change is undone by the link of its mail: what was told before it holds again."""
    reply = year.ada.visitor.submit(year.ada.undo, {"lang": LANG})
    assert reply.status in (200, 303), reply.text
    year.harness.tell(year.harness.stripe.of("event")[-6:])
    year.open = []
    year.hears()


def fails_once(year: Year) -> None:
    """The payment is refused on its day; the next try, on the day that was told, succeeds."""
    account, gift = year.harness.stripe.account, year.ada.gift()["id"]
    before, due = year.booked, seconds(year.ada.gift()["next_payment_at"])
    year.harness.stripe.happens(lambda it: collecting.tell_next(it, gift, "fails"))
    year.days((due - year.harness.clock.business) // DAY + 1)
    assert account.get("subscription", gift)["status"] == "past_due"
    assert year.booked == before
    year.open = [promise for promise in year.open if promise.again]  # the day came, and was refused: that is told
    assert len(year.open) == 1, "by a mail"
    year.hears()
    year.harness.stripe.happens(lambda it: collecting.tell_next(it, gift, "succeeds"))
    year.days(5)
    assert year.booked == before + 1


def stops(year: Year) -> None:
    """The end: nothing more is told to come, nothing comes, and access ends when it was told."""
    until = seconds(year.does("stop")["ends_at"])
    assert year.ada.told_of_the_end() == [year.ada.day(until)]
    assert year.ada.looks() == [], "no payment is told to come"
    before = len(year.payments())
    passes(year.harness, (until - year.harness.clock.business - 60) / DAY)
    assert year.harness.access().tier is not None
    passes(year.harness, 120 / DAY)
    assert year.harness.access().tier is None
    passes(year.harness, 60)
    assert len(year.payments()) == before


def test_what_was_told_about_the_next_payment_is_what_comes(harness: Harness) -> None:
    assert lives(harness) > 55


def a_day_late(name: str, answer: Json) -> Json:
    """Stripe's period ends a day later than it will."""
    if name == "subscription":
        for item in answer["items"]["data"]:
            item["current_period_end"] += DAY
    return answer


def another_sum(name: str, answer: Json) -> Json:
    """What would be due is told wrong."""
    return answer | {"amount_due": answer["amount_due"] + 1} if name == "preview_invoice" else answer


@pytest.mark.parametrize("wrong", [a_day_late, another_sum])
def test_what_is_told_wrong_is_found(harness: Harness, wrong: Callable[[str, Json], Json]) -> None:
    """The negative control."""
    harness.stripe.on_answer = wrong
    with pytest.raises(Broken):
        lives(harness)


def test_every_sentence_about_a_payment_to_come_is_looked_at() -> None:
    """A template that writes `next_payment_at` by another sentence fails here until its key is in the lists."""
    used = set()
    for template in (ROOT / "chalicelib" / "templates").rglob("*"):
        if template.is_file():
            for call in re.findall(r"t\('([\w.]+)'[^%}]*?next_payment_at[^%}]*?\)", template.read_text("utf-8")):
                used.add(call)
    assert used - {"mail.recurring_paused.happened_until"} <= {*MAIL_SENTENCES, *PAGE_SENTENCES}, used
    assert used, "the templates are read"
