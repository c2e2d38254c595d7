"""Our values on DynamoDB's wire, held against boto3's own converter; no engine is asked."""

import random
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from chalicelib.aws.attribute_values import from_wire, to_wire

SOME: tuple[Any, ...] = (
    *("", "їжак", "a" * 3_000, b"", b"\x00\xff", None, True, False),
    *(0, -1, 10**15, -(10**15), 10**37, 1_700_000_000),
)


def _made(seed: random.Random, depth: int) -> Any:
    kind = seed.randrange(4 if depth else 1)
    if kind == 1:
        return [_made(seed, depth - 1) for _ in range(seed.randrange(4))]
    if kind == 2:
        return {f"n{at}": _made(seed, depth - 1) for at in range(seed.randrange(4))}
    return seed.choice(SOME)


def test_it_writes_what_boto3_writes_and_reads_it_back() -> None:
    seed = random.Random(17)  # noqa: S311 - no secret
    for value in (*SOME, *(_made(seed, 5) for _ in range(2_000))):
        written = to_wire(value)
        assert written == TypeSerializer().serialize(value)
        assert from_wire(written) == value
        assert type(from_wire(written)) is type(value)


def test_what_boto3_would_make_decimals_of_are_whole_numbers() -> None:
    """The control: its own reader gives other types, which rows had to be freed of."""
    assert type(TypeDeserializer().deserialize({"N": "5"})) is Decimal
    assert type(from_wire({"N": "5"})) is int


def test_views_of_maps_and_tuples_are_written_as_maps_and_lists() -> None:
    assert to_wire(MappingProxyType({"a": (1, "b")})) == {"M": {"a": {"L": [{"N": "1"}, {"S": "b"}]}}}


@pytest.mark.parametrize("value", [1.5, Decimal(1), {1, 2}, object()], ids=["float", "Decimal", "set", "object"])
def test_what_no_row_holds_is_refused_and_not_told(value: Any) -> None:
    with pytest.raises(TypeError) as refused:
        to_wire({"deep": [value]})
    assert str(value) not in str(refused.value)


@pytest.mark.parametrize("held", [{"NS": ["1"]}, {"SS": ["a"]}, {"N": "1.5"}], ids=["NS", "SS", "fraction"])
def test_what_no_row_holds_is_not_read(held: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        from_wire(held)
