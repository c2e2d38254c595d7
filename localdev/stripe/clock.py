"""Moving business time: what falls due on the way happens at its own moment, in order."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from localdev.stripe import billing, checkout, collecting, pausing, payments, pending
from localdev.stripe.account import Account

JOBS: dict[str, Callable[[Account, str], None]] = {
    "book": payments.book_due,
    "cancel": billing.cancel_due,
    "collect": pausing.collect_due,
    "expire": checkout.expire_due,
    "lapse": pending.lapse,
    "renew": billing.renew,
    "retry": billing.retry,
    "unconfirmed": collecting.unconfirmed,
}
_TICK_SECONDS = 2.0
# How long one step of a moving clock waits for the app to hear of it, and all steps together.
_STEP_WAIT_SECONDS, _WAIT_SECONDS = 5.0, 60.0

log = logging.getLogger("stand-in.clock")


class Clock:
    """The one that moves time; two advances at once happen one after the other."""

    def __init__(self, account: Account) -> None:
        self._account, self._business = account, account.config.clock
        self._moving = threading.Lock()
        self._stopping = threading.Event()

    def advance(self, by: timedelta) -> list[str]:
        """Move business time forward; answers the ids of the events on the way.

        Each step is told to the app before time goes on, so that the app sees it at its own moment.
        """
        with self._moving:
            ahead = self._business.offset() + by
            events = self._run_until(self._business.now() + by, patience=_WAIT_SECONDS)
            # Real time went on meanwhile; business time ends up ahead of it by exactly what was asked.
            self._business.advance(max(timedelta(), ahead - self._business.offset()))
            return events

    def catch_up(self) -> list[str]:
        """Do what real time has made due."""
        with self._moving:
            return self._run_until(self._business.now(), patience=0)

    def _run_until(self, target: datetime, *, patience: float) -> list[str]:
        events: list[str] = []
        patient_until = time.monotonic() + patience
        while (due := self._account.store.next_due(int(target.timestamp()))) is not None:
            at, job, identifier = due
            self._business.advance(max(timedelta(), datetime.fromtimestamp(at, UTC) - self._business.now()))
            with self._account.change() as batch:
                # Off the list first: the job itself says when it is due again.
                self._account.store.schedule(job, identifier, None)
                JOBS[job](self._account, identifier)
            events += batch
            left = patient_until - time.monotonic()
            if left > 0 and not self._account.deliveries.wait(batch, min(left, _STEP_WAIT_SECONDS)):
                patient_until = 0  # nobody listens: the events wait in the queue, time need not
        return events

    def start(self) -> None:
        """Let real time make things due as well (a day-old session expires on its own)."""
        threading.Thread(target=self._loop, name="clock", daemon=True).start()

    def stop(self) -> None:
        """Let the thread end."""
        self._stopping.set()

    def _loop(self) -> None:
        while not self._stopping.wait(_TICK_SECONDS):
            try:
                self.catch_up()
            except Exception:
                log.exception("Something that was due could not be done; trying again.")
