"""Reads what this browser may know of a giver: by its session, and by what it paid itself within a day.

Whose address was typed at payment is not asked about: whoever typed somebody else's would learn what that person
gives.
"""

from itertools import islice

from chalicelib.checkouts.rows import checkouts
from chalicelib.checkouts.rows.checkouts import Checkout
from chalicelib.giving.rules.next_wish import GiverSoFar
from chalicelib.kernel.browser import Started
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Table
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.stored import UnreadableEntry
from chalicelib.supporters.actions.sessions import OpenSession

_NEWEST = 50  # entries looked at


def giver_so_far(
    table: Table, checkout: Checkout, signed_in: OpenSession | None, browser: Started | None
) -> GiverSoFar:
    """What is known of who paid this checkout; `signed_in` is whoever is signed in here, the giver or not."""
    others = (checkouts.read(table, one) for one in (browser.ids if browser else ()) if one != checkout.id)
    paid = [row for row in others if row and row.status == "paid" and _came_before(row, checkout)]
    monthly = any(row.subscription for row in paid) or bool(signed_in and signed_in.state.standing.recurring)
    one_offs = any(not row.subscription for row in paid)
    if signed_in is not None and not monthly and not one_offs:
        one_offs = _gave_once(table, signed_in.supporter, checkout.movement)
    return GiverSoFar(monthly, one_offs)


def _came_before(row: Checkout, checkout: Checkout) -> bool:
    return bool(row.subscription) or (row.paid_at or 0) <= (checkout.paid_at or 0)


def _gave_once(table: Table, supporter: SupporterId, but: str | None) -> bool:
    """Whether the newest entries hold a one-off gift other than this one."""
    newest = islice(ledger.entries_of(table, supporter), _NEWEST)
    moved = (found.entry.movement for found in newest if not isinstance(found, UnreadableEntry))
    return any(one.kind == "gift" and not one.recurring and one.id != but for one in moved)
