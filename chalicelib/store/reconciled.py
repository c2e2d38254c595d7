"""What reconcile remembers from run to run: how far it has come, and which payments are none of ours."""

from chalicelib.store import keys
from chalicelib.store.table import NEW, Condition, ConditionFailed, Put, Table, Update

EVENTS = "events"
_FOREIGN_FOR = 40 * 86_400  # seconds: a little longer than balance transactions are looked at


def cursor(table: Table, ring: str) -> int | None:
    """The `created` of the newest thing that this ring has made durable, with everything before it."""
    item = table.get(keys.reconciled(ring))
    return int(item["at"]) if item else None


def move_cursor(table: Table, ring: str, at: int) -> None:
    """Move it on; never back, whoever else moves it meanwhile."""
    pk, sk = keys.reconciled(ring)
    try:
        table.write(Put({"pk": pk, "sk": sk, "at": at}, NEW))
    except ConditionFailed:
        later = Update((pk, sk), set={"at": at}, only_if=(Condition("at", "<", at),))
        try:
            table.write(later)
        except ConditionFailed:
            return  # somebody came further


def is_foreign(table: Table, payment: str, now: int) -> bool:
    """Whether this payment was found to be none of ours not long ago: asking Stripe again is a call or three."""
    item = table.get(keys.foreign(payment))
    return item is not None and bool(item["expires"] > now)


def note_foreign(table: Table, payment: str, now: int) -> None:
    """Remember that it is none of ours, until it has left the window."""
    pk, sk = keys.foreign(payment)
    table.write(Put({"pk": pk, "sk": sk, "expires": now + _FOREIGN_FOR}))
