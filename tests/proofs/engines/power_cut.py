"""Webhooks while the engine is killed: who was answered what, and what the disk held at that moment."""

import shutil
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random

from chalicelib.inbox import rows as inbox
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.table import Delete, Item, Put, Table, TableUnavailable, Update
from testkit.dynoxide import Dynoxide
from testkit.harness import Harness
from testkit.tables import Around
from testkit.webhooks import Json

WORKERS = 8
# As long as the mails of a kill may lie until the sweep takes them up: business time, in seconds.
LATER = 2 * 3600


class Marking(Around):
    """Notes the mails that could not be marked as sent: nobody can know that they went, so they go once more."""

    def __init__(self, inner: Table) -> None:
        super().__init__(inner)
        self.unmarked: set[str] = set()

    def write(self, change: Put | Update | Delete) -> Item | None:
        """See the port."""
        try:
            return self.inner.write(change)
        except TableUnavailable:
            if isinstance(change, Update) and change.set.get("status") == "sent":
                self.unmarked.add(change.key[0].removeprefix("MAIL#"))
            raise


class Optimist(Around):
    """The negative control: takes an event for stored although the table said no."""

    def write(self, change: Put | Update | Delete) -> Item | None:
        """See the port."""
        try:
            return self.inner.write(change)
        except TableUnavailable:
            if isinstance(change, Put) and change.item["pk"].startswith("EVT#"):
                return None
            raise


class Webhooks:
    """Delivers events from several threads and keeps what each was answered."""

    def __init__(self, harness: Harness) -> None:
        self._till = harness
        self._changed = threading.Condition()
        # Event -> whether it was called applied; an event that is not in here was never answered 2xx.
        self.answered: dict[str, bool] = {}
        self.count = self.refused = self.expected = 0

    def all_at_once(self, deliveries: Sequence[Json]) -> None:
        """Deliver all of them, eight at a time, in this order more or less."""
        with self._changed:
            self.expected += len(deliveries)
        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(self.deliver, deliveries))

    def deliver(self, event: Json) -> None:
        """One webhook; a 503 is what Stripe sends again later."""
        try:
            answer = self._till.take_in(event)
        except Unavailable:
            with self._changed:
                self.refused += 1
                self._changed.notify_all()
            return
        with self._changed:
            assert answer["stored"]
            self.count += 1
            self.answered[event["id"]] = self.answered.get(event["id"], False) or bool(answer["applied"])
            self._changed.notify_all()

    def wait_for(self, more: int) -> None:
        """Wait until so many more have had an answer of any kind, or all have."""
        with self._changed:
            wanted = self.count + self.refused + more
            enough = self._changed.wait_for(
                lambda: self.expected and self.count + self.refused >= min(wanted, self.expected), 60
            )
        assert enough, f"waited in vain for {more} more answers"

    def snapshot(self) -> dict[str, bool]:
        """What was answered so far."""
        with self._changed:
            return dict(self.answered)


@contextmanager
def killed_meanwhile(
    engine: Dynoxide, webhooks: Webhooks, after: int, to: Path, *, away: int = 0
) -> Iterator[dict[str, bool]]:
    """While the body delivers: kill the engine a moment after so many answers, keep its file `to`, start it again.

    It stays away until `away` more webhooks have had an answer, if they need no engine for it.

    Gives what had been answered 2xx when the engine was dead. The engine had done all of that before; so all of it
    must stand in the file.
    """
    failed: list[BaseException] = []
    answered: dict[str, bool] = {}
    pause = Random().uniform(0, 0.03)  # noqa: S311 - another moment in every run, on purpose

    def cut() -> None:
        try:
            webhooks.wait_for(after)
            time.sleep(pause)
            engine.kill()
            answered.update(webhooks.snapshot())
            if engine.database:
                for part in engine.database.parent.glob(engine.database.name + "*"):  # SQLite's log lies beside it
                    shutil.copy(part, to / part.name)
            webhooks.wait_for(away)
            engine.start()
        except BaseException as error:  # noqa: BLE001 - raised in the test's own thread below
            failed.append(error)

    thread = threading.Thread(target=cut)
    thread.start()
    try:
        yield answered
    finally:
        thread.join(90)
    if failed:
        raise failed[0]


def missing(table: Table, answered: Mapping[str, bool]) -> list[str]:
    """The events that were answered 2xx and are not there, or were called applied and are not."""
    lost = []
    for event_id, applied in answered.items():
        stored = inbox.read(table, event_id)
        if stored is None or (applied and stored.status not in inbox.DONE):
            lost.append(event_id)
    return lost
