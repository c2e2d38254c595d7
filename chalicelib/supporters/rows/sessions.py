"""Signed-in browsers. A session's secret is in its cookie only; here stands its hash, whose it is and until when."""

from dataclasses import dataclass

from chalicelib.kernel import ids, keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import EXISTING, NEW, Delete, Put, Table, Update, written


@dataclass(frozen=True)
class StoredSession:
    """A signed-in browser. `epoch` is the supporter's at sign-in: once that is raised, the session is over.

    `expires` moves on with each visit. `remember` is False when the cookie ends with the
    browser.
    """

    supporter: SupporterId
    epoch: int
    signed_in_at: RealTime
    expires: RealTime
    remember: bool


def put(table: Table, secret: str, session: StoredSession) -> None:
    """Keep a session under the hash of its secret."""
    pk, sk = keys.session(ids.fingerprint(secret))
    table.write(Put({"pk": pk, "sk": sk, **vars(session)}, NEW))


def read(table: Table, secret: str, now: RealTime) -> StoredSession | None:
    """The session of this secret, unless its time is over. The caller compares the epoch."""
    item = table.get(keys.session(ids.fingerprint(secret)))
    if item is None or item["expires"] <= now:
        return None
    return StoredSession(**{name: item[name] for name in StoredSession.__dataclass_fields__})


def prolong(table: Table, secret: str, expires: RealTime) -> bool:
    """Let a session end later (or earlier); False when it is gone already."""
    key = keys.session(ids.fingerprint(secret))
    return written(table, Update(key, set={"expires": expires}, only_if=EXISTING))


def delete(table: Table, secret: str) -> None:
    """End a session."""
    table.write(Delete(keys.session(ids.fingerprint(secret))))
