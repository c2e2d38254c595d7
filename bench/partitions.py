"""How many write units each partition of the table and of its index takes: the limit that more machines do not lift.

DynamoDB takes at most 1,000 write units a second for one partition key
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bench import rules
from chalicelib.aws.attribute_values import to_wire
from chalicelib.kernel.schema import INDEX
from chalicelib.kernel.table import Change, Delete, Item, Key, Put, Update
from localdev.around import Around
from testkit.memory_table import MemoryTable

MOST_A_SECOND = 1_000


class Partitions(Around):
    """A table in memory that counts write units by partition; of the index, under its name and `:`.

    `by_work`: partition -> the pieces of work that wrote there -> write units.
    """

    def __init__(self) -> None:
        self.memory = MemoryTable()
        super().__init__(self.memory)
        self.by_work: dict[str, Counter[str]] = defaultdict(Counter)
        self._work = ""

    @contextmanager
    def working(self, name: str) -> Iterator[None]:
        """What is written in the block is this piece of work."""
        self._work = name
        yield
        self._work = ""

    def write(self, change: Put | Update | Delete) -> Item | None:
        """See the port."""
        key = _key(change)
        before = self.memory.get(key)
        answer = super().write(change)
        self._count(key, before, transaction=False)
        return answer

    def transact(self, changes: Sequence[Change]) -> None:
        """See the port."""
        befores = [(key, self.memory.get(key)) for key in map(_key, changes)]
        super().transact(changes)
        for key, before in befores:
            self._count(key, before, transaction=True)

    def shared(self) -> dict[str, float]:
        """Partitions that more than one piece of work wrote to, with the units of one piece on average."""
        works = len({name for by in self.by_work.values() for name in by if name})
        together = {partition: by for partition, by in self.by_work.items() if len(set(by) - {""}) > 1}
        return {partition: sum(n for name, n in by.items() if name) / works for partition, by in together.items()}

    def _count(self, key: Key, before: Item | None, *, transaction: bool) -> None:
        was, now = (None if item is None else _wire(item) for item in (before, self.memory.get(key)))
        self._add(key[0], rules.write(was, now, transaction=transaction))
        places = {one["gsi1pk"]["S"] for one in (was, now) if one and "gsi1pk" in one}
        for place in places:  # where an entry moves, each of both partitions takes its part
            self._add(f"{INDEX}:{place}", rules.write_to_index(was, now) / len(places))

    def _add(self, partition: str, units: float) -> None:
        if units:
            self.by_work[partition][self._work] += units  # type: ignore[assignment] # a counter of halves, too


def _key(change: Change) -> Key:
    return (change.item["pk"], change.item["sk"]) if isinstance(change, Put) else change.key


def _wire(item: Item) -> rules.Wire:
    return {name: to_wire(value) for name, value in item.items()}
