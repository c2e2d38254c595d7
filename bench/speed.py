"""Measures our paths and the peers' in turns, A B C A B C …, each time in a fresh process."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bench import cases
from bench.cases import Event
from bench.child import SETTLE
from bench.edge import Measured
from bench.harness import checkout
from bench.processes import ROOT, Bench
from bench.sample import Sample

OURS = "Spilno"
# What each subject is called, its gate and its till.
SUBJECTS: Mapping[str, tuple[str, str]] = {
    OURS: ("app:app", "bench.ours:handler"),
    "bare handler": ("bench.peers.bare_gate:handler", "bench.peers.bare_till:handler"),
    "Powertools' resolver": ("bench.peers.powertools_gate:handler", "bench.peers.powertools_till:handler"),
    "Flask + apig-wsgi": ("bench.peers.flask_gate:handler", "bench.peers.flask_till:handler"),
    "FastAPI + Mangum": ("bench.peers.fastapi_gate:handler", "bench.peers.fastapi_till:handler"),
}
CHECKS: Mapping[str, str] = {OURS: "bench.ours:checked", "construct_event": "bench.peers.money:checked"}
CHECKOUTS: Mapping[str, Sequence[str]] = {OURS: ("app:app",), "bare handler": ("bench.peers.bare_checkout:handler",)}
SMALL, LARGE = 5_000, 50_000
Samples = Mapping[str, Sample]


@dataclass(frozen=True)
class Rounds:
    """How often each is measured, and how many requests a warm round has."""

    cold: int = 7
    uncompiled: int = 3
    warm: int = 5
    requests: int = 1_000
    webhooks: int = 150
    checkouts: int = 100


@dataclass
class Speed:
    """What was measured: by table, then by column, then by subject."""

    cold: dict[str, Samples] = field(default_factory=dict)
    warm: dict[str, Samples] = field(default_factory=dict)
    key: dict[str, Samples] = field(default_factory=dict)
    webhook: dict[str, Samples] = field(default_factory=dict)
    checks: dict[str, Samples] = field(default_factory=dict)
    checkout: dict[str, Samples] = field(default_factory=dict)
    edge: Measured = field(default_factory=dict)
    instructions: Mapping[str, float] = field(default_factory=dict)


class Measuring:
    """One run; `step` is told each time a process has ended."""

    def __init__(self, bench: Bench, rounds: Rounds, step: Callable[[], None]) -> None:
        self._bench, self._rounds, self._step = bench, rounds, step

    @property
    def steps(self) -> int:
        """How many processes `everything` starts."""
        rounds, subjects = self._rounds, len(SUBJECTS)
        cold = subjects * (2 * rounds.cold + rounds.uncompiled)
        ours = 2 * rounds.warm + rounds.cold  # checkouts again; keys, warm and cold
        return cold + rounds.warm * (3 * subjects + len(CHECKS) + 1) + rounds.cold * len(CHECKOUTS) + ours

    def everything(self, harness: Mapping[str, str]) -> Speed:
        """All tables but the instructions. `harness` is the environment of a cold checkout."""
        told = Speed()
        self._cold(told)
        self._warm(told)
        self._keys(told)
        self._webhooks(told)
        self._checkouts(told, harness)
        return told

    def _cold(self, told: Speed) -> None:
        def asked(how: str, handler: str) -> Any:
            return self._run(how, handler, [cases.gate(cases.pass_of())])  # each time: a pass lives five minutes

        runs = self._in_turns(self._rounds.cold, lambda names: asked("cold", names[0]))
        told.cold["cpu_ms"] = _column(runs, lambda run: run["cpu_ms"])
        told.cold["modules"] = _column(runs, lambda run: len(run["modules"]))
        told.cold["own"] = _column(runs, lambda run: sum(map(_ours, run["modules"])))
        told.cold["memory_mb"] = _column(runs, lambda run: run["memory_kb"] / 1024)
        runs = self._in_turns(self._rounds.uncompiled, lambda names: asked("cold-uncompiled", names[0]))
        told.cold["uncompiled_ms"] = _column(runs, lambda run: run["cpu_ms"])
        runs = self._in_turns(self._rounds.cold, lambda names: self._run("cold", names[1], [cases.webhook(SMALL)]))
        told.cold["webhook_ms"] = _column(runs, lambda run: run["cpu_ms"])

    def _warm(self, told: Speed) -> None:
        form, count = [cases.refused_form()], self._rounds.requests

        def asked(handler: str) -> Any:
            return self._run("warm", handler, [cases.gate(cases.pass_of()), cases.trivial()], count)

        runs = self._in_turns(self._rounds.warm, lambda names: asked(names[0]))
        told.warm["gate"] = _column(runs, lambda run: run[0]["p50"])
        told.warm["gate_p99"] = _column(runs, lambda run: run[0]["p99"])
        told.warm["trivial"] = _column(runs, lambda run: run[1]["p50"])
        runs = self._in_turns(self._rounds.warm, lambda names: self._run("warm", names[1], form, count))
        told.warm["form"] = _column(runs, lambda run: run[0]["p50"])

    def _keys(self, told: Speed) -> None:
        """The key of a sealed text, by a pass and a ticket; nobody else hands one out."""
        ours = {OURS: (SUBJECTS[OURS][0],)}

        def asked(how: str, handlers: Sequence[str], count: int = 0) -> Any:
            return self._run(how, handlers[0], [cases.key_of_a_text(cases.pass_of())], count)

        runs = self._in_turns(self._rounds.cold, lambda names: asked("cold", names), ours)
        told.key["cold_ms"] = _column(runs, lambda run: run["cpu_ms"])
        told.key["own"] = _column(runs, lambda run: sum(map(_ours, run["modules"])))
        runs = self._in_turns(self._rounds.warm, lambda names: asked("warm", names, self._rounds.requests), ours)
        told.key["warm_us"] = _column(runs, lambda run: run[0]["p50"])

    def _webhooks(self, told: Speed) -> None:
        def sent(handler: str) -> Any:
            return self._run("warm", handler, [cases.webhook(SMALL), cases.webhook(LARGE)], self._rounds.webhooks)

        columns = ((0, "p50", "5"), (1, "p50", "50"), (0, "p99", "5_p99"), (1, "p99", "50_p99"))
        runs = self._in_turns(self._rounds.warm, lambda names: sent(names[1]))
        checks = self._in_turns(self._rounds.warm, lambda names: sent(names[0]), {k: (v,) for k, v in CHECKS.items()})
        keeping = self._in_turns(self._rounds.warm, lambda names: sent(names[0]), {OURS: ("bench.ours:compressed",)})
        for at, what, column in columns:
            pick = partial(_of_event, at, what)
            told.webhook[column] = _column(runs, pick)
            told.checks[column] = _column(checks, pick)
            told.checks[f"keeping_{column}"] = _column(keeping, pick)

    def _checkouts(self, told: Speed, harness: Mapping[str, str]) -> None:
        number = iter(range(1_000_000))

        def started(handlers: Sequence[str]) -> Any:
            return self._run("cold", handlers[0], [checkout(next(number))], extra=harness)

        def again(handlers: Sequence[str]) -> Any:
            # The same attempt: ours starts it once, and tells its address all other times.
            return self._run("warm", handlers[0], [checkout(next(number))], self._rounds.checkouts, harness)

        runs = self._in_turns(self._rounds.cold, started, CHECKOUTS)
        told.checkout["cold_ms"] = _column(runs, lambda run: run["cpu_ms"])
        told.checkout["memory_mb"] = _column(runs, lambda run: run["memory_kb"] / 1024)
        runs = self._in_turns(self._rounds.warm, again, {OURS: CHECKOUTS[OURS]})
        told.checkout["warm_us"] = _column(runs, lambda run: run[0]["p50"])

    def _in_turns(
        self, rounds: int, run: Callable[[Sequence[str]], Any], subjects: Mapping[str, Sequence[str]] = SUBJECTS
    ) -> Mapping[str, list[Any]]:
        runs: dict[str, list[Any]] = {name: [] for name in subjects}
        for _ in range(rounds):
            for name, handlers in subjects.items():
                runs[name].append(run(handlers))
        return runs

    def _run(
        self, how: str, handler: str, events: list[Event], count: int = 0, extra: Mapping[str, str] | None = None
    ) -> Any:
        result = self._bench.run(how, handler, events, count=count, extra=extra)
        self._step()
        return result


def instructions(
    bench: Bench, subjects: Mapping[str, Sequence[str]] = SUBJECTS, *, threads: int = 2
) -> Mapping[str, float]:
    """Millions of instructions of a cold gate check above those of a bare interpreter."""
    handlers = {"": "nothing", **{name: handlers[0] for name, handlers in subjects.items()}}
    with ThreadPoolExecutor(threads) as pool:
        counts = dict(
            zip(handlers, pool.map(lambda one: bench.instructions(one, _gate()), handlers.values()), strict=True)
        )
    return {name: (count - counts[""]) / 1e6 for name, count in counts.items() if name}


def _gate() -> list[Event]:
    return [cases.gate(cases.pass_of())]


def _of_event(at: int, what: str, run: Sequence[Mapping[str, float]]) -> float:
    return run[at][what]


def warm_instructions(bench: Bench, handler: str, event: Event, cold: int, count: int = 200) -> float:
    """Thousands of instructions of one warm request: by how much so many more make it more than `cold`, the first."""
    return (bench.instructions(handler, [event], how="warm", count=count) - cold) / (SETTLE + count - 1) / 1e3


def _column(runs: Mapping[str, list[Any]], pick: Callable[[Any], float]) -> Samples:
    return {name: Sample([pick(run) for run in of]) for name, of in runs.items()}


def _ours(module: str) -> bool:
    """Whether it is a module of ours; a package's `__init__.py`, which holds no more than a sentence, is none."""
    ours = module.partition(".")[0] in ("app", "chalicelib")
    return ours and not (ROOT / module.replace(".", "/") / "__init__.py").exists()
