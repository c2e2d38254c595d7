"""Items for the contract's tests."""

from typing import Any

from chalicelib.kernel.table import Item, Key

A, B, C = ("A", "1"), ("B", "1"), ("C", "1")


def item(key: Key, **values: Any) -> Item:
    """An item of this key."""
    return {"pk": key[0], "sk": key[1], **values}
