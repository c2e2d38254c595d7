"""A new card while Stripe or the table fails in the middle, at every single call; then the sweep makes it good."""

from collections.abc import Callable

import pytest

from chalicelib.kernel.table import TableUnavailable
from chalicelib.rails.stripe.port import StripeUnavailable
from testkit.harness import Harness
from testkit.tables import Around
from testkit.webhooks import Json, one
from tests.account.test_new_card import charged, gives_monthly, is_past_due


def stripe_fails(harness: Harness, at: int, *, lost: bool) -> Callable[[], bool]:
    """The call of this number is not answered; `lost`: it was done all the same. Answers whether it came to that."""
    calls = [0]

    def fails() -> None:
        calls[0] += 1
        if calls[0] == at + 1:
            raise StripeUnavailable("no answer")

    def before(_name: str) -> None:
        if not lost:
            fails()

    def after(_name: str, answer: Json) -> Json:
        if lost:
            fails()
        return answer

    harness.stripe.on_call, harness.stripe.on_answer = before, after
    return lambda: calls[0] > at


def table_fails(harness: Harness, at: int) -> Callable[[], bool]:
    """The call of this number is not answered."""
    calls = [0]

    def before(_call: str, _what: object) -> None:
        calls[0] += 1
        if calls[0] == at + 1:
            raise TableUnavailable("test")

    harness.table = Around(harness.table, before)
    return lambda: calls[0] > at


def is_made_good(harness: Harness, event: Json, given: Json, before: int) -> None:
    """Everything answers again: the new card is charged, what was overdue was tried once, and the books are right."""
    harness.stripe.on_call, harness.stripe.on_answer = lambda _name: None, lambda _name, answer: answer
    harness.deliver(event)
    harness.pass_time(3600)
    harness.sweeps()
    assert charged(harness, given) == "4444"
    assert len(harness.stripe.of("charge")) == before + 1
    harness.tell(harness.stripe.of("event")[-12:])
    (gift,) = harness.state().standing.recurring
    assert (gift.status, gift.card and gift.card.last4) == ("active", "4444")
    assert harness.totals() == {"eur": (1000, 2)}


@pytest.mark.parametrize("what", ["stripe", "stripe's answer", "table"])
def test_whatever_fails_in_the_middle_nothing_is_lost_and_nothing_done_twice(what: str) -> None:
    for at in range(60):
        harness = Harness()
        with harness.installed():
            given = gives_monthly(harness)
            is_past_due(harness, given)
            event = one(harness.stripe.enters_card(given["customer"]), "customer.updated")
            before, table = len(harness.stripe.of("charge")), harness.table
            if what == "table":
                came_to_it = table_fails(harness, at)
            else:
                came_to_it = stripe_fails(harness, at, lost=what != "stripe")
            harness.deliver(event)
            failed = came_to_it()
            harness.table = table
            is_made_good(harness, event, given, before)
            if not failed:
                assert at > 5, "the calls are counted"
                return
    pytest.fail("the handler asks more often than this test looks at")
