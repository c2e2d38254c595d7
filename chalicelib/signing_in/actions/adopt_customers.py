"""Who paid here and now signs in here with the same address has proven that the Stripe customer is theirs.

Until then it is not passed to later checkouts: a stranger may have typed the address, and the supporter would meet
that stranger's card and name on Stripe's page.
"""

from contextlib import suppress
from dataclasses import replace

from chalicelib.checkouts.rows import checkouts
from chalicelib.checkouts.rows.checkouts import Checkout
from chalicelib.kernel.browser import Started
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Contended, Table
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.state import State


def adopt_customers(table: Table, state: State, browser: Started | None) -> None:
    """Make the customers of what this browser paid for this supporter's own, by currency, the latest first.

    :param state: the supporter's, as it was just read; it is read again only when somebody else was faster.

    Gives up quietly after some tries: the next gift then simply gets a new customer.
    """
    if browser is None:
        return
    rows = (checkouts.read(table, started) for started in browser.ids)
    paid = {row.currency: row.customer for row in rows if row and row.customer and _is_theirs(row, state.id, browser)}

    def adopted(state: State) -> State | None:
        after = {**state.customers, **paid}
        return replace(state, customers=after) if after != state.customers else None

    with suppress(Contended):
        supporters.change_state(table, state.id, adopted, known=state)


def _is_theirs(row: Checkout, supporter: SupporterId, browser: Started) -> bool:
    return row.status == "paid" and row.supporter == supporter and row.browser == browser.fingerprint()
