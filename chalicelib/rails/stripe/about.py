"""Whose an object of Stripe's is, by what the table knows of its payment or its customer. Stripe is not asked."""

from collections.abc import Iterator
from itertools import chain

from chalicelib.inbox import rows as inbox
from chalicelib.kernel.table import Table
from chalicelib.ledger.rows import entries as ledger
from chalicelib.rails.stripe.events.handler import Snapshot
from chalicelib.supporters.rows import history, supporters


def supporter_of(about: Snapshot, table: Table) -> str | None:
    """The supporter, or None where the table knows neither the movement nor the customer that the object names."""
    for name in ("id", "payment_intent"):
        if (movement := _id_of(about.get(name))) and (booked := ledger.booked_gift(table, movement)):
            return booked.supporter
    for name in ("id", "customer"):
        if (customer := _id_of(about.get(name))) and (found := supporters.find_by_customer(table, customer)):
            return found
    return None


def events_about(table: Table, supporter: str) -> Iterator[str]:
    """The ids of all stored events that were about a supporter: those that changed them, then the others."""
    return chain(history.events_of(table, supporter), inbox.of_supporter(table, supporter))


def _id_of(value: object) -> str | None:
    """An expandable field: the id, whether it came expanded or not."""
    named = value.get("id") if isinstance(value, dict) else value
    return named if isinstance(named, str) and named else None
