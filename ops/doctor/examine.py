"""Runs all checks at the same time, each with a time-out; one that cannot be made never hides the others."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from chalicelib.kernel.moments import BusinessTime
from ops.doctor.findings import Finding
from ops.doctor.obstacles import Obstacle, obstacle
from ops.doctor.probe import AnyProbe
from ops.doctor.subject import Subject


@dataclass(frozen=True)
class Examined:
    """One check's result: findings, or why there are none. `not_here`: why this stage has no such thing."""

    area: str
    what: str
    findings: Sequence[Finding] = ()
    obstacle: Obstacle | None = None
    not_here: str = ""


def examine(probes: Sequence[AnyProbe], subject: Subject, *, now: BusinessTime, seconds: float) -> list[Examined]:
    """Run all checks; answers their results in the order of `probes`.

    :param seconds: how long one check may take.
    """
    running = [None if subject.local and probe.not_local else _start(probe, subject, now) for probe in probes]
    deadline = time.monotonic() + seconds
    return [
        Examined(probe.area, probe.what, not_here=probe.not_local)
        if future is None
        else _outcome(probe, future, deadline, local=subject.local)
        for probe, future in zip(probes, running, strict=True)
    ]


def _start(probe: AnyProbe, subject: Subject, now: BusinessTime) -> Future[list[Finding]]:
    """Run a check in a thread of its own: a daemon, so that one that hangs does not keep the command from ending."""
    future: Future[list[Finding]] = Future()

    def run() -> None:
        try:
            future.set_result(probe.findings(subject, now))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is reported, and the other checks go on
            future.set_exception(error)

    threading.Thread(target=run, daemon=True, name=f"doctor {probe.what}").start()
    return future


def _outcome(probe: AnyProbe, future: Future[list[Finding]], deadline: float, *, local: bool) -> Examined:
    try:
        found = future.result(max(0.0, deadline - time.monotonic()))
    except Exception as error:  # noqa: BLE001 - reported as what kept the check from being made
        return Examined(probe.area, probe.what, obstacle=obstacle(error, local=local))
    return Examined(probe.area, probe.what, found)
