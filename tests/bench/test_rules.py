"""AWS's rules of what is charged, by the examples of AWS's own documentation and those measured on AWS."""

import base64

import pytest

from bench import rules
from bench.rules import KB, Wire


def item(size: int, **more: str) -> Wire:
    """An item of so many bytes."""
    names = {"pk": "EVT#1", "sk": "EVT", **more}
    used = rules.size({name: {"S": text} for name, text in names.items()})
    return {**{name: {"S": text} for name, text in names.items()}, "x": {"S": "y" * (size - used - 1)}}


def listed(size: int, at: str, **more: str) -> Wire:
    """The same, standing in the index."""
    return item(size, gsi1pk="WORK#INBOX", gsi1sk=at, **more)


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "надра"}, 10),
        ({"N": "0"}, 1),
        ({"N": "7"}, 2),
        ({"N": "1790000000"}, 3),
        ({"N": "-123"}, 4),
        ({"B": b"12345"}, 5),
        ({"B": base64.b64encode(b"12345").decode()}, 5),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"L": []}, 3),
        ({"L": [{"S": "ab"}, {"N": "7"}]}, 9),
        ({"M": {"name": {"S": "ab"}}}, 10),
    ],
)
def test_what_a_value_takes(value: dict[str, object], size: int) -> None:
    assert rules.size({"a": value}) == 1 + size


def test_what_we_never_store_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="SS"):
        rules.size({"a": {"SS": ["x"]}})


@pytest.mark.parametrize(("size", "units"), [(3500, 1), (4 * KB, 1), (4 * KB + 1, 2), (10_000, 3)])
def test_a_read_is_whole_four_kilobytes(size: int, units: int) -> None:
    assert rules.read([item(size)], consistent=True) == units
    assert rules.read([item(size)], consistent=False) == units / 2


def test_a_page_is_rounded_once_and_nothing_found_is_charged_too() -> None:
    assert rules.read([item(1000)] * 4, consistent=True) == 1
    assert rules.read([], consistent=True) == 1
    assert rules.read([], consistent=False) == 0.5


def test_a_write_is_whole_kilobytes_of_the_larger_image_and_twice_that_in_a_transaction() -> None:
    assert rules.write(None, item(KB), transaction=False) == 1
    assert rules.write(None, item(KB + 1), transaction=False) == 2
    assert rules.write(item(2500), item(100), transaction=False) == 3
    assert rules.write(item(100), item(2500), transaction=True) == 6
    assert rules.write(item(2500), None, transaction=False) == 3
    assert rules.write(None, None, transaction=False) == 1


def test_the_index_is_charged_for_what_changes_in_it() -> None:
    plain = item(100)
    assert rules.write_to_index(None, plain) == 0
    assert rules.write_to_index(plain, plain) == 0
    assert rules.write_to_index(None, listed(100, "1")) == 1
    assert rules.write_to_index(listed(100, "1"), plain) == 1
    assert rules.write_to_index(listed(100, "1"), listed(100, "2")) == 2, "one entry goes, one comes"
    assert rules.write_to_index(listed(100, "1"), listed(100, "1", due="later")) == 1
    assert rules.write_to_index(listed(100, "1"), listed(2500, "1", body="not copied")) == 0
