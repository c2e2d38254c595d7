"""Several changes together or not at all, alone or among many, against a real engine."""

import pytest

from chalicelib.aws.dynamodb import DynamoTable
from chalicelib.kernel.table import (
    EXISTING,
    NEW,
    Change,
    Check,
    Condition,
    ConditionFailed,
    Delete,
    Put,
    TableRefused,
    TransactionLost,
    Update,
)
from testkit.at_once import at_once
from tests.proofs.contract.items import A, B, C, item


def test_a_transaction_is_all_or_nothing(table: DynamoTable) -> None:
    table.write(Put(item(B, n=1)))
    table.write(Put(item(C)))
    everything: list[Change] = [
        Put(item(A), NEW),
        Update(B, add={"n": 1}, only_if=(Condition("n", "=", 1),)),
        Delete(C, EXISTING),
    ]
    table.transact(everything)
    assert (table.get(A), table.get(B), table.get(C)) == (item(A), item(B, n=2), None)
    before = (table.get(A), table.get(B), table.get(C))
    for position in range(3):
        others: list[Change] = [Put(item((f"N{position}", str(n))), NEW) for n in range(2)]
        others.insert(position, Put(item(A, x=1), NEW))
        with pytest.raises(TransactionLost) as lost:
            table.transact(others)
        assert lost.value.failed == (position,)
        assert [table.get((f"N{position}", str(n))) for n in range(2)] == [None, None]
    assert (table.get(A), table.get(B), table.get(C)) == before


def test_one_after_the_other_would_leave_half(table: DynamoTable) -> None:
    """The negative control: the same changes without the transaction."""
    table.write(Put(item(B)))
    table.write(Put(item(A), NEW))
    with pytest.raises(ConditionFailed):
        table.write(Put(item(B), NEW))
    assert table.get(A) is not None


def test_a_lost_transaction_says_which_conditions_failed(table: DynamoTable) -> None:
    for key in (A, C):
        table.write(Put(item(key, n=1)))
    with pytest.raises(TransactionLost) as lost:
        table.transact(
            [
                Put(item(A), NEW),
                Put(item(B), NEW),
                Update(C, set={"n": 2}, only_if=(Condition("n", "=", 2),)),
                Check(("D", "1"), (Condition("pk", "absent"),)),
                Check(("E", "1"), EXISTING),
            ]
        )
    assert lost.value.failed == (0, 2, 4)


def test_a_check_alone_changes_nothing(table: DynamoTable) -> None:
    table.transact([Check(A, (Condition("pk", "absent"),)), Put(item(B))])
    assert table.get(A) is None
    assert table.get(B) == item(B)


def test_a_hundred_changes_fit_into_one(table: DynamoTable) -> None:
    table.transact([Put(item(("M", f"{n:03}"), n=n), NEW) for n in range(100)])
    assert len(table.query("M").items) == 100


def test_more_than_a_hundred_are_refused_for_good(table: DynamoTable) -> None:
    with pytest.raises(TableRefused):
        table.transact([Put(item(("M", f"{n:03}"), n=n), NEW) for n in range(101)])
    assert table.query("M").items == []


def test_an_item_that_is_too_large_is_refused_for_good_and_takes_the_others_with_it(table: DynamoTable) -> None:
    """400 KB is a limit, not an outage: who tried again would try for ever."""
    large = Put(item(A, body=b"x" * (400 * 1024)))
    with pytest.raises(TableRefused):
        table.write(large)
    with pytest.raises(TableRefused):
        table.transact([Put(item(B)), large])
    assert (table.get(A), table.get(B)) == (None, None)


def test_an_item_that_grows_too_large_stays_as_it_was(table: DynamoTable) -> None:
    table.write(Put(item(A, first=b"x" * 300_000)))
    grown = Update(A, set={"second": b"x" * 200_000})
    with pytest.raises(TableRefused):
        table.write(grown)
    with pytest.raises(TableRefused):
        table.transact([Put(item(B)), grown])
    assert table.get(A) == item(A, first=b"x" * 300_000)
    assert table.get(B) is None


def test_two_changes_of_one_item_are_refused(table: DynamoTable) -> None:
    """DynamoDB takes one change of an item in a transaction: sums that meet on a row are added up before."""
    for second in (Update(A, add={"n": 1}), Check(A, (Condition("pk", "absent"),)), Delete(A)):
        with pytest.raises(TableRefused):
            table.transact([Put(item(B)), Update(A, add={"n": 1}), second])
    assert (table.get(A), table.get(B)) == (None, None)


def test_sixteen_who_raise_a_version_at_once_raise_it_sixteen_times(table: DynamoTable) -> None:
    table.write(Put(item(A, version=0)))
    lost: list[TransactionLost] = []

    def raise_by_one(number: int) -> None:
        while True:
            stored = table.get(A)
            assert stored is not None
            unchanged = Condition("version", "=", stored["version"])
            try:
                table.transact(
                    [
                        Update(A, set={"version": stored["version"] + 1}, only_if=(unchanged,)),
                        Put(item(("DONE", f"{number:02}")), NEW),
                    ]
                )
            except TransactionLost as error:
                lost.append(error)
                continue
            return

    assert at_once(16, raise_by_one) == [None] * 16
    assert table.get(A) == item(A, version=16)
    assert len(table.query("DONE").items) == 16
    assert lost, "sixteen at once never met: this test would prove nothing"
    assert all(error.failed in ((0,), ()) for error in lost), "a conflict has no positions, a stale version has one"


def test_without_the_version_raises_would_be_lost(table: DynamoTable) -> None:
    """The negative control: read, add, write."""
    table.write(Put(item(A, version=0)))
    import threading

    all_have_read = threading.Barrier(8)

    def raise_by_one(_: int) -> None:
        stored = table.get(A)
        assert stored is not None
        all_have_read.wait(30)
        table.write(Update(A, set={"version": stored["version"] + 1}))

    at_once(8, raise_by_one)
    assert table.get(A) == item(A, version=1)
