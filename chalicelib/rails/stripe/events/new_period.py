"""Recognise the update of a subscription that says nothing but that its next period has begun.

Stripe sends one at every renewal, before the invoice is paid. Of a gift that simply goes on it brings nothing that
the invoice does not bring, which is paid or refused an hour later and tells of itself. So it is recorded, no more.

Whatever is not certainly such an update is applied as any other.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.rails.stripe.events.envelope import Event
from chalicelib.rails.stripe.events.handler import Snapshot

# Where the period stands: on the items; before 2025-03-31.basil, on the subscription.
_PERIOD = frozenset({"current_period_start", "current_period_end"})
_MOVES = _PERIOD | {"items", "latest_invoice"}
# Anything else than a gift that goes on as it is: what follows then does not follow from its invoices alone.
_SPECIAL = ("pause_collection", "cancel_at", "cancel_at_period_end", "pending_update")


def only_begins_new_period(event: Event) -> bool:
    """Whether a `customer.subscription.updated` is such: of an active one, only period and newest invoice are new."""
    before, after = event.data.previous_attributes, event.data.object
    if not before or not before.keys() <= _MOVES:
        return False
    if after.get("status") != "active" or any(after.get(name) for name in _SPECIAL):
        return False
    if "items" not in before:
        return bool(before.keys() & _PERIOD)
    return _only_periods(before["items"], after.get("items"))


def _only_periods(before: Any, after: Any) -> bool:
    """Whether two lists of subscription items differ in nothing but periods."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return False
    was, are = before.get("data"), after.get("data")
    if not isinstance(was, list) or not isinstance(are, list) or len(was) != len(are) or not was:
        return False
    return _named_same(before, after, but={"data"}) and all(map(_same_item, was, _in_order_of(was, are)))


def _in_order_of(was: Sequence[Any], are: Sequence[Any]) -> list[Any]:
    """The items of now in the order of those before, by their ids; where an item names none, as they came."""
    by_id = {one.get("id"): one for one in are if isinstance(one, Mapping) and isinstance(one.get("id"), str)}
    return [by_id.get(_id_of(old), new) for old, new in zip(was, are, strict=True)]


def _id_of(item: Any) -> str:
    name = item.get("id") if isinstance(item, Mapping) else None
    return name if isinstance(name, str) else ""


def _same_item(was: Any, new: Any) -> bool:
    return isinstance(was, Mapping) and isinstance(new, Mapping) and _named_same(was, new, but=_PERIOD)


def _named_same(was: Snapshot, new: Snapshot, *, but: frozenset[str] | set[str]) -> bool:
    """Whether all that was named before stands there now with the same value."""
    return all(name in new and new[name] == value for name, value in was.items() if name not in but)
