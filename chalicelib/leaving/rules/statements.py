"""A statement: somebody declares that they cancel their support, or withdraw from it. Nobody had to sign in for it.

    received ---> acting ---> done      its reference and its address fit, or its link or a person confirmed it
       |            ^  |
       |            |  +----> waiting   it cannot be carried out as it stands: a person decides
       v            |
    waiting --------+                   the link was mailed where somebody could be meant
       +--------------------> closed    a person refused it, or closed it as settled elsewhere

`received` and `acting` are the sweep's work, `waiting` is the desk's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.failures import Failures
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.law import WayOut
from chalicelib.kernel.moments import BusinessTime

Status = Literal["received", "acting", "waiting", "done", "closed"]
SWEPT: tuple[Status, ...] = ("received", "acting")
OPEN: tuple[Status, ...] = (*SWEPT, "waiting")

DAY = 86_400
LONGEST_GIFT, LONGEST_NAME, LONGEST_COMMENT = 200, 100, 500  # characters
_GROUP = 4  # letters of a statement's reference between two dashes
# Until when a person should have decided. Money of a withdrawal goes back within 14 days (Directive 2011/83/EU,
# art. 13(1)); of a cancellation the laws say "at once", so a week is the most, and never later than the next payment.
_DEADLINES: dict[WayOut, int] = {"withdraw": 14 * DAY, "cancel": 7 * DAY}


@dataclass(frozen=True)
class LeavingStatement:
    """What somebody declared, as they typed it, and what became of it.

    `gift`: what they wrote of the gift, meant to be a receipt's reference. `when`: not before this day; None: as soon
    as possible. `address`: the keyed hash of the typed address, `client`: of where it came from. `many`: more came
    from there, or about this address, than get a receipt by mail.

    `supporter`: whose gift it is about, once that is known, and `target` the gift that it names: a recurring gift's
    id, or a payment's. `by`: how it came to be carried out, or who closed it, with a `note`. `outcome`: a word for
    what it comes to, or for why it waits. `deadline`: by when a person should have decided. `tries`: of the sweep.
    """

    id: str
    kind: WayOut
    email: EmailAddress
    language: str
    received_at: BusinessTime
    gift: str = ""
    when: date | None = None
    name: str = ""
    comment: str = ""
    address: str = ""
    client: str = ""
    many: bool = False
    status: Status = "received"
    supporter: SupporterId | None = None
    target: str = ""
    by: str = ""
    outcome: str = ""
    note: str = ""
    deadline: BusinessTime | None = None
    tries: int = 0
    failures: Failures = field(default_factory=Failures)

    @property
    def reference(self) -> str:
        """The statement's own reference, as it is shown: `7K3M-XQ4T-9ZBD`."""
        return "-".join(self.id[at : at + _GROUP] for at in range(0, len(self.id), _GROUP))

    @property
    def wish(self) -> str:
        """`soonest`, or the day before which it shall not end: `2027-01-31`."""
        return self.when.isoformat() if self.when else "soonest"


def statement_id(typed: str) -> str:
    """The id that a reference as somebody types it stands for."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def deadline(statement: LeavingStatement, payments: Iterable[int | None] = ()) -> BusinessTime:
    """By when a person should have decided; not later than the next payment that it could still stop.

    :param payments: when the gifts that it may be about are next charged.
    """
    latest = statement.received_at + _DEADLINES[statement.kind]
    coming = [at for at in payments if at is not None and at > statement.received_at]
    return BusinessTime(min([latest, *coming]))
