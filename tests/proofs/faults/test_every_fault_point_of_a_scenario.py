"""Promise P2 for the rest of a life: renewed, given back in part, disputed and won, paused, resumed, stopped, ended.

As in `test_every_fault_point`: each single call to the table, to Stripe or to the post fails once, before or after it
did its work; then Stripe delivers again, the sweep runs, and the reader looks at the receipts: a mail does not wait
for its receipt's number, the next look gives it. In the end all is written as if nothing had failed.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress

import pytest

from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.table import Item, TableUnavailable
from chalicelib.ledger.actions.number_receipts import ReceiptNumbers
from chalicelib.ledger.rows import entries as ledger
from chalicelib.rails.stripe.port import Answer, Stripe, StripeUnavailable
from testkit.harness import Harness
from testkit.stripe_calls import AroundStripe, Asked, Work
from tests.proofs.faults.test_every_fault_point import Countdown, FaultyPost, FaultyTable
from tests.proofs.orders.past import Past, lived
from tests.proofs.orders.scenarios import WHOLE
from tests.proofs.orders.written import Written, written


class FaultyStripe(AroundStripe):
    """`Stripe` whose every call counts. Its GETs change nothing: before or after is the same."""

    def __init__(self, stripe: Stripe, countdown: Countdown) -> None:
        super().__init__(stripe)
        self._countdown = countdown

    def _call(self, name: str, asked: Asked, work: Work) -> Sequence[Answer]:
        del asked
        fault = StripeUnavailable("injected")
        return self._countdown.call(f"stripe.{name}", lambda: work(self.inner), fault)


def looks_at_receipts(harness: Harness) -> None:
    """What the page of receipts does for every gift: one that was told without a number gets it now."""
    of_money = (row for row in harness.rows() if row["sk"].startswith("MONEY#"))
    booked = [ledger.entry_of(harness.memory, row["id"]) for row in of_money if row["kind"] == "gift"]
    ReceiptNumbers(harness.memory, harness.newsroom).number([gift for gift in booked if gift], harness.now())


def played(past: Past, countdown: Countdown) -> tuple[Written, int]:
    """The life with one fault; what is written in the end, and how many letters went out."""
    harness = Harness(past.root.fork())
    post = harness.mails
    harness.table, harness.wiring.mailer = FaultyTable(harness.memory, countdown), FaultyPost(post, countdown)
    for told in past.told:
        moment = past.moments[told.step]
        harness.pass_time(max(0, moment.at - harness.clock.business))
        harness.wiring.stripe = FaultyStripe(moment.stripe, countdown)
        for _ in range(2):  # Stripe delivers again what was not answered, or we take up what had to wait
            try:
                if harness.take_in(told.event)["applied"]:
                    break
            except Unavailable:
                continue
    for _ in range(3):
        harness.pass_time(2 * 3600)
        with suppress(TableUnavailable):  # the sweep's own look may be what fails: the next one looks again
            harness.sweeps()
    looks_at_receipts(harness)
    return written(harness.rows()), len(post.sent)


def test_a_fault_at_any_single_call_of_a_life_changes_nothing_in_the_end(
    record_property: Callable[[str, object], None],
) -> None:
    past = lived(WHOLE)
    wanted, letters = played(past, Countdown(0, after=False))
    assert wanted.waiting == []
    assert len(wanted.ledger) == 5, "two gifts, a refund, a withdrawal and what came back"
    assert len(wanted.of("RECEIPT#")) == len(wanted.of("SUP#", "RECEIPT#")) == 2, "one receipt a gift"
    tried: list[str] = []
    while True:
        chosen = len(tried) // 2 + 1
        for after in (False, True):
            countdown = Countdown(chosen, after=after)
            said, sent = played(past, countdown)
            point = f"{countdown.met} {'after' if after else 'before'}"
            if countdown.met:
                tried.append(point)
            assert said == wanted, point
            # A letter that had gone when the post said no, or that could not be marked, goes again under its name.
            assert sent == letters + (point in ("send after", "mark before")), point
        if not countdown.met:
            break
    kinds = {point.partition(" ")[0] for point in tried}
    assert kinds >= {
        "get",
        "write",
        "transact",
        "send",
        "mark",
        "stripe.subscription",
        "stripe.refund",
        "stripe.dispute",
    }
    record_property("figures", f"{len(tried)} fault points in {len(past.told)} events: lost 0, doubled 0")


def counted_only(rows: list[Item]) -> list[Item]:
    """A number was counted, and its receipt never written."""
    return [{**row, "count": row["count"] + 1} if row["pk"].startswith("RECEIPTS#") else row for row in rows]


def numbered_twice(rows: list[Item]) -> list[Item]:
    """A gift has two receipts; the count knows of one."""
    return [*rows, next({**row, "pk": f"{row['pk']}9"} for row in rows if row["pk"].startswith("RECEIPT#"))]


def skipped(rows: list[Item]) -> list[Item]:
    """The receipt has the number after the one that was its turn."""
    return [{**row, "pk": f"{row['pk'][:-1]}2"} if row["pk"].startswith("RECEIPT#") else row for row in rows]


@pytest.mark.parametrize("wrong", [counted_only, numbered_twice, skipped])
def test_a_gap_and_a_double_among_receipts_are_seen(
    harness: Harness, wrong: Callable[[list[Item]], list[Item]]
) -> None:
    harness.tell(harness.gives(500))
    rows = harness.rows()
    assert written(wrong(rows)) != written(rows)
