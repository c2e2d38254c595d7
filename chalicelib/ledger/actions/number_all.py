"""Give numbers to the receipts of all gifts that have none, in order of time: for gifts from before there were any.

Nothing is stored of how far it came: after an interruption it begins anew and finds less to do. It may run beside
live traffic, whose receipts get their numbers in between.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

from chalicelib.kernel.moments import BusinessTime
from chalicelib.ledger.actions.number_receipts import MOST_AT_ONCE, ReceiptNumbers
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rows import receipts
from chalicelib.ledger.rules.stored import EntryUnreadable, ListedEntry, StoredEntry, UnreadableEntry

Progress = Callable[[int], None]  # how many gifts more were looked at
_SIDE_BY_SIDE = 8


@dataclass
class NumberedGifts:
    """The result: how many gifts there are, how many had no number, how many got one; `unreadable`: by name."""

    gifts: int = 0
    lacking: int = 0
    given: int = 0
    unreadable: list[str] = field(default_factory=list)


def number_all(
    numbers: ReceiptNumbers,
    rails: Iterable[str],
    *,
    livemode: bool,
    write: bool,
    now: BusinessTime,
    progress: Progress = lambda _more: None,
) -> NumberedGifts:
    """Number every gift of these rails that has no number; without `write` only count them.

    :param livemode: of test or of real money; the other kind has no receipts here.
    :raises Contended, TableUnavailable: some are numbered; calling it again goes on.
    """
    done = NumberedGifts()
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as side_by_side:
        gifts = _gifts(numbers, rails, livemode, done)
        while several := list(islice(gifts, MOST_AT_ONCE)):
            known = side_by_side.map(lambda one: _has_number(numbers, one), several)
            lacking = [one for one, has_one in zip(several, known, strict=True) if not has_one]
            done.gifts += len(several)
            done.lacking += len(lacking)
            if write and lacking:
                whole = [one for one in side_by_side.map(lambda one: _whole(numbers, one, done), lacking) if one]
                done.given += len(numbers.number(whole, now))
            progress(len(several))
    return done


def _gifts(
    numbers: ReceiptNumbers, rails: Iterable[str], livemode: bool, done: NumberedGifts
) -> Iterator[ListedEntry]:
    for entry in ledger.entries_of_rails(numbers.table, rails):
        if isinstance(entry, UnreadableEntry):
            done.unreadable.append(entry.name)
        elif entry.kind == "gift" and entry.livemode == livemode:
            yield entry


def _has_number(numbers: ReceiptNumbers, gift: ListedEntry) -> bool:
    return receipts.number_of_gift(numbers.table, gift.supporter, gift.id) is not None


def _whole(numbers: ReceiptNumbers, gift: ListedEntry, done: NumberedGifts) -> StoredEntry | None:
    """The entry with what the index does not copy."""
    try:
        return ledger.entry_of(numbers.table, gift.id)
    except EntryUnreadable:
        done.unreadable.append(gift.id)
        return None
