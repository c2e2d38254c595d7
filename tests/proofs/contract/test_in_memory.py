"""The table in memory, that searches over orders run on, under the same contract as the engines."""

import time

import pytest

from chalicelib.kernel.table import NEW, Condition, Put, Update
from testkit.memory_table import MemoryTable
from testkit.tables import Around
from tests.proofs.contract.items import A, item
from tests.proofs.contract.test_table import *  # noqa: F403 - the same tests, with the table of this module
from tests.proofs.contract.test_transactions import *  # noqa: F403 - the same
from tests.proofs.contract.test_values_and_lists import *  # noqa: F403 - the same


@pytest.fixture
def table() -> Around:
    """An empty one, with a moment before each transaction in which others may come, as every real engine has."""
    return Around(MemoryTable(), lambda call, _what: time.sleep(0.0005 if call == "transact" else 0))


def test_a_copy_goes_its_own_way() -> None:
    table = MemoryTable()
    table.write(Put(item(A, n=1, tags=["x"])))
    other = table.fork()
    other.write(Update(A, set={"tags": ["y"]}, add={"n": 1}))
    found = table.get(A) or {}
    found["tags"].append("z")  # what came out may be altered, too
    assert table.get(A) == item(A, n=1, tags=["x"])
    assert other.get(A) == item(A, n=2, tags=["y"])
    other.write(Put(item(("B", "1")), (*NEW, Condition("n", "absent"))))
    assert [row["pk"] for row in table.rows()] == ["A"]
