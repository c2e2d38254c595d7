"""The upgrade steps: what a row of an earlier release may lack, and the change that writes it. New ones go last.

A step looks at one row as it was read, may read others (some are found by the key of the keyed hashes), and answers
one conditional change, or None where nothing is lacking. The change fails if the relevant attributes have changed
meanwhile; then the row is read again.
"""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.articles.rows import articles
from chalicelib.inbox import rows as inbox
from chalicelib.kernel.table import Item, Table, Update
from chalicelib.ledger.rows import entries as ledger
from chalicelib.mail.rows import outbox
from chalicelib.rails.stripe.about import settle_nobodys, supporter_of_event
from chalicelib.supporters.rows import supporters


@dataclass(frozen=True)
class Step:
    """One upgrade step. `what`: what rows lack, in words for people; `change`: the change for a row, None: none."""

    what: str
    change: Callable[[Item, Table, str], Update | None]


def _rail(item: Item, _table: Table, _key: str) -> Update | None:
    return ledger.say_rail(item)


def _supporter(item: Item, table: Table, key: str) -> Update | None:
    """Add the supporter to an event; one about nobody we know needs none. In earlier releases, all were Stripe's."""
    try:
        event = inbox.without_supporter(item)
    except (KeyError, TypeError, zlib.error):  # a body that cannot be read names no supporter
        return None
    found = supporter_of_event(event.body, table, key) if event else None
    return inbox.say_supporter(event, found) if event and found else None


def _nobodys(item: Item, _table: Table, _key: str) -> Update | None:
    """Leave of an event that is about nobody what a voucher wants; list one whose type nobody understands yet."""
    try:
        return settle_nobodys(item)
    except (KeyError, TypeError, zlib.error):
        return None


def _customer(item: Item, _table: Table, _key: str) -> Update | None:
    return supporters.list_customer(item)


def _mail(item: Item, _table: Table, _key: str) -> Update | None:
    return outbox.list_sent(item)


def _listing(item: Item, _table: Table, _key: str) -> Update | None:
    return articles.list_article(item)


# The names are stored in the table (`rows.py`) and appear in the command's JSON: they must never change.
STEPS: Mapping[str, Step] = {
    "rails": Step("ledger entries that do not say their rail", _rail),
    "supporters": Step("stored events that do not say whom they were about", _supporter),
    "articles": Step("articles that are not in the list", _listing),
    "nobodys_events": Step("events about nobody whom we know that hold more than a voucher wants", _nobodys),
    "customers": Step("Stripe customers that are not listed under their supporter", _customer),
    "mails": Step("mails that are not listed under their supporter", _mail),
}
