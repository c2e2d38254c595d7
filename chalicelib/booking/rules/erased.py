"""What is booked of somebody who was erased: money, as a voucher wants it, and nothing about a person.

A refund, a dispute or a late payment of a gift that was made before may still come. It counts in the sums, opens
nothing, and nobody gets a mail.
"""

from dataclasses import replace

from chalicelib.booking.rules.changes import Alarm, Changes
from chalicelib.ledger.rules.movements import Entry
from chalicelib.supporters.rules.state import State


def without_person(changes: Changes, state: State) -> Changes:
    """What is left of a decision about an erased supporter; the same decision for everybody else.

    A gift that was given after the erasure raises an alarm, as nobody at the newsroom can expect one: a person finds
    its payer at the provider, and gives it back or leaves it.
    """
    if state.erased is None:
        return changes
    given_since = [
        Alarm("gift_of_erased", {"payment": moved.id, "amount": moved.amount, "currency": moved.currency}, moved.id)
        for moved in (entry.movement for entry in changes.entries)
        if moved.kind == "gift" and moved.occurred_at > state.erased
    ]
    return Changes(
        standing=state.standing,
        customers=state.customers,
        entries=tuple(_voucher(entry) for entry in changes.entries),
        alarms=(*changes.alarms, *given_since),
    )


def _voucher(entry: Entry) -> Entry:
    """The entry without the page that it came from, the payer's name and what they paid with."""
    return replace(entry, source=None, movement=replace(entry.movement, method=None, payer=None))
