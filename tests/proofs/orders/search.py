"""All orders of a life, gone through exactly.

Orders that share a beginning share its work, and two beginnings that leave the same behind (`written`) go on as one,
with the number of orders that led there.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.kernel import email_address
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.port import Answer
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import entitled
from testkit.memory_table import MemoryTable
from testkit.stripe_calls import Asked, UnexpectedStripe, Work
from testkit.tables import Around
from tests.proofs.orders.past import RETURN, RIGHT, Delivery, Flaw, Moment, Past, deliver
from tests.proofs.orders.written import Written, written


@dataclass(frozen=True)
class Place:
    """How far an order has come: steps that have happened, events that were delivered."""

    moment: int
    delivered: frozenset[int]


@dataclass
class Node:
    """One state of the table at a place, and how many orders lead to it."""

    table: MemoryTable
    said: Written
    orders: int = 0
    example: tuple[str, ...] = ()

    def tier_at(self, email: str, deps: StripeDeps, now: int) -> str | None:
        """What is open to somebody at a moment, as their gifts stand here."""
        supporter = supporters.find_by_email(self.table, email_address.read(email), deps.email_key)
        standing = supporters.read_state(self.table, supporter or SupporterId("")).standing
        return entitled(standing, deps.newsroom, BusinessTime(now)).tier


@dataclass
class Found:
    """What a search came to: every different end, the deliveries that were made, the orders they stand for."""

    ends: list[Node]
    deliveries: int
    states: dict[Place, dict[str, Node]]

    @property
    def orders(self) -> int:
        """How many orders were gone through."""
        return sum(end.orders for end in self.ends)


def search(past: Past, *, told_late: bool, flaw: Flaw = RIGHT, again: bool = True) -> Found:
    """Go through all orders of the life's events.

    :param told_late: every event is delivered after the whole life has happened; else at any time after its own step,
        so that the life goes on between the deliveries.
    :param again: hold at every state that what was applied changes nothing when it is delivered again.
    """
    start = Place(past.last if told_late else 0, frozenset())
    level: dict[Place, dict[str, Node]] = {start: {"": Node(past.root, written(past.root.rows()), 1)}}
    deliveries = 0
    every: dict[Place, dict[str, Node]] = {}
    ends: dict[str, Node] = {}
    while level:
        following: dict[Place, dict[str, Node]] = {}
        for place, states in level.items():
            for node in states.values():
                if place == Place(past.last, frozenset(range(len(past.told)))):
                    end = _finished(past, node, flaw)
                    _merge(ends, end)
                    continue
                if again:
                    # While life goes on one of them at every state is enough: what is done is done, whenever.
                    few = place.delivered if told_late else sorted(place.delivered)[-1:]
                    _hold_still(past, place, node, flaw, few)
                for next_place, label, table in _steps(past, place, node, flaw):
                    deliveries += table is not node.table
                    made = Node(table, written(table.rows()), node.orders, (*node.example, label))
                    _merge(following.setdefault(next_place, {}), made)
        every |= level
        level = following
    return Found(list(ends.values()), deliveries, every)


def _steps(past: Past, place: Place, node: Node, flaw: Flaw) -> Iterator[tuple[Place, str, MemoryTable]]:
    """Every next thing: one delivery, or the life goes on by one step."""
    for number, told in enumerate(past.told):
        if number not in place.delivered and told.step <= place.moment:
            table = node.table.fork()
            deliver(past, table, told, past.moments[place.moment], flaw)
            yield Place(place.moment, place.delivered | {number}), f"{number}@{place.moment}", table
    if place.moment < past.last:
        yield Place(place.moment + 1, place.delivered), "", node.table


def _merge(states: dict[str, Node], made: Node) -> None:
    known = states.setdefault(made.said.text, Node(made.table, made.said, 0, made.example))
    known.orders += made.orders


def _hold_still(past: Past, place: Place, node: Node, flaw: Flaw, delivered: Iterable[int]) -> None:
    before, waiting = node.table.rows(), node.said.waiting
    for number in delivered:
        told = past.told[number]
        if told.event is not RETURN and f"EVT#{told.event['id']}" not in waiting:
            table = node.table.fork()
            assert deliver(past, table, told, past.moments[place.moment], flaw)
            assert table.rows() == before, (past.name, node.example, told.event["type"])


def _finished(past: Past, node: Node, flaw: Flaw) -> Node:
    """Stripe delivers everything once more when all is over: what had to wait for something else is applied."""
    table = node.table.fork()
    for told in past.told:
        deliver(past, table, told, past.moments[past.last], flaw)
    return Node(table, written(table.rows()), node.orders, node.example)


class Interrupted(UnexpectedStripe):
    """A worker that stops before one of its calls, to the table or to Stripe, while something else happens."""

    def __init__(self, before_call: int, meanwhile: Callable[[], None], moment: Moment) -> None:
        self._left, self._meanwhile, self.moment = before_call, meanwhile, moment

    def counts(self, _call: str = "", _what: Any = None) -> None:
        """Before every call."""
        self._left -= 1
        if self._left == 0:
            self._meanwhile()

    def _call(self, name: str, asked: Asked, work: Work) -> Sequence[Answer]:
        """As it is at the moment of each call; the moment may have moved on."""
        del name, asked
        self.counts()
        return work(self.moment.stripe)


def overtaken(
    past: Past,
    table: MemoryTable,
    pair: tuple[Delivery, Delivery],
    moments: tuple[Moment, Moment],
    gap: int,
    flaw: Flaw = RIGHT,
) -> bool:
    """Deliver the first; before its call number `gap` time goes on, and the other one is delivered whole.

    Answers whether there was such a call; if not, the other one is delivered afterwards.
    """
    (one, other), (began, goes_on) = pair, moments
    met: list[bool] = []

    def meanwhile() -> None:
        met.append(True)
        worker.moment = goes_on
        deliver(past, table, other, goes_on, flaw)

    worker = Interrupted(gap, meanwhile, began)
    # The same table is underneath both; only the first one is interrupted.
    interrupted = Flaw(lambda inner: Around(flaw.table(inner), worker.counts), flaw.stripe)
    deliver(past, table, one, Moment(worker, began.at, began.account), interrupted)
    if not met:
        deliver(past, table, other, goes_on, flaw)
    if f"EVT#{one.event['id']}" in written(table.rows()).waiting:
        deliver(past, table, one, goes_on, flaw)  # it met somebody, changed nothing, and the sweep takes it up
    return bool(met)
