"""Take away whatever leads back to a person: rows, what their events held, and their customers at Stripe."""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress

from chalicelib.checkouts.rules.status import CheckoutStatus
from chalicelib.inbox import rows as inbox
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import EXISTING, Delete, Item, Update, written
from chalicelib.observing.log import alarm
from chalicelib.privacy.rows.about import Person, rows_about
from chalicelib.privacy.rules import of_people as kinds
from chalicelib.privacy.rules import of_visits as visits
from chalicelib.privacy.rules.kinds import Kind, KindUnknown
from chalicelib.privacy.rules.personal_data import KINDS, kind_of
from chalicelib.rails.stripe.about import reduced, settle, supporter_of_event
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.end_gift import suppress_missing
from chalicelib.rails.stripe.port import StripeRefused

_MOST_PASSES = 10
_OPEN: CheckoutStatus = "open"


def erase_rows(
    person: Person, deps: StripeDeps, *, words: Iterable[str] = (), known: tuple[Kind, ...] = KINDS
) -> list[str]:
    """Take every row about a person away, or what must go of it, until nothing is found; answers unknown kinds.

    A row of a kind that nobody described is left as it is: it may be a voucher.

    :param words: the address and Stripe's ids, as long as they are known: recorded events that name one go, too.
    :raises Outage: some of it is gone; calling it again goes on.
    """
    _claim_nobodys(person.supporters[0], deps, [word for word in words if word])
    unknown: set[str] = set()
    for _ in range(_MOST_PASSES):
        changed = False
        # What is led to goes before what leads there: after a crash in between it could not be found any more.
        for item in reversed(list(rows_about(deps.table, person))):
            try:
                changed |= _forget(item, kind_of(item, known), deps)
            except KindUnknown as error:
                unknown.add(str(error))
        if not changed:
            break
    return sorted(unknown)


def _forget(item: Item, kind: Kind, deps: StripeDeps) -> bool:
    """Take away what must go of one row; False if there is nothing."""
    key = str(item["pk"]), str(item["sk"])
    if kind is visits.ERASURE or kind.nobodys:
        return False  # it ends itself, with its last step
    if kind is kinds.EVENT:
        return _reduce(str(item["pk"]).removeprefix("EVT#"), deps, SupporterId(str(item.get("supporter", ""))))
    stays = kind.stays(item)
    if not stays:
        if kind is visits.CHECKOUT and item.get("status") == _OPEN:
            with suppress(StripeRefused):  # paid or expired meanwhile
                deps.stripe.expire_checkout_session(str(item["id"]))
        return written(deps.table, Delete(key, EXISTING))
    goes = tuple(name for name in item if name not in stays)
    return bool(goes) and written(deps.table, Update(key, remove=goes, only_if=EXISTING))


def _reduce(event_id: str, deps: StripeDeps, supporter: SupporterId) -> bool:
    """Leave of a done event what a voucher wants. One that waits is reduced when it is applied."""
    stored = inbox.read(deps.table, event_id)
    if stored is None or stored.status not in inbox.DONE:
        return False
    left = reduced(stored.id, stored.type, stored.body)
    return left != stored.body and written(deps.table, inbox.reduce(stored, left, supporter or None))


def _claim_nobodys(supporter: SupporterId, deps: StripeDeps, words: list[str]) -> None:
    """Find the person in recorded events for which nobody was found: by what the table knows, and by their words."""
    needles = [form for word in words for form in (word.encode(), json.dumps(word)[1:-1].encode())]
    for event_id in list(inbox.nobodys(deps.table)):
        whose = settle(event_id, deps.table, deps.email_key)
        if whose != supporter and needles:  # nobody's, or of who claimed a gift that was given under the address
            stored = inbox.read(deps.table, event_id)
            if stored and any(needle.lower() in stored.body.lower() for needle in needles):
                _reduce(event_id, deps, whose or supporter)


def erase_customers(customers: Iterable[str], deps: StripeDeps) -> None:
    """Delete the customers at Stripe. One with a subscription of another product stays, and an alarm says so.

    :raises StripeUnavailable, StripeRefused: some are deleted; calling it again goes on.
    """
    for customer in customers:
        with suppress_missing():
            others = [one for one in deps.stripe.subscriptions_of_customer(customer) if not _is_ours(one, deps)]
            if others:
                alarm("customer_shared", customer=customer)
            else:
                deps.stripe.delete_customer(customer)


def _is_ours(subscription: Item, deps: StripeDeps) -> bool:
    return bool((subscription.get("metadata") or {}).get("spilno") == deps.site_id)


def waiting_events(person: Person, deps: StripeDeps) -> list[str]:
    """The events about a person that are still to be applied, or are parked until somebody of the newsroom looks."""
    return [name for name in _waiting(deps) if _about(name, deps) in person.supporters]


def _waiting(deps: StripeDeps) -> Iterator[str]:
    return (str(one["event"]) for one in inbox.waiting(deps.table))


def _about(event_id: str, deps: StripeDeps) -> SupporterId | None:
    stored = inbox.read(deps.table, event_id)
    return supporter_of_event(stored.body, deps.table, deps.email_key) if stored else None
