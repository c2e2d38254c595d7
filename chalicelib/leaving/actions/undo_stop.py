"""Undo a stop that came without a sign-in: the gift goes on as if nothing had been said, until its paid time ends."""

from chalicelib.changing.actions.change_course import keep_gift
from chalicelib.supporters.rows import supporters
from chalicelib.undo.rows.undos import Undo
from chalicelib.wiring import Wiring


def undo(wiring: Wiring, one: Undo) -> None:
    """Let the gift go on; again, it changes nothing more.

    :raises Conflict: `gift_ended`: it has ended meanwhile.
    :raises StripeUnavailable, StripeRefused: it is not undone; it may be called again.
    """
    owner = supporters.who_now(wiring.table, one.supporter)
    keep_gift(wiring, owner, str(one.facts["gift"]), undoable=False)
