"""The mails about being erased. Times are aware datetimes."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True)
class ErasureAsked:
    """A supporter asked to be erased: it happens at `erase_on`, unless they sign in before that.

    `gifts_ended`: recurring gifts were ended with it, and stay so.
    """

    kind: ClassVar[str] = "erasure_asked"
    erase_on: datetime
    gifts_ended: bool = False


@dataclass(frozen=True)
class ErasureCalledOff:
    """Somebody signed in before the day, so nothing is erased.

    `undone`: or the former address took the account back, and whoever had it meanwhile had asked for this.
    """

    kind: ClassVar[str] = "erasure_called_off"
    undone: bool = False


@dataclass(frozen=True)
class Erased:
    """Everything that led to this reader is gone: the last mail that they get."""

    kind: ClassVar[str] = "erased"


PrivacyMail = ErasureAsked | ErasureCalledOff | Erased
