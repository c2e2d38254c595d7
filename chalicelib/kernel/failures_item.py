"""How failed tries stand in an item: the same three attributes in the rows of the inbox and of the outbox."""

from chalicelib.kernel.failures import Failures
from chalicelib.kernel.table import Item

# Taken away first, as fewer may be written than were there.
ATTRIBUTES = ("faults", "outages", "outage_since")


def to_item(failures: Failures) -> dict[str, int]:
    """The attributes to write."""
    values = zip(ATTRIBUTES, (failures.faults, failures.outages, failures.since), strict=True)
    return {name: value for name, value in values if value is not None}


def from_item(item: Item) -> Failures:
    """What an item says; none of it in those written before there were two kinds of failures."""
    return Failures(item.get("faults", 0), item.get("outages", 0), item.get("outage_since"))
