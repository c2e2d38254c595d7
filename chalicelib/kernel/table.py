"""The port to the one table: what the code may ask of it, without anything of AWS.

There is one real implementation (`aws/dynamodb.py`), and every test runs it against a real engine. A change is a
value; one call commits a list of them, all or none.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

from chalicelib.kernel.outages import Outage

Key = tuple[str, str]
Item = Mapping[str, Any]  # values: str, int, bool, bytes, None, lists and maps of them; always with `pk` and `sk`


@dataclass(frozen=True)
class Condition:
    """One comparison on an attribute of the item as it is stored before the change.

    `absent or =`: it is not there, as nothing is of an item that is not, or it has this value.
    """

    attribute: str
    test: Literal["absent", "present", "=", "<>", "<", "<=", ">", ">=", "contains", "absent or ="]
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
    """Change nothing; let the transaction fail unless these conditions on one item hold."""

    key: Key
    only_if: Sequence[Condition]


Change = Put | Update | Delete | Check


def holds(key: Key, *only_if: Condition) -> Update:
    """These conditions alone, within a transaction: a change of an item that changes nothing.

    In the place of a `Check`, for which a function would need one permission more (`dynamodb:ConditionCheckItem`).
    """
    return Update(key, remove=("nothing",), only_if=(*EXISTING, *only_if))  # there is no such attribute


class TableUnavailable(Outage):
    """The table did not answer, or was overloaded. Whether the change happened is not known."""


class TableRefused(ValueError):
    """The table will never accept this request: it breaks a limit, or makes no sense. A fault of ours.

    More than a hundred changes in one transaction, two of one item, an item over 400 KB: nothing changed, and trying
    again will not help. The message is the kind alone, never the engine's own, which may quote the item.
    """


class ConditionFailed(Exception):
    """A condition did not hold, so nothing changed. `item` is what is stored, if anything."""

    def __init__(self, item: Item | None) -> None:
        super().__init__("A condition on an item did not hold.")
        self.item = item


class TransactionLost(Exception):
    """A transaction was refused as a whole; nothing changed.

    `failed` holds the positions of the changes whose conditions did not hold; empty when another transaction was
    changing one of the items at that moment (DynamoDB's TransactionConflict), which the SDK does not retry.
    """

    def __init__(self, failed: Sequence[int]) -> None:
        super().__init__(f"A transaction was refused; conditions failed at {list(failed)}.")
        self.failed = tuple(failed)


@dataclass(frozen=True)
class ItemPage:
    """One page of a query: its items in key order, and where the next page starts (None at the end)."""

    items: Sequence[Item]
    next: Any = None


def key_of(change: Change) -> Key:
    """The key of the item that a change is about."""
    return (str(change.item["pk"]), str(change.item["sk"])) if isinstance(change, Put) else change.key


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
    """Make these changes, all or none; False if a condition did not hold and nothing changed."""
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
    """Other processes wrote first at every try; nothing was changed."""


def compare_and_swap(table: "Table", plan: Callable[[], tuple[Sequence[Change], Answer]]) -> Answer:
    """Read, decide and write; start again if somebody else wrote in between. Answers what the plan answered.

    :param plan: reads, and answers the changes with an answer for the caller. Each change has a condition on what was
        read; no changes: nothing is written. Called anew at every try. It may raise `TransactionLost` to be called
        again, where what it read is about to change.
    :raises Contended: after twenty tries.
    """
    for _ in range(_MOST_TRIES):
        with suppress(TransactionLost):
            changes, answer = plan()
            if not changes or written(table, *changes):
                return answer
    raise Contended


class Table(Protocol):
    """The port to the table: all that the code may do with it.

    Every method raises `TableUnavailable` when there is no answer, and `TableRefused` for what it will never accept.
    """

    def get(self, key: Key, *, hurried: bool = False, eventual: bool = False) -> Item | None:
        """Read one item, strongly consistent unless it is said; None if there is none.

        :param eventual: for half the price; what was written in the last second may be missing. Never for a session,
            a guard, a version that something is written under, or to say that there is none.
        :param hurried: a reader waits, and there is a way without it: silence is waited for much less long.
        """

    def write(self, change: Put | Update | Delete) -> Item | None:
        """Make one change; an update answers the item as it is afterwards. Raises `ConditionFailed`."""

    def transact(self, changes: Sequence[Change]) -> None:
        """Make all changes or none, at most 100. Raises `TransactionLost`."""

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
        """Read one page of a partition, strongly consistent: sort keys with a prefix, or up to and with `up_to`."""

    def query_index(
        self,
        pk: str,
        *,
        up_to: str | None = None,
        after: str | None = None,
        limit: int | None = None,
        start: Any = None,
    ) -> ItemPage:
        """Read one page of the sparse index `gsi1` (eventually consistent, projected attributes only).

        Sort keys up to and with `up_to`, behind `after`, which need not be there, or both. A page with `limit` may
        have fewer items though there are more.
        """

    def scan(self, *, start: Any = None) -> ItemPage:
        """Read one page of the whole table, strongly consistent, in no order. Only for an operator's commands."""

    def describe(self) -> bool:
        """Whether the table answers; never raises."""
