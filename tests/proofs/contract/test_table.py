"""The table port, as the rest of the code relies on it, against a real engine."""

import pytest

from chalicelib.aws.dynamodb import DynamoTable
from chalicelib.kernel.table import EXISTING, NEW, Check, Condition, ConditionFailed, Delete, Put, Update
from testkit.at_once import at_once
from tests.proofs.contract.items import A, item

# ---- one item ----


def test_what_is_not_there_is_none(table: DynamoTable) -> None:
    assert table.get(A) is None


def test_a_put_replaces_the_whole_item(table: DynamoTable) -> None:
    table.write(Put(item(A, x=1, y=2)))
    table.write(Put(item(A, x=3)))
    assert table.get(A) == item(A, x=3)


def test_put_if_absent_wins_once_and_answers_what_is_stored(table: DynamoTable) -> None:
    table.write(Put(item(A, who="first"), NEW))
    with pytest.raises(ConditionFailed) as lost:
        table.write(Put(item(A, who="second"), NEW))
    assert lost.value.item == item(A, who="first")
    assert table.get(A) == item(A, who="first")


def test_put_if_absent_looks_at_the_whole_key(table: DynamoTable) -> None:
    table.write(Put(item(A), NEW))
    table.write(Put(item(("A", "2")), NEW))


def test_of_sixteen_who_put_if_absent_at_once_one_wins(table: DynamoTable) -> None:
    results = at_once(16, lambda number: table.write(Put(item(A, who=number), NEW)))
    losers = [result for result in results if isinstance(result, ConditionFailed)]
    assert results.count(None) == 1
    assert len(losers) == 15
    stored = table.get(A)
    assert all(loser.item == stored for loser in losers), "each loser learns who won"


def test_without_the_condition_the_last_would_win(table: DynamoTable) -> None:
    results = at_once(16, lambda number: table.write(Put(item(A, who=number))))
    assert results.count(None) == 16, "the negative control: all sixteen believe they won"


def test_an_update_creates_sets_adds_removes_and_answers_the_item_afterwards(table: DynamoTable) -> None:
    assert table.write(Update(A, set={"x": 1, "gone": 1}, add={"count": 2})) == item(A, x=1, gone=1, count=2)
    assert table.write(Update(A, set={"x": 5}, add={"count": -3}, remove=("gone",))) == item(A, x=5, count=-1)
    assert table.get(A) == item(A, x=5, count=-1)


def test_names_that_dynamodb_reserves_are_names_like_any_other(table: DynamoTable) -> None:
    reserved = {"status": "a", "values": {"name": 1}, "language": "uk", "at": 1, "set": True, "add": None, "size": 1}
    assert table.write(Update(A, set=reserved, add={"count": 1, "number": 2})) == item(
        A, **reserved, count=1, number=2
    )
    table.write(Update(A, remove=("status", "values"), only_if=(Condition("language", "=", "uk"),)))
    assert "status" not in (table.get(A) or {})


@pytest.mark.parametrize("name", ["m-9a_K0", "m-___-_", "g-00000", "two words", "я", "a.b", "a[0]", "#x", ":v0"])
def test_any_name_is_a_name(table: DynamoTable, name: str) -> None:
    """A mark of the meter is one: with a dash, and with a digit behind it."""
    few = Condition("count", "<", 1)
    assert table.write(Update(A, set={name: 1}, add={"count": 1}, only_if=NEW)) == item(A, **{name: 1}, count=1)
    with pytest.raises(ConditionFailed):
        table.write(Update(A, set={name: 2}, only_if=(Condition(name, "absent"), few)))
    assert table.write(Update(A, remove=(name,), only_if=(Condition(name, "=", 1),))) == item(A, count=1)


def test_a_delete_is_done_once_and_may_be_repeated(table: DynamoTable) -> None:
    table.write(Put(item(A)))
    assert table.write(Delete(A)) is None
    table.write(Delete(A))
    with pytest.raises(ConditionFailed) as nothing:
        table.write(Delete(A, EXISTING))
    assert nothing.value.item is None


# ---- conditions ----

STORED = item(A, n=5, s="b", flag=True, tags=["x", "y"], text="hello")
HOLDS = [
    Condition("pk", "present"),
    Condition("other", "absent"),
    Condition("n", "=", 5),
    Condition("n", "<>", 4),
    Condition("n", "<", 6),
    Condition("n", "<=", 5),
    Condition("n", ">", 4),
    Condition("n", ">=", 5),
    Condition("s", "<", "c"),
    Condition("flag", "=", True),
    Condition("flag", "<>", False),
    Condition("tags", "contains", "y"),
    Condition("text", "contains", "ell"),
    Condition("other", "<>", 1),
    Condition("other", "absent or =", 1),
    Condition("n", "absent or =", 5),
    Condition("s", "absent or =", "b"),
]
FAILS = [
    Condition("pk", "absent"),
    Condition("other", "present"),
    Condition("n", "=", 6),
    Condition("n", "<>", 5),
    Condition("n", "<", 5),
    Condition("n", "<=", 4),
    Condition("n", ">", 5),
    Condition("n", ">=", 6),
    Condition("n", "=", "5"),
    Condition("n", "<", "6"),
    Condition("flag", "=", False),
    Condition("tags", "contains", "z"),
    Condition("other", "<", 1),
    Condition("other", "=", None),
    Condition("n", "absent or =", 6),
    Condition("n", "absent or =", "5"),
    Condition("s", "absent or =", "c"),
]


def test_each_condition_holds_when_it_should(table: DynamoTable) -> None:
    table.write(Put(STORED))
    for number, condition in enumerate(HOLDS):
        table.write(Update(A, set={"seen": number}, only_if=(condition,)))
    table.transact([Check(A, HOLDS)])
    table.write(Put(STORED, HOLDS))


def test_each_condition_fails_when_it_should_and_nothing_changes(table: DynamoTable) -> None:
    table.write(Put(STORED))
    for condition in FAILS:
        for change in (
            Put(item(A), (condition,)),
            Update(A, set={"x": 1}, only_if=(*HOLDS, condition)),
            Delete(A, (condition, *HOLDS)),
        ):
            with pytest.raises(ConditionFailed) as failed:
                table.write(change)
            assert failed.value.item == STORED
    assert table.get(A) == STORED


def test_a_condition_on_what_is_not_there(table: DynamoTable) -> None:
    with pytest.raises(ConditionFailed) as failed:
        table.write(Update(A, set={"x": 1}, only_if=EXISTING))
    assert failed.value.item is None
    assert table.get(A) is None, "an update that failed created nothing"
