"""Receipts: one row by number, one in the supporter's partition that leads to it, and the count of each year.

    RECEIPTS#2026 / COUNT               count = 123
    RECEIPT#2026-000123 / RECEIPT       what the receipt says for good, written once
    SUP#id / RECEIPT#pi_…               number = the one that holds, numbers = all that the gift ever had

All three are written in one transaction (`ledger/actions/number_receipts.py`): a number that is counted has a receipt
and a gift, and a gift has one number that holds.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import NEW, Change, Condition, Item, Put, Table, Update, every
from chalicelib.ledger.rules.receipt_reference import ReceiptNumber, number_of
from chalicelib.ledger.rules.receipts import NumberedReceipt, Receiver


def count(table: Table, year: int) -> int:
    """How many numbers were given in a year."""
    item = table.get(keys.receipt_count(year))
    return int(item["count"]) if item else 0


def number_of_gift(table: Table, supporter: SupporterId, gift: str) -> ReceiptNumber | None:
    """The number of a gift's receipt; None while it has none."""
    item = table.get(keys.receipt_of(supporter, gift))
    return _holds(item) if item else None


def numbers_of(table: Table, supporter: SupporterId) -> dict[str, ReceiptNumber]:
    """The numbers of all receipts of a supporter, by gift."""
    items = every(partial(table.query, keys.supporter(supporter), prefix=keys.RECEIPT_PREFIX))
    return {str(item["sk"]).removeprefix(keys.RECEIPT_PREFIX): _holds(item) for item in items}


def read(table: Table, number: ReceiptNumber) -> NumberedReceipt | None:
    """The receipt with this number; None if no such number was given."""
    item = table.get(keys.receipt(number))
    return _receipt(number, item) if item else None


def all_of_year(table: Table, year: int) -> Iterator[tuple[ReceiptNumber, NumberedReceipt | None]]:
    """Every number that was counted in a year with its receipt; None where there is none: a gap."""
    for one in range(1, count(table, year) + 1):
        number = number_of(year, one)
        yield number, read(table, number)


def counted(year: int, before: int, more: int) -> Change:
    """The change that counts so many more numbers; it fails unless `before` is still the count."""
    pk, sk = keys.receipt_count(year)
    if before == 0:
        return Put({"pk": pk, "sk": sk, "count": more}, NEW)
    return Update((pk, sk), set={"count": before + more}, only_if=(Condition("count", "=", before),))


def put(receipt: NumberedReceipt) -> Put:
    """The change that writes a receipt; it fails if its number was given already."""
    pk, sk = keys.receipt(receipt.number)
    row = {
        "pk": pk,
        "sk": sk,
        "supporter": receipt.supporter,
        "gift": receipt.gift,
        "given_at": receipt.given_at,
        "payer": receipt.payer,
        "receiver": _receiver_row(receipt.receiver),
        "replaces": receipt.replaces,
    }
    return Put({name: value for name, value in row.items() if value is not None}, NEW)


def lead_to(receipt: NumberedReceipt) -> Put:
    """The change that gives a gift its first number; it fails if it has one already."""
    pk, sk = keys.receipt_of(receipt.supporter, receipt.gift)
    return Put({"pk": pk, "sk": sk, "number": receipt.number, "numbers": [receipt.number]}, NEW)


def replace(was: NumberedReceipt, receipt: NumberedReceipt, numbers: Iterable[str]) -> list[Change]:
    """The changes by which a correction takes the place of a receipt; they fail if another one did so meanwhile.

    :param numbers: all numbers of the gift so far, as read.
    """
    leads = Update(
        keys.receipt_of(was.supporter, was.gift),
        set={"number": receipt.number, "numbers": [*numbers, receipt.number]},
        only_if=(Condition("number", "=", was.number),),
    )
    holds_no_more = Update(
        keys.receipt(was.number),
        set={"replaced_by": receipt.number},
        only_if=(Condition("gift", "=", was.gift), Condition("replaced_by", "absent")),
    )
    return [leads, holds_no_more]


def numbers_of_gift(table: Table, supporter: SupporterId, gift: str) -> list[str]:
    """All numbers of a gift, the one that holds last."""
    item = table.get(keys.receipt_of(supporter, gift))
    return numbers_in(item) if item else []


def numbers_in(item: Item) -> list[str]:
    """All numbers in the row that leads from a gift to its receipt, the one that holds last."""
    return [str(one) for one in item["numbers"]]


def _holds(item: Item) -> ReceiptNumber:
    return ReceiptNumber(item["number"])


def _receiver_row(receiver: Receiver | None) -> dict[str, Any] | None:
    if receiver is None:
        return None
    row = {"name": dict(receiver.name), "address": dict(receiver.address), "id": dict(receiver.id)}
    return {name: value for name, value in row.items() if value}


def _receipt(number: ReceiptNumber, item: Item) -> NumberedReceipt:
    receiver = item.get("receiver")
    replaces, replaced_by = (item.get(name) for name in ("replaces", "replaced_by"))
    return NumberedReceipt(
        number,
        SupporterId(item["supporter"]),
        item["gift"],
        int(item["given_at"]),
        item.get("payer"),
        Receiver(*(receiver.get(name, {}) for name in ("name", "address", "id"))) if receiver else None,
        ReceiptNumber(replaces) if replaces else None,
        ReceiptNumber(replaced_by) if replaced_by else None,
    )
