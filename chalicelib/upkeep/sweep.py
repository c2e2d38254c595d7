"""The sweep: apply due events, send due mails, follow due statements, until none is left or the time is over.

First due first, and nothing blocks the others for long: what fails is due again later than all that waits now, so the
next run begins with the others. Mails come first, with half of the time at most; then statements of leaving, with a
quarter; then events with the rest; then the mails that were left. When Stripe is down, events are not tried: it would
only use up their tries.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.inbox import rows as inbox
from chalicelib.kernel import due_work
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import TableUnavailable
from chalicelib.leaving.actions.follow import Follower, follow
from chalicelib.leaving.rows import statements
from chalicelib.mail.actions.send import MailSender
from chalicelib.mail.rows import outbox
from chalicelib.observing import metrics
from chalicelib.observing.log import log
from chalicelib.rails.stripe import paced
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.port import StripeUnavailable
from chalicelib.rails.stripe.probe import answers
from chalicelib.rails.stripe.receive import tried
from chalicelib.reconciling.circuit_breaker import CircuitBreaker
from chalicelib.reconciling.work_limits import WorkLimits
from chalicelib.wiring import Wiring

SECONDS = 240  # the default time of a run: it ends before the next one begins


def sweep(wiring: Wiring, *, everything: bool = False, limits: WorkLimits | None = None) -> Mapping[str, Any]:
    """Apply events and send mails; answers `{events, applied, mails, sent}`, `stopped` if it ended early.

    Where there were statements of leaving to follow, `statements` says how many.

    :param everything: also what is not due yet, for an operator who has just repaired something.
    :raises TableUnavailable: what waits could not be read.
    """
    due_by = None if everything else wiring.now()
    standing = inbox.inbox_status(wiring.table, due_by)
    age = wiring.now() - standing.oldest if standing.oldest else 0
    log.info("inbox", counts=metrics.inbox(max(0, age), standing.parked))
    if not standing.due and not due_work.waits(wiring.table, due_by):
        return {"events": 0, "applied": 0, "mails": 0, "sent": 0}
    events, mails = inbox.pending_events(wiring.table, due_by), outbox.unsent_mails(wiring.table, due_by)
    limits = limits or WorkLimits(paced.SWEEP, SECONDS)
    deps = wiring.stripe_deps
    deps = replace(deps, stripe=paced.Paced(deps.stripe, limits))
    run = _Run(deps, wiring.mail_sender, limits, wiring.now, wiring.real_now)
    run.send(mails, share=0.5)
    run.follow(statements.due_statements(wiring.table, due_by), share=0.75)
    if standing.due:
        run.apply(events)
    run.send(mails)
    log.info("swept", **run.done)
    return run.done


@dataclass
class _Run:
    """One run of the sweep. `seen`: names tried so far, as one that fails may stand in the same list again."""

    deps: StripeDeps
    mail_sender: MailSender
    limits: WorkLimits
    now: Callable[[], BusinessTime]
    real_now: Callable[[], RealTime]
    seen: set[str] = field(default_factory=set)
    done: dict[str, Any] = field(default_factory=lambda: dict.fromkeys(("events", "applied", "mails", "sent"), 0))

    def send(self, mails: Iterator[str], *, share: float = 1.0) -> None:
        """Send due mails until `share` of the run's time is used.

        There is no circuit breaker: a mail that fails does not use up another mail's tries.
        """
        while not self.limits.over(share) and (mail := next(mails, None)) is not None:
            if self._is_new(mail):
                self.done["mails"] += 1
                self.done["sent"] += self.mail_sender.try_send(mail, self.now())
        if share == 1.0 and self.limits.over():
            self.done.setdefault("stopped", "time")

    def follow(self, declared: Iterator[str], *, share: float) -> None:
        """Follow due statements until `share` of the run's time is used, or Stripe or the table is down."""
        while not self.limits.over(share) and (statement := next(declared, None)) is not None:
            if not self._is_new(statement):
                continue
            self.done["statements"] = self.done.get("statements", 0) + 1
            follower = Follower(self.deps, self.mail_sender, self.now(), self.real_now())
            if isinstance(follow(statement, follower), (StripeUnavailable, TableUnavailable)):
                return  # the others wait for the next run; their tries are not used up

    def apply(self, events: Iterator[tuple[str, str]]) -> None:
        """Apply due events until the time is over, or Stripe or the table is down."""
        probes = {
            "table": self.deps.table.describe,
            "stripe": lambda: answers(self.deps.stripe, self.now()),
        }
        breaker = CircuitBreaker(probes)
        for event_id, due in events:
            if self.limits.over():
                self.done["stopped"] = "time"
                return
            if not self._is_new(event_id):
                continue
            self.done["events"] += 1
            error = self._apply(event_id, due)
            self.done["applied"] += error is None
            if away := breaker.open_for(error):
                self.done["stopped"] = away
                return

    def _apply(self, event_id: str, due: str) -> Exception | None:
        now = self.now()
        try:
            if not inbox.lease(self.deps.table, event_id, due, now):
                return Taken()
        except TableUnavailable as error:
            return error
        return tried(event_id, self.deps, self.mail_sender, now=now, real_now=self.real_now())

    def _is_new(self, name: str) -> bool:
        new = name not in self.seen
        self.seen.add(name)
        return new


class Taken(Exception):
    """An event was not applied, as another sweep leased it or it is done."""
