"""What a decision changes; all of it is committed in one transaction, or none."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.ledger.rules.failed_payments import FailedPayment
from chalicelib.ledger.rules.movements import Entry
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.supporters.rules.access import Standing


@dataclass(frozen=True)
class Tag:
    """A tag in the supporter's history (`subject:noun:verb`), `about` the movement it goes with, if any."""

    tag: str
    about: str | None = None


@dataclass(frozen=True)
class Alarm:
    """An alarm to raise once the decision is committed; `about` the movement it goes with, if any."""

    code: str
    facts: Mapping[str, str | int]
    about: str | None = None


@dataclass(frozen=True)
class Changes:
    """All changes of one decision about a supporter. `standing`, `customers`: how they are to be afterwards.

    `failure`: a payment that failed, to be noted.
    """

    standing: Standing
    customers: Mapping[str, str]
    entries: tuple[Entry, ...] = ()
    mails: tuple[MailToSend, ...] = ()
    log: tuple[Tag, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    failure: FailedPayment | None = None
