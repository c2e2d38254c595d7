"""Sessions: open one, read one, end one, end all of a supporter's; each stands in the list of their devices."""

import dataclasses
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.kernel import ids
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Contended, Table, TableUnavailable
from chalicelib.supporters.rows import devices, sessions, supporters
from chalicelib.supporters.rows.devices import DeviceKind, DeviceRow
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


def open_session(
    table: Table, supporter: SupporterId, *, remember: bool, now: RealTime, kind: DeviceKind = ""
) -> tuple[str, OpenSession]:
    """Open a session; answers the new secret, for the cookie, and the session.

    Remembered, it lasts a year, or until 90 days pass without a visit; else until the browser closes, at most a day.
    """
    secret = ids.new_secret()
    state = supporters.read_state(table, supporter)
    session = StoredSession(supporter, state.epoch, now, now, remember, seen=_day(now), listed=True)
    session = dataclasses.replace(session, expires=ends_at(session, now))
    name = sessions.name_of(secret)
    table.transact([sessions.put(name, session), devices.put(_device(name, session, kind))])
    return secret, OpenSession(session, state)


def ends_at(session: StoredSession, visited: RealTime) -> RealTime:
    """When a session ends whose last visit is `visited`."""
    begun = session.signed_in_at
    return RealTime(min(begun + YEAR, visited + IDLE) if session.remember else begun + DAY)


def cookie_life(session: StoredSession, now: RealTime) -> int | None:
    """For how many more seconds the browser keeps this session's cookie; None for until it closes."""
    return max(1, session.signed_in_at + YEAR - now) if session.remember else None


def read_session(table: Table, secret: str, now: RealTime, kind: DeviceKind = "") -> OpenSession | None:
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
    _visited(table, secret, session, now, kind)
    return OpenSession(session, state)


def _visited(table: Table, secret: str, session: StoredSession, now: RealTime, kind: DeviceKind) -> None:
    """Note a visit, and move the session's end on, once a day: every page view asks, and each time is a write.

    A session of an earlier release is listed among its supporter's devices by its first visit.
    """
    today = _day(now)
    if session.listed and today <= session.seen:
        return
    beside = [] if session.listed else [devices.put(_device(sessions.name_of(secret), session, kind))]
    # Signed out meanwhile, or the table takes no writes: this call still gets its session. An end may also move
    # back: sessions of an early release lasted a year without any visit.
    with suppress(TableUnavailable):
        sessions.prolong(table, secret, ends_at(session, now), today, beside)


def _day(now: RealTime) -> int:
    return now // DAY * DAY


def _device(name: str, session: StoredSession, kind: DeviceKind) -> DeviceRow:
    # The row outlives each visit without another write, so it ends with the longest that the session may last.
    last = session.signed_in_at + (YEAR if session.remember else DAY)
    return DeviceRow(session.supporter, name, kind, session.signed_in_at, RealTime(last))


def end_session(table: Table, secret: str) -> None:
    """Sign this browser out."""
    if secret:
        end_named(table, sessions.name_of(secret))


def end_named(table: Table, name: str) -> None:
    """End the session of this name, and take its device off the list."""
    session = sessions.find_any(table, name)
    table.write(sessions.delete(name))
    if session is not None:
        table.write(devices.delete(session.supporter, devices.id_of(name)))


def end_everywhere(table: Table, supporter: SupporterId) -> None:
    """Sign a supporter out on all devices: sessions opened before now are over when they are next read.

    :raises Conflict: `busy`: others kept changing this supporter; nothing was changed.
    """
    try:
        supporters.change_state(table, supporter, lambda state: dataclasses.replace(state, epoch=state.epoch + 1))
    except Contended:
        message = "We could not sign you out everywhere just now. Please try again."
        raise Conflict(message, code="busy") from None
