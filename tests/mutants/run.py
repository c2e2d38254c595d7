"""Every mutant of the sample against the tests that reach it: one pytest, collected once, a fork for each mutant."""

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.mutants import mutant as making
from tests.mutants import reach
from tests.mutants.children import Crashed, Overtime, Task, answers
from tests.mutants.live import Live, NotTried
from tests.mutants.mutant import Mutant
from tests.mutants.results import Result, Tried, bare
from tests.mutants.scope import ENGINE_FIXTURES, FOREIGN_FIXTURES, LEFT_OUT

_SLOWER = 10  # a test that takes so many times as long as without the mutant has noticed it
_RECORDING = 3_600.0  # seconds in which all tests must have run once
_WHOLE_MUTANT = 900.0  # seconds for one mutant's tests together, should a test not end at its own limit
_CONTROLS = 40  # of so many mutants one is a control: no mutant, and its first tests
_FIRST_TESTS = 30
_TOLD_EVERY = 50
_SLOW_FILES = 8  # that are named


class Options(NamedTuple):
    """What a run is told.

    `seconds`: how long a mutant's tests may take together in each stage, by the processor's time that they take
    without it, so that a busy machine asks the same tests. `patience`: how many seconds each test has in any case.
    `first`: the test that noticed a mutant in an earlier run, which is asked first. `again`: only these mutants; all,
    if none are named.
    """

    root: Path
    files: list[str]
    share: int
    at_least: int
    workers: int
    seconds: float
    patience: float
    first: dict[str, str]
    again: frozenset[str]
    say: Callable[[str], None]


class Run:
    """A plugin that collects as pytest does and then, in place of running the tests once, tries the mutants."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._say = options.say
        self.results: dict[str, Result] = {}
        self.unfit: list[str] = []  # tests that failed or were skipped without any mutant

    def pytest_configure(self) -> None:
        """Property tests are the same in every child, and a failure is not made smaller: nobody reads it."""
        import hypothesis

        generate = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        every = list(hypothesis.HealthCheck)
        hypothesis.settings.register_profile(
            "mutants", derandomize=True, database=None, deadline=None, phases=generate, suppress_health_check=every
        )
        hypothesis.settings.load_profile("mutants")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what judges something else."""
        items[:] = [one for one in items if isinstance(one, pytest.Function) and _is_asked(one)]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try the mutants: first with what runs in memory, then what is left with what needs an engine."""
        if session.testsfailed:
            raise session.Interrupted("Not everything could be collected.")
        session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]  # one for all children
        tried = self._options
        live = Live(tried.root, tried.files)
        sample = making.of_files(tried.root, tried.files, tried.share, tried.at_least)
        if tried.again:
            sample = [one for one in sample if one.id in tried.again]
        self.results = {one.id: Result.of(one) for one in sample}
        items = {one.nodeid: one for one in session.items if isinstance(one, pytest.Function)}
        on_engine = {name: one for name, one in items.items() if ENGINE_FIXTURES & set(one.fixturenames)}
        in_memory = {name: one for name, one in items.items() if name not in on_engine}
        for what, stage in (("in memory", in_memory), ("on an engine", on_engine)):
            left = [one for one in sample if self.results[one.id].outcome == "survived"]
            if stage and left:
                self._say(f"{len(left)} mutants, {len(stage)} tests {what}")
                self._try(live, left, stage)
        return True

    def _try(self, live: Live, sample: list[Mutant], items: dict[str, pytest.Function]) -> None:
        started = time.monotonic()
        tests = self._record(live, items)
        reaching: defaultdict[tuple[str, int, int], list[str]] = defaultdict(list)
        for name, test in tests.items():
            for statement in test.statements:
                reaching[statement].append(name)
        self._say(f"  {len(tests)} of them pass, run once in {time.monotonic() - started:.0f} s")
        for name, spent in _slowest(tests):
            self._say(f"    {spent:.0f} s in {name}")
        tasks, tried = [], []
        for mutant in sample:
            names = reaching[mutant.file, *mutant.statement]
            self.results[mutant.id].reached_by += len(names)
            if names:
                noticed = self._options.first.get(mutant.id, "")
                asked = sorted(reach.ordered(names, tests, mutant.file), key=lambda name: bare(name) != noticed)
                chosen = reach.within(asked, tests, self._options.seconds)
                timed = [(items[name], max(self._options.patience, _SLOWER * tests[name].seconds)) for name in chosen]
                tried.append((mutant, timed))
                tasks.append(Task(partial(_tried, live, mutant, timed), _WHOLE_MUTANT))
        self._control(live, [timed[:_FIRST_TESTS] for _, timed in tried[::_CONTROLS]])
        for done, (number, answer) in enumerate(answers(tasks, self._options.workers), start=1):
            mutant, timed = tried[number]
            self.results[mutant.id].note(answer, len(timed))
            if done % _TOLD_EVERY == 0 or done == len(tasks):
                killed = sum(self.results[one.id].outcome == "killed" for one, _ in tried)
                self._say(f"  {done} of {len(tasks)} tried, {killed} killed, {time.monotonic() - started:.0f} s")

    def _control(self, live: Live, sample: list[list[tuple[pytest.Function, float]]]) -> None:
        """Without any mutant the same tests pass in the same order, else all that follows says nothing."""
        tasks = [Task(partial(_tried, live, None, timed), _WHOLE_MUTANT) for timed in sample]
        for _, answer in answers(tasks, self._options.workers):
            if not isinstance(answer, Tried) or answer.by:
                raise RuntimeError(f"Without any mutant a test fails: {answer}")

    def _record(self, live: Live, items: dict[str, pytest.Function]) -> dict[str, reach.Reached]:
        """Run every test once, some in each worker, and note what it reaches."""
        files: defaultdict[str, list[pytest.Function]] = defaultdict(list)
        for name, item in items.items():
            files[name.partition("::")[0]].append(item)
        shares: list[list[pytest.Function]] = [[] for _ in range(self._options.workers)]
        for ones in sorted(files.values(), key=len, reverse=True):
            min(shares, key=len).extend(ones)
        tests: dict[str, reach.Reached] = {}
        tasks = [Task(partial(_recorded, live, share), _RECORDING) for share in shares if share]
        for _, answer in answers(tasks, self._options.workers):
            if isinstance(answer, Crashed | Overtime):
                raise RuntimeError("The tests could not be run once without any mutant.")  # noqa: TRY004 - no type of ours
            tests |= answer
        self.unfit += sorted(name for name, one in tests.items() if not one.passed)
        return {name: one for name, one in tests.items() if one.passed}


def _slowest(tests: dict[str, reach.Reached]) -> list[tuple[str, float]]:
    """The files whose tests take longest."""
    spent: defaultdict[str, float] = defaultdict(float)
    for name, one in tests.items():
        spent[name.partition("::")[0]] += one.seconds
    return sorted(spent.items(), key=lambda one: -one[1])[:_SLOW_FILES]


def _is_asked(item: pytest.Function) -> bool:
    folders = set(Path(item.nodeid.partition("::")[0]).with_suffix("").parts)
    return not (
        folders & LEFT_OUT or FOREIGN_FIXTURES & set(item.fixturenames) or item.get_closest_marker("slow") is not None
    )


class _Failures:
    """A plugin that knows whether a test failed."""

    def __init__(self) -> None:
        self.failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Every phase counts: a mutant may break a fixture."""
        self.failed = self.failed or report.failed


def _run(items: list[pytest.Function]) -> Generator[pytest.Function]:
    """Run tests as pytest does, and answer each that has run; the fixtures of the run end at last."""
    session = items[0].session
    try:
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            yield item
    finally:
        session._setupstate.teardown_exact(None)


def _recorded(live: Live, items: list[pytest.Function]) -> dict[str, reach.Reached]:
    """In a child."""
    recorder = reach.Recorder(live)
    live.instrument()
    items[0].config.pluginmanager.register(recorder)
    for _ in _run(items):
        pass
    return dict(recorder.tests)


def _tried(live: Live, mutant: Mutant | None, timed: list[tuple[pytest.Function, float]]) -> Tried | NotTried:
    """In a child: which test notices the mutant. None in a mutant's place changes nothing."""
    started = time.monotonic()
    try:
        if mutant:
            live.become(mutant)
    except NotTried as found:
        return found
    failures = _Failures()
    timed[0][0].config.pluginmanager.register(failures)
    for item, limit in timed:
        item.add_marker(pytest.mark.timeout(limit), append=False)
    running = _run([item for item, _ in timed])
    for item in running:
        if failures.failed:
            running.close()
            return Tried(item.nodeid, time.monotonic() - started)
    return Tried("", time.monotonic() - started)


def tried(options: Options, arguments: list[str]) -> tuple[dict[str, Result], list[str], int]:
    """The results of a run, the tests that could not be asked, and pytest's own exit code."""
    if str(options.root) not in sys.path:
        sys.path.insert(0, str(options.root))
    run = Run(options)
    code: Any = pytest.main(arguments, plugins=[run])
    return run.results, run.unfit, int(code)
