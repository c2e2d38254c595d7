"""What each operation may consume at most, in units; see the decision record 0020 for where the figures come from."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.meter import Bill


@dataclass(frozen=True)
class Target:
    """At most so many read and write units; None: as many as it takes."""

    read: float | None = None
    written: float | None = None

    def met_by(self, bill: Bill) -> bool:
        """Whether a bill stays within it."""
        return _within(bill.read, self.read) and _within(bill.written, self.written)

    def __str__(self) -> str:
        """As it stands in the table."""
        told = [
            f"{most:g} {kind}" for most, kind in ((self.read, "read"), (self.written, "write")) if most is not None
        ]
        return ", ".join(told)


TARGETS: Mapping[str, Target] = {
    "gate check, valid pass": Target(read=0, written=0),
    "key of a sealed text, valid pass": Target(read=0, written=0),
    "webhook stored": Target(written=3),
    "first one-off gift applied": Target(written=30),
    "first monthly gift applied": Target(written=30),
    "renewal applied": Target(written=26),
    "all webhooks of a first one-off gift": Target(read=18, written=44),
    "all webhooks of a first monthly gift": Target(read=23, written=60),
    "all webhooks of a renewal": Target(read=15, written=40),
    "sweep, nothing waits": Target(read=5.0, written=0),
}

# What may grow, and why. Nothing here is on the path of a request.
GROWING: Mapping[str, str] = {
    "ops totals": "reads every month's shards, which fill up with the first gifts of a month; then only months come",
}


def _within(used: float, most: float | None) -> bool:
    return most is None or used <= most
