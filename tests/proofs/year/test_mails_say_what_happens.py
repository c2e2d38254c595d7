"""Promise P17: what a supporter was told about the next payment and the end of access is what then happens.

A year of every change of plan at the stand-in: raised, lowered, another rhythm, paused, credited, a coupon, tax,
proration of each kind, a refund, a refused card. After each step, what mails, page and operator's command say is
compared with the next movement of a second Stripe in which nobody changes anything any more.
"""

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.account.actions.find_supporter import find_supporter
from chalicelib.account.views.account_json import as_json
from chalicelib.i18n.language import Language
from localdev.stripe import pausing
from localdev.stripe.clock import JOBS
from localdev.stripe.errors import ApiRefusal
from testkit import plan_changes as plan
from testkit.harness import ADA, EMAIL_KEY, Harness
from testkit.stripe_double import StripeDouble
from testkit.webhooks import Json

DAY = 86_400
FAR = 800  # days in which a payment comes, or none does
NEXT = re.compile(r"[Нн]аступний внесок — (\d+\s\w+\s\d{4}\sроку)")
OPEN_UNTIL = re.compile(r"До (\d+\s\w+\s\d{4}\sроку) все, що було відкрито")


def passes(double: StripeDouble, days: float, until: Callable[[], bool] = lambda: False) -> list[Json]:
    """Time passes at Stripe, and what is due on the way happens; stops early once `until` holds."""
    account, events = double.account, []
    target = int(account.seconds + days * DAY)
    while not until() and (due := account.store.next_due(target)) is not None:
        at, job, name = due
        account.seconds = max(account.seconds, at)
        account.store.schedule(job, name, None)
        events += double.happens(lambda it, job=job, name=name: JOBS[job](it, name))  # type: ignore[misc] # a default's type
    if not until():
        account.seconds = target
    return events


def next_payment(double: StripeDouble) -> int | None:
    """When Stripe asks for the next period's money if nobody changes anything any more; None: never.

    A card that fails today works at the next try: nobody can be told what a card will do.
    """
    fork = double.as_it_stands()
    (running,) = fork.of("subscription")
    fork.account.store.write_note(running["id"], fails=False)
    known = {one["id"] for one in fork.of("invoice")}

    def asked() -> bool:
        return any(one["id"] not in known and one["status"] in ("paid", "open") for one in fork.of("invoice"))

    passes(fork, FAR, asked)
    new = [one for one in fork.of("invoice") if one["id"] not in known and one["status"] in ("paid", "open")]
    assert all(one["parent"]["subscription_details"]["subscription"] == running["id"] for one in new)
    return fork.account.seconds if new else None


class Year:
    """Ada's year, with everything told to the newsroom at the moment at which it happens."""

    def __init__(self, harness: Harness, seed: int) -> None:
        self.harness, self.dice = harness, random.Random(seed)  # noqa: S311 - the same year each time
        self.read, self.said = 0, Language("uk", harness.newsroom.time_zone)
        self.tell(
            harness.gives(*self.dice.choice([(500, "month"), (1500, "month"), (2000, "month"), (5000, "year")]))
        )

    def tell(self, events: list[Json]) -> None:
        """Webhooks; each mail that they bring names the day on which the next payment then comes."""
        mails = len(self.harness.mails.sent)
        self.harness.tell(events)
        for mail in self.harness.mails.sent[mails:]:
            if found := NEXT.search(" ".join(mail.text.split())):
                self.read += 1
                comes = next_payment(self.harness.stripe)
                assert comes is not None, mail.subject
                assert found.group(1) == self.day(comes), mail.subject

    def goes_on(self, days: float) -> None:
        double = self.harness.stripe
        end = double.account.seconds + days * DAY
        while self.harness.stripe.account.seconds < end:
            first: list[Json] = []
            left = (end - self.harness.stripe.account.seconds) / DAY
            before = len(double.of("event"))
            first = passes(double, left, lambda before=before: len(double.of("event")) > before)  # type: ignore[misc] # a default's type
            self.harness.pass_time(max(0, self.harness.stripe.account.seconds - self.harness.clock.business))
            self.tell(first)

    @property
    def subscription(self) -> Json:
        return plan.subscription_of(self.harness)

    def step(self) -> str:
        """Something happens, if Stripe allows it now."""
        name = self.dice.choice(sorted(STEPS))
        try:
            self.tell(STEPS[name](self))
        except ApiRefusal as refused:
            return f"{name}: refused ({refused})"
        return name

    def day(self, seconds: int) -> str:
        """A day as a mail writes it, on one line."""
        return " ".join(self.said.day(datetime.fromtimestamp(seconds, UTC)).split())

    def shown(self) -> Json:
        """The gift as the operator sees it; the page is made from the same."""
        account = find_supporter(
            self.harness.table, ADA, self.harness.newsroom, email_key=EMAIL_KEY, now=self.harness.now()
        )
        (gift,) = as_json(account, self.harness.newsroom)["recurring"]
        return dict(gift)


def changes(year: Year, **more: Any) -> list[Json]:
    amount = year.dice.choice([300, 500, 1000, 1500, 2000]) * (10 if more.get("interval") == "year" else 1)
    proration = year.dice.choice(["create_prorations", "always_invoice", "none"])
    return plan.changes(year.harness, amount, proration=proration, **more)


def another_rhythm(year: Year) -> list[Json]:
    interval, count = year.dice.choice([("month", 1), ("year", 1), ("month", 3), ("month", 6), ("week", 2)])
    amount = {"year": 15_000, "week": 500}.get(interval, 500 * count)
    proration = year.dice.choice(["create_prorations", "none"])
    return plan.changes(year.harness, amount, interval=interval, count=count, proration=proration)


def same_rhythm(year: Year) -> list[Json]:
    recurring = year.subscription["items"]["data"][0]["price"]["recurring"]
    return changes(year, interval=recurring["interval"], count=recurring["interval_count"])


def gives_back(year: Year) -> list[Json]:
    payment = year.dice.choice(year.harness.stripe.of("payment_intent")[-2:])
    return year.harness.stripe.gives_back(str(payment["id"]))


def pauses(year: Year) -> list[Json]:
    name = year.subscription["id"]
    return year.harness.stripe.happens(lambda it: pausing.pause(it, it.get("subscription", name)))


def resumes(year: Year) -> list[Json]:
    name = year.subscription["id"]
    return year.harness.stripe.happens(lambda it: pausing.resume(it, it.get("subscription", name)))


def card(year: Year, *, fails: bool) -> list[Json]:
    year.harness.stripe.account.store.write_note(year.subscription["id"], fails=fails)
    return []


STEPS: dict[str, Callable[[Year], list[Json]]] = {
    "changed": same_rhythm,
    "changed again": same_rhythm,
    "another rhythm": another_rhythm,
    "a coupon": lambda year: plan.coupon(year.harness, year.dice.choice([50, 99, 100])),
    "credit": lambda year: plan.has_credit(year.harness, year.dice.choice([200, 900])),
    "tax": lambda year: plan.taxed(year.harness, 20),
    "a book": lambda year: plan.buys(year.harness, 2000),
    "given back": gives_back,
    "stopped": lambda year: year.harness.stripe.stop(str(year.subscription["id"])),
    "kept": lambda year: year.harness.stripe.resume(str(year.subscription["id"])),
    "paused": pauses,
    "resumed": resumes,
    "the card fails": lambda year: card(year, fails=True),
    "the card works": lambda year: card(year, fails=False),
}


def moment(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def live_a_year(harness: Harness, seed: int) -> None:
    """Hold what is said after each step against what comes."""
    year, told = Year(harness, seed), []
    for _ in range(24):
        told.append(year.step())
        comes = next_payment(harness.stripe)
        shown = year.shown()
        assert shown["next_payment_at"] == moment(comes), told
        assert shown["will_renew"] is (comes is not None), told
        year.goes_on(year.dice.choice([1, 5, 12, 20]))
        if year.subscription["status"] == "canceled":
            break
    assert year.read, "mails that name a day were held against what came"
    assert sum(int(entry["amount"]) for entry in harness.books.entries) == sum(
        one["amount"] for one in harness.stripe.of("balance_transaction")
    )


@pytest.mark.parametrize("seed", range(8))
def test_a_year_of_changes_is_told_as_it_then_happens(harness: Harness, seed: int) -> None:
    live_a_year(harness, seed)


def test_a_next_payment_that_is_told_a_day_off_would_be_noticed(harness: Harness) -> None:
    """Negative control: Stripe's own end of the period, read wrongly."""

    def a_day_off(name: str, answer: Any) -> Any:
        if name != "subscription":
            return answer
        moved = [item | {"current_period_end": item["current_period_end"] + DAY} for item in answer["items"]["data"]]
        return answer | {"items": answer["items"] | {"data": moved}}

    harness.stripe.on_answer = a_day_off
    with pytest.raises(AssertionError):
        live_a_year(harness, 0)


@pytest.mark.parametrize("seed", range(4))
def test_who_stops_reads_until_the_day_that_was_told_and_no_longer(harness: Harness, seed: int) -> None:
    year = Year(harness, seed)
    for _ in range(4):
        year.tell(same_rhythm(year))
        year.goes_on(year.dice.choice([5, 20, 33]))
    year.tell(harness.stripe.stop(str(year.subscription["id"])))
    said = OPEN_UNTIL.search(" ".join(harness.mails.last.text.split()))
    end = year.subscription["items"]["data"][0]["current_period_end"]
    assert said
    assert said.group(1) == year.day(end)
    year.goes_on((end - harness.clock.business - 1) / DAY)
    assert harness.access().tier is not None
    year.goes_on(2)
    assert harness.access().tier is None
