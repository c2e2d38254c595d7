"""A harness on a table in memory, for whatever needs many of them and nothing of an engine."""

from chalicelib.kernel.table import Item
from tests.support.harness import Harness
from tests.support.memory_table import MemoryTable


class MemoryHarness(Harness):
    """Reads and delivers as any till; `memory` is its table, whatever a test has put around it."""

    def __init__(self, memory: MemoryTable | None = None) -> None:
        super().__init__("http://127.0.0.1:9", "in-memory")
        self.memory = memory or MemoryTable()
        self.table = self.memory

    def rows(self) -> list[Item]:
        """See Till."""
        return [row for row in self.memory.rows() if not row["pk"].startswith("RATE#")]

    def fork(self) -> "MemoryHarness":
        """Another newsroom that begins where this one stands, before the same Stripe."""
        other = MemoryHarness(self.memory.fork())
        other.double, other.real, other.business = self.double, self.real, self.business
        return other
