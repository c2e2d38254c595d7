"""The table port, as the rest of the code relies on it, against a real engine."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.gateways.dynamodb import DynamoTable
from chalicelib.store.schema import PROJECTED
from chalicelib.store.table import (
    EXISTING,
    NEW,
    Change,
    Check,
    Condition,
    ConditionFailed,
    Delete,
    Item,
    Key,
    Put,
    TransactionLost,
    Update,
)
from tests.support.till import at_once

A, B, C = ("A", "1"), ("B", "1"), ("C", "1")


def item(key: Key, **values: Any) -> Item:
    return {"pk": key[0], "sk": key[1], **values}


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


# ---- several items ----


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


# ---- values ----

leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    | st.binary(max_size=40)
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcпн", min_size=1), inner, max_size=3),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=values)
def test_values_come_back_as_they_went(table: DynamoTable, value: Any) -> None:
    table.write(Put(item(A, value=value)))
    stored = table.get(A)
    assert stored == item(A, value=value)
    assert _types(stored) == _types(item(A, value=value)), "1 is not True, and bytes are not a string"
    updated = table.write(Update(B, set={"value": value}))
    assert updated is not None
    assert _types(updated["value"]) == _types(value)


def _types(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _types(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_types(part) for part in value]
    return type(value)


@pytest.mark.parametrize("value", ["", b"", [], {}, [[]], {"a": {}}, 0, -1, "дякуємо", "\x00", b"\x00\xff", 10**20])
def test_the_edges_of_values_come_back_too(table: DynamoTable, value: Any) -> None:
    table.write(Put(item(A, value=value)))
    assert table.get(A) == item(A, value=value)


def test_a_float_is_never_stored(table: DynamoTable) -> None:
    with pytest.raises(TypeError):
        table.write(Put(item(A, amount=5.0)))
    assert table.get(A) is None


# ---- lists ----


def fill(table: DynamoTable, pk: str, sks: list[str], **values: Any) -> None:
    for sk in sks:
        table.write(Put(item((pk, sk), **values)))


def test_a_query_answers_one_partition_in_order(table: DynamoTable) -> None:
    fill(table, "P", ["b", "a", "c"])
    fill(table, "Q", ["z"])
    assert [row["sk"] for row in table.query("P").items] == ["a", "b", "c"]
    assert [row["sk"] for row in table.query("P", newest_first=True).items] == ["c", "b", "a"]
    assert table.query("nobody").items == []


def test_a_query_by_prefix_or_up_to_a_moment(table: DynamoTable) -> None:
    fill(table, "P", ["LOG#1", "MONEY#2026-01", "MONEY#2026-02", "MONEYX", "PROFILE"])
    assert [row["sk"] for row in table.query("P", prefix="MONEY#").items] == ["MONEY#2026-01", "MONEY#2026-02"]
    assert [row["sk"] for row in table.query("P", up_to="MONEY#2026-01").items] == ["LOG#1", "MONEY#2026-01"]


@pytest.mark.parametrize("newest_first", [False, True])
def test_pages_follow_one_another_without_gap_or_overlap(table: DynamoTable, newest_first: bool) -> None:
    names = [f"{n:02}" for n in range(11)]
    fill(table, "P", names)
    seen: list[str] = []
    start, pages = None, 0
    while True:
        page = table.query("P", limit=4, start=start, newest_first=newest_first)
        assert len(page.items) <= 4
        seen += [row["sk"] for row in page.items]
        start, pages = page.next, pages + 1
        if start is None:
            break
    assert seen == (names[::-1] if newest_first else names)
    assert pages >= 3


def test_the_index_is_sparse_ordered_and_forgets(table: DynamoTable) -> None:
    fill(table, "P", ["1"], body=b"x" * 2000)
    for sk, due in (("2", "b"), ("3", "a"), ("4", "c")):
        table.write(Put(item(("P", sk), gsi1pk="WORK", gsi1sk=due, status="pending", body=b"secret", email="a@b.c")))
    assert [row["sk"] for row in table.query_index("WORK").items] == ["3", "2", "4"]
    assert [row["sk"] for row in table.query_index("WORK", up_to="b").items] == ["3", "2"]
    table.write(Update(("P", "3"), remove=("gsi1pk", "gsi1sk")))
    assert [row["sk"] for row in table.query_index("WORK").items] == ["2", "4"]
    assert table.query_index("OTHER").items == []


def test_the_index_copies_only_what_lists_need(table: DynamoTable) -> None:
    table.write(Put(item(A, gsi1pk="WORK", gsi1sk="a", status="pending", body=b"secret", email="a@b.c", grants=[1])))
    (row,) = table.query_index("WORK").items
    assert set(row) == {"pk", "sk", "gsi1pk", "gsi1sk", "status"}
    assert not {"body", "email", "grants", "profile"} & set(PROJECTED)


def test_the_index_pages_too(table: DynamoTable) -> None:
    for n in range(7):
        table.write(Put(item((f"P{n}", "x"), gsi1pk="WORK", gsi1sk="same")))
    seen: list[str] = []
    start = None
    while True:
        page = table.query_index("WORK", limit=3, start=start)
        seen += [row["pk"] for row in page.items]
        start = page.next
        if start is None:
            break
    assert sorted(seen) == [f"P{n}" for n in range(7)]


def test_a_table_that_answers_says_so(table: DynamoTable) -> None:
    assert table.describe()
