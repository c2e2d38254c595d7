"""The inbox: every event as it came, stored before it is understood.

    pending ---applied---> applied | ignored | foreign    nothing left to do
       └----keeps failing----> parked                     a person looks (`ops inbox`)

    ignored                                               from the start: of the other mode, or another account
    unhandled                                             from the start: of a type that no handler takes (yet);
                                                          pending once one does, see `reopen`

Only waiting events stand in the index: the pending ones by the time they are due, where the sweep finds them, and
behind them the parked ones, so that one query finds both; in eight partitions by the event's name, so that an hour
in which everybody renews meets no partition's limit. A waiting event never expires: its time of deletion is set once
nothing is left to do. `kernel/failures.py` says how often a failing one is tried, and when it is parked.
"""

import heapq
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, Literal

from chalicelib.inbox.compression import packed, unpacked
from chalicelib.kernel import failures_item, keys
from chalicelib.kernel.failures import Failures
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import NEW, Condition, Item, Put, Table, Update, every, written

KEPT = 400 * 86_400  # seconds: longer than a payment can be disputed, and than the time to the next yearly audit
DONE = ("applied", "ignored", "foreign", "unhandled")
Arrival = Literal["pending", "ignored", "unhandled"]
_PAGE = 100  # events that the sweep reads of the index at once
_LEASE = 60  # seconds in which no other worker takes up the same event
_NOT_DONE = (Condition("pk", "present"), *(Condition("status", "<>", done) for done in DONE))
_SK = keys.event("")[1]
_PENDING = Condition("status", "=", "pending")


@dataclass(frozen=True)
class Stored:
    """An event in the inbox. `body`: the raw bytes that Stripe signed; `tries`: failed tries of any kind."""

    id: str
    type: str
    status: str
    tries: int
    failures: Failures
    body: bytes


def store(table: Table, event_id: str, event_type: str, body: bytes, now: BusinessTime, status: Arrival) -> bool:
    """Store an event unless it is there already; False when it is.

    A pending one is due only after a lease: the process that stores it applies it at once, the sweep only when that
    failed. Others are only recorded: `ignored` never concerns us, `unhandled` may once its type has a handler.
    """
    pk, sk = keys.event(event_id)
    item: dict[str, Any] = {
        "pk": pk,
        "sk": sk,
        "type": event_type,
        "status": status,
        "tries": 0,
        "received_at": now,
        **packed(body),
    }
    if status == "pending":
        item |= _listed(event_id, now + _LEASE)
    else:
        item |= {"expires": now + KEPT}
    if status == "unhandled":
        # Nobody has looked whom it is about: listed until somebody does, so that it can be erased with them.
        item |= {"gsi1pk": keys.NOBODYS_EVENTS, "gsi1sk": event_id}
    return written(table, Put(item, NEW))


def read(table: Table, event_id: str) -> Stored | None:
    """An event with its body; None when there is none."""
    item = table.get(keys.event(event_id))
    return _stored(event_id, item) if item else None


def finished(
    event_id: str,
    status: str,
    now: BusinessTime,
    supporter: SupporterId | None = None,
    *,
    in_history: bool = False,
    body: bytes | None = None,
) -> Update:
    """The change that marks an event as done; part of the transaction that applies it.

    :param supporter: whom it was about; the event is listed under them, as it may have to be erased with them.
    :param in_history: the supporter's history names the event, so it is not listed (that would cost an index write).
    :param body: what is left of the event in the place of what Stripe sent, where it is about nobody, or about
        somebody who was erased.
    """
    values: dict[str, Any] = {"status": status, "applied_at": now, "expires": now + KEPT}
    if body is not None:
        values |= packed(body)
    if supporter:
        values["supporter"] = supporter
    if supporter is None or in_history or body is not None:
        return Update(keys.event(event_id), set=values, remove=("gsi1pk", "gsi1sk", "due"), only_if=_NOT_DONE)
    values |= {"gsi1pk": keys.events_of(supporter), "gsi1sk": event_id}
    return Update(keys.event(event_id), set=values, remove=("due",), only_if=_NOT_DONE)


def of_supporter(table: Table, supporter: SupporterId) -> Iterator[str]:
    """The ids of the stored events that were about a supporter and are not in their history."""
    listed = every(partial(table.query_index, keys.events_of(supporter)))
    return (_id_of(item) for item in listed)


def object_of(item: Item) -> Mapping[str, Any]:
    """The object that the event of a row is about, as it is stored.

    :raises KeyError, ValueError, zlib.error: its body cannot be read.
    """
    about = json.loads(unpacked(item))["data"]["object"]
    return about if isinstance(about, dict) else {}


def nobodys(table: Table) -> Iterator[str]:
    """The ids of the recorded events for which nobody has found a supporter."""
    listed = every(partial(table.query_index, keys.NOBODYS_EVENTS))
    return (_id_of(item) for item in listed)


def reduce(event: Stored, body: bytes, supporter: SupporterId | None = None) -> Update:
    """The change that leaves of a done event only this body, listed nowhere; it fails if the event has changed.

    :param supporter: whom it was about, an id that leads nowhere.
    """
    values: dict[str, Any] = packed(body)
    if supporter:
        values["supporter"] = supporter
    as_read = (Condition("status", "=", event.status),)
    return Update(keys.event(event.id), set=values, remove=("gsi1pk", "gsi1sk"), only_if=as_read)


def passed_on(event: Stored, source: SupporterId, into: SupporterId, body: bytes, *, listed: bool) -> Update:
    """The change that makes a done event another supporter's; it fails if it is not the one's any more.

    :param body: what is left of it.
    :param listed: it is found by its list, and not by the history.
    """
    values: dict[str, Any] = {"supporter": into, **packed(body)}
    if listed:
        values["gsi1pk"] = keys.events_of(into)
    theirs = (Condition("status", "=", event.status), Condition("supporter", "=", source))
    return Update(keys.event(event.id), set=values, only_if=theirs)


def hand_over(table: Table, source: SupporterId, into: SupporterId) -> None:
    """List the events of one supporter, but those in their history, under another one, who is the same person."""
    for event_id in of_supporter(table, source):
        theirs = (Condition("supporter", "=", source), Condition("gsi1pk", "=", keys.events_of(source)))
        now = {"supporter": into, "gsi1pk": keys.events_of(into)}
        written(table, Update(keys.event(event_id), set=now, only_if=theirs))


def without_supporter(item: Item) -> Stored | None:
    """The event of a row, if it is done and lacks the supporter whom it was about; None for any other row.

    A foreign event is about no supporter of ours, and a waiting one gets its supporter when it is applied.

    :raises KeyError, TypeError, zlib.error: its body cannot be read.
    """
    may_say = item["sk"] == _SK and item.get("status") in DONE and item["status"] != "foreign"
    return _stored(_id_of(item), item) if may_say and "supporter" not in item else None


def nobodys_event(item: Item) -> Stored | None:
    """The event of a row, if it is done, names no supporter and is not listed as nobody's; None for any other row.

    :raises KeyError, TypeError, zlib.error: its body cannot be read.
    """
    done = item["sk"] == _SK and item.get("status") in DONE
    return _stored(_id_of(item), item) if done and "supporter" not in item and "gsi1pk" not in item else None


def list_nobodys(event: Stored) -> Update:
    """The change that lists an event of an earlier release that no handler understands yet."""
    unsaid = (Condition(name, "absent") for name in ("supporter", "gsi1pk"))
    as_read = (Condition("status", "=", event.status), *unsaid)
    return Update(keys.event(event.id), set={"gsi1pk": keys.NOBODYS_EVENTS, "gsi1sk": event.id}, only_if=as_read)


def say_supporter(event: Stored, supporter: SupporterId) -> Update:
    """The change that adds the supporter to an event of an earlier release that lacks it, and lists it under them."""
    values = {"supporter": supporter, "gsi1pk": keys.events_of(supporter), "gsi1sk": event.id}
    as_read = (Condition("status", "=", event.status), Condition("supporter", "absent"))
    return Update(keys.event(event.id), set=values, only_if=as_read)


def failed(table: Table, event: Stored, why: str, now: BusinessTime, *, outage: bool = False) -> str:
    """Note a failed try: due again after a growing pause, parked after too many. Answers the new status.

    :param why: an error's kind, never its message, which may quote the payload.
    :param outage: it was not the event's fault; `kernel/failures.py` says how that counts.
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
    return status if written(table, change) else "applied"  # another worker finished it meanwhile


def lease(table: Table, event_id: str, due: str, now: BusinessTime) -> bool:
    """Lease an event to the sweep; False when another sweep was faster."""
    change = Update(
        keys.event(event_id),
        set=_listed(event_id, now + _LEASE),
        only_if=(_PENDING, Condition("due", "=", due)),
    )
    return written(table, change)


def retry(table: Table, event_id: str, now: BusinessTime) -> bool:
    """Make a parked event pending, with failures counted from zero; False when there is no such parked event."""
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
    """(event id, due) of pending events, first due first; pages are read as they are needed.

    :param due_by: only events due by then; None: all. An event that fails during the iteration is due again later,
        so with None it comes a second time.
    """
    bound = keys.PARKED if due_by is None else _due(due_by)
    shards = (every(partial(table.query_index, one, up_to=bound, limit=_PAGE)) for one in keys.all_inbox_work())
    # Each is in order of time; a page of each is read at first, and more as it is needed.
    listed = heapq.merge(*shards, key=lambda item: str(item["gsi1sk"]))
    return ((_id_of(item), str(item["due"])) for item in listed)


def waiting(table: Table) -> list[Item]:
    """Every pending or parked event as it is stored, for the operator."""
    listed = _all_waiting(table)
    whole = (table.get((item["pk"], item["sk"])) for item in listed)
    return [
        {"event": _id_of(item)} | {name: item.get(name) for name in ("type", "status", "tries", "why", "received_at")}
        for item in whole
        if item is not None and item["status"] in ("pending", "parked")
    ]


def _all_waiting(table: Table) -> Iterator[Item]:
    """What the index has of every pending or parked event, shard after shard."""
    return chain.from_iterable(every(partial(table.query_index, one)) for one in keys.all_inbox_work())


@dataclass(frozen=True)
class InboxStatus:
    """What waits in the inbox. `oldest`: when the oldest pending event came, in seconds; None when none is pending.

    `due`: whether a pending event is to be applied now. `parked`: how many events are parked.
    """

    oldest: int | None
    due: bool
    parked: int


def inbox_status(table: Table, due_by: BusinessTime | None) -> InboxStatus:
    """The status of all that waits, in one query a shard; `due_by` as for `pending_events`."""
    listed = list(_all_waiting(table))
    pending = [item for item in listed if not str(item["gsi1sk"]).startswith(keys.PARKED)]
    due = [item for item in pending if due_by is None or str(item["gsi1sk"]) <= _due(due_by)]
    # An index that was made by an earlier release lacks `received_at`.
    came = [item["received_at"] for item in pending if "received_at" in item]
    return InboxStatus(min(came, default=None), bool(due), len(listed) - len(pending))


def _due(due_by: BusinessTime) -> str:
    return f"{keys.moment(due_by)}~"


def _listed(event_id: str, due: int, place: str = "") -> dict[str, str]:
    """A waiting event's sort key in the index, as attributes."""
    moment = keys.moment(due)
    return {"due": moment, "gsi1pk": keys.inbox_work(event_id), "gsi1sk": f"{place}{moment}#{event_id}"}


def _id_of(item: Item) -> str:
    return str(item["pk"]).removeprefix("EVT#")


def _stored(event_id: str, item: Item) -> Stored:
    body = unpacked(item)
    return Stored(event_id, item["type"], item["status"], item["tries"], failures_item.from_item(item), body)
