"""A client of the Stripe stand-in: its control calls, and all its objects, read from its own file."""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import requests

from chalicelib.settings import LOCAL_STRIPE_KEY

ENDPOINT = "we_1SpilnoStandIn"  # the stack's own
Json = dict[str, Any]
_SECONDS = 300  # moving the clock past many renewals takes long


class Refused(Exception):
    """The stand-in refused a step that does not fit what happened before."""


class StandIn:
    """The stand-in, by its `url` and the `file` of its data."""

    def __init__(self, url: str, file: Path) -> None:
        self._url, self._file = url, file
        self._of_thread = threading.local()

    @property
    def _http(self) -> requests.Session:
        """An HTTP session for each thread: several supporters act at once."""
        if not hasattr(self._of_thread, "http"):
            self._of_thread.http = requests.Session()
            self._of_thread.http.trust_env = False
        session: requests.Session = self._of_thread.http
        return session

    def control(self, path: str, /, **form: Any) -> Json:
        """One call of `/_control/…`.

        :raises Refused: it does not fit.
        """
        answer = self._http.post(f"{self._url}/_control/{path}", json=form, timeout=_SECONDS)
        if 400 <= answer.status_code < 500:  # noqa: PLR2004 - HTTP's own border
            raise Refused(f"{path}: {answer.json()['error']['message']}")
        answer.raise_for_status()
        told: Json = answer.json()
        return told

    def listen_to(self, types: Iterable[str]) -> None:
        """Send the stack's own endpoint only these types, as a newsroom's would ask for."""
        wanted = {f"enabled_events[{at}]": kind for at, kind in enumerate(sorted(types))}
        url = f"{self._url}/v1/webhook_endpoints/{ENDPOINT}"
        self._http.post(url, data=wanted, auth=(LOCAL_STRIPE_KEY, ""), timeout=_SECONDS).raise_for_status()

    def look(self, path: str) -> Json:
        """The answer of `GET /_control/…`."""
        answer = self._http.get(f"{self._url}/_control/{path}", timeout=_SECONDS)
        answer.raise_for_status()
        told: Json = answer.json()
        return told

    def all(self, kind: str) -> list[Json]:
        """Every object of a kind, oldest first."""
        return [json.loads(row["body"]) for row in self._rows("SELECT body FROM objects WHERE kind = ?", kind)]

    def get(self, identifier: str) -> Json:
        """One object."""
        (row,) = self._rows("SELECT body FROM objects WHERE id = ?", identifier)
        found: Json = json.loads(row["body"])
        return found

    def having(self, kind: str, path: str, value: str) -> list[Json]:
        """The objects of a kind whose field at this JSON path has this value, oldest first."""
        where = f"kind = ? AND json_extract(body, '$.{path}') = ? ORDER BY seq"
        return [json.loads(row["body"]) for row in self._rows(f"SELECT body FROM objects WHERE {where}", kind, value)]  # noqa: S608 - paths are our own

    def note(self, identifier: str) -> Json:
        """What the stand-in remembers beside an object."""
        rows = self._rows("SELECT body FROM notes WHERE id = ?", identifier)
        found: Json = json.loads(rows[0]["body"]) if rows else {}
        return found

    def foreign(self) -> set[str]:
        """The ids of what other products took."""
        rows = self._rows("SELECT id FROM notes WHERE json_extract(body, '$.foreign')")
        return {row["id"] for row in rows}

    def notes(self, prefix: str) -> dict[str, Json]:
        """What the stand-in remembers beside each object whose id starts with this."""
        rows = self._rows("SELECT id, body FROM notes WHERE id LIKE ?", f"{prefix}%")
        return {row["id"]: json.loads(row["body"]) for row in rows}

    def events(self) -> list[tuple[int, Json]]:
        """Every event that is still known, with its place in the order in which they were made."""
        rows = self._rows("SELECT seq, body FROM objects WHERE kind = 'event' ORDER BY seq")
        return [(row["seq"], json.loads(row["body"])) for row in rows]

    def deliveries(self) -> dict[str, int]:
        """Numbers of deliveries: by state, and by how often they were tried."""
        rows = self._rows("SELECT state, COUNT(*) AS number, SUM(attempts) AS tries FROM deliveries GROUP BY state")
        counts = {row["state"]: int(row["number"]) for row in rows}
        return {**counts, "tries": sum(int(row["tries"]) for row in rows)}

    def held(self) -> list[str]:
        """The events whose delivery is held."""
        return [row["event"] for row in self._rows("SELECT event FROM deliveries WHERE state = 'held' ORDER BY seq")]

    def _rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return list(self._read(sql, values))

    def _read(self, sql: str, values: tuple[object, ...]) -> Iterator[sqlite3.Row]:
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            yield from connection.execute(sql, values).fetchall()
