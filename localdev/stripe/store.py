"""Everything the stand-in knows, in one SQLite file. A change is on disk before anyone hears of it.

One connection behind one lock: the stand-in is one process, and a request is one transaction. `kill -9` loses nothing
that was answered.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from localdev.stripe.errors import Json

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    created INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, created DESC, seq DESC);
CREATE TABLE IF NOT EXISTS notes (id TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS due (at INTEGER NOT NULL, job TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (job, id));
CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL,
    endpoint TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL,
    next_at REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    status INTEGER,
    note TEXT
);
CREATE INDEX IF NOT EXISTS deliveries_waiting ON deliveries (state, next_at);
CREATE INDEX IF NOT EXISTS deliveries_by_event ON deliveries (event, endpoint);
CREATE TABLE IF NOT EXISTS idempotency (
    key TEXT PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL
);
"""

# A discount has a `start`, an invoice item a `date` where everything else has `created`.
_CREATED = ("created", "start", "date")
# What objects are looked up by. Kind and order are in the index: otherwise a look-up reads all objects of a kind.
_LOOKED_UP_BY = (
    "charge",
    "customer",
    "invoice",
    "parent.subscription_details.subscription",
    "payment.payment_intent",
    "payment_intent",
    "source",
)


class Store:
    """Objects as Stripe would show them, private notes beside them, what is due, and deliveries."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        # Survives the end of the process at any moment; only the machine losing power could cost the last commits.
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._add_endpoints()
        self._connection.executescript(_SCHEMA)
        for field in _LOOKED_UP_BY:
            self._connection.execute(
                f"CREATE INDEX IF NOT EXISTS objects_with_{field.replace('.', '_')}"
                f" ON objects (kind, json_extract(body, '$.{field}'), created DESC, seq DESC)"
            )
        for unused in ("payment_intent", "customer"):
            self._connection.execute(f"DROP INDEX IF EXISTS objects_by_{unused}")

    def _add_endpoints(self) -> None:
        """A file from before there were several endpoints: its deliveries were all for the stack's own."""
        columns = {row["name"] for row in self._connection.execute("PRAGMA table_info(deliveries)")}
        if columns and "endpoint" not in columns:
            self._connection.execute("DROP INDEX IF EXISTS deliveries_by_event")
            own = "we_1SpilnoStandIn"
            self._connection.execute(f"ALTER TABLE deliveries ADD COLUMN endpoint TEXT NOT NULL DEFAULT '{own}'")

    def close(self) -> None:
        """Close the file; needed only where one process opens several stores."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; an inner one joins the outer."""
        with self._lock:
            if self._depth:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            else:
                self._connection.execute("COMMIT")
            finally:
                self._depth -= 1

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """What is written within is seen within, and never happened."""
        with self.transaction():
            self._connection.execute("SAVEPOINT rehearsal")
            try:
                yield
            finally:
                self._connection.execute("ROLLBACK TO rehearsal")
                self._connection.execute("RELEASE rehearsal")

    def copy_into(self, other: "Store") -> None:
        """Make the other store what this one is now."""
        self._connection.backup(other._connection)  # noqa: SLF001 - of its own kind

    def run(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """One statement with its rows."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def put(self, value: Json) -> Json:
        """Write an object under its `id`, new or changed."""
        self.run(
            "INSERT INTO objects (id, kind, created, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            value["id"],
            value["object"],
            next(value[name] for name in _CREATED if name in value),
            json.dumps(value, ensure_ascii=False),
        )
        return value

    def get(self, identifier: str, kind: str | None = None) -> Json | None:
        """The object with this id, if it is there and of this kind."""
        rows = self.run("SELECT kind, body FROM objects WHERE id = ?", identifier)
        if not rows or (kind is not None and rows[0]["kind"] != kind):
            return None
        found: Json = json.loads(rows[0]["body"])
        return found

    def find(self, kind: str, *, limit: int = -1, after: str | None = None, **equal: object) -> list[Json]:
        """Objects of a kind, newest first, whose fields equal these; `a__b=1` looks at `.a.b`."""
        conditions = [(f"json_extract(body, '$.{name.replace('__', '.')}') = ?", [x]) for name, x in equal.items()]
        return self.page(kind, conditions, limit=limit, after=after)

    def page(
        self,
        kind: str,
        conditions: Sequence[tuple[str, Sequence[object]]],
        *,
        limit: int = -1,
        after: str | None = None,
        before: str | None = None,
    ) -> list[Json]:
        """One page in Stripe's order (newest first), by SQL conditions. `before` gives the page that ends there."""
        wheres: list[str] = ["kind = ?"]
        values: list[object] = [kind]
        for sql, more in conditions:
            wheres.append(sql)
            values.extend(more)
        for cursor, sign in ((after, "<"), (before, ">")):
            if cursor is not None:
                there = "(SELECT created, seq FROM objects WHERE id = ?)"
                wheres.append(f"(created, seq) {sign} {there}")
                values.append(cursor)
        order = "ASC" if before is not None else "DESC"
        # Only column names and comparison signs written in this package are put together here; values are bound.
        sql = f"SELECT body FROM objects WHERE {' AND '.join(wheres)} ORDER BY created {order}, seq {order} LIMIT ?"  # noqa: S608 - see above
        rows = [json.loads(row["body"]) for row in self.run(sql, *values, limit)]
        return rows[::-1] if before is not None else rows

    def note(self, identifier: str) -> Json:
        """What the stand-in remembers about an object but Stripe would not show."""
        rows = self.run("SELECT body FROM notes WHERE id = ?", identifier)
        return json.loads(rows[0]["body"]) if rows else {}

    def write_note(self, identifier: str, **changes: Any) -> Json:
        """Change a note's fields and answer all of it."""
        note = {**self.note(identifier), **changes}
        self.run("INSERT OR REPLACE INTO notes (id, body) VALUES (?, ?)", identifier, json.dumps(note))
        return note

    def schedule(self, job: str, identifier: str, at: int | None) -> None:
        """Remember that `job` is due for an object at a moment (Unix seconds of business time); None forgets it."""
        if at is None:
            self.run("DELETE FROM due WHERE job = ? AND id = ?", job, identifier)
        else:
            self.run("INSERT OR REPLACE INTO due (at, job, id) VALUES (?, ?, ?)", at, job, identifier)

    def next_due(self, until: int) -> tuple[int, str, str] | None:
        """The earliest `(at, job, id)` due by `until`; of two at one moment `cancel` comes before `renew`."""
        rows = self.run("SELECT at, job, id FROM due WHERE at <= ? ORDER BY at, job LIMIT 1", until)
        return (rows[0]["at"], rows[0]["job"], rows[0]["id"]) if rows else None
