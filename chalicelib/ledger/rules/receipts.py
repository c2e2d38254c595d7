"""A receipt that has a number: what it says for good, whatever the newsroom's file says later."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.kernel.ids import SupporterId
from chalicelib.ledger.rules.receipt_reference import ReceiptNumber

Words = Mapping[str, str]  # by language


@dataclass(frozen=True)
class Receiver:
    """Who received the money, as it stood when the number was given. `id`: a number in a register."""

    name: Words
    address: Words = field(default_factory=dict)
    id: Words = field(default_factory=dict)


@dataclass(frozen=True)
class NumberedReceipt:
    """A receipt with its number, given at `given_at` (seconds since 1970). `gift`: the movement that it is of.

    `payer`: the name given with the payment, or the corrected one. `receiver` None: the newsroom's file named nobody
    then. A correction `replaces` an earlier number, whose receipt says `replaced_by`.
    """

    number: ReceiptNumber
    supporter: SupporterId
    gift: str
    given_at: int
    payer: str | None = None
    receiver: Receiver | None = None
    replaces: ReceiptNumber | None = None
    replaced_by: ReceiptNumber | None = None
