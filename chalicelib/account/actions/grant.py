"""Grants access by the newsroom's hand: to somebody who gave by bank transfer, or works here."""

import dataclasses
import getpass
from dataclasses import dataclass

from chalicelib.articles.rules.known_tiers import check_tier
from chalicelib.articles.rules.policy import AtLeast
from chalicelib.kernel import email_address, ids
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import BadInput, Conflict
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Change, Contended, Table, TransactionLost, compare_and_swap
from chalicelib.newsroom.rules import Newsroom
from chalicelib.supporters.rows import history, supporters
from chalicelib.supporters.rules.access import Grant
from chalicelib.supporters.rules.state import Profile, State


@dataclass(frozen=True)
class Granted:
    """A grant by hand, and who has it; `created` when the address (here in its stored form) was new to us."""

    supporter: SupporterId
    email: EmailAddress
    grant: str
    created: bool


def grant_access(  # noqa: PLR0913 - a grant is all of these
    table: Table,
    newsroom: Newsroom,
    email: str,
    *,
    tier: str,
    until: int,
    reason: str,
    email_key: str,
    now: BusinessTime,
    by: str | None = None,
) -> Granted:
    """Grant a tier until a given time, whatever its owner gave.

    The grant, its line of history and, if need be, the supporter are written in one transaction.


    :param until: seconds of the same clock as `now`.
    :param by: who decided; None: whoever runs the command.
    :raises BadInput: `unknown_tier`, `bad_until`, `bad_reason`, `bad_email`.
    :raises Conflict: `busy`: others kept changing this supporter; nothing was done.
    """
    check_tier(AtLeast(tier), newsroom, field="tier")
    if until <= now:
        raise BadInput("The grant would end before it begins.", code="bad_until", field="until")
    if not reason.strip():
        raise BadInput("Say why, so that somebody can ask later.", code="bad_reason", field="reason")
    address = email_address.read(email)
    given = Grant(id=f"grant_{ids.new_id()}", tier=tier, at=now, until=until)
    why = {"reason": reason.strip(), "by": by or getpass.getuser()}

    def plan() -> tuple[list[Change], Granted]:
        known = supporters.find_by_email(table, address, email_key)
        supporter = known or SupporterId(ids.new_id())
        profile = Profile(address, newsroom.languages[0], now)
        new = [] if known else supporters.new_supporter(supporter, profile, email_key)
        state = supporters.read_state(table, supporter)
        if state.moved_to:  # their address has just become somebody else's: look it up again
            raise TransactionLost([])
        facts = {"grant": given.id, "tier": tier, "until": until, **why}
        line = history.line(supporter, now, ["grant:access:given"], unique=given.id, **facts)
        done = Granted(supporter, address, given.id, created=known is None)
        return [*new, supporters.save_state(_with_grant(state, given)), line], done

    try:
        return compare_and_swap(table, plan)
    except Contended:
        raise Conflict("Others are at this supporter just now. Please try again.", code="busy") from None


def _with_grant(state: State, given: Grant) -> State:
    grants = (*state.standing.grants, given)
    return dataclasses.replace(state, standing=dataclasses.replace(state.standing, grants=grants))
