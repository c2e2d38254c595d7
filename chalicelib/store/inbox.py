"""The inbox: every event as it came, stored before it is understood.

    pending ---applied---> applied | ignored | foreign    nothing left to do
       └----keeps failing----> parked                     a person looks (`ops inbox`)

    ignored                                               from the start: of the other mode, or another account
    unhandled                                             from the start: of a type that no handler takes (yet)

Only waiting events stand in the index, by the time they are due; the sweep finds the pending ones there. What waits
never expires: the clock of DynamoDB's deletion starts once nothing is left to do.
"""

import zlib
from dataclasses import dataclass
from functools import partial
from typing import Literal

from chalicelib.store import keys
from chalicelib.store.table import NEW, Condition, ConditionFailed, Item, Put, Table, Update, every

KEPT = 400 * 86_400  # seconds: raw events outlive every dispute window and stay for one more audit
DONE = ("applied", "ignored", "foreign", "unhandled")
Arrival = Literal["pending", "ignored", "unhandled"]
MOST_TRIES = 8
_LEASE = 60  # seconds in which nobody else takes up the same event
_PENDING = Condition("status", "=", "pending")


@dataclass(frozen=True)
class Stored:
    """An event in the inbox. `body` is the raw text as Stripe signed it."""

    id: str
    type: str
    status: str
    tries: int
    body: bytes


def store(table: Table, event_id: str, event_type: str, body: bytes, now: int, status: Arrival) -> bool:
    """Put an event if it is not there yet; False for one that is.

    A pending one is due only after a lease: whoever stored it applies it at once, the sweep only when that did not
    work. The others are only recorded: `ignored` never concerns us, `unhandled` may, once it has a handler.
    """
    pk, sk = keys.event(event_id)
    due = keys.moment(now + _LEASE)
    item = {
        "pk": pk,
        "sk": sk,
        "type": event_type,
        "status": status,
        "tries": 0,
        "received_at": now,
        "body": zlib.compress(body, 9),
    }
    if status == "pending":
        item |= {"due": due, "gsi1pk": keys.INBOX_WORK, "gsi1sk": f"{due}#{event_id}"}
    else:
        item |= {"expires": now + KEPT}
    try:
        table.write(Put(item, NEW))
    except ConditionFailed:
        return False
    return True


def read(table: Table, event_id: str) -> Stored | None:
    """One event, whole."""
    item = table.get(keys.event(event_id))
    return _stored(event_id, item) if item else None


def finished(event_id: str, status: str, now: int) -> Update:
    """The change that marks an event as done; part of the transaction that applies it."""
    return Update(
        keys.event(event_id),
        set={"status": status, "applied_at": now, "expires": now + KEPT},
        remove=("gsi1pk", "gsi1sk", "due"),
        only_if=(Condition("pk", "present"), *(Condition("status", "<>", done) for done in DONE)),
    )


def failed(table: Table, event: Stored, why: str, now: int) -> str:
    """Note a failed try: due again after a growing pause, parked after several. Answers the new status.

    `why` is an error's kind, never its words, which may quote the payload.
    """
    tries = event.tries + 1
    parked = tries >= MOST_TRIES
    due = keys.moment(now + min(30 * 4**tries, 6 * 3600))
    place = keys.PARKED if parked else keys.INBOX_WORK
    status = "parked" if parked else "pending"
    change = Update(
        keys.event(event.id),
        set={
            "tries": tries,
            "why": why,
            "status": status,
            "due": due,
            "gsi1pk": place,
            "gsi1sk": f"{due}#{event.id}",
        },
        only_if=(_PENDING,),
    )
    try:
        table.write(change)
    except ConditionFailed:
        return "applied"  # somebody else finished it meanwhile
    return status


def lease(table: Table, event_id: str, due: str, now: int) -> bool:
    """Take an event up for the sweep; False when another sweep was faster."""
    later = keys.moment(now + _LEASE)
    change = Update(
        keys.event(event_id),
        set={"due": later, "gsi1sk": f"{later}#{event_id}"},
        only_if=(_PENDING, Condition("due", "=", due)),
    )
    try:
        table.write(change)
    except ConditionFailed:
        return False
    return True


def retry(table: Table, event_id: str, now: int) -> bool:
    """Bring a parked event back; False when there is no such parked event."""
    due = keys.moment(now)
    change = Update(
        keys.event(event_id),
        set={
            "status": "pending",
            "tries": 0,
            "due": due,
            "gsi1pk": keys.INBOX_WORK,
            "gsi1sk": f"{due}#{event_id}",
        },
        only_if=(Condition("status", "=", "parked"),),
    )
    try:
        table.write(change)
    except ConditionFailed:
        return False
    return True


def due_events(table: Table, now: int, limit: int) -> list[tuple[str, str]]:
    """(event id, due) of pending events whose time has come, oldest first."""
    page = table.query_index(keys.INBOX_WORK, up_to=f"{keys.moment(now)}~", limit=limit)
    return [(_id_of(item), str(item["due"])) for item in page.items]


def waiting(table: Table) -> list[Item]:
    """Every event that is pending or parked, for the operator."""
    listed = (item for place in (keys.INBOX_WORK, keys.PARKED) for item in every(partial(table.query_index, place)))
    whole = (table.get((item["pk"], item["sk"])) for item in listed)
    return [
        {"event": _id_of(item)} | {name: item.get(name) for name in ("type", "status", "tries", "why", "received_at")}
        for item in whole
        if item is not None and item["status"] in ("pending", "parked")
    ]


def _id_of(item: Item) -> str:
    return str(item["pk"]).removeprefix("EVT#")


def _stored(event_id: str, item: Item) -> Stored:
    return Stored(event_id, item["type"], item["status"], item["tries"], zlib.decompress(item["body"]))
