"""The mails about a supporter's address: proving a new one, a change and its undo, a claim, two records made one."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True)
class CorrectAddress:
    """The code with which a reader confirms that gifts under a mistyped address are theirs, as the newsroom was told.

    `code` as it is shown; it works `days`. The mistyped address is not quoted: this reader may be a stranger.
    """

    kind: ClassVar[str] = "correct_address"
    code: str
    days: int = 3


@dataclass(frozen=True)
class ProveAddress:
    """The code with which somebody proves this address: their support moves here, or a `gift` made in their browser.

    `code` as it is shown; it works `minutes`. It signs nobody in. No other address is quoted: this reader may be a
    stranger.
    """

    kind: ClassVar[str] = "prove_address"
    code: str
    minutes: int = 10
    gift: bool = False


@dataclass(frozen=True)
class AddressChanged:
    """To the former address: another one stands in its place. `undo`: the id of what its link puts back."""

    kind: ClassVar[str] = "address_changed"
    undo: str


@dataclass(frozen=True)
class AddressRestored:
    """To an address that was a supporter's until the former one's reader undid that."""

    kind: ClassVar[str] = "address_restored"


@dataclass(frozen=True)
class GiftClaimed:
    """To the address that was given with a gift: who paid it said that it was mistyped, and proved another one.

    `undo`: the id of what its link puts back.
    """

    kind: ClassVar[str] = "gift_claimed"
    given_at: datetime
    undo: str


@dataclass(frozen=True)
class GiftUnclaimed:
    """To who claimed a gift: the address that was given with it has it back."""

    kind: ClassVar[str] = "gift_unclaimed"
    given_at: datetime


@dataclass(frozen=True)
class RecordsMerged:
    """To both addresses of somebody of whom the newsroom had two records. `kept`: this is the one that stays."""

    kind: ClassVar[str] = "records_merged"
    kept: bool


AddressMail = (
    CorrectAddress | ProveAddress | AddressChanged | AddressRestored | GiftClaimed | GiftUnclaimed | RecordsMerged
)
