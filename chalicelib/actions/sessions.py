"""Sessions: open one, find out whose it is, end one, end all of a supporter's."""

import dataclasses
from dataclasses import dataclass

from chalicelib.domain import ids
from chalicelib.domain.errors import Conflict
from chalicelib.domain.supporter import State
from chalicelib.store import sessions, supporters
from chalicelib.store.sessions import Session
from chalicelib.store.table import ConditionFailed, Table

YEAR = 365 * 86_400
DAY = 86_400
_MOST_TRIES = 20


@dataclass(frozen=True)
class SignedIn:
    """A live session and its supporter's state, read together."""

    session: Session
    state: State

    @property
    def supporter(self) -> str:
        """The supporter's opaque identifier."""
        return self.session.supporter


def open_session(table: Table, supporter: str, *, remember: bool, now: int) -> str:
    """A new session, under a new secret; answers the secret for the cookie. `now` in real seconds.

    Remembered for a year; otherwise until the browser closes, and a day at most.
    """
    secret = ids.new_secret()
    epoch = supporters.read_state(table, supporter).epoch
    sessions.put(table, secret, Session(supporter, epoch, now, now + (YEAR if remember else DAY), remember))
    return secret


def read_session(table: Table, secret: str, now: int) -> SignedIn | None:
    """Who is signed in by this secret; None when it is over: too old, signed out, signed out everywhere."""
    if not secret:
        return None
    session = sessions.read(table, secret, now)
    if session is None:
        return None
    state = supporters.read_state(table, session.supporter)
    return SignedIn(session, state) if state.epoch == session.epoch else None


def end_session(table: Table, secret: str) -> None:
    """Sign this browser out."""
    if secret:
        sessions.delete(table, secret)


def end_everywhere(table: Table, supporter: str) -> None:
    """Sign out on all devices: sessions opened before now are over at the next look.

    :raises Conflict: `busy`: others kept changing this supporter; nothing is done then.
    """
    for _ in range(_MOST_TRIES):
        state = supporters.read_state(table, supporter)
        try:
            table.write(supporters.save_state(dataclasses.replace(state, epoch=state.epoch + 1)))
        except ConditionFailed:
            continue
        return
    raise Conflict("We could not sign you out everywhere just now. Please try again.", code="busy")
