"""One receipt, and the statement of one year, for the supporter whose they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.ledger.rows import receipts as receipt_rows
from chalicelib.ledger.rules import receipt_reference
from chalicelib.ledger.rules.receipt_reference import ReceiptNumber
from chalicelib.ledger.rules.receipts import NumberedReceipt, Receiver
from chalicelib.receipts.actions.history import GivingHistory, ShownPayment
from chalicelib.receipts.rules import donations as rules
from chalicelib.receipts.rules.donations import Donation, GivenInYear, year_of

_FIRST_YEAR = 2000


@dataclass(frozen=True)
class OneReceipt:
    """A receipt as it is shown. `numbered` None: it has no number yet. `receiver` None: nobody is named."""

    payment: ShownPayment
    numbered: NumberedReceipt | None
    receiver: Receiver | None

    @property
    def payer(self) -> str | None:
        """The name on the receipt: as the number was given, or a correction says; else that of the payment."""
        return self.numbered.payer if self.numbered else self.payment.donation.gift.payer


@dataclass(frozen=True)
class YearStatement:
    """The statement of a year. `years`: all years in which this supporter gave; `unreadable`: entries by name.

    `payers`: the names on the receipts, each once.
    """

    statement: GivenInYear
    payments: Sequence[ShownPayment]
    years: Sequence[int]
    receiver: Receiver | None
    payers: Sequence[str] = ()
    unreadable: Sequence[str] = ()


def receipt_of(history: GivingHistory, supporter: SupporterId, gift: str, now: BusinessTime) -> OneReceipt:
    """The receipt of one of this supporter's own gifts, which gets its number now if it has none.

    :raises NotFound: `unknown_receipt`: this supporter has no such gift. Another's is not looked up at all.
    """
    found = next((one for one in history.all_given(supporter).donations if one.gift.id == gift), None)
    if found is None:
        raise NotFound("You have no such receipt.", code="unknown_receipt")
    return _receipt(history, found, history.numbers(supporter, [found], now).get(gift))


def statement_of(history: GivingHistory, supporter: SupporterId, year: int, now: BusinessTime) -> YearStatement:
    """The statement of a year of the newsroom's, up to now.

    :raises NotFound: `unknown_year`: that year has not begun, or was before anybody gave online.
    """
    zone = history.newsroom.zone
    if not _FIRST_YEAR <= year <= year_of(now, zone):
        raise NotFound("There is no statement of this year.", code="unknown_year")
    given = history.all_given(supporter)
    found = rules.statement(given.donations, year, zone)
    numbers = history.numbers(supporter, found.donations, now)
    receipts = [_receipt(history, one, numbers.get(one.gift.id)) for one in found.donations]
    return YearStatement(
        found,
        [one.payment for one in receipts],
        rules.years_of(given.donations, zone),
        receiver_now(history),
        list(dict.fromkeys(one.payer for one in receipts if one.payer)),
        given.unreadable,
    )


def _receipt(history: GivingHistory, donation: Donation, number: ReceiptNumber | None) -> OneReceipt:
    numbered = receipt_rows.read(history.table, number) if number else None
    reference = receipt_reference.reference(number, history.key) if number else ""
    receiver = (numbered.receiver if numbered else None) or receiver_now(history)
    return OneReceipt(ShownPayment(donation, reference), numbered, receiver)


def receiver_now(history: GivingHistory) -> Receiver | None:
    """Who receives the money, as the newsroom's file says it now."""
    legal = history.newsroom.legal
    return Receiver(legal.name, legal.address, legal.id) if legal.name else None
