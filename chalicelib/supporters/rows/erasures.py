"""A supporter's request to be erased: one row in their partition until it is done, listed by when it is due.

    asked ---due---> begun ---the tombstone---> erasing ---all is gone, the last mail---> checking ---an hour---> gone
      └--- signs in ---> gone: it was called off

Nobody calls it off once it has begun: its tombstone may stand outside the table by then, and after a restore somebody
who stayed would be erased by it.

Only while it is `erasing` it holds what its own last steps need: the address for the last mail, and the customers
that are still to be deleted at Stripe.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import NEW, Condition, Delete, Item, Put, Table, Update, every

Step = Literal["asked", "begun", "erasing", "checking"]
_NEEDED = ("email", "language", "customers")  # until the last mail is out


@dataclass(frozen=True)
class Erasure:
    """A request as it is stored. Times are seconds; `erase_on`: when it began or begins, as it was promised.

    `by`: who of the newsroom asked for it, empty for the supporter. `email` to `customers`: see above. `hashed`: the
    address's keyed hashes; `joined`: the records that were joined to this one.
    """

    supporter: SupporterId
    status: Step
    asked_at: BusinessTime
    erase_on: BusinessTime
    by: str = ""
    email: str = ""
    language: str = ""
    customers: tuple[str, ...] = ()
    hashed: tuple[str, ...] = ()
    joined: tuple[SupporterId, ...] = ()


def put(asked: Erasure) -> Put:
    """The change that writes a request; it fails if there is one."""
    pk, sk = keys.erasure(asked.supporter)
    row = {"status": asked.status, "asked_at": asked.asked_at, "erase_on": asked.erase_on}
    named = {"by": asked.by} if asked.by else {}
    return Put({"pk": pk, "sk": sk, **row, **named, **_listed(asked.supporter, asked.erase_on)}, NEW)


def read(table: Table, supporter: SupporterId) -> Erasure | None:
    """The request of a supporter; None if there is none, or none any more."""
    item = table.get(keys.erasure(supporter))
    return _erasure(supporter, item) if item else None


def due(table: Table, by: BusinessTime) -> Iterator[SupporterId]:
    """Whose requests are due by then, first due first."""
    bound = f"{keys.moment(by)}~"
    return (keys.supporter_of(row["pk"]) for row in every(partial(table.query_index, keys.ERASURES, up_to=bound)))


def open_ones(table: Table) -> Iterator[Erasure]:
    """Every request that is not done, first due first."""
    for row in every(partial(table.query_index, keys.ERASURES)):
        if found := read(table, keys.supporter_of(row["pk"])):
            yield found


def call_off(asked: Erasure) -> Delete:
    """The change that takes a request back; it fails once the erasing has begun."""
    return Delete(keys.erasure(asked.supporter), _still(asked))


def done(asked: Erasure) -> Delete:
    """The change that ends a request, when nothing is left to do."""
    return Delete(keys.erasure(asked.supporter), _still(asked))


def begin(asked: Erasure) -> Update:
    """The change from which on it cannot be called off; it fails if it was."""
    return Update(keys.erasure(asked.supporter), set={"status": "begun"}, only_if=_still(asked))


def erasing(asked: Erasure, needs: Mapping[str, Any], now: BusinessTime) -> Update:
    """The change with which rows begin to go; `needs`: what its last steps need, see `Erasure`."""
    values = {name: value for name, value in needs.items() if value}
    return Update(
        keys.erasure(asked.supporter),
        set={"status": "erasing", **values, **_listed(asked.supporter, now)},
        only_if=_still(asked),
    )


def check(asked: Erasure, at: BusinessTime) -> Update:
    """The change after the last mail: all that identifies goes; at that time it is looked once more."""
    return Update(
        keys.erasure(asked.supporter),
        set={"status": "checking", **_listed(asked.supporter, at)},
        remove=_NEEDED,
        only_if=_still(asked),
    )


def later(asked: Erasure, at: BusinessTime) -> Update:
    """The change that puts its next try off until then."""
    return Update(keys.erasure(asked.supporter), set=_listed(asked.supporter, at), only_if=_still(asked))


def _still(asked: Erasure) -> tuple[Condition, ...]:
    return (Condition("status", "=", asked.status),)


def _listed(supporter: SupporterId, due_at: int) -> dict[str, str]:
    moment = keys.moment(due_at)
    return {"due": moment, "gsi1pk": keys.ERASURES, "gsi1sk": f"{moment}#{supporter}"}


def _erasure(supporter: SupporterId, item: Item) -> Erasure:
    return Erasure(
        supporter,
        item["status"],
        item["asked_at"],
        item["erase_on"],
        by=str(item.get("by", "")),
        email=str(item.get("email", "")),
        language=str(item.get("language", "")),
        customers=tuple(item.get("customers", ())),
        hashed=tuple(item.get("hashed", ())),
        joined=tuple(SupporterId(one) for one in item.get("joined", ())),
    )
