"""Whether the books hold only money of this stage's mode, and their rows have all that this release writes.

Test gifts among live ones would be counted as income. Rows that lack something are not searched for, as that reads
the whole table: `ops upgrade` notes in the table what it has done, and that note is read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, product

from chalicelib.kernel import keys
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.stored import ListedEntry
from chalicelib.rails.registry import RAILS
from chalicelib.upgrade import rows as upgrades
from chalicelib.upgrade.steps import STEPS
from ops.doctor.findings import Finding, listing, ok, problem, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject

_LOOKED_AT = 200  # entries of a month, of each rail


@dataclass(frozen=True)
class Facts:
    """The newest months' ledger entries of the other mode, by movement."""

    stage: str
    livemode: bool
    foreign: tuple[str, ...]
    seen: int


def gather(subject: Subject) -> Facts:
    """Read this month's and the last one's entries, from the index."""
    now = subject.now()
    months = {keys.month(now), keys.month(now - 31 * 86_400)}
    entries = [
        entry
        for rail, month in product(RAILS, sorted(months))
        for entry in islice(ledger.entries_of_month(subject.table, rail, month), _LOOKED_AT)
    ]
    readable = (entry for entry in entries if isinstance(entry, ListedEntry))  # `ops ledger` reports the others
    foreign = tuple(entry.id for entry in readable if entry.livemode != subject.livemode)
    return Facts(subject.stage, subject.livemode, foreign, len(entries))


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Report every entry of the other mode."""
    if facts.foreign:
        mode = "test" if facts.livemode else "live"
        says = f"The ledger of stage {facts.stage} holds {mode} payments: {listing(facts.foreign)}."
        yield problem("books_mode", says, "Is TableInUse another stage's table? python -m ops ledger shows them all.")
    else:
        yield ok("books", f"The newest {facts.seen} ledger entries are of this stage's mode.")


@dataclass(frozen=True)
class Age:
    """The steps of `ops upgrade` that are not noted as done; `empty`: the table has no rows that they are about."""

    stage: str
    lacking: tuple[str, ...]
    empty: bool


def gather_age(subject: Subject) -> Age:
    """Read the notes of `ops upgrade`: a few rows by their keys."""
    lacking = upgrades.lacking(subject.table)
    return Age(subject.stage, tuple(lacking), bool(lacking) and not upgrades.has_anything(subject.table))


def check_age(facts: Age, _now: int) -> Iterable[Finding]:
    """Warn of upgrade steps that were not run. Without them all works but what later releases built on them."""
    if facts.empty or not facts.lacking:
        yield ok("books_upgraded", "The table's rows have all that this release writes.")
        return
    what = listing([STEPS[name].what for name in facts.lacking])
    says = f"The table was made by an earlier release, and may hold {what}."
    stage = "" if facts.stage == "local" else f" --stage {facts.stage}"
    yield warning("books_upgraded", says, f"python -m ops{stage} upgrade writes what is lacking, once.")


PROBES = (
    Probe("books", "the ledger's mode", gather, check),
    Probe("books", "what earlier releases wrote", gather_age, check_age),
)
