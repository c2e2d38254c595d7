"""The table port when the engine throttles, breaks, is away, or its answers get lost (promise P2, call by call)."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.aws import dynamodb
from chalicelib.aws.dynamodb import DynamoTable
from chalicelib.kernel.table import (
    NEW,
    Condition,
    ConditionFailed,
    Delete,
    Put,
    TableRefused,
    TableUnavailable,
    TransactionLost,
    Update,
)
from testkit.faults import Fault, Wire, broken, canceled, conflict, lost_answer, no_answer, refused, throttled
from testkit.ports import HOST, free_port

pytestmark = pytest.mark.engine

A = ("A", "1")
ITEM = {"pk": "A", "sk": "1"}
CALLS: dict[str, Callable[[DynamoTable], Any]] = {
    "GetItem": lambda table: table.get(A),
    "PutItem": lambda table: table.write(Put(ITEM)),
    "UpdateItem": lambda table: table.write(Update(A, set={"x": 1})),
    "DeleteItem": lambda table: table.write(Delete(A)),
    "TransactWriteItems": lambda table: table.transact([Put(ITEM)]),
    "Query": lambda table: table.query("A"),
}


@pytest.fixture
def wire(client: Any, monkeypatch: pytest.MonkeyPatch) -> Wire:
    """The table's wire; botocore's own pauses between tries cost no time."""
    real_sleep = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: real_sleep(min(seconds, 0.001)))
    return Wire(client)


def test_an_engine_that_is_away_is_a_table_unavailable(wire: Wire) -> None:
    assert wire  # pauses cost no time
    away = DynamoTable(dynamodb.client(f"http://{HOST}:{free_port()}", local=True), "any")
    for call in CALLS.values():
        with pytest.raises(TableUnavailable):
            call(away)
    assert not away.describe()


@pytest.mark.parametrize(
    "fault",
    [throttled(), broken(), no_answer, refused("ProvisionedThroughputExceededException"), refused("Nonsense")],
)
def test_every_fault_that_lasts_is_a_table_unavailable(table: DynamoTable, wire: Wire, fault: Fault) -> None:
    for operation, call in CALLS.items():
        wire.always(operation, fault)
        with pytest.raises(TableUnavailable):
            call(table)


@pytest.mark.parametrize("fault", [throttled(), broken(), no_answer])
def test_a_fault_that_passes_is_not_noticed(table: DynamoTable, wire: Wire, fault: Fault) -> None:
    for operation, call in CALLS.items():
        wire.next(operation, fault, fault)
        call(table)
        assert wire.requests[operation] == 3


def test_a_fault_tells_no_more_than_its_kind(table: DynamoTable, wire: Wire) -> None:
    wire.always("PutItem", refused("ValidationException", message="item holds ada@reader.example"))
    with pytest.raises(TableRefused) as refusal:
        table.write(Put({**ITEM, "email": "ada@reader.example"}))
    assert str(refusal.value) == "ValidationException"


@pytest.mark.parametrize("code", ["ValidationException", "SerializationException", "413"])
def test_what_the_table_will_never_take_is_no_outage(table: DynamoTable, wire: Wire, code: str) -> None:
    for operation, call in CALLS.items():
        wire.always(operation, refused(code))
        with pytest.raises(TableRefused) as refusal:
            call(table)
        assert not isinstance(refusal.value, TableUnavailable)
        assert wire.requests[operation] == 1, "asking again changes nothing"


def test_what_the_client_itself_refuses_to_send_is_none_either(table: DynamoTable) -> None:
    """And tells no more than its kind: its words quote the item."""
    with pytest.raises(TableRefused) as refusal:
        table.transact([])
    assert str(refusal.value) == "ParamValidationError"
    assert refusal.value.__cause__ is None


def test_reads_are_strongly_consistent_unless_it_is_said(table: DynamoTable, wire: Wire) -> None:
    """Local engines always are, so only the request can tell."""
    said = []
    for eventual in (True, False):
        table.get(A, eventual=eventual)
        said.append(wire.bodies["GetItem"]["ConsistentRead"])
    assert said == [False, True]
    table.get(A)
    table.query("A")
    assert wire.bodies["GetItem"]["ConsistentRead"] is True
    assert wire.bodies["Query"]["ConsistentRead"] is True


# ---- conflicts ----


def test_a_single_write_that_meets_a_transaction_is_tried_again(table: DynamoTable, wire: Wire) -> None:
    """The SDK does not do that by itself."""
    for operation in ("PutItem", "UpdateItem", "DeleteItem"):
        wire.next(operation, conflict(), conflict())
        CALLS[operation](table)
        assert wire.requests[operation] == 3


def test_a_conflict_that_lasts_is_a_table_unavailable(table: DynamoTable, wire: Wire) -> None:
    for operation in ("PutItem", "UpdateItem", "DeleteItem"):
        wire.always(operation, conflict())
        with pytest.raises(TableUnavailable):
            CALLS[operation](table)


@pytest.mark.parametrize(
    ("reasons", "failed"),
    [
        (("TransactionConflict",), ()),
        (("None", "TransactionConflict", "None"), ()),
        (("ConditionalCheckFailed", "None"), (0,)),
        (("None", "ConditionalCheckFailed", "ConditionalCheckFailed"), (1, 2)),
        (("TransactionConflict", "ConditionalCheckFailed"), (1,)),
    ],
)
def test_a_cancelled_transaction_says_which_conditions_failed(
    table: DynamoTable, wire: Wire, reasons: tuple[str, ...], failed: tuple[int, ...]
) -> None:
    wire.next("TransactWriteItems", canceled(*reasons))
    with pytest.raises(TransactionLost) as lost:
        table.transact([Put({"pk": str(n), "sk": "1"}) for n in range(len(reasons))])
    assert lost.value.failed == failed
    assert wire.requests["TransactWriteItems"] == 1, "whoever asked reads anew before trying again"


@pytest.mark.parametrize(
    "reasons", [("ThrottlingError",), ("ConditionalCheckFailed", "ThrottlingError"), ("InternalServerError", "None")]
)
def test_a_transaction_cancelled_for_load_is_not_a_lost_race(
    table: DynamoTable, wire: Wire, reasons: tuple[str, ...]
) -> None:
    wire.always("TransactWriteItems", canceled(*reasons))
    with pytest.raises(TableUnavailable):
        table.transact([Put({"pk": str(n), "sk": "1"}) for n in range(len(reasons))])


@pytest.mark.parametrize(
    "reasons", [("ValidationError", "None"), ("ConditionalCheckFailed", "ItemCollectionSizeLimitExceeded")]
)
def test_a_transaction_cancelled_for_a_limit_is_refused_for_good(
    table: DynamoTable, wire: Wire, reasons: tuple[str, ...]
) -> None:
    wire.always("TransactWriteItems", canceled(*reasons))
    with pytest.raises(TableRefused):
        table.transact([Put({"pk": str(n), "sk": "1"}) for n in range(len(reasons))])


def test_a_transaction_that_is_still_at_work_counts_as_lost(table: DynamoTable, wire: Wire) -> None:
    wire.always("TransactWriteItems", refused("TransactionInProgressException"))
    with pytest.raises(TransactionLost) as lost:
        table.transact([Put(ITEM)])
    assert lost.value.failed == ()


# ---- answers that get lost after the work was done ----


def test_a_transaction_whose_answer_is_lost_is_applied_once(table: DynamoTable, wire: Wire) -> None:
    wire.next("TransactWriteItems", lost_answer)
    table.transact([Update(A, add={"gross": 500, "payments": 1}), Put({"pk": "MONEY#pi_1", "sk": "MONEY"}, NEW)])
    assert wire.requests["TransactWriteItems"] == 2
    assert table.get(A) == ITEM | {"gross": 500, "payments": 1}


def test_a_bare_addition_whose_answer_is_lost_counts_twice(table: DynamoTable, wire: Wire) -> None:
    """The negative control, and why sums are only ever added to inside a transaction."""
    wire.next("UpdateItem", lost_answer)
    table.write(Update(A, add={"gross": 500}))
    assert table.get(A) == ITEM | {"gross": 1000}


def test_a_put_if_absent_whose_answer_is_lost_finds_itself(table: DynamoTable, wire: Wire) -> None:
    wire.next("PutItem", lost_answer)
    with pytest.raises(ConditionFailed) as failed:
        table.write(Put({**ITEM, "mine": "abc"}, NEW))
    assert failed.value.item == ITEM | {"mine": "abc"}, "the caller can tell by what it put in"


def test_when_every_answer_is_lost_nobody_claims_to_know(table: DynamoTable, wire: Wire) -> None:
    wire.always("TransactWriteItems", lost_answer)
    with pytest.raises(TableUnavailable):
        table.transact([Update(A, add={"gross": 500})])
    assert table.get(A) == ITEM | {"gross": 500}, "it happened, once"


def test_a_condition_is_judged_before_the_repetition_too(table: DynamoTable, wire: Wire) -> None:
    wire.next("UpdateItem", lost_answer)
    table.write(Put(ITEM | {"version": 1}))
    with pytest.raises(ConditionFailed) as failed:
        table.write(Update(A, set={"version": 2}, only_if=(Condition("version", "=", 1),)))
    assert failed.value.item == ITEM | {"version": 2}
