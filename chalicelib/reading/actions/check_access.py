"""Decide whether a reader may read. A pass may open on its own, never refuse on its own.

a valid pass that is enough    open, and no table is read
anything else                  the session is read once, then the checkout cookie; the answer brings a new pass
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from chalicelib.articles.rules.known_tiers import check_tier
from chalicelib.articles.rules.policy import OPEN, Needed, satisfies
from chalicelib.kernel.browser import Started
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import Table
from chalicelib.newsroom.rules import Newsroom
from chalicelib.observing import log_context
from chalicelib.reading.actions.read_pass import GUEST, best_pass, issue_pass
from chalicelib.reading.actions.who_reads import Reader, who_reads
from chalicelib.reading.rules.passes import Pass
from chalicelib.reading.rules.paywall import GateDecision, Viewer, decide
from chalicelib.settings import Settings
from chalicelib.supporters.actions.sessions import read_session
from chalicelib.supporters.rules.access import RecurringGift

if TYPE_CHECKING:
    from chalicelib.aws.secrets import Secrets


class Gate(Protocol):
    """The dependencies of a gate check, each built on first use."""

    @property
    def settings(self) -> Settings:
        """The keys of passes, their issuer and audience."""

    @property
    def newsroom(self) -> Newsroom:
        """The newsroom's tiers and days of grace."""

    @property
    def table(self) -> Table:
        """The one table."""

    @property
    def secrets(self) -> "Secrets":
        """The secrets, of which a gate check needs none."""


@dataclass(frozen=True)
class Credentials:
    """What a call is known by: passes, the session's secret (or empty), the checkout cookie."""

    passes: tuple[str, ...] = ()
    session: str = ""
    checkout: Started | None = None

    @property
    def anything(self) -> bool:
        """Whether there is a session or a checkout to look up in the table."""
        return bool(self.session or (self.checkout and self.checkout.ids))


@dataclass(frozen=True)
class Access:
    """The decision, with what the reader holds; `until` in business seconds.

    `new_pass`: the pass to set as a cookie; empty: remove the cookie; None: leave it alone.
    `searched`: session and checkout were looked up; then `holds_for`, `gives` and `supporter` as in `Reader`.
    """

    decision: GateDecision
    tier: str | None = None
    until: int | None = None
    signed_in: bool = False
    new_pass: str | None = None
    searched: bool = False
    holds_for: int | None = 0
    gives: RecurringGift | None = None
    supporter: SupporterId | None = None


def check_access(
    needs: Needed, credentials: Credentials, gate: Gate, *, real_now: RealTime, now: BusinessTime
) -> Access:
    """Decide whether a reader may read, and count the decision, unless it is about what is open to all.

    :raises BadInput: `unknown_tier`.
    """
    access = _decided(needs, credentials, gate, real_now=real_now, now=now)
    if needs is not OPEN:
        log_context.gate.decided(access.decision.open)
    return access


def _decided(needs: Needed, credentials: Credentials, gate: Gate, *, real_now: RealTime, now: BusinessTime) -> Access:
    held = best_pass(credentials.passes, gate.settings, real_now=real_now, now=now)
    if held is not None and satisfies(needs, held.tiers):
        return _by_pass(needs, held)
    check_tier(needs, gate.newsroom, field="needs")
    if not credentials.anything:
        if held is not None:
            return _by_pass(needs, held)
        return Access(decide(needs, Viewer()), new_pass=_removal(credentials), searched=True)
    signed_in = read_session(gate.table, credentials.session, real_now)
    reader = who_reads(
        signed_in, credentials.checkout, gate.table, gate.newsroom, needs=needs, real_now=real_now, now=now
    )
    if reader.sub is None and held is not None:
        return _by_pass(needs, held)
    new_pass = pass_for(reader, gate.settings, real_now=real_now, now=now)
    return Access(
        decide(needs, reader.viewer),
        reader.tier,
        reader.until,
        reader.viewer.signed_in,
        new_pass or _removal(credentials),
        searched=True,
        holds_for=reader.holds_for,
        gives=reader.gives,
        supporter=reader.supporter,
    )


def pass_for(reader: Reader, settings: Settings, *, real_now: RealTime, now: BusinessTime) -> str | None:
    """A new pass, if the reader holds any tier; else None."""
    if reader.sub is None or reader.until is None or not reader.tiers:
        return None
    return issue_pass(
        reader.sub, reader.tiers, reader.until, settings, longest=reader.open_for, real_now=real_now, now=now
    )


def _by_pass(needs: Needed, held: Pass) -> Access:
    signed_in = not held.sub.startswith(GUEST)
    return Access(decide(needs, Viewer(signed_in, held.tiers)), held.tier, held.until, signed_in)


def _removal(credentials: Credentials) -> str | None:
    return "" if credentials.passes else None
