"""Do the books hold only money of this stage's mode? Test gifts among live ones would be counted as income."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, product

from chalicelib.kernel import keys
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import RAILS
from chalicelib.ledger.rules.stored import ListedEntry
from ops.doctor.findings import Finding, listing, ok, problem
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
    """This month's and the last one's entries, from the index."""
    now = subject.now()
    months = {keys.month(now), keys.month(now - 31 * 86_400)}
    entries = [
        entry
        for rail, month in product(RAILS, sorted(months))
        for entry in islice(ledger.entries_of_month(subject.table, rail, month), _LOOKED_AT)
    ]
    readable = (entry for entry in entries if isinstance(entry, ListedEntry))  # the others are told by `ledger`
    foreign = tuple(entry.id for entry in readable if entry.livemode != subject.livemode)
    return Facts(subject.stage, subject.livemode, foreign, len(entries))


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """One is too many."""
    if facts.foreign:
        mode = "test" if facts.livemode else "live"
        says = f"The ledger of stage {facts.stage} holds {mode} payments: {listing(facts.foreign)}."
        yield problem("books_mode", says, "Is TableInUse another stage's table? python -m ops ledger shows them all.")
    else:
        yield ok("books", f"The newest {facts.seen} ledger entries are of this stage's mode.")


PROBES = (Probe("books", "the ledger's mode", gather, check),)
