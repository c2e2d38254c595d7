"""Undo a change that somebody was told about by mail, by the link in that mail; no sign-in is needed.

Whoever has the link may undo, as it went to the address of the person concerned and to nobody else. Each kind of
change has a handler in its own room, named as text as routes name their views: a room that can be undone stands above
this one.
"""

from collections.abc import Callable, Mapping
from importlib import import_module

from chalicelib.kernel import link_tokens
from chalicelib.kernel.errors import Gone
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Table
from chalicelib.undo.rows import undos
from chalicelib.undo.rows.undos import Undo
from chalicelib.wiring import Wiring

# kind -> `module:function` under `chalicelib`: called with the wiring and the row, puts back what was. It may be
# called again for the same row, after an answer that was lost, and must then change nothing more.
HANDLERS: Mapping[str, str] = {
    "gift": "changing.actions.undo_change:undo",
    "address": "account.actions.undo_address:undo",
    "stop": "leaving.actions.undo_stop:undo",
    "claim": "account.actions.undo_claim:undo",
}


def find_undo(table: Table, token: str, *, email_key: str, now: BusinessTime) -> Undo:
    """The change that a link names, undone or not.

    :raises Gone: `undo_over`: its time is over, or there is no such link.
    """
    undo_id = link_tokens.read("undo", token, email_key)
    undo = undos.read(table, undo_id) if undo_id else None
    if undo is None or undo.until <= now:
        raise over()
    return undo


def undo_change(wiring: Wiring, token: str) -> Undo:
    """Put back what a change replaced, once.

    :raises Gone: `undo_over`: undone already, its time is over, or there is no such link.
    :raises Problem: what the handler of the kind refuses; the link works on.
    """
    undo = find_undo(wiring.table, token, email_key=wiring.secrets["SPILNO_EMAIL_KEY"], now=wiring.now())
    if undo.done:
        raise over()
    _handler(undo.kind)(wiring, undo)
    # Marked last: if we die before, pressing again does the same again, which changes nothing more.
    wiring.table.write(undos.done(undo))
    return undo


def over() -> Gone:
    """The refusal of a link that does nothing any more."""
    return Gone("This can no longer be undone: the time for it is over, or it was undone already.", code="undo_over")


def _handler(kind: str) -> Callable[[Wiring, Undo], None]:
    module, _, function = HANDLERS[kind].partition(":")
    handler: Callable[[Wiring, Undo], None] = getattr(import_module(f"chalicelib.{module}"), function)
    return handler
