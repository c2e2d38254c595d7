"""The `[meter]` section: how many metered articles are open in a month."""

import copy

import pytest

from chalicelib.newsroom import file as newsroom_file
from chalicelib.newsroom.file import NewsroomFileWrong
from chalicelib.newsroom.rules import Meter
from tests.newsroom.test_newsroom_file import SHIPPED, Raw


def changed(meter: object) -> Raw:
    return {**copy.deepcopy(SHIPPED), "meter": meter}


def test_without_the_section_there_is_no_meter() -> None:
    bare = copy.deepcopy(SHIPPED)
    bare.pop("meter", None)
    assert newsroom_file.read(bare).meter is None


@pytest.mark.parametrize(("free", "signed_in"), [(3, 5), (0, 1), (1, 1), (10, 100)])
def test_both_numbers_are_read(free: int, signed_in: int) -> None:
    assert newsroom_file.read(changed({"free": free, "signed_in": signed_in})).meter == Meter(free, signed_in)


@pytest.mark.parametrize(
    ("meter", "setting", "instead"),
    [
        ({}, "free", "from 0 to 10"),
        ({"free": 3}, "signed_in", "from 1 to 100"),
        ({"signed_in": 5}, "free", "from 0 to 10"),
        ({"free": 11, "signed_in": 20}, "free", "from 0 to 10"),
        ({"free": -1, "signed_in": 5}, "free", "from 0 to 10"),
        ({"free": "3", "signed_in": 5}, "free", "from 0 to 10"),
        ({"free": True, "signed_in": 5}, "free", "from 0 to 10"),
        ({"free": 3.0, "signed_in": 5}, "free", "from 0 to 10"),
        ({"free": 0, "signed_in": 0}, "signed_in", "from 1 to 100"),
        ({"free": 3, "signed_in": 101}, "signed_in", "from 1 to 100"),
        ({"free": 3, "signed_in": 2}, "signed_in", "from 3 to 100: not fewer than without signing in"),
        ({"free": 3, "signed_in": 5, "signed-in": 5}, "signed-in", "one of free, signed_in"),
        (3, "meter", "a table of settings"),
    ],
)
def test_a_mistake_is_named_with_what_to_write(meter: object, setting: str, instead: str) -> None:
    with pytest.raises(NewsroomFileWrong, match=rf"'(meter\.)?{setting}' is wrong\. Write .*{instead}"):
        newsroom_file.read(changed(meter))


def test_the_limit_of_first_openings_has_a_default_and_may_be_changed() -> None:
    assert newsroom_file.read(SHIPPED).limits.metered == 300
    assert newsroom_file.read({**copy.deepcopy(SHIPPED), "limits": {"metered": 1000}}).limits.metered == 1000
