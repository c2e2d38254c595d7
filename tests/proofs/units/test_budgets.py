"""No operation consumes more of the table than it may, and none consumes more because there are more supporters."""

from collections.abc import Mapping
from functools import partial

import pytest

from bench.meter import Bill
from bench.population import rows
from bench.seeding import write_in_batches
from bench.targets import GROWING, TARGETS, Target
from bench.workbench import Workbench, open_workbench
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import STRIPE
from testkit.engine import Engine, fresh_table
from tests.proofs.units.conftest import SIZES, Bills

pytestmark = pytest.mark.engine


@pytest.mark.parametrize("operation", list(TARGETS))
def test_it_stays_within_its_budget(bills: Mapping[int, Bills], operation: str) -> None:
    for size in SIZES:
        bill = bills[size][operation]
        assert TARGETS[operation].met_by(bill), (operation, TARGETS[operation], bill)


def test_no_operation_grows_with_the_number_of_supporters(bills: Mapping[int, Bills]) -> None:
    few, many = (bills[size] for size in SIZES)
    assert list(few) == list(many)
    assert len(few) > 30
    grown = {operation for operation in few if not few[operation].alike(many[operation])}
    assert grown <= set(GROWING)


def test_what_grows_is_noticed(engine: Engine) -> None:
    """The negative control of the test above: to walk the whole ledger is what nothing on a request's path may do."""
    walks: list[Bill] = []
    for size in (10, 200):
        dynamodb = engine.client("dynamodb")
        with fresh_table(dynamodb) as table:
            write_in_batches(dynamodb, table, rows(range(size)))
            with open_workbench(engine, table) as workbench:
                walks.append(workbench.measure("walk", partial(_walk, workbench)).bill)
    assert not walks[0].alike(walks[1])


def _walk(workbench: Workbench) -> None:
    for _ in ledger.entries(workbench.harness.table, STRIPE):
        pass


def test_a_budget_that_is_spent_is_noticed(bills: Mapping[int, Bills]) -> None:
    """The negative control of the budgets."""
    stored = bills[SIZES[0]]["webhook stored"]
    assert not Target(written=stored.written - 1).met_by(stored)
    assert not Target(read=0).met_by(bills[SIZES[0]]["account page"])


def test_the_engine_reports_what_the_rules_say(bills: Mapping[int, Bills], request: pytest.FixtureRequest) -> None:
    """Item sizes, whole kilobytes, transactions, the index: our own computing and the engine's, call by call."""
    calls = [call for size in SIZES for bill in bills[size].values() for call in bill.requests]
    reported = [call for call in calls if call.reported is not None]
    disputed = [call for call in reported if call.disputed]
    if request.config.getoption("engine") != "dynoxide":
        # It takes every read for one of at most 4 KB (decision 0020).
        disputed = [call for call in disputed if call.written or call.read < 2 * (call.reported or 1)]
    assert disputed == []
    assert len(reported) > 500
    assert any(call.operation == "TransactWriteItems" for call in reported)
    assert len(calls) - len(reported) < 50, "only what was refused is not reported"


def test_a_valid_pass_costs_nothing_at_all(bills: Mapping[int, Bills]) -> None:
    assert [bills[size]["gate check, valid pass"].requests for size in SIZES] == [[], []]
