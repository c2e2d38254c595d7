"""The pages of a receipt and of a yearly statement. Both print on one sheet of A4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chalicelib.http.pages import Page
from chalicelib.ledger.method_words import method_in_words, method_of
from chalicelib.ledger.rules.receipts import Receiver
from chalicelib.receipts.actions.history import ShownPayment
from chalicelib.receipts.rules.donations import Interval, YearSum

if TYPE_CHECKING:
    from chalicelib.i18n.language import Language


@dataclass(frozen=True)
class ReturnedLine:
    """Money that went back of a gift, or came back to it. `kind`: `refund` or `dispute`; `amount`: signed."""

    at: datetime
    kind: str
    amount: int
    reference: str


@dataclass(frozen=True)
class ReceiptPage(Page):
    """`GET /account/receipts/{id}`. `reference` is empty while there is no number.

    `receiver` None: nobody is named in the newsroom's file. `returned`: what went back and came back, in order of
    time. `replaces`: the number that a correction replaced.
    """

    template = "account_receipt"

    payment: ShownPayment
    interval: Interval
    email: str
    receiver: Receiver | None
    payer: str = ""
    returned: Sequence[ReturnedLine] = ()
    given_at: datetime | None = None
    replaces: str = ""

    def more_values(self, language: Language) -> Mapping[str, object]:
        """The method in words, and the receiver's lines."""
        gift = self.payment.donation.gift
        return {
            "method": method_in_words(method_of(gift), language),
            "receiver": lines_of(self.receiver, language.lang),
            "paid_at": datetime.fromtimestamp(gift.occurred_at, UTC),
        }


@dataclass(frozen=True)
class YearLine:
    """A gift on a statement."""

    at: datetime
    payment: ShownPayment

    @property
    def returned(self) -> int:
        """What went back of it."""
        return self.payment.donation.gift.amount - self.payment.donation.left


@dataclass(frozen=True)
class YearPage(Page):
    """`GET /account/statements/{year}`. `as_of`: the day up to which it is true. `tax_text`: the newsroom's own.

    `others`: other years in which this supporter gave. `unreadable`: how many entries are missing from it.
    """

    template = "account_statement"

    year: int
    as_of: datetime
    email: str
    lines: Sequence[YearLine]
    sums: Sequence[YearSum]
    receiver: Receiver | None
    payers: Sequence[str] = ()
    tax_text: str = ""
    others: Sequence[int] = ()
    unreadable: int = 0

    def more_values(self, language: Language) -> Mapping[str, object]:
        """The methods in words, by gift, and the receiver's lines."""
        gifts = [line.payment.donation.gift for line in self.lines]
        return {
            "methods": {gift.id: method_in_words(method_of(gift), language) for gift in gifts},
            "receiver": lines_of(self.receiver, language.lang),
        }


def lines_of(receiver: Receiver | None, lang: str) -> list[str]:
    """Name, address and number of who received the money, each on its line; none where nobody is named."""
    if receiver is None:
        return []
    said = (_in(receiver.name, lang), *_in(receiver.address, lang).splitlines(), _in(receiver.id, lang))
    return [line.strip() for line in said if line.strip()]


def _in(words: Mapping[str, str], lang: str) -> str:
    """In this language; a receipt of before may have been written in others only."""
    return words.get(lang) or next(iter(words.values()), "")
