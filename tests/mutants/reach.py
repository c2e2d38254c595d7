"""Which test reaches which statement of the rules, recorded while every test runs once."""

import builtins
import time
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest

from tests.mutants.live import PROBE, Live, Statement

_QUICK = 0.03  # seconds


@dataclass
class Reached:
    """One test: the processor's time that it took, whether it passed, and what it reached, its fixtures included."""

    seconds: float = 0.0
    passed: bool = True
    statements: set[Statement] = field(default_factory=set)

    @cached_property
    def by_file(self) -> Counter[str]:
        """How many statements of each file it reached."""
        return Counter(file for file, _, _ in self.statements)


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
        started = time.process_time()
        result = yield
        noted = self.tests[item.nodeid]
        noted.seconds = time.process_time() - started
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


def ordered(names: Iterable[str], tests: Mapping[str, Reached], file: str) -> list[str]:
    """The order to try tests in that reach a statement of a file: the quick ones first, as a rule's own tests are.

    The others play whole lives. Of them come, by turns, one that reaches most of the file, as it is likely to be
    about it, and one of another file of tests than the last, as that plays lives of another kind.
    """
    timed = sorted((tests[name].seconds, name) for name in names)
    quick = [name for seconds, name in timed if seconds < _QUICK]
    others = [name for _, name in timed[len(quick) :]]
    by_reach = sorted(others, key=lambda name: -tests[name].by_file[file])
    turns: Counter[str] = Counter()
    by_turn: list[tuple[int, str]] = []
    for name in others:
        by_turn.append((turns[name.partition("::")[0]], name))
        turns[name.partition("::")[0]] += 1
    in_turn = [name for _, name in sorted(by_turn, key=lambda one: one[0])]
    both = (name for pair in zip(by_reach, in_turn, strict=True) for name in pair)
    return [*quick, *dict.fromkeys(both)]


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
