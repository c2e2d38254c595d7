"""Adopts Stripe customers: a browser that paid and now signs in with the same address proves that they are its own.

Until then a customer is not passed to later checkouts: a stranger may have typed the address, and the supporter would
see that stranger's card and name on Stripe's page.
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
    """Note the customers of this browser's payments in their supporter's state, the latest for each currency.

    :param state: the supporter's, as it was just read; it is read again only when somebody else changed it meanwhile.

    Gives up without an error after some tries: the next gift then simply gets a new customer.
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
