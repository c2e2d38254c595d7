"""Each single call of the table or of Stripe's fails once while a statement is carried out, before or after its work.

Then the sweep runs as it does: whoever wanted to stop is stopped once, money goes back once, and each mail is written
once. Without what it comes to being written down first (`follow.act`), a sweep that follows a broken one takes it for
stopped already, or for nothing to give back.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import pytest

from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Table, TableUnavailable
from chalicelib.leaving.actions.decide import confirm
from chalicelib.leaving.rules.statements import statement_id
from chalicelib.rails.stripe.port import StripeUnavailable
from testkit.harness import Harness
from testkit.tables import Around
from testkit.webhooks import Json
from tests.leaving.declaring import declared, gives_monthly, receipt_of, statement

Result = TypeVar("Result")


class Countdown:
    """Lets calls through until the chosen one, which fails before (or after) its work."""

    def __init__(self, chosen: int, *, after: bool) -> None:
        self.left, self.after, self.met = chosen, after, ""

    def call(self, name: str, work: Callable[[], Result], fault: Exception) -> Result:
        """Do the work, or fail around it."""
        self.left -= 1
        if self.left != 0:
            return work()
        self.met = name
        if self.after:
            work()
        raise fault


class FaultyTable(Around):
    """A table whose every method counts."""

    def __init__(self, inner: Table, countdown: Countdown) -> None:
        super().__init__(inner)
        self._countdown = countdown

    def _call(self, name: str, what: object, work: Callable[[], Result]) -> Result:
        del what
        return self._countdown.call(name, work, TableUnavailable("injected"))


def listening(harness: Harness, countdown: Countdown) -> None:
    """Stripe counts too."""

    def asked(name: str) -> None:
        if not countdown.after:
            countdown.call(name, lambda: None, StripeUnavailable("injected"))

    def answered(name: str, answer: Json) -> Json:
        if countdown.after:
            countdown.call(name, lambda: None, StripeUnavailable("injected"))
        return answer

    harness.stripe.on_call, harness.stripe.on_answer = asked, answered


def prepared(way: str) -> tuple[Harness, str, str]:
    """A newsroom in which a statement is about to be carried out; the gift, and the statement's number."""
    harness = Harness()
    with harness.installed():
        gift = gives_monthly(harness)
        reference = str(declared(kind=way, gift=receipt_of(harness)).json["reference"])
        if way == "withdraw":
            harness.sweeps()
            confirm(harness.table, statement_id(reference), by="link", target="", now=BusinessTime(harness.now()))
    return harness, gift, reference


def broken(way: str, chosen: int, *, after: bool) -> str:
    """One run with the chosen call broken; the name of the call, empty once there are no more of them."""
    harness, gift, reference = prepared(way)
    with harness.installed():
        countdown = Countdown(chosen, after=after)
        whole = harness.table
        harness.table = FaultyTable(whole, countdown)
        listening(harness, countdown)
        with suppress(TableUnavailable):  # what waits could not be read: the next run reads it
            harness.sweeps()
        harness.table = whole
        harness.stripe.on_call, harness.stripe.on_answer = lambda _name: None, lambda _name, answer: answer
        for _ in range(6):
            harness.pass_time(600)
            harness.sweeps()
        told = statement(harness, reference)
        wanted = "stopped" if way == "cancel" else "given_back"
        assert (told.status, told.outcome) == ("done", wanted), (chosen, countdown.met)
        kinds = [row["kind"] for row in harness.kinds("MAIL")]
        assert "statement_settled" not in kinds, (chosen, countdown.met)
        subscription = harness.stripe.subscription(gift)
        if way == "cancel":
            assert subscription["cancel_at"] == harness.state().standing.recurring[0].ends_at
            assert kinds.count("recurring_will_end") == 1
            [mail] = [row for row in harness.kinds("MAIL") if row["kind"] == "recurring_will_end"]
            assert mail["values"]["undo"], "and the mail offers the undo"
        else:
            assert subscription["status"] == "canceled"
            assert sorted(row["amount"] for row in harness.books.entries) == [-500, 500]
            assert len(harness.stripe.of("refund")) == 1
            assert kinds.count("refunded") == kinds.count("recurring_ended") == 1
        return countdown.met


@pytest.mark.parametrize("after", [False, True], ids=["before its work", "after it"])
@pytest.mark.parametrize("way", ["cancel", "withdraw"])
def test_whichever_call_fails_it_is_done_once(
    way: str, after: bool, record_property: Callable[[str, object], None]
) -> None:
    met: list[str] = []
    while name := broken(way, len(met) + 1, after=after):
        met.append(name)
    assert len(met) > 20, met
    wanted = "update_subscription" if way == "cancel" else "create_refund"
    assert {wanted, "transact", "write", "get"} <= set(met), (
        "the control: the calls that change something are among them"
    )
    record_property("figures", f"{way}: {len(met)} calls of the table and of Stripe's, each broken once: done once")
