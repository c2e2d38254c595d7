"""The table port in memory: what every test stands on unless it is about an engine, and cheap to copy.

It is held to the contract of the engines (`tests/proofs/contract/test_in_memory.py`). What depends on an engine is
shown on each of them (`--engine`).
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import eq, ge, gt, le, lt
from typing import Any

from chalicelib.kernel.schema import PROJECTED
from chalicelib.kernel.table import (
    Change,
    Check,
    Condition,
    ConditionFailed,
    Delete,
    Item,
    ItemPage,
    Key,
    Put,
    TableRefused,
    TransactionLost,
    Update,
)

_IN_INDEX = frozenset({"pk", "sk", "gsi1pk", "gsi1sk", *PROJECTED})
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {"=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}
_MOST_AT_ONCE = 100
_MOST_OF_AN_ITEM = 400 * 1024
_SCANNED_AT_ONCE = 50
_NOTHING = object()
_Found = dict[tuple[str, ...], Item]


class MemoryTable:
    """`store.table.Table`. An item is never altered, only replaced, so that a copy shares all of them."""

    def __init__(self, items: Mapping[Key, Item] | None = None) -> None:
        self._items: dict[Key, Item] = dict(items or {})
        self._lock = threading.Lock()

    def fork(self) -> "MemoryTable":
        """A table of its own that begins with the same items."""
        with self._lock:
            return MemoryTable(self._items)

    def rows(self) -> list[Item]:
        """Every item, in order of its key; not to be altered."""
        with self._lock:
            return [self._items[key] for key in sorted(self._items)]

    def get(self, key: Key, *, hurried: bool = False, eventual: bool = False) -> Item | None:
        """See the port."""
        del hurried, eventual
        with self._lock:
            found = self._items.get(key)
        return None if found is None else _copy(found)

    def write(self, change: Put | Update | Delete) -> Item | None:
        """See the port."""
        with self._lock:
            key = _key(change)
            before = self._items.get(key)
            if not _holds(change, before):
                raise ConditionFailed(None if before is None else _copy(before))
            after = _fitting(_after(change, before))
            self._set(key, after)
        return _copy(after) if isinstance(change, Update) and after is not None else None

    def transact(self, changes: Sequence[Change]) -> None:
        """See the port. DynamoDB refuses two changes of one item, and more than a hundred."""
        touched = [_key(change) for change in changes]
        if not changes or len(changes) > _MOST_AT_ONCE or len(set(touched)) < len(touched):
            raise TableRefused("ValidationException")
        with self._lock:
            befores = [self._items.get(key) for key in touched]
            pairs = list(zip(changes, befores, strict=True))
            failed = [at for at, (change, before) in enumerate(pairs) if not _holds(change, before)]
            if failed:
                raise TransactionLost(failed)
            afters = [
                before if isinstance(change, Check) else _fitting(_after(change, before)) for change, before in pairs
            ]
            for key, after in zip(touched, afters, strict=True):
                self._set(key, after)

    def query(
        self,
        pk: str,
        *,
        prefix: str = "",
        up_to: str | None = None,
        newest_first: bool = False,
        limit: int | None = None,
        start: Any = None,
    ) -> ItemPage:
        """See the port."""

        def meant(sk: str) -> bool:
            return sk.startswith(prefix) if prefix else up_to is None or sk <= up_to

        with self._lock:
            found: _Found = {(key[1],): item for key, item in self._items.items() if key[0] == pk and meant(key[1])}
        return _page(found, limit, start, newest_first=newest_first)

    def query_index(
        self,
        pk: str,
        *,
        up_to: str | None = None,
        after: str | None = None,
        limit: int | None = None,
        start: Any = None,
    ) -> ItemPage:
        """See the port."""
        with self._lock:
            listed = [item for item in self._items.values() if item.get("gsi1pk") == pk and "gsi1sk" in item]
        found: _Found = {
            (item["gsi1sk"], item["pk"], item["sk"]): {name: item[name] for name in item.keys() & _IN_INDEX}
            for item in listed
            if (up_to is None or item["gsi1sk"] <= up_to) and (after is None or item["gsi1sk"] > after)
        }
        return _page(found, limit, start)

    def scan(self, *, start: Any = None) -> ItemPage:
        """See the port."""
        with self._lock:
            found: _Found = {(pk, sk): item for (pk, sk), item in self._items.items()}
        return _page(found, _SCANNED_AT_ONCE, start)

    def describe(self) -> bool:
        """See the port."""
        return True

    def _set(self, key: Key, item: Item | None) -> None:
        if item is None:
            self._items.pop(key, None)
        else:
            self._items[key] = item


def _key(change: Change) -> Key:
    return (change.item["pk"], change.item["sk"]) if isinstance(change, Put) else change.key


def _after(change: Put | Update | Delete, before: Item | None) -> Item | None:
    if isinstance(change, Put):
        whole: Item = _copy(change.item)
        return whole
    if isinstance(change, Delete):
        return None
    if not (change.set or change.add or change.remove):
        raise TableRefused("ValidationException")
    pk, sk = change.key
    after: dict[str, Any] = {**(before or {"pk": pk, "sk": sk}), **_copy(change.set)}
    for name, amount in change.add.items():
        after[name] = after.get(name, 0) + amount
    for name in change.remove:
        after.pop(name, None)
    return after


def _fitting(item: Item | None) -> Item | None:
    if item is not None and _size(item) > _MOST_OF_AN_ITEM:
        raise TableRefused("ValidationException")
    return item


def _size(value: Any) -> int:
    """Bytes, about as DynamoDB counts them: names and texts in UTF-8, numbers and flags a few."""
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, bytes):
        return len(value)
    if isinstance(value, Mapping):
        return sum(_size(name) + _size(part) for name, part in value.items())
    return sum(map(_size, value)) if isinstance(value, (list, tuple)) else 8


def _holds(change: Change, before: Item | None) -> bool:
    return all(_true(condition, before or {}) for condition in change.only_if)


def _true(condition: Condition, item: Item) -> bool:
    stored = item.get(condition.attribute, _NOTHING)
    match condition.test:
        case "absent":
            return stored is _NOTHING
        case "present":
            return stored is not _NOTHING
        case "<>":
            return stored is _NOTHING or not _alike(stored, condition.value) or stored != condition.value
        case "absent or =":
            return stored is _NOTHING or (_alike(stored, condition.value) and bool(stored == condition.value))
        case "contains":
            return isinstance(stored, (str, list)) and condition.value in stored
        case test:
            return _alike(stored, condition.value) and _COMPARE[test](stored, condition.value)


def _alike(one: Any, other: Any) -> bool:
    """Values of different types are never equal nor in order: `1` is neither `"1"` nor `True`."""
    return type(one) is type(other)


def _page(found: _Found, limit: int | None, start: Any, *, newest_first: bool = False) -> ItemPage:
    names = sorted(found, reverse=newest_first)
    if start is not None:
        names = [name for name in names if (name < start if newest_first else name > start)]
    chosen = names if limit is None else names[:limit]
    more = chosen[-1] if limit is not None and len(chosen) == limit else None
    return ItemPage([_copy(found[name]) for name in chosen], more)


def _copy(value: Any) -> Any:
    """As it would come back from the engine: lists for tuples, plain dictionaries, nothing shared."""
    if isinstance(value, Mapping):
        return {name: _copy(part) for name, part in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return [_copy(part) for part in value]
    if isinstance(value, float):
        raise TypeError("A float is never stored.")
    return value
