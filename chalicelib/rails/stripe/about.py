"""Find the supporter whom an object of Stripe's is about, from the table alone, without asking Stripe."""

import json
from collections.abc import Collection, Iterator
from itertools import chain

from chalicelib.inbox import rows as inbox
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Item, Table, Update, written
from chalicelib.ledger.rows import entries as ledger
from chalicelib.rails.stripe.events.envelope import Event
from chalicelib.rails.stripe.events.handler import Snapshot
from chalicelib.rails.stripe.events.without_person import without_person
from chalicelib.rails.stripe.metadata import SUPPORTER
from chalicelib.rails.stripe.rail import MOVEMENTS
from chalicelib.supporters.rows import history, supporters


def supporter_of_event(body: bytes, table: Table, key: str) -> SupporterId | None:
    """The supporter whom a stored event is about; None if the table knows none, or if its body cannot be parsed."""
    try:
        event = Event.model_validate(json.loads(body))
    except (ValueError, RecursionError):  # pydantic's ValidationError and bad UTF-8 are ValueErrors too
        return None
    return supporter_of(event.data.object, table, key)


def supporter_of(about: Snapshot, table: Table, key: str) -> SupporterId | None:
    """The supporter whom an object is about; None where the table knows nothing that the object names.

    Found by a movement that it names, else by its customer, else by the supporter in its metadata, which we wrote.
    If that supporter was joined to another one, the other one. One who was erased is found by the same ways.

    :param key: of the keyed hashes.
    """
    found = next(_named(about, table, key), None)
    return supporters.who_now(table, found) if found else None


def names_any(event: inbox.Stored, ids: Collection[str]) -> bool:
    """Whether the object of a stored event is, or belongs to, any of these objects of Stripe's."""
    try:
        about = Event.model_validate(json.loads(event.body)).data.object
    except (ValueError, RecursionError):
        return False
    own = (_id_of(about.get(name)) for name in ("id", "customer", "subscription", "invoice"))
    return any(one in ids for one in chain(own, _movements(about)) if one)


def left_of(event: Event, supporter: SupporterId | None, table: Table, *, erased: bool | None = None) -> bytes | None:
    """What is to be left of an event that is done with; None: it stays as it came.

    Of one that is about nobody whom we know, or about somebody who was erased, only what a voucher wants.

    :param erased: whether the supporter was erased; None: it is looked up.
    """
    if supporter and erased is None:
        erased = supporters.read_state(table, supporter).erased is not None
    return without_person(event.id, event.type, event.data.object) if erased or supporter is None else None


def reduced(event_id: str, event_type: str, body: bytes) -> bytes:
    """What is left of an event's body once its person is forgotten; whatever cannot be read goes."""
    try:
        about = json.loads(body)["data"]["object"]
    except (ValueError, KeyError, TypeError, RecursionError):
        about = {}
    return without_person(event_id, event_type, about if isinstance(about, dict) else {})


def settle(event_id: str, table: Table, key: str) -> SupporterId | None:
    """Note the supporter whom a recorded event is about, if the table knows one; of an erased one's, reduce it.

    :raises TableUnavailable: it may be done again.
    """
    stored = inbox.read(table, event_id)
    supporter = supporter_of_event(stored.body, table, key) if stored and stored.status in inbox.DONE else None
    if stored is None or supporter is None:
        return None
    left = left_of(Event.model_validate(json.loads(stored.body)), supporter, table)
    written(table, inbox.reduce(stored, left, supporter) if left else inbox.say_supporter(stored, supporter))
    return supporter


def settle_nobodys(item: Item) -> Update | None:
    """The change for a row of an earlier release whose event is about nobody whom we know; None for any other.

    What is done with keeps what a voucher wants; what no handler understands yet is listed, as somebody may turn out
    to be in it.

    :raises KeyError, TypeError, zlib.error: its body cannot be read.
    """
    event = inbox.nobodys_event(item)
    if event is None:
        return None
    if event.status == "unhandled":
        return inbox.list_nobodys(event)
    try:
        left = Event.model_validate(json.loads(event.body))
    except (ValueError, RecursionError):
        return None
    reduced = without_person(event.id, event.type, left.data.object)
    return inbox.reduce(event, reduced) if len(reduced) < len(event.body) else None


def events_about(table: Table, supporter: SupporterId) -> Iterator[str]:
    """The ids of all stored events that were about a supporter, each once: those that changed them, then the others.

    Events of earlier releases that changed nothing are found only after `ops upgrade`, which adds their supporter.
    """
    # An event that `ops upgrade` has listed may stand in the history as well.
    return iter(dict.fromkeys(chain(history.events_of(table, supporter), inbox.of_supporter(table, supporter))))


def _named(about: Snapshot, table: Table, key: str) -> Iterator[SupporterId]:
    for movement in dict.fromkeys(_movements(about)):
        if owner := ledger.owner_of(table, movement):
            yield owner
    for name in ("id", "customer"):
        named = _id_of(about.get(name))
        if named and (owner := supporters.find_by_customer(table, named, key)):
            yield owner
    metadata = about.get("metadata")
    noted = metadata.get(SUPPORTER) if isinstance(metadata, dict) else None
    if isinstance(noted, str) and supporters.is_known(table, SupporterId(noted)):
        yield SupporterId(noted)


def _movements(about: Snapshot) -> Iterator[str]:
    """Ids of movements that an object names: its own, its payment's, an invoice's payment's, a dispute's."""
    parts = [about, *(about[name] for name in ("payment", "charge") if isinstance(about.get(name), dict))]
    for part in parts:
        yield from filter(_is_movement, map(_id_of, (part.get("id"), part.get("payment_intent"))))
    moved = about.get("balance_transactions")
    yield from filter(_is_movement, map(_id_of, moved if isinstance(moved, list) else ()))


def _is_movement(named: str) -> bool:
    return named.startswith(MOVEMENTS)


def _id_of(value: object) -> str:
    """The id in an expandable field, expanded or not; empty where there is none."""
    named = value.get("id") if isinstance(value, dict) else value
    return named if isinstance(named, str) else ""
