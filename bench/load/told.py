"""The load's outcome in words."""

from bench.load.drive import Outcome
from bench.sample import figure
from bench.tables import Table


def plain(outcome: Outcome) -> str:
    """For a terminal."""
    rows = [
        [kind.name, f"{kind.requests}", f"{kind.failures}", figure(kind.p50), figure(kind.p99)]
        for kind in outcome.kinds
    ]
    asked, failed = sum(kind.requests for kind in outcome.kinds), sum(kind.failures for kind in outcome.kinds)
    rows.append(["all", f"{asked}", f"{failed}", "", ""])
    table = Table("Load", ("kind", "requests", "errors", "p50 ms", "p99 ms"), rows)
    found = [f"  {one}" for one in (*outcome.errors, *outcome.wrong)]
    lost = "Nothing lost, nothing doubled, everybody's access right." if not outcome.wrong else "The books are WRONG:"
    said = f"{outcome.payments} payments at Stripe, {outcome.readers} readers who paid in this run. {lost}"
    return "\n".join([table.plain(), "", said, *found])
