"""Sessions: open one, find out whose it is, end one, end all of a supporter's."""

import dataclasses
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.kernel import ids
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Contended, Table, TableUnavailable
from chalicelib.supporters.rows import sessions, supporters
from chalicelib.supporters.rows.sessions import StoredSession
from chalicelib.supporters.rules.state import State

YEAR = 365 * 86_400
IDLE = 90 * 86_400  # a remembered session ends after so long without a visit: a lost phone is not open for a year
DAY = 86_400


@dataclass(frozen=True)
class OpenSession:
    """A live session and its supporter's state, read together."""

    session: StoredSession
    state: State

    @property
    def supporter(self) -> SupporterId:
        """The supporter's opaque identifier."""
        return self.session.supporter


def open_session(table: Table, supporter: SupporterId, *, remember: bool, now: RealTime) -> tuple[str, OpenSession]:
    """A new session, under a new secret; answers the secret for the cookie, and who is signed in.

    Remembered for a year, if it is visited once in 90 days; otherwise until the browser closes, and a day at most.
    """
    secret = ids.new_secret()
    state = supporters.read_state(table, supporter)
    session = StoredSession(supporter, state.epoch, now, now, remember)
    session = dataclasses.replace(session, expires=ends_at(session, now))
    sessions.put(table, secret, session)
    return secret, OpenSession(session, state)


def ends_at(session: StoredSession, visited: RealTime) -> RealTime:
    """When a session ends if it is visited now and never again."""
    begun = session.signed_in_at
    return RealTime(min(begun + YEAR, visited + IDLE) if session.remember else begun + DAY)


def read_session(table: Table, secret: str, now: RealTime) -> OpenSession | None:
    """Who is signed in by this secret; None when it is over: too old, signed out, signed out everywhere."""
    if not secret:
        return None
    session = sessions.read(table, secret, now)
    if session is None:
        return None
    state = supporters.read_state(table, session.supporter)
    if state.epoch != session.epoch:
        return None
    _visited(table, secret, session, now)
    return OpenSession(session, state)


def _visited(table: Table, secret: str, session: StoredSession, now: RealTime) -> None:
    """Note a visit, once a day at most: every page view asks, and each note is a write."""
    ends = ends_at(session, now)
    # The other way round, too: sessions of before were to last for a year, visited or not.
    if abs(ends - session.expires) < DAY:
        return
    # Signed out meanwhile, or the table takes no writes: whoever reads now is read all the same.
    with suppress(TableUnavailable):
        sessions.prolong(table, secret, ends)


def end_session(table: Table, secret: str) -> None:
    """Sign this browser out."""
    if secret:
        sessions.delete(table, secret)


def end_everywhere(table: Table, supporter: SupporterId) -> None:
    """Sign out on all devices: sessions opened before now are over at the next look.

    :raises Conflict: `busy`: others kept changing this supporter; nothing is done then.
    """
    try:
        supporters.change_state(table, supporter, lambda state: dataclasses.replace(state, epoch=state.epoch + 1))
    except Contended:
        message = "We could not sign you out everywhere just now. Please try again."
        raise Conflict(message, code="busy") from None
