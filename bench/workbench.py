"""What every measured operation needs: a newsroom at work, and the meter on its table."""

import importlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bench.meter import Bill, Meter
from chalicelib.aws import dynamodb
from chalicelib.mail.actions.send import MailSender
from chalicelib.observing import log_context
from chalicelib.rails.stripe import receive as receive_event
from testkit.engine import Engine
from testkit.harness import Harness
from testkit.webhooks import Json, raw


@dataclass(frozen=True)
class Measured:
    """One operation's name, as in `targets.py`, and what it consumed."""

    name: str
    bill: Bill


@dataclass(frozen=True)
class _Later(MailSender):
    """A mail sender that leaves every mail in the outbox, so that applying and sending are measured apart."""

    left: list[str] = field(default_factory=list)

    def deliver(self, mails: Iterable[str], now: int) -> None:
        """See MailSender."""
        del now
        self.left.extend(mails)


class Workbench:
    """A harness on one table; `measure` puts one piece of work on a bill."""

    def __init__(self, engine: Engine, table: str) -> None:
        self.harness = Harness(engine.table(table))
        client = dynamodb.client(engine.endpoint, local=True)
        self.harness.table = dynamodb.DynamoTable(client, table)
        self._meter = Meter(client, dynamodb.client(engine.endpoint, local=True), table)

    def measure(self, name: str, work: Callable[[], object]) -> Measured:
        """What this work consumes."""
        with self._meter.reading() as bill:
            work()
        return Measured(name, bill)

    def store(self, event: Json) -> bool:
        """Make an event durable, and no more; whether it waits to be applied."""
        body = raw(event)
        harness = self.harness
        return receive_event.store(receive_event.parse(body), body, harness.table, now=harness.now(), live=False)

    def apply(self, event: Json) -> list[str]:
        """Apply a stored event; answers the mails that are now waiting.

        :raises AssertionError: it could not be applied.
        """
        harness = self.harness
        later = _Later(**vars(harness.mail_sender))
        error = receive_event.tried(
            event["id"], harness.stripe_deps, later, now=harness.now(), real_now=harness.real_now()
        )
        assert error is None, error
        return later.left

    def send(self, mails: list[str]) -> None:
        """Send these mails."""
        for mail in mails:
            assert self.harness.mail_sender.try_send(mail, self.harness.now())

    def measure_applying(self, name: str, event: Json) -> Measured:
        """What applying this event consumes, once it is stored, without its mails; they go out unmeasured."""
        assert self.store(event), event["type"]
        left: list[str] = []
        measured = self.measure(name, lambda: left.extend(self.apply(event)))
        self.send(left)
        return measured


@contextmanager
def open_workbench(engine: Engine, table: str) -> Iterator[Workbench]:
    """A workbench that the app is wired to until the end; the app writes no log, so that tables can be read."""
    importlib.import_module("app")  # which makes this process write one, as a function does
    log_context.stage = ""
    workbench = Workbench(engine, table)
    with workbench.harness.installed():
        yield workbench
