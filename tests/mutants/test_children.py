"""Children answer, end in time, and end with whoever started them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from testkit.waiting import until
from tests.mutants.children import Crashed, Overtime, Task, answers
from tests.mutants.scope import ROOT

_STARTS_ONE = """
import signal, sys, time
from tests.mutants.children import Task, answers
signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
for answer in answers([Task(lambda: time.sleep(60), 90.0)], 1):
    pass
"""


def _sleep() -> None:
    time.sleep(60)


def _end() -> None:
    os._exit(3)


def test_each_answers_and_what_does_not_end_is_ended() -> None:
    tasks = [Task(lambda: "a" * 1_000_000, 30.0), Task(_sleep, 0.2), Task(_end, 30.0), Task(os.getpid, 30.0)]
    found = dict(answers(tasks, 2))
    assert found[0] == "a" * 1_000_000
    assert isinstance(found[1], Overtime)
    assert isinstance(found[2], Crashed)
    assert found[3] != os.getpid()


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def test_a_run_that_is_ended_leaves_nobody_behind() -> None:
    run = subprocess.Popen([sys.executable, "-c", _STARTS_ONE], cwd=ROOT)
    try:
        while not _children(run.pid):
            time.sleep(0.05)
        (child,) = _children(run.pid)
    finally:
        run.send_signal(signal.SIGTERM)
    assert run.wait(30) == 128 + signal.SIGTERM
    until(lambda: not Path(f"/proc/{child}").exists(), "the child to end with its run")
