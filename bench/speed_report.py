"""The tables of speed: ours beside the peers, and ours beside its targets."""

import sysconfig
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench import edge
from bench.package import MOST, zip_bytes
from bench.sample import Sample, figure
from bench.speed import CHECKOUTS, CHECKS, OURS, SUBJECTS, Samples, Speed
from bench.tables import Table

_MB = 1_000_000  # as the packaging step counts them


@dataclass(frozen=True)
class Target:
    """At most so much. `machine`: depends on the machine, so that missing it is told and is no failure."""

    name: str
    most: float
    unit: str
    measured: Callable[[Speed], float | None]
    machine: bool = True

    def verdict(self, speed: Speed) -> str:
        """`ok`, `over`, or what is missing."""
        measured = self.measured(speed)
        if measured is None:
            return "not measured"
        return "ok" if measured <= self.most else "over"


def _without_keeping(size: str) -> Callable[[Speed], float]:
    """A webhook less the compressing of its row, which is the table's side of it."""
    return lambda told: told.webhook[size][OURS].median - told.checks[f"keeping_{size}"][OURS].median


def _in_njs(told: Speed, what: str) -> float | None:
    return told.edge["njs"][what].median if "njs" in told.edge else None


def _package(_: Speed) -> float | None:
    size = zip_bytes()
    return None if size is None else size / _MB


TARGETS = (
    Target("gate, warm, through Chalice", 60, "µs", lambda told: told.warm["gate"][OURS].median),
    Target("gate, cold, above the runtime", 20, "ms", lambda told: told.cold["cpu_ms"][OURS].median),
    Target("gate, cold, modules of ours", 25, "modules", lambda told: told.cold["own"][OURS].median, machine=False),
    Target("key of a sealed text, warm", 70, "µs", lambda told: told.key["warm_us"][OURS].median),
    Target("key of a sealed text, cold", 20, "ms", lambda told: told.key["cold_ms"][OURS].median),
    Target("key, cold, modules of ours", 27, "modules", lambda told: told.key["own"][OURS].median, machine=False),
    Target("gate check at the edge, in njs", 100, "µs", lambda told: _in_njs(told, edge.GATE)),
    Target("webhook of 5 KB, without its row", 90, "µs", _without_keeping("5")),
    Target("webhook of 50 KB, without its row", 300, "µs", _without_keeping("50")),
    Target("checkout, cold", 160, "ms", lambda told: told.checkout["cold_ms"][OURS].median),
    Target("package", MOST / _MB, "MB", _package, machine=False),
)


def tables(speed: Speed) -> list[Table]:
    """All of them."""
    at_the_edge = [edge.table(speed.edge)] if speed.edge else []
    return [_cold(speed), _warm(speed), *at_the_edge, _webhook(speed), _checkout(speed), _targets(speed)]


def failed(speed: Speed) -> list[str]:
    """Targets missed that no slow machine excuses."""
    return [target.name for target in TARGETS if not target.machine and target.verdict(speed) == "over"]


def _cold(speed: Speed) -> Table:
    cold = speed.cold
    rows = [
        [
            name,
            *_measured(cold["cpu_ms"], name),
            figure(cold["uncompiled_ms"][name].median),
            figure(speed.instructions[name]) if speed.instructions else "–",
            f"{cold['modules'][name].median:.0f}",
            figure(cold["memory_mb"][name].median),
            figure(cold["webhook_ms"][name].median),
        ]
        for name in SUBJECTS
    ]
    columns = (
        "gate check, cold",
        "CPU ms",
        "min..max",
        "× ours",
        "no bytecode",
        "M instr.",
        "modules",
        "MB",
        "webhook",
    )
    note = (
        "From the first import to the first answer, above a Python as Lambda starts it, with bytecode; then the same "
        "where no bytecode is shipped, as usual packaging does. MB: the process's peak. Webhook: the first one of a "
        "process, CPU ms."
    )
    notes = [note]
    if not speed.instructions:
        notes.append("valgrind is not on this machine: instructions were not counted.")
    return Table("Cold start", columns, rows, notes)


def _warm(speed: Speed) -> Table:
    warm = speed.warm
    rows = []
    for name in SUBJECTS:
        others = [cell for column in ("trivial", "form") for cell in _short(warm[column], name)]
        rows.append([name, *_measured(warm["gate"], name), figure(warm["gate_p99"][name].median), *others])
    columns = (
        "warm, µs of CPU",
        "gate p50",
        "min..max",
        "× ours",
        "p99",
        "trivial p50",
        "× ours",
        "POST p50",
        "× ours",
    )
    note = (
        "Trivial: the bare address leads on to the donation page. POST: a checkout whose amount is too small is "
        "read, checked and refused in words. Ours does more on each: identifiers, size, media type, origin, headers."
    )
    return Table("Warm requests", columns, rows, [note])


def _webhook(speed: Speed) -> Table:
    hooks, checks = speed.webhook, speed.checks
    rows = [_sizes(f"accepted: {name}", name, hooks["5"], hooks["50"]) for name in SUBJECTS]
    rows += [_sizes(f"signature and envelope: {name}", name, checks["5"], checks["50"]) for name in CHECKS]
    row = [figure(checks[f"keeping_{size}"][OURS].median) for size in ("5", "50")]
    rows.append(["compressing the row (in all of `accepted`)", row[0], "", "", row[1], "", ""])
    columns = ("webhook, µs of CPU, p50", "5 KB", "min..max", "× ours", "50 KB", "min..max", "× ours")
    note = "Signature checked, read, decided, compressed and answered; the table stands in memory and costs nothing."
    return Table("Webhooks", columns, rows, [note])


def _sizes(label: str, name: str, *columns: Samples) -> list[str]:
    return [label, *(cell for column in columns for cell in _measured(column, name))]


def _checkout(speed: Speed) -> Table:
    told = speed.checkout
    rows = []
    for name in CHECKOUTS:
        warm = figure(told["warm_us"][name].median) if name in told["warm_us"] else "–"
        memory = figure(told["memory_mb"][name].median)
        rows.append([name, *_measured(told["cold_ms"], name), memory, warm])
    columns = ("checkout", "cold, CPU ms", "min..max", "× ours", "MB", "the same attempt again, CPU µs")
    note = (
        "Secrets, limit, attempt, Stripe, and what became of it, with local AWS and one who answers as Stripe, over "
        "HTTP. The bare handler makes the same calls and checks nothing else: most of it is boto3's and Stripe's "
        "own import and work. TLS, which both need on a deployed stage, comes on top."
    )
    return Table("Checkout", columns, rows, [note])


def _targets(speed: Speed) -> Table:
    rows = []
    for target in TARGETS:
        measured = target.measured(speed)
        shown = "–" if measured is None else figure(measured)
        rows.append([target.name, shown, f"{target.most:g}", target.unit, target.verdict(speed)])
    note = (
        "Times depend on the machine, and on what else it does: missed there, a target is told and fails nothing. "
        "Modules, instructions, units and size do not; they are tests (tests/bench, tests/architecture)."
    )
    notes = [note]
    if "--enable-optimizations" not in (sysconfig.get_config_var("CONFIG_ARGS") or ""):
        # Debian's, Lambda's and python.org's are; a pyenv's usually is not. Measured in turns on one machine.
        notes.append(
            "This Python was built without optimizations. One that was starts a gate check cold in about three "
            "quarters of the time; warm, ours takes 2 to 4 % less, a signature with its envelope a sixth."
        )
    if zip_bytes() is None:
        notes.append("Nothing is packaged yet: `make package STAGE=prod`, then again.")
    return Table("Targets", ("target", "measured", "at most", "", ""), rows, notes)


def _measured(column: Samples, name: str) -> list[str]:
    return [figure(column[name].median), column[name].spread, _times(column, name)]


def _short(column: Samples, name: str) -> Sequence[str]:
    return [figure(column[name].median), _times(column, name)]


def _times(column: Samples, name: str) -> str:
    ours: Sample = column[OURS]
    return "1" if name == OURS else figure(column[name].times(ours))
