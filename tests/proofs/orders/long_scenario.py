"""Long scenarios of a few readers, made up step by step, with a postal service that loses, doubles and shuffles.

Each step is a name and two numbers that choose among what there is. What Stripe would refuse does not happen.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from chalicelib.checkouts.rules.wish import Wish
from localdev.stripe import billing, customers, discounts, disputes, ending, pausing, payments, reversals
from localdev.stripe.clock import JOBS
from localdev.stripe.errors import ApiRefusal
from testkit.harness import Harness
from testkit.webhooks import Json

DAY = 86_400
READERS = ("ada@reader.example", "ben@reader.example", "cleo@reader.example")
_GIFTS: Sequence[tuple[int, str, Any]] = (
    (500, "eur", "once"),
    (1000, "eur", "once"),
    (3000, "usd", "once"),
    (15_000, "eur", "once"),
    (100_000, "uah", "once"),
    (300, "eur", "month"),
    (1500, "eur", "month"),
    (20_000, "uah", "month"),
    (3000, "usd", "year"),
    (15_000, "eur", "year"),
)
_LAPSES = (1, 3, 8, 20, 31, 45, 100)  # days
Step = tuple[str, int, int]


class LongLife:
    """A Stripe account and the newsroom that hears of it; `pool` holds every event that there ever was."""

    def __init__(self) -> None:
        self.harness = Harness()
        self.stripe = self.harness.stripe
        self.pool: list[Json] = []
        self.sessions: list[str] = []
        self.done: list[str] = []

    def does(self, step: Step) -> None:
        """One step; what Stripe refuses is nothing."""
        name, one, other = step
        work: Callable[[int, int], None] = getattr(self, f"_{name}")
        before = len(self.pool)
        try:
            work(one, other)
        except ApiRefusal:
            return
        if len(self.pool) > before or name in (*HEARD, *_ONLY_LATER):
            self.done.append(name)

    # ---- what happens at Stripe ----

    def _gives(self, one: int, other: int) -> None:
        self._pays(one, other, delayed=False)

    def _gives_by_debit(self, one: int, other: int) -> None:
        self._pays(one, other, delayed=True)

    def _pays(self, one: int, other: int, *, delayed: bool) -> None:
        amount, currency, interval = _GIFTS[one % len(_GIFTS)]
        session = self.harness.starts(Wish(amount, currency, interval, campaign="winter" if other % 2 else None))
        self.sessions.append(session)
        if other % 11 != 10:  # else nobody pays, for now
            self._tells(self.stripe.pay(session, READERS[other % len(READERS)], delayed=delayed))

    def _settles(self, one: int, other: int) -> None:
        waiting = [str(row["id"]) for row in self.stripe.of("payment_intent") if row["status"] == "processing"]
        if waiting:
            intent, succeeds = waiting[one % len(waiting)], other % 4 != 0
            if session := self.stripe.account.store.note(intent).get("session"):
                self._tells(self.stripe.settle(session, succeeds=succeeds))
            else:
                self._happens(lambda it: billing.settle(it, it.get("payment_intent", intent), succeeds=succeeds))

    def _time_passes(self, one: int, _: int) -> None:
        account = self.stripe.account
        until = account.seconds + _LAPSES[one % len(_LAPSES)] * DAY
        while (due := account.store.next_due(until)) is not None:
            at, job, name = due
            account.seconds = max(account.seconds, at)
            account.store.schedule(job, name, None)
            self._happens(lambda it, job=job, name=name: JOBS[job](it, name))  # type: ignore[misc] # bound now
        self.harness.pass_time(until - self.harness.clock.business)

    def _cards(self, one: int, other: int) -> None:
        if name := self._some("subscription", one):
            self.stripe.account.store.write_note(name, fails=other % 3 == 0, slow=other % 3 == 1)

    def _stops(self, one: int, other: int) -> None:
        self._to("subscription", one, lambda it, row: billing.cancel_later(it, row, by=("portal", "api")[other % 2]))

    def _goes_on(self, one: int, _: int) -> None:
        self._to("subscription", one, billing.keep)

    def _ends(self, one: int, _: int) -> None:
        self._to("subscription", one, lambda it, row: ending.end(it, row, reason="cancellation_requested"))

    def _pauses(self, one: int, _: int) -> None:
        self._to("subscription", one, pausing.pause)

    def _resumes(self, one: int, _: int) -> None:
        self._to("subscription", one, pausing.resume)

    def _lets_off(self, one: int, other: int) -> None:
        how = ("void", "mark_uncollectible", "keep_as_draft", None)[other % 4]
        self._to("subscription", one, lambda it, row: pausing.pause_collection(it, row, how))

    def _free_month(self, one: int, _: int) -> None:
        self._to("subscription", one, discounts.give_next)

    def _gives_back(self, one: int, other: int) -> None:
        part = (None, 100, 300, None)[other % 4]
        pending = other % 3 == 0
        self._to(
            "payment_intent",
            one,
            lambda it, row: reversals.refund(it, reversals.collected(it, row["id"]), part, pending=pending),
        )

    def _refund_arrives(self, one: int, _: int) -> None:
        self._to("refund", one, reversals.succeed_refund)

    def _refund_fails(self, one: int, other: int) -> None:
        self._to("refund", one, (reversals.fail_refund, reversals.cancel_refund)[other % 2])

    def _disputes(self, one: int, other: int) -> None:
        kind: dict[str, Any] = ({}, {"inquiry": True}, {"prevented": True}, {"amount": 100})[other % 4]
        self._to(
            "payment_intent", one, lambda it, row: disputes.dispute(it, reversals.collected(it, row["id"]), **kind)
        )

    def _escalates(self, one: int, other: int) -> None:
        self._to("dispute", one, (disputes.escalate, disputes.respond)[other % 2])

    def _is_decided(self, one: int, other: int) -> None:
        self._to("dispute", one, lambda it, row: disputes.close(it, row, won=bool(other % 2)))

    def _appeals(self, one: int, other: int) -> None:
        self._to("dispute", one, lambda it, row: disputes.appeal(it, row, won=bool(other % 2)))

    def _leaves(self, one: int, other: int) -> None:
        if other % 2:
            self._to("customer", one, lambda it, row: customers.change(it, row, email="new@reader.example"))
        else:
            self._to("customer", one, customers.delete)

    def _books_late(self, one: int, _: int) -> None:
        account = self.stripe.account
        with account.change():
            payments.set_booking(account, ("after", "at_once", "hour_later")[one % 3])

    # ---- what we hear of it ----

    def _hears(self, one: int, other: int) -> None:
        """Some one event, old or new, once or twice."""
        if self.pool:
            for _ in range(1 + other % 2):
                self.harness.take_in(self.pool[-1 - one % len(self.pool)])

    def _hears_much(self, one: int, other: int) -> None:
        """A few of the newest, in any order."""
        few = self.pool[-1 - other % 12 :]
        Random(one).shuffle(few)  # noqa: S311 - the same at every run
        for event in few:
            self.harness.take_in(event)

    def _comes_back(self, one: int, _: int) -> None:
        if self.sessions:
            self.harness.comes_back(self.sessions[one % len(self.sessions)])

    def _sweeps(self, _: int, __: int) -> None:
        self.harness.pass_time(DAY)  # whole days throughout, as what is open is compared day by day
        self.harness.sweeps()

    def ends(self, seed: int) -> None:
        """All is over; everything is delivered once more, in any order, and the sweep has all the time it wants."""
        self.does(("time_passes", 0, 0))  # what was paid an hour ago is on the balance by now
        everything = list(self.pool)
        Random(seed).shuffle(everything)  # noqa: S311 - the same at every run
        for event in everything:
            self.harness.take_in(event)
        for _ in range(12):
            done = self.harness.sweeps()
            if not done["events"] and not done["mails"]:
                return
            self.harness.pass_time(DAY)

    # ---- the hand ----

    def _some(self, kind: str, number: int) -> str | None:
        rows = self.stripe.of(kind)
        return str(rows[-1 - number % len(rows)]["id"]) if rows else None

    def _to(self, kind: str, number: int, work: Callable[[Any, Json], Any]) -> None:
        """The work on one of these, on the first from some number on that Stripe does not refuse."""
        names = [str(row["id"]) for row in self.stripe.of(kind) if not row.get("deleted")]
        for at in range(len(names)):
            name = names[(number + at) % len(names)]
            try:
                self._happens(lambda it, name=name: work(it, it.get(kind, name)))  # type: ignore[misc] # bound now
            except ApiRefusal:
                continue
            return

    def _happens(self, work: Callable[[Any], Any]) -> None:
        self._tells(self.stripe.happens(work))

    def _tells(self, events: list[Json]) -> None:
        self.pool += events


AT_STRIPE = (
    *("gives", "gives", "gives", "gives_by_debit", "settles", "time_passes", "time_passes", "time_passes"),
    *("cards", "stops", "goes_on", "ends", "pauses", "resumes", "resumes", "lets_off", "free_month"),
    *("gives_back", "gives_back", "refund_arrives", "refund_arrives", "refund_fails"),
    *("disputes", "disputes", "escalates", "is_decided", "is_decided", "appeals", "leaves", "books_late"),
)
_ONLY_LATER = ("cards", "free_month", "books_late")  # these tell nothing by themselves
HEARD = ("hears", "hears_much", "hears_much", "comes_back", "sweeps")


def steps_of(seed: int) -> list[Step]:
    """A made-up life. A failing one is made short by hand: leave out steps as long as it fails."""
    chance = Random(seed)  # noqa: S311 - the same at every run
    return [
        (
            chance.choice(AT_STRIPE if chance.random() < 0.65 else HEARD),
            chance.randrange(1000),
            chance.randrange(1000),
        )
        for _ in range(chance.randrange(10, 60))
    ]
