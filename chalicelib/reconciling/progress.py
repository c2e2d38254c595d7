"""What reconcile remembers from run to run: how far it has come, and which payments are none of ours."""

from dataclasses import dataclass

from chalicelib.kernel import keys
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import NEW, Condition, ConditionFailed, Put, Table, Update

EVENTS, RECURRING = "events", "recurring"
_FOREIGN_FOR = 40 * 86_400  # seconds: a little longer than balance transactions are looked at


@dataclass(frozen=True)
class Place:
    """Where to begin in the two lists of recurring gifts; both None: at their beginning.

    `before`: with subscriptions that were created no later than this. `behind`: with supporters behind this one.
    """

    before: int | None = None
    behind: str | None = None


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


def foreign(table: Table, payment: str, now: BusinessTime) -> bool | None:
    """Whether a payment that was found to be none of ours not long ago is of somebody whom we know; None: not found.

    It spares us asking Stripe again, which is a call or three.
    """
    item = table.get(keys.foreign(payment))
    return bool(item.get("known")) if item is not None and item["expires"] > now else None


def note_foreign(table: Table, payment: str, now: BusinessTime, *, known: bool = False) -> None:
    """Remember that it is none of ours, until it has left the window. `known`: its payer is one of ours."""
    pk, sk = keys.foreign(payment)
    table.write(Put({"pk": pk, "sk": sk, "expires": now + _FOREIGN_FOR, **({"known": True} if known else {})}))


def place(table: Table, ring: str) -> Place:
    """Where the last run of a ring was cut off, as its time was over."""
    item = table.get(keys.reconciled(ring)) or {}
    return Place(item.get("before"), item.get("behind"))


def note_place(table: Table, ring: str, at: Place) -> None:
    """Remember it for the next run; nothing of it is kept once a run came to its end."""
    pk, sk = keys.reconciled(ring)
    table.write(Put({"pk": pk, "sk": sk, **{name: value for name, value in vars(at).items() if value is not None}}))
