"""Find every row about a person, from the person alone: the table is not read.

It begins with what leads there by itself (partitions, lists of the index, keys that follow from the address), and
follows what each row leads to. Whoever adds a kind of row that stands elsewhere enters here how it is found.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from chalicelib.inbox import rows as inbox
from chalicelib.kernel import email_address, keys
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Item, Key, Table, every
from chalicelib.ledger.rules.receipt_reference import ReceiptNumber
from chalicelib.privacy.rules import of_people as kinds
from chalicelib.privacy.rules import of_visits as visits
from chalicelib.privacy.rules.kinds import Kind
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rows.supporters import who_now

_HASHES = ("was", "is")  # of an address, in a line of history


@dataclass(frozen=True)
class Person:
    """Whom rows are looked for: all ids that are theirs, and the keyed hashes of their addresses."""

    supporters: tuple[SupporterId, ...]
    hashed: tuple[str, ...] = ()


def hashes_of(email: EmailAddress | str, key: str) -> tuple[str, ...]:
    """The keyed hashes under which an address may be stored; none for no address."""
    forms = [EmailAddress(email), email_address.older_form(EmailAddress(email))] if email else []
    return tuple(supporters.email_hash(form, key) for form in forms if form)


def person(table: Table, supporter: SupporterId, key: str) -> Person:
    """A supporter with whoever was joined to them, their address, and those of before that nobody else has by now."""
    whose = joined_to(table, supporter)
    profile = supporters.read_profile(table, supporter)
    former = dict.fromkeys(str(line[name]) for line in _history(table, whose) for name in _HASHES if line.get(name))
    free = [one for one in former if supporters.find_by_hash(table, one) in (None, *whose)]
    return Person(whose, tuple(dict.fromkeys([*(hashes_of(profile.email, key) if profile else ()), *free])))


def _history(table: Table, whose: Iterable[SupporterId]) -> Iterator[Item]:
    for one in whose:
        yield from every(partial(table.query, keys.supporter(one), prefix=keys.LOG_PREFIX))


def joined_to(table: Table, supporter: SupporterId) -> tuple[SupporterId, ...]:
    """A supporter, and whoever was joined to them, as the history says, and still is.

    A record that a claimed gift left with nothing is joined, and somebody else's again once the claim is undone: the
    line of history stays, and leads to nobody of theirs any more.
    """
    found, waiting = [supporter], [supporter]
    while waiting:
        lines = _history(table, [waiting.pop()])
        more = [SupporterId(str(line["joined"])) for line in lines if line.get("joined")]
        new = [one for one in dict.fromkeys(more) if one not in found and who_now(table, one) == supporter]
        found, waiting = [*found, *new], [*waiting, *new]
    return tuple(found)


def customers_of(table: Table, person: Person) -> frozenset[str]:
    """Every customer at Stripe that is a person's, by the look-ups and by whatever else names one."""
    named: set[str] = set()
    for item in rows_about(table, person):
        named.update(_customers_in(item))
    owners = {one: table.get(keys.customer(one)) for one in named if one}
    return frozenset(one for one, item in owners.items() if item is None or item["supporter"] in person.supporters)


def _customers_in(item: Item) -> Iterator[str]:
    if kinds.ACCESS.holds(item):
        yield from (str(key[0]).partition("#")[2] for key in _of_access(item))
    elif visits.CUSTOMER.holds(item):
        yield str(item["pk"]).partition("#")[2]
    elif kinds.HISTORY.holds(item) or visits.CHECKOUT.holds(item) or visits.ATTEMPT.holds(item):
        yield str(item.get("customer") or "")


def rows_about(table: Table, person: Person) -> Iterator[Item]:
    """Every row about a person, each once; what a row leads to comes after it."""
    seen: set[Key] = set()
    waiting = list(_roots(table, person))
    while waiting:
        item = waiting.pop()
        key = str(item["pk"]), str(item["sk"])
        if key in seen:
            continue
        seen.add(key)
        theirs = item.get("supporter", person.supporters[0]) in person.supporters
        if not theirs and item.get("address") not in person.hashed:  # a statement about another's gift is by them
            continue  # it was theirs once, and went to somebody else: a claimed gift, a corrected address
        yield item
        waiting += _read(table, (led for led in _leads(item) if led not in seen))


def _roots(table: Table, person: Person) -> Iterator[Item]:
    for supporter in person.supporters:
        yield from every(partial(table.query, keys.supporter(supporter)))
        for partition in (keys.about(supporter), keys.events_of(supporter)):
            yield from _read(table, _listed(table, partition))
    # What still waits is listed by when it is due, and not yet under its supporter.
    for partition in (keys.DUE_WORK, keys.UNDELIVERABLE):
        listed = every(partial(table.query_index, partition))
        theirs = (row for row in listed if row.get("supporter") in person.supporters)
        yield from _read(table, [(str(row["pk"]), str(row["sk"])) for row in theirs])
    for hashed in person.hashed:
        yield from _read(table, [keys.email(hashed), keys.suppressed(hashed)])
        yield from every(partial(table.query, keys.proven(hashed, "")[0]))
        yield from _read(table, _listed(table, keys.about_address(hashed)))


def _listed(table: Table, partition: str) -> list[Key]:
    return [(str(row["pk"]), str(row["sk"])) for row in every(partial(table.query_index, partition))]


def _read(table: Table, wanted: Iterable[Key]) -> Iterator[Item]:
    return (item for item in map(table.get, wanted) if item)


def _leads(item: Item) -> Iterator[Key]:
    """The keys of rows elsewhere that a row leads to."""
    for kind, leads in LEADS.items():
        if kind.holds(item):
            yield from leads(item)


def _of_access(item: Item) -> Iterator[Key]:
    gifts = item.get("recurring", {}).values()
    for customer in (*item.get("customers", {}).values(), *(gift.get("customer") for gift in gifts)):
        if customer:
            yield keys.customer(customer)


def _of_history(item: Item) -> Iterator[Key]:
    for name, key in (("event", keys.event), ("customer", keys.customer), ("checkout", keys.checkout)):
        if item.get(name):
            yield key(str(item[name]))


def _of_receipts(item: Item) -> Iterator[Key]:
    return (keys.receipt(ReceiptNumber(number)) for number in item.get("numbers", ()))


def _of_checkout(item: Item) -> Iterator[Key]:
    yield keys.declines(item["id"])
    if item.get("attempt"):
        yield keys.checkout(item["attempt"])
    if item.get("customer"):
        yield keys.customer(item["customer"])


def _of_event(item: Item) -> Iterator[Key]:
    """The checkout of an earlier release: the event about it names it."""
    if not str(item.get("type")).startswith("checkout.session."):
        return
    try:
        session = inbox.object_of(item)
    except (KeyError, ValueError, zlib.error):
        return
    if isinstance(session.get("id"), str):
        yield keys.checkout(session["id"])
    if isinstance(session.get("client_reference_id"), str):
        yield keys.checkout(session["client_reference_id"])


LEADS: Mapping[Kind, Callable[[Item], Iterable[Key]]] = {
    kinds.ACCESS: _of_access,
    kinds.ENTRY: lambda item: [keys.movement(str(item["id"]))] if "id" in item else [],
    kinds.RECEIPT_OF_GIFT: _of_receipts,
    kinds.HISTORY: _of_history,
    visits.STATEMENT_OF: lambda item: [keys.statement(str(item["statement"]))],
    visits.STATEMENT_BY: lambda item: [keys.statement(str(item["statement"]))],
    visits.GIVEN_LINK: lambda item: [keys.gift_link(str(item["link"]))],
    kinds.DEVICE: lambda item: [keys.session(str(item["session"]))],
    visits.ATTEMPT: lambda item: [keys.checkout(str(item["session"]))] if "session" in item else [],
    visits.CHECKOUT: _of_checkout,
    kinds.EVENT: _of_event,
}
