"""Everything that a supporter gave, with the references of the receipts.

A receipt that is listed is shown, so those that have no number yet get one here, in one transaction for a page. If
that fails the list is shown all the same; they get it the next time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Table
from chalicelib.ledger.actions.number_receipts import ReceiptNumbers
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rows import receipts as receipt_rows
from chalicelib.ledger.rules import receipt_reference
from chalicelib.ledger.rules.receipt_reference import ReceiptNumber
from chalicelib.ledger.rules.stored import StoredEntry, UnreadableEntry
from chalicelib.newsroom.rules import Newsroom
from chalicelib.observing.log import log
from chalicelib.receipts.rules.donations import Donation, donations

if TYPE_CHECKING:
    from chalicelib.wiring import Wiring


@dataclass(frozen=True)
class ShownPayment:
    """A gift with the reference of its receipt, empty while it has none; its receipt is `/account/receipts/{id}`."""

    donation: Donation
    reference: str = ""

    @property
    def receipt_path(self) -> str:
        """The path of the receipt's page."""
        return f"/account/receipts/{self.donation.gift.id}"


@dataclass(frozen=True)
class Given:
    """All that a supporter gave, newest first; `unreadable` names entries that could not be read."""

    donations: Sequence[Donation]
    unreadable: Sequence[str] = ()


@dataclass(frozen=True)
class Payments:
    """A page of the history; `older`: the sort key behind which the next page begins, None at the end."""

    items: Sequence[ShownPayment]
    older: str | None = None
    unreadable: Sequence[str] = ()


@dataclass(frozen=True)
class GivingHistory:
    """Reads what supporters gave. `key`: of the letters of references; `livemode`: of real or of test money."""

    table: Table
    newsroom: Newsroom
    key: str
    livemode: bool

    @classmethod
    def of(cls, wiring: Wiring) -> GivingHistory:
        """The history of this newsroom."""
        return cls(wiring.table, wiring.newsroom, wiring.secrets["SPILNO_EMAIL_KEY"], wiring.settings.livemode)

    def all_given(self, supporter: SupporterId) -> Given:
        """All gifts of a supporter. Reads all of their entries, as what went back of a gift comes later."""
        entries: list[StoredEntry] = []
        unreadable: list[str] = []
        for one in ledger.entries_of(self.table, supporter):
            if isinstance(one, UnreadableEntry):
                unreadable.append(one.name)
            else:
                entries.append(one)
        return Given(donations(entries, livemode=self.livemode), tuple(unreadable))

    def page_of(self, supporter: SupporterId, now: BusinessTime, *, most: int, behind: str | None = None) -> Payments:
        """The newest payments of a supporter with their references, or those behind this sort key."""
        given = self.all_given(supporter)
        wanted = (one for one in given.donations if behind is None or one.stored.place < behind)
        found = list(islice(wanted, most + 1))
        page = found[:most]
        known = self.references(supporter, page, now)
        older = page[-1].stored.place if len(found) > most else None
        items = [ShownPayment(one, known.get(one.gift.id, "")) for one in page]
        return Payments(items, older, given.unreadable)

    def references(self, supporter: SupporterId, gifts: Iterable[Donation], now: BusinessTime) -> Mapping[str, str]:
        """The reference of each gift's receipt, by gift; one that has no number gets it now, if the table answers."""
        return {
            gift: receipt_reference.reference(number, self.key)
            for gift, number in self.numbers(supporter, gifts, now).items()
        }

    def numbers(
        self, supporter: SupporterId, gifts: Iterable[Donation], now: BusinessTime
    ) -> Mapping[str, ReceiptNumber]:
        """The number of each gift's receipt, by gift, as `references`."""
        known: dict[str, ReceiptNumber] = receipt_rows.numbers_of(self.table, supporter)
        wanted = list(gifts)
        lacking = [one.stored for one in wanted if one.gift.id not in known]
        try:
            known |= ReceiptNumbers(self.table, self.newsroom).number(lacking, now) if lacking else {}
        except Exception as error:  # noqa: BLE001 - see the module's docstring
            log.warning("receipt not numbered", trouble=error)
        return {one.gift.id: known[one.gift.id] for one in wanted if one.gift.id in known}
