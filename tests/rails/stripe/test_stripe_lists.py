"""Lists of Stripe's: to their end, or not at all. What lists must not believe that half of it was all."""

from typing import Any

import pytest

from chalicelib.rails.stripe.client import _pages
from chalicelib.rails.stripe.port import StripeUnavailable


class Listed:
    """A list of these pages, as the SDK answers it; `asked` notes with which parameters."""

    def __init__(self, *pages: tuple[list[str], bool]) -> None:
        self.pages, self.asked = list(pages), list[Any]()

    def __call__(self, asked: Any) -> "Listed":
        """One page."""
        self.asked.append(asked)
        return self

    def to_dict(self) -> dict[str, Any]:
        """As the SDK's object."""
        names, more = self.pages.pop(0)
        return {"data": [{"id": name} for name in names], "has_more": more}


def test_every_page_is_asked_for_once_behind_the_last_object_of_the_one_before() -> None:
    listed = Listed((["a", "b"], True), (["c"], False))
    assert [one["id"] for one in _pages(listed, {"charge": "ch_1"})] == ["a", "b", "c"]
    assert listed.asked == [
        {"limit": 100, "charge": "ch_1"},
        {"limit": 100, "charge": "ch_1", "starting_after": "b"},
    ]


def test_an_empty_list_is_empty() -> None:
    assert list(_pages(Listed(([], False)), {})) == []


def test_an_empty_page_that_says_there_is_more_is_no_end() -> None:
    with pytest.raises(StripeUnavailable):
        list(_pages(Listed((["a"], True), ([], True)), {}))
