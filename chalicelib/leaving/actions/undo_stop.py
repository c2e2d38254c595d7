"""Undo a stop that came without a sign-in: the gift goes on as if nothing had been said."""

from chalicelib.changing.actions.undo_change import undo_stop
from chalicelib.supporters.rows import supporters
from chalicelib.undo.rows.undos import Undo
from chalicelib.wiring import Wiring


def undo(wiring: Wiring, one: Undo) -> None:
    """Let the gift go on; again, it changes nothing more.

    :raises Conflict: `gift_ended`: it has ended meanwhile.
    :raises StripeUnavailable, StripeRefused: it is not undone; it may be called again.
    """
    undo_stop(wiring, supporters.who_now(wiring.table, one.supporter), one.facts)
