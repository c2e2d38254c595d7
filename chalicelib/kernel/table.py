"""The port to the one table: what the rest of the code may ask of it, and nothing of AWS.

There is one real implementation (`aws/dynamodb.py`), and every test runs it against a real engine. A change is
a value; one call commits a list of them together or not at all.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

from chalicelib.kernel.outages import Outage

Key = tuple[str, str]
Item = Mapping[str, Any]  # str, int, bool, bytes, None, lists and maps of them; `pk` and `sk` always there


@dataclass(frozen=True)
class Condition:
    """One comparison on an attribute of the item as it is stored before the change."""

    attribute: str
    test: Literal["absent", "present", "=", "<>", "<", "<=", ">", ">=", "contains"]
    value: Any = None


# A new item: `pk` is absent. DynamoDB checks conditions against the item of the same full key.
NEW = (Condition("pk", "absent"),)
EXISTING = (Condition("pk", "present"),)


@dataclass(frozen=True)
class Put:
    """Write a whole item (which carries its `pk` and `sk`), if all conditions hold."""

    item: Item
    only_if: Sequence[Condition] = ()


@dataclass(frozen=True)
class Update:
    """Set, add to or remove attributes of one item, creating it when absent, if all conditions hold."""

    key: Key
    set: Mapping[str, Any] = field(default_factory=dict)
    add: Mapping[str, int] = field(default_factory=dict)
    remove: Sequence[str] = ()
    only_if: Sequence[Condition] = ()


@dataclass(frozen=True)
class Delete:
    """Remove one item, if all conditions hold."""

    key: Key
    only_if: Sequence[Condition] = ()


@dataclass(frozen=True)
class Check:
    """Change nothing; hold the whole transaction to these conditions on one item."""

    key: Key
    only_if: Sequence[Condition]


Change = Put | Update | Delete | Check


class TableUnavailable(Outage):
    """The table did not answer, or refused for load. Whether the change happened is not known."""


class TableRefused(ValueError):
    """The table will never take this: a limit of its own, or a request that makes no sense. A fault of ours.

    More than a hundred changes in one transaction, two of one item, an item over 400 KB: nothing changed, and trying
    again changes nothing. Its words are the kind alone, never those of the engine, which may quote the item.
    """


class ConditionFailed(Exception):
    """A condition did not hold; nothing changed. `item` is what is stored, if anything."""

    def __init__(self, item: Item | None) -> None:
        super().__init__("A condition on an item did not hold.")
        self.item = item


class TransactionLost(Exception):
    """A transaction was refused as a whole; nothing changed.

    `failed` holds the positions of the changes whose conditions did not hold; empty when another transaction was at
    work on one of the items just then (DynamoDB's TransactionConflict), which the SDK does not retry.
    """

    def __init__(self, failed: Sequence[int]) -> None:
        super().__init__(f"A transaction was refused; conditions failed at {list(failed)}.")
        self.failed = tuple(failed)


@dataclass(frozen=True)
class ItemPage:
    """Items of one query, in key order, and where the next page starts (None at the end)."""

    items: Sequence[Item]
    next: Any = None


def every(query: Callable[..., ItemPage]) -> Iterator[Item]:
    """All items of a query, page after page; `query` takes `start`, as both of the table's queries do."""
    start = None
    while True:
        page = query(start=start)
        yield from page.items
        start = page.next
        if start is None:
            return


def written(table: "Table", *changes: Change) -> bool:
    """Make these changes, all or none, if their conditions hold; whether they did."""
    try:
        if len(changes) == 1 and not isinstance(changes[0], Check):
            table.write(changes[0])
        else:
            table.transact(changes)
    except (ConditionFailed, TransactionLost):
        return False
    return True


_MOST_TRIES = 20
Answer = TypeVar("Answer")


class Contended(Outage):
    """Others were always faster; nothing was changed."""


def compare_and_swap(table: "Table", plan: Callable[[], tuple[Sequence[Change], Answer]]) -> Answer:
    """Read, decide and write, and again where somebody else wrote in between; answers what the plan answered.

    :param plan: reads, and answers the changes, each held to what was read, with an answer for the caller; without
        changes there is nothing to write. Called anew at every try. It may raise `TransactionLost` where what it read
        is about to change.
    :raises Contended: after twenty tries.
    """
    for _ in range(_MOST_TRIES):
        with suppress(TransactionLost):
            changes, answer = plan()
            if not changes or written(table, *changes):
                return answer
    raise Contended


class Table(Protocol):
    """What the code may do with the table.

    Every method raises `TableUnavailable` when there is no answer, and `TableRefused` for what it will never take.
    """

    def get(self, key: Key) -> Item | None:
        """One item, strongly consistent."""

    def write(self, change: Put | Update | Delete) -> Item | None:
        """One change; an update answers the item as it is afterwards. Raises `ConditionFailed`."""

    def transact(self, changes: Sequence[Change]) -> None:
        """All changes or none, at most 100. Raises `TransactionLost`."""

    def query(
        self,
        pk: str,
        *,
        prefix: str = "",
        up_to: str | None = None,
        newest_first: bool = False,
        limit: int | None = None,
        start: Any = None,
    ) -> ItemPage:
        """One page of a partition, strongly consistent: sort keys with a prefix, or not above `up_to`."""

    def query_index(
        self, pk: str, *, up_to: str | None = None, limit: int | None = None, start: Any = None
    ) -> ItemPage:
        """One page of the sparse index `gsi1` (eventually consistent, projected attributes only)."""

    def scan(self, *, start: Any = None) -> ItemPage:
        """One page of the whole table, strongly consistent, in no order. Only for an operator's own check."""

    def describe(self) -> bool:
        """Whether the table answers; never raises."""
