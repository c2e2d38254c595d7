"""A life as it happened at Stripe, step by step, so that every moment of it can be asked about again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from chalicelib.checkouts.rows import checkouts
from chalicelib.giving.actions import return_from_checkout
from chalicelib.giving.actions.return_from_checkout import CheckoutViewer
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import Table
from chalicelib.mail.actions.send import MailSender
from chalicelib.rails.stripe import receive as receive_event
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.port import Answer, Stripe, StripeRefused
from localdev.stripe.account import Account
from testkit.harness import Harness
from testkit.memory_table import MemoryTable
from testkit.stripe_calls import AroundStripe, Asked, Work
from testkit.webhooks import Json, raw

Step = Callable[[Harness], list[Json]]
RETURN: Json = {"type": "the reader comes back", "id": "", "data": {"object": {"id": ""}}}


@dataclass(frozen=True)
class Scenario:
    """What happens, and by which eight events we hear of it: (step, type), in the order Stripe made them.

    A type that a step tells several times is written with its turn: `customer.subscription.updated/2`.
    """

    name: str
    story: str
    steps: Sequence[Step]
    told: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class Moment:
    """Stripe after so many steps, and its clock then."""

    stripe: Stripe
    at: int
    account: Account


@dataclass(frozen=True)
class Delivery:
    """An event, and after which step it can be delivered at the earliest."""

    event: Json
    step: int

    @cached_property
    def body(self) -> bytes:
        """As it travels."""
        return raw(self.event)


@dataclass
class Past:
    """All moments of a life, the eight events, and the table as it was before the first of them."""

    name: str
    moments: list[Moment] = field(default_factory=list)
    told: list[Delivery] = field(default_factory=list)
    root: MemoryTable = field(default_factory=MemoryTable)
    session: str = ""
    deps: StripeDeps = field(init=False)
    mail_sender: MailSender = field(init=False)

    @property
    def last(self) -> int:
        """The index of the last moment."""
        return len(self.moments) - 1


class Remembered(AroundStripe):
    """`Stripe` that never changes any more: asks once, and answers from memory from then on."""

    def __init__(self, stripe: Stripe) -> None:
        super().__init__(stripe)
        self._known: dict[tuple[str, Asked], Sequence[Answer] | StripeRefused] = {}

    def _call(self, name: str, asked: Asked, work: Work) -> Sequence[Answer]:
        found = self._known.get((name, asked))
        if found is None:
            try:
                found = super()._call(name, asked, work)
            except StripeRefused as refused:
                found = refused
            self._known[name, asked] = found
        if isinstance(found, StripeRefused):
            raise found
        return found


class _Quiet(MailSender):
    """Leaves every mail in the outbox: what is told, and to whom, stands there."""

    def try_send(self, mail_id: str, now: int) -> bool:
        """See MailSender."""
        del mail_id, now
        return False


def memory_till() -> Harness:
    """A harness whose table is in memory; installed nowhere."""
    return Harness()


def lived(scenario: Scenario, *, comes_back: bool = False) -> Past:
    """Play a life, and keep every moment of it. `comes_back`: the reader's return page tells as well, as a ninth."""
    harness = Harness()
    past = Past(scenario.name)
    by_step: list[list[Json]] = []
    for step in scenario.steps:
        by_step.append(step(harness))
        then = harness.stripe.as_it_stands()
        past.moments.append(Moment(Remembered(then), then.account.seconds, then.account))
    past.told = [Delivery(_found(by_step[step], kind), step) for step, kind in scenario.told]
    if comes_back:
        past.told.append(Delivery(RETURN, 0))
    past.root = harness.memory
    past.session = str(harness.stripe.of("checkout.session")[0]["id"])
    past.deps, past.mail_sender = harness.stripe_deps, _Quiet(**vars(harness.mail_sender))
    return past


def _found(events: list[Json], kind: str) -> Json:
    name, _, turn = kind.partition("/")
    return [event for event in events if event["type"] == name][int(turn or 1) - 1]


@dataclass(frozen=True)
class Flaw:
    """What is done wrong on purpose: another table, or another Stripe for one event. None of both: done right."""

    table: Callable[[Table], Table] = lambda table: table
    stripe: Callable[[Stripe, Json], Stripe] = lambda stripe, _event: stripe


RIGHT = Flaw()


def deliver(past: Past, table: Table, told: Delivery, moment: Moment, flaw: Flaw = RIGHT) -> bool:
    """One webhook at one moment, or the reader's return; whether nothing is left to do."""
    stripe = flaw.stripe(moment.stripe, told.event)
    wired = replace(past.deps, table=flaw.table(table), stripe=stripe, pause=lambda _seconds: None)
    if told.event is RETURN:
        row = checkouts.read(table, past.session)
        looker = CheckoutViewer(row.browser if row else "", "192.0.2.1")
        return return_from_checkout.refresh_checkout(
            past.session, looker, wired, past.mail_sender, now=BusinessTime(moment.at), real_now=RealTime(moment.at)
        ).asked
    answer = receive_event.receive(
        told.body,
        wired.table,
        lambda: (wired, past.mail_sender),
        email_key=lambda: wired.email_key,
        now=BusinessTime(moment.at),
        real_now=RealTime(moment.at),
        live=False,
    )
    return bool(answer["applied"])
