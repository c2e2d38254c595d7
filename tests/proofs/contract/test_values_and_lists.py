"""What comes back from the table: values as they went in, and lists in order, against a real engine."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.aws.dynamodb import DynamoTable
from chalicelib.kernel.schema import PROJECTED
from chalicelib.kernel.table import Delete, Put, Update, every
from tests.proofs.contract.items import A, B, item

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
    assert [row["sk"] for row in table.query_index("WORK", after="a").items] == ["2", "4"]
    assert [row["sk"] for row in table.query_index("WORK", after="aa", limit=1).items] == ["2"], "it is not there"
    assert table.query_index("WORK", after="c").items == []
    assert [row["sk"] for row in table.query_index("WORK", after="a", up_to="b").items] == ["2"]
    assert table.query_index("WORK", after="c", up_to="b").items == []
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


def test_a_scan_comes_by_every_item_once(table: DynamoTable) -> None:
    """More than the megabyte that DynamoDB answers at once, in several partitions."""
    keys = [(f"P{number % 3}", f"{number:02}") for number in range(12)]
    for number, key in enumerate(keys):
        table.write(Put(item(key, number=number, body=b"x" * 150_000)))
    found = list(every(table.scan))
    assert sorted((row["pk"], row["sk"]) for row in found) == sorted(keys)
    assert {row["number"] for row in found} == set(range(12))
    assert table.write(Delete(keys[0])) is None
    assert len(list(every(table.scan))) == 11
