"""What reconcile stores from run to run: how far it has come, and which payments are foreign."""

from dataclasses import dataclass

from chalicelib.kernel import keys
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import NEW, Condition, ConditionFailed, Put, Table, Update

EVENTS, RECURRING, METHODS = "events", "recurring", "methods"
_FOREIGN_FOR = 40 * 86_400  # seconds: a little longer than the window of the ring of money


@dataclass(frozen=True)
class Place:
    """Where to begin in a list; None: at its beginning.

    `behind`: with the supporter after this one; of methods of payment with the entry after this one, by its place in
    the index.
    """

    behind: str | None = None


def cursor(table: Table, ring: str) -> int | None:
    """Up to which `created` (seconds) this ring has stored everything; None before its first run."""
    item = table.get(keys.reconciled(ring))
    return int(item["at"]) if item else None


def move_cursor(table: Table, ring: str, at: int) -> None:
    """Move the cursor of a ring forward to `at` (seconds); never back, even if another run moves it meanwhile."""
    pk, sk = keys.reconciled(ring)
    try:
        table.write(Put({"pk": pk, "sk": sk, "at": at}, NEW))
    except ConditionFailed:
        later = Update((pk, sk), set={"at": at}, only_if=(Condition("at", "<", at),))
        try:
            table.write(later)
        except ConditionFailed:
            return  # another run is further already


def foreign(table: Table, payment: str, now: BusinessTime) -> bool | None:
    """Whether the payer of a foreign payment is one of our supporters; None: the payment was not noted as foreign.

    It spares asking the provider again, which takes one to three calls.
    """
    item = table.get(keys.foreign(payment))
    return bool(item.get("known")) if item is not None and item["expires"] > now else None


def note_foreign(table: Table, payment: str, now: BusinessTime, *, known: bool = False) -> None:
    """Note a payment as foreign, until it has left the window. `known`: its payer is one of our supporters."""
    pk, sk = keys.foreign(payment)
    table.write(Put({"pk": pk, "sk": sk, "expires": now + _FOREIGN_FOR, **({"known": True} if known else {})}))


def place(table: Table, ring: str) -> Place:
    """The place at which the last run of a ring ran out of time; the beginning if it did not."""
    item = table.get(keys.reconciled(ring)) or {}
    return Place(item.get("behind"))


@dataclass(frozen=True)
class Round:
    """How far a round over all recurring gifts has come, of which each day looks at a thirtieth.

    `before`: begin with subscriptions created at this second or earlier, after `seen` of them; None: with the newest.
    `size`: how many the last whole round saw; 0: there was none. `behind`, `passed`, `people`: the same of our own
    list of supporters, which begins behind this one. `at`: when a day's share was last ended, in seconds.
    """

    before: int | None = None
    seen: int = 0
    size: int = 0
    behind: str | None = None
    passed: int = 0
    people: int = 0
    at: int = 0


def round_of(table: Table) -> Round:
    """The round over recurring gifts, as the last run left it."""
    item = table.get(keys.reconciled(RECURRING)) or {}
    return Round(**{name: item[name] for name in vars(Round()) if name in item})


def note_round(table: Table, found: Round) -> None:
    """Store how far the round over recurring gifts has come."""
    pk, sk = keys.reconciled(RECURRING)
    table.write(Put({"pk": pk, "sk": sk, **{name: value for name, value in vars(found).items() if value}}))


def note_place(table: Table, ring: str, at: Place) -> None:
    """Store the place for the next run; a run that came to its end stores an empty one."""
    pk, sk = keys.reconciled(ring)
    table.write(Put({"pk": pk, "sk": sk, **{name: value for name, value in vars(at).items() if value is not None}}))
