"""The meter on a real engine: what is asked inside is on the bill, what is refused too, and nothing else."""

import pytest

from bench.meter import Bill
from bench.workbench import Workbench
from chalicelib.kernel.table import EXISTING, NEW, Check, ConditionFailed, Delete, Put, Table, TransactionLost, Update
from testkit.engine import Engine

pytestmark = pytest.mark.engine

PK = {"pk": "CHECKOUT#a", "sk": "CHECKOUT"}


@pytest.fixture
def workbench(engine: Engine, table_name: str) -> Workbench:
    return Workbench(engine, table_name)


def only(bill: Bill) -> tuple[str, str, float, float]:
    (request,) = bill.requests
    assert not request.disputed
    return request.operation, request.about, request.read, request.written


def test_what_happens_outside_is_on_no_bill(workbench: Workbench) -> None:
    workbench.harness.table.write(Put(PK))
    assert only(workbench.measure("get", lambda: workbench.harness.table.get(("CHECKOUT#a", "CHECKOUT"))).bill) == (
        "GetItem",
        "CHECKOUT",
        1,
        0,
    )
    workbench.harness.table.write(Put(PK))
    assert workbench.measure("nothing", lambda: None).bill.requests == []


def test_a_write_is_charged_by_the_larger_image(workbench: Workbench) -> None:
    table = workbench.harness.table
    table.write(Put({**PK, "x": "y" * 2500}))
    smaller = workbench.measure("update", lambda: table.write(Update(("CHECKOUT#a", "CHECKOUT"), remove=("x",)))).bill
    assert only(smaller) == ("UpdateItem", "CHECKOUT", 0, 3)
    gone = workbench.measure("delete", lambda: table.write(Delete(("CHECKOUT#a", "CHECKOUT")))).bill
    assert only(gone) == ("DeleteItem", "CHECKOUT", 0, 1)


def test_a_transaction_is_charged_twice_its_checks_too_and_its_index_once(workbench: Workbench) -> None:
    table = workbench.harness.table
    table.write(Put({**PK, "x": "y" * 2500}))
    check = Check(("CHECKOUT#a", "CHECKOUT"), EXISTING)
    put = Put({"pk": "CUS#b", "sk": "CUS", "gsi1pk": "A", "gsi1sk": "1"})
    both = workbench.measure("transaction", lambda: table.transact([check, put])).bill
    assert only(both) == ("TransactWriteItems", "CHECKOUT CUS", 0, 6 + 2 + 1)


def _refused(table: Table) -> None:
    with pytest.raises(ConditionFailed):
        table.write(Put({**PK, "x": "y" * 1500}, NEW))


def _lost(table: Table) -> None:
    with pytest.raises(TransactionLost):
        table.transact([Put({**PK, "x": "y" * 1500}, NEW)])


def test_what_is_refused_is_charged_though_nobody_reports_it(workbench: Workbench) -> None:
    table = workbench.harness.table
    table.write(Put(PK))
    assert only(workbench.measure("put", lambda: _refused(table)).bill) == ("PutItem", "CHECKOUT", 0, 2)
    (request,) = workbench.measure("transact", lambda: _lost(table)).bill.requests
    assert (request.written, request.reported) == (4, None)
