"""Reconcile breaks off somewhere, or has company: the next run finishes it; nothing lost, nothing doubled (P2)."""

from collections.abc import Callable
from typing import TypeVar

import pytest

from chalicelib.kernel.table import Table, TableUnavailable
from chalicelib.rails.stripe.port import StripeUnavailable
from chalicelib.upkeep.sweep import sweep
from testkit.at_once import at_once
from testkit.harness import ADA, Harness
from testkit.lost_webhooks import Outage, known, outage
from testkit.reconciling import Hours, reconciles
from testkit.tables import Around

Result = TypeVar("Result")
POINTS = 20  # calls that are made to fail, spread over the whole run; each before and after its work


class PowerCut(BaseException):
    """The function ends here and now."""


class Failing:
    """Counts calls; the chosen one fails, with the fault of its kind or by a power cut."""

    def __init__(self, chosen: int, *, after: bool, cut: bool) -> None:
        self.chosen, self.after, self.cut, self.count = chosen, after, cut, 0

    def call(self, work: Callable[[], Result], fault: Exception) -> Result:
        """Do the work, or fail around it."""
        self.count += 1
        if self.count != self.chosen:
            return work()
        if self.after:
            work()
        raise PowerCut if self.cut else fault


class Counting(Around):
    """A table that counts its calls, and lets the chosen one fail before or after its work."""

    def __init__(self, inner: Table, failing: Failing) -> None:
        super().__init__(inner)
        self._failing = failing

    def _call(self, name: str, what: object, work: Callable[[], Result]) -> Result:
        del name, what
        return self._failing.call(work, TableUnavailable("injected"))


@pytest.fixture(scope="module")
def played() -> Outage:
    """29 days without a webhook."""
    return outage()


def broken_run(harness: Harness, failing: Failing) -> None:
    """One reconcile in which one call fails."""
    real = harness.table
    harness.table = Counting(real, failing)
    harness.stripe.on_call = lambda _name: failing.call(lambda: None, StripeUnavailable("injected"))
    try:
        reconciles(harness)
    except PowerCut:
        assert failing.cut
    finally:
        harness.table = real
        harness.stripe.on_call = lambda _name: None


@pytest.mark.slow
@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("listed", ["events", "money"])
def test_wherever_reconcile_breaks_off_the_next_one_finishes_it(played: Outage, listed: str, *, cut: bool) -> None:
    """With Stripe's list of events the first two rings do the work, without it the third one."""
    truth = known(played.told)
    never_made = () if listed == "events" else played.events
    whole = Failing(0, after=False, cut=cut)
    broken_run(played.missing(*never_made), whole)
    assert whole.count > 100
    for chosen in range(1, whole.count, whole.count // POINTS):
        for after in (False, True):
            harness = played.missing(*never_made)
            broken_run(harness, Failing(chosen, after=after, cut=cut))
            harness.pass_time(3600)
            sweep(harness.wiring, limits=Hours().limits())
            reconciles(harness)
            harness.pass_time(-3600)
            assert known(harness) == truth, (chosen, after)


@pytest.mark.engine
@pytest.mark.parametrize("interval", ["once", "month"])
def test_reconcile_webhooks_and_the_sweep_at_once_book_one_gift_and_send_one_mail(
    harness: Harness, interval: str
) -> None:
    events = harness.gives(1000, interval)

    def crowd(number: int) -> object:
        if number % 4 == 1:
            return reconciles(harness, [("undelivered", "events", "money")[number // 4 % 3]]).failed
        if number % 4 == 3:
            return harness.sweeps()["events"] >= 0
        return harness.take_in(events[number % len(events)])["stored"]

    results = at_once(16, crowd)
    assert [result for result in results if isinstance(result, BaseException)] == []
    harness.pass_time(3600)
    harness.sweeps()
    assert not reconciles(harness).differs
    assert harness.books.totals == {"eur": (1000, 1)}
    assert [mail.to for mail in harness.mails.sent] == [ADA]
