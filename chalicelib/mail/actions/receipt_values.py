"""What a mail that confirms a payment says of its receipt: the reference, the payer, the method, the gift.

The number is given here, when the receipt is first mailed. What cannot be found out now is left out: the mail is
about money that has moved, and goes out all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Table
from chalicelib.ledger.actions.number_receipts import ReceiptNumbers
from chalicelib.ledger.method_words import method_of
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rows import receipts
from chalicelib.ledger.rules import receipt_reference
from chalicelib.ledger.rules.stored import StoredEntry
from chalicelib.newsroom.rules import Newsroom
from chalicelib.observing.log import log


@dataclass(frozen=True)
class ReceiptValues:
    """Finds the values of receipts. `key`: of the letters of a reference; `livemode`: of test or of real money."""

    table: Table
    newsroom: Newsroom
    key: str
    livemode: bool

    def of(self, movement: str, now: BusinessTime) -> Mapping[str, Any]:
        """The values for a mail about this movement, as far as they are known. Never raises."""
        found: dict[str, Any] = {}
        try:
            moved = ledger.entry_of(self.table, movement) if movement else None
            gift = self._gift(moved) if moved else None
            if gift:
                found |= self._said(gift)
                found |= self._numbered(gift, now)
        except Exception as error:  # noqa: BLE001 - see the module's docstring
            log.warning("receipt not numbered", movement=movement, trouble=error)
        return found

    def _gift(self, moved: StoredEntry) -> StoredEntry | None:
        """The gift that a movement is of."""
        of = moved.entry.movement
        return moved if of.kind == "gift" else ledger.entry_of(self.table, of.gift)

    def _said(self, gift: StoredEntry) -> dict[str, Any]:
        paid = gift.entry.movement
        return {"gift": paid.id, "payer": paid.payer or "", "method": method_of(paid)}

    def _numbered(self, gift: StoredEntry, now: BusinessTime) -> dict[str, Any]:
        paid = gift.entry.movement
        if paid.kind != "gift" or paid.livemode != self.livemode:
            return {}
        number = ReceiptNumbers(self.table, self.newsroom).number([gift], now)[paid.id]
        receipt = receipts.read(self.table, number)
        corrected = {"payer": receipt.payer or ""} if receipt else {}
        return {"number": receipt_reference.reference(number, self.key), **corrected}
