"""A fault at every single call of an erasure, before or after it did its work; then it goes on, and all is gone.

Beside it Stripe tells of everything once more, and a refund comes: it is booked, without a person.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from chalicelib.kernel.object_store import StoreUnavailable
from chalicelib.kernel.table import TableUnavailable
from chalicelib.mail.port import MailUnavailable
from chalicelib.privacy.actions.ask import Asking, ask_erasure
from chalicelib.rails.stripe.port import StripeUnavailable
from chalicelib.upgrade import rows as upgrades
from chalicelib.upgrade.steps import STEPS
from testkit.erasing import HOUR, canaries, erases, found, leaves_traces, tells_all
from testkit.harness import ADA, Harness
from tests.proofs.faults.test_every_fault_point import Countdown, FaultyPost, FaultyTable

_FAULTS = (StoreUnavailable, MailUnavailable, StripeUnavailable, TableUnavailable)


def _goes_on(harness: Harness, ada: Any) -> None:
    """What the hourly job does, again and again, until nothing is left to do."""
    for _ in range(4):
        if erases(harness, ada) == "erased":
            return
        harness.pass_time(HOUR)
    raise AssertionError("It came to no end.")


def _with_faults(harness: Harness, countdown: Countdown) -> Callable[[], None]:
    """Let the chosen call to the table, Stripe, the post or the bucket fail; answers how to end that."""
    table, mailer, bucket = harness.table, harness.wiring.mailer, harness.wiring.objects
    harness.table = FaultyTable(table, countdown)
    harness.wiring.mailer = FaultyPost(harness.mails, countdown)
    harness.stripe.on_call = lambda name: countdown.call(name, lambda: None, StripeUnavailable("injected"))
    put = harness.bucket.store_object
    harness.bucket.store_object = lambda name, body: countdown.call(  # type: ignore[method-assign] # a double
        "put", lambda: put(name, body), StoreUnavailable("injected")
    )

    def ended() -> None:
        harness.table, harness.wiring.mailer, harness.wiring.objects = table, mailer, bucket
        harness.stripe.on_call = lambda _name: None
        harness.bucket.store_object = put  # type: ignore[method-assign] # a double

    return ended


def _lives() -> Harness:
    harness = Harness()
    with harness.installed():
        upgrades.note(harness.table, STEPS, harness.real_now())
        leaves_traces(harness, ADA)
    return harness


def _points(first: int, step: int) -> Iterator[tuple[int, bool]]:
    for at in range(first, 4000, step):
        yield at, False
        yield at, True


# Every fourth call; all of them (716 faults) were tried once, with eight parts.
@pytest.mark.parametrize("part", [0, 5])
def test_a_fault_at_every_call_leaves_nothing(part: int, record_property: Callable[[str, object], None]) -> None:
    lived, tried = _lives(), 0
    for at, after in _points(1 + part, 8):
        harness = Harness(lived.memory.fork(), stripe=lived.stripe.as_it_stands())
        harness.pass_time(lived.clock.business - harness.clock.business)
        with harness.installed():
            words, before, ada = canaries(harness, ADA), harness.totals(), harness.state(ADA).id
            payment = harness.stripe.of("payment_intent")[0]["id"]
            countdown = Countdown(at, after=after)
            ended = _with_faults(harness, countdown)
            for work in (_ask, erases):
                with suppress(*_FAULTS):
                    work(harness, ada)
            ended()
            if not countdown.met:
                break
            tried += 1
            _ask(harness, ada)
            tells_all(harness)
            _goes_on(harness, ada)
            harness.tell(harness.stripe.gives_back(payment, 100))
            harness.sweeps()
            where = f"{countdown.met} {at} {'after' if after else 'before'}"
            assert found(harness.items(), words) == [], where
            assert {one: sums[0] for one, sums in harness.totals().items()} == {
                one: sums[0] for one, sums in before.items()
            }, where
            assert len(harness.bucket.objects) == 1, where
    record_property("figures", f"{tried} faults while somebody was erased: left behind 0, brought back 0")


def _ask(harness: Harness, ada: Any) -> None:
    if harness.knows(ADA):
        asking = Asking(harness.stripe_deps, harness.mail_sender, harness.now(), harness.real_now())
        ask_erasure(ada, asking, grace=0, by="test")
