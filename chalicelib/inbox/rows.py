"""The inbox: every event as it came, stored before it is understood.

    pending ---applied---> applied | ignored | foreign    nothing left to do
       └----keeps failing----> parked                     a person looks (`ops inbox`)

    ignored                                               from the start: of the other mode, or another account
    unhandled                                             from the start: of a type that no handler takes (yet);
                                                          pending once one does, see `reopen`

Only waiting events stand in the index: the pending ones by the time they are due, where the sweep finds them, and
behind them the parked ones, so that one look tells of both. What waits never expires: the clock of DynamoDB's
deletion starts once nothing is left to do. How often a failing one is tried, and when it is parked, is said in
`kernel/failures.py`.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from chalicelib.kernel import failures_item, keys
from chalicelib.kernel.failures import Failures
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import NEW, Condition, Item, Put, Table, Update, every, written

KEPT = 400 * 86_400  # seconds: raw events outlive every dispute window and stay for one more audit
DONE = ("applied", "ignored", "foreign", "unhandled")
Arrival = Literal["pending", "ignored", "unhandled"]
_PAGE = 100  # events that the sweep reads of the index at once
_LEASE = 60  # seconds in which nobody else takes up the same event
_NOT_DONE = (Condition("pk", "present"), *(Condition("status", "<>", done) for done in DONE))
_SK = keys.event("")[1]
_PENDING = Condition("status", "=", "pending")


@dataclass(frozen=True)
class Stored:
    """An event in the inbox. `body` is the raw text as Stripe signed it; `tries` counts failed tries of any kind."""

    id: str
    type: str
    status: str
    tries: int
    failures: Failures
    body: bytes


def store(table: Table, event_id: str, event_type: str, body: bytes, now: BusinessTime, status: Arrival) -> bool:
    """Put an event if it is not there yet; False for one that is.

    A pending one is due only after a lease: whoever stored it applies it at once, the sweep only when that did not
    work. The others are only recorded: `ignored` never concerns us, `unhandled` may, once it has a handler.
    """
    pk, sk = keys.event(event_id)
    item = {
        "pk": pk,
        "sk": sk,
        "type": event_type,
        "status": status,
        "tries": 0,
        "received_at": now,
        "body": zlib.compress(body, 6),
    }
    if status == "pending":
        item |= _listed(event_id, now + _LEASE)
    else:
        item |= {"expires": now + KEPT}
    return written(table, Put(item, NEW))


def read(table: Table, event_id: str) -> Stored | None:
    """One event, whole."""
    item = table.get(keys.event(event_id))
    return _stored(event_id, item) if item else None


def finished(
    event_id: str, status: str, now: BusinessTime, supporter: SupporterId | None = None, *, in_history: bool = False
) -> Update:
    """The change that marks an event as done; part of the transaction that applies it.

    :param supporter: whom it was about, by whom it is found then: it may have to be forgotten with them.
    :param in_history: their history names it, so that it need not be listed (which costs a write of the index).
    """
    values = {"status": status, "applied_at": now, "expires": now + KEPT}
    if supporter:
        values["supporter"] = supporter
    if supporter is None or in_history:
        return Update(keys.event(event_id), set=values, remove=("gsi1pk", "gsi1sk", "due"), only_if=_NOT_DONE)
    values |= {"gsi1pk": keys.events_of(supporter), "gsi1sk": event_id}
    return Update(keys.event(event_id), set=values, remove=("due",), only_if=_NOT_DONE)


def of_supporter(table: Table, supporter: SupporterId) -> Iterator[str]:
    """The ids of the events that were about a supporter and are not in their history, as far as they are kept."""
    listed = every(partial(table.query_index, keys.events_of(supporter)))
    return (_id_of(item) for item in listed)


def without_supporter(item: Item) -> Stored | None:
    """The event of a row, if it is done and does not say whom it was about; None for any other row.

    What is another product's is about nobody whom we have, and what waits learns it when it is applied.

    :raises KeyError, TypeError, zlib.error: its body cannot be read.
    """
    may_say = item["sk"] == _SK and item.get("status") in DONE and item["status"] != "foreign"
    return _stored(_id_of(item), item) if may_say and "supporter" not in item else None


def say_supporter(event: Stored, supporter: SupporterId) -> Update:
    """The change that writes whom an event was about that was done with before events said so, and lists it there."""
    values = {"supporter": supporter, "gsi1pk": keys.events_of(supporter), "gsi1sk": event.id}
    unsaid = (Condition(name, "absent") for name in ("supporter", "gsi1pk"))
    as_read = (Condition("status", "=", event.status), *unsaid)
    return Update(keys.event(event.id), set=values, only_if=as_read)


def failed(table: Table, event: Stored, why: str, now: BusinessTime, *, outage: bool = False) -> str:
    """Note a failed try: due again after a growing pause, parked when it is enough. Answers the new status.

    :param why: an error's kind, never its words, which may quote the payload.
    :param outage: it was not the event's fault; see `kernel/failures.py`.
    """
    so_far = event.failures.and_one_more(now, outage=outage)
    parked = so_far.enough(now)
    status = "parked" if parked else "pending"
    noted = {"tries": event.tries + 1, "why": why, "status": status, **failures_item.to_item(so_far)}
    gone = tuple(name for name in failures_item.ATTRIBUTES if name not in noted)
    change = Update(
        keys.event(event.id),
        set=noted | _listed(event.id, now + so_far.pause, keys.PARKED if parked else ""),
        remove=gone,
        only_if=(_PENDING,),
    )
    return status if written(table, change) else "applied"  # somebody else finished it meanwhile


def lease(table: Table, event_id: str, due: str, now: BusinessTime) -> bool:
    """Take an event up for the sweep; False when another sweep was faster."""
    change = Update(
        keys.event(event_id),
        set=_listed(event_id, now + _LEASE),
        only_if=(_PENDING, Condition("due", "=", due)),
    )
    return written(table, change)


def retry(table: Table, event_id: str, now: BusinessTime) -> bool:
    """Bring a parked event back, as if nothing had failed yet; False when there is no such parked event."""
    return _pending_again(table, event_id, "parked", now)


def reopen(table: Table, event_id: str, now: BusinessTime) -> bool:
    """Make an unhandled event pending, once its type has a handler; False when there is no such unhandled event."""
    return _pending_again(table, event_id, "unhandled", now)


def _pending_again(table: Table, event_id: str, status: str, now: BusinessTime) -> bool:
    change = Update(
        keys.event(event_id),
        set={"status": "pending", "tries": 0, **_listed(event_id, now)},
        remove=("expires", *failures_item.ATTRIBUTES),
        only_if=(Condition("status", "=", status),),
    )
    return written(table, change)


def pending_events(table: Table, due_by: BusinessTime | None) -> Iterator[tuple[str, str]]:
    """(event id, due) of pending events, first due first, page after page as they are asked for.

    :param due_by: only those whose time has come by then; None: all. One that fails while this goes on is due later,
        so that without a bound it comes by once more.
    """
    bound = keys.PARKED if due_by is None else _due(due_by)
    listed = every(partial(table.query_index, keys.INBOX_WORK, up_to=bound, limit=_PAGE))
    return ((_id_of(item), str(item["due"])) for item in listed)


def waiting(table: Table) -> list[Item]:
    """Every event that is pending or parked, for the operator."""
    listed = every(partial(table.query_index, keys.INBOX_WORK))
    whole = (table.get((item["pk"], item["sk"])) for item in listed)
    return [
        {"event": _id_of(item)} | {name: item.get(name) for name in ("type", "status", "tries", "why", "received_at")}
        for item in whole
        if item is not None and item["status"] in ("pending", "parked")
    ]


@dataclass(frozen=True)
class InboxStatus:
    """How the inbox stands. `oldest`: when the oldest pending event came, in seconds; None when nothing is pending.

    `due`: whether one of them is to be applied now.
    """

    oldest: int | None
    due: bool
    parked: int


def inbox_status(table: Table, due_by: BusinessTime | None) -> InboxStatus:
    """One look at all that waits; `due_by` as for `pending_events`."""
    listed = list(every(partial(table.query_index, keys.INBOX_WORK)))
    pending = [item for item in listed if not str(item["gsi1sk"]).startswith(keys.PARKED)]
    due = [item for item in pending if due_by is None or str(item["gsi1sk"]) <= _due(due_by)]
    # An index that was made by an earlier version does not copy when they came.
    came = [item["received_at"] for item in pending if "received_at" in item]
    return InboxStatus(min(came, default=None), bool(due), len(listed) - len(pending))


def _due(due_by: BusinessTime) -> str:
    return f"{keys.moment(due_by)}~"


def _listed(event_id: str, due: int, place: str = "") -> dict[str, str]:
    """Where an event that waits stands in the index."""
    moment = keys.moment(due)
    return {"due": moment, "gsi1pk": keys.INBOX_WORK, "gsi1sk": f"{place}{moment}#{event_id}"}


def _id_of(item: Item) -> str:
    return str(item["pk"]).removeprefix("EVT#")


def _stored(event_id: str, item: Item) -> Stored:
    body = zlib.decompress(item["body"])
    return Stored(event_id, item["type"], item["status"], item["tries"], failures_item.from_item(item), body)
