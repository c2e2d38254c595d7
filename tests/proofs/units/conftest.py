"""The bills of every operation, in a table of 10 and in one of 1,000 supporters."""

from collections.abc import Mapping

import pytest

from bench.jobs import jobs
from bench.meter import Bill
from bench.money import money
from bench.population import rows
from bench.readers import readers
from bench.seeding import write_in_batches
from bench.workbench import open_workbench
from testkit.engine import Engine, fresh_table

SIZES = (10, 1000)
Bills = Mapping[str, Bill]


@pytest.fixture(scope="session")
def bills(engine: Engine) -> Mapping[int, Bills]:
    """By size, then by operation. On `--engine dynoxide` the whole is measured there."""
    return {size: _measured(engine, size) for size in SIZES}


def _measured(engine: Engine, size: int) -> Bills:
    dynamodb = engine.client("dynamodb")
    with fresh_table(dynamodb) as table:
        write_in_batches(dynamodb, table, rows(range(size)))
        with open_workbench(engine, table) as workbench:
            return {measured.name: measured.bill for work in (money, readers, jobs) for measured in work(workbench)}
