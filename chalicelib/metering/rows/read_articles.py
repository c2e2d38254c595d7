"""What the meter opened to who is signed in: one row a supporter and month, with a mark for each article.

It stands in the supporter's partition, so that all their devices share it, and goes when the month ends.
"""

from collections.abc import Sequence

from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import NEW, Change, Condition, ConditionFailed, Contended, Delete, Item, Table, Update
from chalicelib.metering.rules.meter import Month

_OTHERS = frozenset({"pk", "sk", "count", "expires"})  # no mark has such a name: each has a dash in it


Marks = frozenset[str]  # the names of the marks in a row


def read(table: Table, supporter: SupporterId, month: Month) -> Marks:
    """What is kept of a supporter's month."""
    return _marks(table.get(keys.read_articles(supporter, month.name)))


def add(table: Table, supporter: SupporterId, month: Month, mark: str, limit: int) -> Marks:
    """Keep one more article, if it is not kept yet and fewer than `limit` are: in one write, whatever others do.

    Answers what was kept *before*: with the mark in it, or with `limit` marks, nothing was added.

    :raises Contended: others made and deleted the row meanwhile.
    """
    key = keys.read_articles(supporter, month.name)
    kept = {mark: 1, "expires": month.resets_at}
    # First for a row that has room, as most have; then for a new one; once more, as another call may have made it.
    room = (Condition(mark, "absent"), Condition("count", "<", limit))
    for only_if in (room, NEW, room):
        try:
            after = table.write(Update(key, set=kept, add={"count": 1}, only_if=only_if))
        except ConditionFailed as failed:
            if failed.item is not None and only_if is room:
                return _marks(failed.item)
        else:
            return _marks(after) - {mark}
    raise Contended  # it was made and deleted meanwhile


def forget(table: Table, supporter: SupporterId, month: Month) -> None:
    """Delete what is kept of a supporter's month."""
    table.write(Delete(keys.read_articles(supporter, month.name)))


def joined(table: Table, item: Item, into: SupporterId) -> Sequence[Change]:
    """The change that adds another record's marks of a month to a supporter's own."""
    key = keys.supporter(into), str(item["sk"])
    own = table.get(key)
    new = _marks(item) - _marks(own)
    if not new:
        return []
    kept = {**dict.fromkeys(sorted(new), 1), "expires": item["expires"]}
    # Each mark that is added counts, so that the count alone says whether others wrote meanwhile.
    unchanged = NEW if own is None else (Condition("count", "=", own["count"]),)
    return [Update(key, set=kept, add={"count": len(new)}, only_if=unchanged)]


def _marks(item: Item | None) -> Marks:
    return frozenset(item or {}) - _OTHERS
