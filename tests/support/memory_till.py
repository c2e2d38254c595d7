"""A till on a table in memory, for whatever needs many of them and nothing of an engine."""

from chalicelib.kernel.table import Item
from tests.support.memory_table import MemoryTable
from tests.support.till import Till


class MemoryTill(Till):
    """Reads and delivers as any till; `memory` is its table, whatever a test has put around it."""

    def __init__(self, memory: MemoryTable | None = None) -> None:
        super().__init__("http://127.0.0.1:9", "in-memory")
        self.memory = memory or MemoryTable()
        self.table = self.memory

    def rows(self) -> list[Item]:
        """See Till."""
        return [row for row in self.memory.rows() if not row["pk"].startswith("RATE#")]

    def fork(self) -> "MemoryTill":
        """Another newsroom that begins where this one stands, before the same Stripe."""
        other = MemoryTill(self.memory.fork())
        other.double, other.real, other.business = self.double, self.real, self.business
        return other
