"""Which test reaches which statement of the rules, recorded while every test runs once."""

import builtins
import time
from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.mutants.live import PROBE, Live, Statement


@dataclass
class Reached:
    """One test: how long it took, whether it passed, and what it reached, by its fixtures or by itself."""

    seconds: float = 0.0
    passed: bool = True
    statements: set[Statement] = field(default_factory=set)


class Recorder:
    """A plugin that notes what each test reaches.

    A fixture of a module or of the run is set up once: what it reached counts for every test that uses it.
    """

    def __init__(self, live: Live) -> None:
        self.tests: defaultdict[str, Reached] = defaultdict(Reached)
        self._live = live
        self._reached: set[Statement] = set()
        self._by_fixture: defaultdict[int, set[Statement]] = defaultdict(set)
        setattr(builtins, PROBE, self._reached.add)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
        """Set the reach of a shared fixture apart."""
        if fixturedef.scope == "function":
            return (yield)
        before = set(self._reached)
        self._reached.clear()
        try:
            return (yield)
        finally:
            self._by_fixture[id(fixturedef)] |= self._reached
            self._reached |= before

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Function) -> Generator[None, Any, Any]:
        """Note what this test reaches. What another test left in a cache would hide it."""
        self._live.forget()
        self._reached.clear()
        started = time.perf_counter()
        result = yield
        noted = self.tests[item.nodeid]
        noted.seconds = time.perf_counter() - started
        shared = (self._by_fixture.get(id(one), set()) for one in _fixtures(item))
        noted.statements = self._reached.union(*shared)
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that fails or is skipped without any mutant says nothing about one."""
        if not report.passed:
            self.tests[report.nodeid].passed = False


def _fixtures(item: pytest.Function) -> Iterator[Any]:
    for definitions in item._fixtureinfo.name2fixturedefs.values():
        yield from definitions


def in_turn(tests: Iterable[tuple[str, Reached]]) -> list[str]:
    """The order to try tests in: the fastest of each file, then each file's next, so that many kinds come early."""
    files: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for name, reached in tests:
        files[name.partition("::")[0]].append((reached.seconds, name))
    turns = [(turn, seconds, name) for one in files.values() for turn, (seconds, name) in enumerate(sorted(one))]
    return [name for _, _, name in sorted(turns)]


def within(names: list[str], tests: dict[str, Reached], seconds: float) -> list[str]:
    """As many of these tests, in this order, as take so many seconds together; at least one."""
    chosen: list[str] = []
    left = seconds
    for name in names:
        left -= tests[name].seconds
        if left < 0 and chosen:
            continue
        chosen.append(name)
    return chosen
