"""The mails, in a file of their own: local AWS forgets what it sent when it ends."""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.kernel import email_address

_SCHEMA = """create table if not exists mails (
    number integer primary key, id text unique not null, recipients text not null,
    subject text not null, text text not null, html text not null, sent_at real not null)"""
_COLUMNS = "id, recipients, subject, text, html, sent_at"


@dataclass(frozen=True)
class Mail:
    """One mail. `recipients` are bare addresses in lower case; `sent_at` is seconds since 1970, UTC."""

    id: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str
    sent_at: float

    @property
    def to(self) -> str:
        """The recipients as one text."""
        return ", ".join(self.recipients)

    @property
    def sent(self) -> datetime:
        """When it was sent, UTC."""
        return datetime.fromtimestamp(self.sent_at, UTC)

    def as_json(self) -> dict[str, str]:
        """The shape that `GET /messages` promises."""
        return {
            "id": self.id,
            "to": self.to,
            "subject": self.subject,
            "text": self.text,
            "html": self.html,
            "sent_at": self.sent.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }


class Box:
    """All mails in one SQLite file; each call opens it anew, so any thread may call."""

    def __init__(self, file: Path) -> None:
        self._file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._open()) as connection, connection:
            connection.execute(_SCHEMA)

    def add(self, mails: Iterable[Mail]) -> None:
        """Keep those that are not there yet."""
        rows = [(m.id, json.dumps(m.recipients), m.subject, m.text, m.html, m.sent_at) for m in mails]
        with closing(self._open()) as connection, connection:
            connection.executemany(
                f"insert or ignore into mails ({_COLUMNS}) values (?, ?, ?, ?, ?, ?)",  # noqa: S608 - our own words
                rows,
            )

    def newest_first(self, to: str | None = None, limit: int = 500) -> list[Mail]:
        """The mails to one address (in any case), or all of them."""
        # Asked for as the app would be; what is no address finds nothing.
        wanted = (email_address.usable(to) or to) if to else None
        query = f"select {_COLUMNS} from mails order by sent_at desc, number desc"  # noqa: S608 - the same
        found: list[Mail] = []
        with closing(self._open()) as connection:
            for row in connection.execute(query):
                mail = _mail(row)
                if wanted is None or wanted in mail.recipients:
                    found.append(mail)
                if len(found) == limit:
                    break
        return found

    def get(self, mail_id: str) -> Mail | None:
        """One mail."""
        query = f"select {_COLUMNS} from mails where id = ?"  # noqa: S608 - the same
        with closing(self._open()) as connection:
            row = connection.execute(query, (mail_id,)).fetchone()
        return _mail(row) if row else None

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=10)


def _mail(row: tuple[str, str, str, str, str, float]) -> Mail:
    mail_id, recipients, subject, text, html, sent_at = row
    return Mail(mail_id, tuple(json.loads(recipients)), subject, text, html, sent_at)
