"""Sessions: open one, read one, end one, end all of a supporter's."""

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
IDLE = 90 * 86_400  # a remembered session ends after so long without a visit: a lost phone stays signed in no longer
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
    """Open a session; answers the new secret, for the cookie, and the session.

    Remembered, it lasts a year, or until 90 days pass without a visit; else until the browser closes, at most a day.
    """
    secret = ids.new_secret()
    state = supporters.read_state(table, supporter)
    session = StoredSession(supporter, state.epoch, now, now, remember)
    session = dataclasses.replace(session, expires=ends_at(session, now))
    sessions.put(table, secret, session)
    return secret, OpenSession(session, state)


def ends_at(session: StoredSession, visited: RealTime) -> RealTime:
    """When a session ends whose last visit is `visited`."""
    begun = session.signed_in_at
    return RealTime(min(begun + YEAR, visited + IDLE) if session.remember else begun + DAY)


def cookie_life(session: StoredSession, now: RealTime) -> int | None:
    """For how many more seconds the browser keeps this session's cookie; None for until it closes."""
    return max(1, session.signed_in_at + YEAR - now) if session.remember else None


def read_session(table: Table, secret: str, now: RealTime) -> OpenSession | None:
    """Read the live session of this secret, and note the visit.

    None if it is over: too old, signed out, or signed out everywhere.
    """
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
    """Move a session's end on at a visit, once a day at most: every page view asks, and each time is a write."""
    ends = ends_at(session, now)
    # An end may also move back: sessions of an earlier release lasted a year without any visit.
    if abs(ends - session.expires) < DAY:
        return
    # Signed out meanwhile, or the table takes no writes: this call still gets its session.
    with suppress(TableUnavailable):
        sessions.prolong(table, secret, ends)


def end_session(table: Table, secret: str) -> None:
    """Sign this browser out."""
    if secret:
        sessions.delete(table, secret)


def end_everywhere(table: Table, supporter: SupporterId) -> None:
    """Sign a supporter out on all devices: sessions opened before now are over when they are next read.

    :raises Conflict: `busy`: others kept changing this supporter; nothing was changed.
    """
    try:
        supporters.change_state(table, supporter, lambda state: dataclasses.replace(state, epoch=state.epoch + 1))
    except Contended:
        message = "We could not sign you out everywhere just now. Please try again."
        raise Conflict(message, code="busy") from None
