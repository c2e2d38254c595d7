"""Look for gaps and doubles in the numbers of receipts, one year after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from chalicelib.kernel.table import Table
from chalicelib.ledger.rows import receipts
from chalicelib.ledger.rules.receipt_reference import ReceiptNumber


@dataclass(frozen=True)
class NumberWrong:
    """A number with something wrong.

    `gap`: it is counted and has no receipt. `double`: its gift has another one that does not replace it. `lost`: its
    gift says no number at all.
    """

    number: ReceiptNumber
    what: Literal["gap", "double", "lost"]


def wrong_numbers(table: Table, year: int) -> Iterator[NumberWrong | None]:
    """For every number that was counted in a year: what is wrong with it, or None. Reads two rows for each."""
    for number, receipt in receipts.all_of_year(table, year):
        if receipt is None:
            yield NumberWrong(number, "gap")
            continue
        all_numbers = receipts.numbers_of_gift(table, receipt.supporter, receipt.gift)
        if not all_numbers:
            yield NumberWrong(number, "lost")
        elif number not in all_numbers or (all_numbers[-1] == number) != (receipt.replaced_by is None):
            yield NumberWrong(number, "double")
        else:
            yield None
