"""Stored sessions: the hash of the secret, whose it is and until when. The secret itself is in the cookie only."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.kernel import ids, keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import EXISTING, NEW, Change, Delete, Item, Put, Table, Update, written


@dataclass(frozen=True)
class StoredSession:
    """A session as it is stored. `epoch`: the supporter's at sign-in; once theirs is raised, the session is over.

    Times are seconds of real time; `expires` moves on with visits. `remember`: False if the cookie ends with the
    browser. `seen`: the day of the last visit, as the time of its first second in UTC. `listed`: it stands in the
    supporter's list of devices; False, and `seen` 0, for one of an earlier release until its next visit.
    """

    supporter: SupporterId
    epoch: int
    signed_in_at: RealTime
    expires: RealTime
    remember: bool
    seen: int = 0
    listed: bool = False


def name_of(secret: str) -> str:
    """What a session is stored under: the hash of its secret."""
    return ids.fingerprint(secret)


def put(name: str, session: StoredSession) -> Put:
    """The change that stores a new session under its name."""
    pk, sk = keys.session(name)
    return Put({"pk": pk, "sk": sk, **vars(session)}, NEW)


def read(table: Table, secret: str, now: RealTime) -> StoredSession | None:
    """The session of this secret; None if it has expired or there is none. The caller compares the epoch."""
    return find(table, name_of(secret), now)


def find(table: Table, name: str, now: RealTime) -> StoredSession | None:
    """The session of this name; None if it has expired or there is none. The caller compares the epoch."""
    item = table.get(keys.session(name))
    return _session(item) if item and item["expires"] > now else None


def find_any(table: Table, name: str) -> StoredSession | None:
    """The session of this name, expired or not; None if there is none."""
    return find(table, name, RealTime(0))


def prolong(table: Table, secret: str, expires: RealTime, seen: int, beside: Sequence[Change] = ()) -> bool:
    """Note a visit: change when a session expires, and the day it was last seen; False if it is gone already.

    :param beside: what else is written with it; then the session is listed from now on.
    """
    listed = {"listed": True} if beside else {}
    change = Update(keys.session(name_of(secret)), set={"expires": expires, "seen": seen, **listed}, only_if=EXISTING)
    return written(table, change, *beside)


def delete(name: str) -> Delete:
    """The change that deletes the session of this name."""
    return Delete(keys.session(name))


def _session(item: Item) -> StoredSession:
    return StoredSession(**{name: item[name] for name in StoredSession.__dataclass_fields__ if name in item})
