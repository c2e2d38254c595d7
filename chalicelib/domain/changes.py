"""What a decision changes: committed together, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.access import Standing
from chalicelib.domain.movements import Movement


@dataclass(frozen=True)
class Entry:
    """A ledger entry to be. `tier` and `days`: what a gift earned when it was booked, by the rules of that day."""

    movement: Movement
    campaign: str | None = None
    source: str | None = None
    tier: str | None = None
    days: int | None = None


@dataclass(frozen=True)
class MailToSend:
    """A mail as a fact: `id` names what it tells (`pi_…:thanks`), `about` the movement it goes with, if any.

    `kind` and `values` are those of `chalicelib.mails`, times in seconds; `tier` becomes words when it is sent.
    """

    id: str
    kind: str
    values: Mapping[str, Any]
    tier: str | None = None
    about: str | None = None


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
