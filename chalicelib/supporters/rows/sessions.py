"""Stored sessions: the hash of the secret, whose it is and until when. The secret itself is in the cookie only."""

from dataclasses import dataclass

from chalicelib.kernel import ids, keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import EXISTING, NEW, Delete, Put, Table, Update, written


@dataclass(frozen=True)
class StoredSession:
    """A session as it is stored. `epoch`: the supporter's at sign-in; once theirs is raised, the session is over.

    Times are seconds of real time; `expires` moves on with visits. `remember`: False if the cookie ends with the
    browser.
    """

    supporter: SupporterId
    epoch: int
    signed_in_at: RealTime
    expires: RealTime
    remember: bool


def put(table: Table, secret: str, session: StoredSession) -> None:
    """Store a new session under the hash of its secret."""
    pk, sk = keys.session(ids.fingerprint(secret))
    table.write(Put({"pk": pk, "sk": sk, **vars(session)}, NEW))


def read(table: Table, secret: str, now: RealTime) -> StoredSession | None:
    """The session of this secret; None if it has expired or there is none. The caller compares the epoch."""
    item = table.get(keys.session(ids.fingerprint(secret)))
    if item is None or item["expires"] <= now:
        return None
    return StoredSession(**{name: item[name] for name in StoredSession.__dataclass_fields__})


def prolong(table: Table, secret: str, expires: RealTime) -> bool:
    """Change when a session expires; False if it is gone already."""
    key = keys.session(ids.fingerprint(secret))
    return written(table, Update(key, set={"expires": expires}, only_if=EXISTING))


def delete(table: Table, secret: str) -> None:
    """Delete the session of this secret."""
    table.write(Delete(keys.session(ids.fingerprint(secret))))
