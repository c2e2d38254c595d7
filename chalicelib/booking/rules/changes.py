"""What a decision changes: committed together, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.ledger.rules.movements import Entry
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.supporters.rules.access import Standing


@dataclass(frozen=True)
class Tag:
    """A word in the supporter's history (`subject:noun:verb`), `about` the movement it goes with, if any."""

    tag: str
    about: str | None = None


@dataclass(frozen=True)
class Alarm:
    """Something that a person at the newsroom should hear of; `about` the movement it goes with, if any."""

    code: str
    facts: Mapping[str, str | int]
    about: str | None = None


@dataclass(frozen=True)
class Changes:
    """What is to be committed together."""

    standing: Standing
    customers: Mapping[str, str]
    entries: tuple[Entry, ...] = ()
    mails: tuple[MailToSend, ...] = ()
    log: tuple[Tag, ...] = ()
    alarms: tuple[Alarm, ...] = ()
