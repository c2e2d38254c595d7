"""What a row of an earlier release may lack, and the change that writes it. A new step goes to the end.

Each looks at one row as it was read, may read others, and answers one conditional change, or None where nothing is
lacking. The change fails where the row has changed in what it goes by; then the row is read and looked at once more.
"""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.inbox import rows as inbox
from chalicelib.kernel.table import Item, Table, Update
from chalicelib.ledger.rows import entries as ledger
from chalicelib.rails.stripe.about import supporter_of_event
from chalicelib.reading.rows import articles


@dataclass(frozen=True)
class Step:
    """`what` rows lack, for people."""

    what: str
    change: Callable[[Item, Table], Update | None]


def _rail(item: Item, _table: Table) -> Update | None:
    return ledger.say_rail(item)


def _supporter(item: Item, table: Table) -> Update | None:
    """Events of before were all Stripe's. One that names nobody whom we have lacks nothing."""
    try:
        event = inbox.without_supporter(item)
    except (KeyError, TypeError, zlib.error):  # a body that cannot be read says nothing
        return None
    found = supporter_of_event(event.body, table) if event else None
    return inbox.say_supporter(event, found) if event and found else None


def _listing(item: Item, _table: Table) -> Update | None:
    return articles.list_article(item)


# Their names stand in the table (`rows.py`) and in the command's JSON, and never change.
STEPS: Mapping[str, Step] = {
    "rails": Step("ledger entries that do not say their rail", _rail),
    "supporters": Step("stored events that do not say whom they were about", _supporter),
    "articles": Step("articles that are not in the list", _listing),
}
