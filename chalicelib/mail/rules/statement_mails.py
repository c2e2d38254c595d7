"""The content of the mails about a statement that cancels or withdraws; `mails.py` has all others."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal


@dataclass(frozen=True)
class StatementReceived:
    """The receipt of a statement that cancels or withdraws: its content, and when it came, under its `reference`.

    It says nothing of what follows: it goes to whatever address was typed. `gift`, `name` and `comment` as they were
    typed. `when`: `soonest`, or the day before which it shall not end (`2027-01-31`).
    """

    kind: ClassVar[str] = "statement_received"
    way: Literal["cancel", "withdraw"]
    reference: str
    received_at: datetime
    email: str
    gift: str = ""
    when: str = "soonest"
    name: str = ""
    comment: str = ""


@dataclass(frozen=True)
class StatementToConfirm:
    """Somebody cancelled, or withdrew, and may have meant the reader's support: a link to confirm it.

    `statement`: its id, of which the link is made. `reference` and `received_at`: as its receipt says.
    """

    kind: ClassVar[str] = "statement_to_confirm"
    way: Literal["cancel", "withdraw"]
    reference: str
    received_at: datetime
    statement: str


@dataclass(frozen=True)
class StatementSettled:
    """What became of a statement where no other mail says it.

    `outcome`: `nothing` (there is nothing that could be stopped or given back), `stopped_already` or `too_late` (a
    withdrawal after its time: the support is stopped instead), `refused` or `closed` by a person, whose `note` says
    why.
    """

    kind: ClassVar[str] = "statement_settled"
    way: Literal["cancel", "withdraw"]
    reference: str
    received_at: datetime
    outcome: Literal["nothing", "stopped_already", "too_late", "refused", "closed"]
    note: str = ""
