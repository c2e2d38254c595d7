"""How failures are stored: the same three attributes in the rows of the inbox and of the outbox."""

from chalicelib.kernel.failures import Failures
from chalicelib.kernel.table import Item

# All are removed before new ones are written: there may be fewer of them than before.
ATTRIBUTES = ("faults", "outages", "outage_since")


def to_item(failures: Failures) -> dict[str, int]:
    """The attributes to write for these failures."""
    values = zip(ATTRIBUTES, (failures.faults, failures.outages, failures.since), strict=True)
    return {name: value for name, value in values if value is not None}


def from_item(item: Item) -> Failures:
    """Read the failures of an item; zero where the attributes are missing, as in rows from before the two kinds."""
    return Failures(item.get("faults", 0), item.get("outages", 0), item.get("outage_since"))
