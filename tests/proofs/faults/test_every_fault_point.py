"""Each single call to the table, to Stripe or to the post fails once, before or after it did its work (promise P2).

Then Stripe delivers again and the sweep runs: nothing lost, nothing doubled, wherever it was.
"""

import random
from collections.abc import Callable
from itertools import permutations
from typing import TypeVar

import pytest

from chalicelib.kernel.table import Table, TableUnavailable, Update
from chalicelib.ledger.rows import entries as ledger
from chalicelib.mail.port import MailUnavailable
from chalicelib.rails.stripe.port import StripeUnavailable
from testkit.harness import Harness
from testkit.sent import Outgoing
from testkit.tables import Around
from testkit.webhooks import Json, one

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
        marks = isinstance(what, Update) and what.set.get("status") == "sent"
        return self._countdown.call("mark" if marks else name, work, TableUnavailable("injected"))


class FaultyPost(Outgoing):
    """A post that counts."""

    def __init__(self, inner: Outgoing, countdown: Countdown) -> None:
        super().__init__()
        self._inner, self._countdown = inner, countdown

    def send(  # noqa: PLR0913 - as the port has it
        self,
        *,
        sender: str,
        to: str,
        subject: str,
        text: str,
        html: str,
        lang: str,
        message_id: str,
        kind: str,
        unsubscribe: str = "",
    ) -> None:
        """See the port."""

        def work() -> None:
            self._inner.send(
                sender=sender,
                to=to,
                subject=subject,
                text=text,
                html=html,
                lang=lang,
                message_id=message_id,
                kind=kind,
                unsubscribe=unsubscribe,
            )

        self._countdown.call("send", work, MailUnavailable("injected"))


def with_fault(harness: Harness, events: list[Json], countdown: Countdown) -> None:
    """Deliver while one call fails; Stripe hears of every failure as it would."""
    real_table, real_post = harness.table, harness.mails
    harness.table, harness.wiring.mailer = FaultyTable(real_table, countdown), FaultyPost(real_post, countdown)

    def ask(name: str) -> None:
        # Stripe's GETs change nothing: whether they fail before or after is the same.
        countdown.call(f"stripe.{name}", lambda: None, StripeUnavailable("injected"))

    harness.stripe.on_call = ask
    for event in events:
        reply = harness.deliver(event)
        assert reply.status in (200, 503), reply.text
    harness.table, harness.wiring.mailer = real_table, real_post
    harness.stripe.on_call = lambda _name: None


@pytest.mark.engine
@pytest.mark.parametrize("interval", ["once", "month"])
def test_a_fault_at_any_single_call_loses_nothing_and_doubles_nothing(harness: Harness, interval: str) -> None:
    tried: list[str] = []
    extra_letters = 0
    for chosen in range(1, 200):
        for after in (False, True):
            email = f"{chosen}-{'after' if after else 'before'}@reader.example"
            events = [
                event
                for event in harness.gives(1000, interval, email)
                if event["type"] in ("checkout.session.completed", "invoice.paid", "payment_intent.succeeded")
            ]
            countdown = Countdown(chosen, after=after)
            with_fault(harness, events, countdown)
            for event in events:
                assert harness.deliver(event).status == 200
            harness.pass_time(2 * 3600)
            harness.sweeps()
            if not countdown.met:
                break
            tried.append(f"{countdown.met} {'after' if after else 'before'}")
            letters = [mail.to for mail in harness.mails.sent].count(email)
            # A letter that had gone when the post said no, or that could not be marked, goes again under its name.
            extra_letters += letters - 1
            assert letters == 1 or tried[-1] in ("send after", "mark before"), tried[-1]
            assert len(list(ledger.entries_of(harness.table, harness.state(email).id))) == 1, tried[-1]
            assert harness.totals() == {"eur": (1000 * len(tried), len(tried))}, tried[-1]
            assert harness.access(email).tier == "member", tried[-1]
            assert {harness.status(event["id"]) for event in events} <= {"applied", "ignored", "unhandled"}, tried[-1]
        else:
            continue
        break
    books = harness.books
    # The last gift met no fault: there were no more calls to fail.
    assert len(books.entries) == books.guards == len(tried) + 1
    assert len(tried) > 40, tried
    assert {point.partition(" ")[0] for point in tried} >= {"get", "write", "transact", "send", "mark"}
    assert extra_letters == 2, "at least once, and twice only where nobody could know"


# ---- P1 over the wire: any order, any repetition ----


def scenario(harness: Harness, email: str) -> list[Json]:
    """Starts, renews, is stopped, ends: the events that matter, in the order Stripe made them."""
    first = harness.gives(300, "month", email)
    subscription = one(first, "customer.subscription.created")["data"]["object"]["id"]
    renewed = harness.stripe.renew(subscription)
    stopped, ended = harness.stripe.stop(subscription), harness.stripe.end(subscription)
    kinds = ("customer.subscription.created", "invoice.paid", "checkout.session.completed")
    return [
        *(one(first, kind) for kind in kinds),
        one(renewed, "invoice.paid"),
        *stopped,
        *ended,
    ]


@pytest.mark.slow
def test_any_order_of_a_life_gives_the_same_ledger_access_and_totals(harness: Harness) -> None:
    chosen = random.Random(7)  # noqa: S311 - the same sample at every run
    orders = chosen.sample(list(permutations(range(6))), 24)
    seen = []
    for number, order in enumerate([tuple(range(6)), *orders]):
        email = f"{number}@reader.example"
        events = scenario(harness, email)
        harness.pass_time(0)
        again = [*order, *chosen.choices(order, k=2)]
        harness.tell(events[at] for at in again)
        (gift,) = harness.state(email).standing.recurring
        seen.append((gift.status, gift.tier, gift.amount, gift.paid_through - gift.started_at > 50 * 86_400))
    assert seen == [("canceled", "member", 300, True)] * 25
    books = harness.books
    assert books.totals == {"eur": (25 * 600, 50)}
    assert len(books.entries) == books.guards == 50
    assert len([mail for mail in books.mails if mail.endswith(":thanks")]) == 50
