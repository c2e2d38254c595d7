"""The month of a reminder (`2027-03`), in the newsroom's time zone; and when a reminder is of no use any more."""

from collections.abc import Iterable
from datetime import datetime, tzinfo

from chalicelib.kernel.moments import BusinessTime
from chalicelib.ledger.rules.movements import Movement
from chalicelib.supporters.rules.access import Standing

FEWEST, MOST = 1, 12
_IN_A_YEAR = 12


def ahead(now: BusinessTime, months: int, zone: tzinfo) -> str:
    """The month that is so many months after the present one."""
    here = datetime.fromtimestamp(now, zone)
    count = here.year * _IN_A_YEAR + here.month - 1 + months
    return f"{count // _IN_A_YEAR:04}-{count % _IN_A_YEAR + 1:02}"


def is_forgotten(asked: str, month: str) -> bool:
    """Whether a reminder for the month `asked` is so late in `month` that nobody remembers having asked."""
    year, number = month.split("-")
    return asked < f"{int(year) - 1:04}-{number}"


def supports_again(standing: Standing, gifts: Iterable[Movement], since: int) -> bool:
    """Whether somebody supports the newsroom by now: a recurring gift goes on, or they gave once since then.

    :param gifts: movements, newest first; read no further than needed.
    :param since: when they asked to be reminded.
    """
    if any(gift.goes_on for gift in standing.recurring):
        return True
    for moved in gifts:
        if moved.occurred_at <= since:
            return False
        # The last payment of a gift that was stopped may come after its giver has asked.
        if moved.kind == "gift" and not moved.recurring:
            return True
    return False
