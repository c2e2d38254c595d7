"""One gift out of a supporter's record: what belongs to it, and the changes that move all of it to another record.

Lines of history, mails and Stripe's events about the gift go with it, so that whoever has the gift finds them in an
export, and has them erased. Of the events only what a voucher wants: they hold the payer's name beside the address
that was typed, which is somebody else's (decision 0077).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from chalicelib.account.actions.merge_records import TAG as JOINED
from chalicelib.account.rows import moving
from chalicelib.checkouts.rows.checkouts import Checkout
from chalicelib.inbox import rows as inbox
from chalicelib.inbox.rows import Stored
from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Change, Item, Key, Table, key_of
from chalicelib.ledger.rows import codec
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.stored import StoredEntry
from chalicelib.mail.rows import outbox
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.rails.stripe.about import names_any, reduced
from chalicelib.supporters.rows import history
from chalicelib.supporters.rules.state import State

CLAIMED, UNCLAIMED = "gift:address:claimed", "gift:address:unclaimed"  # of the history


@dataclass(frozen=True)
class Moving:
    """A gift as it stands in a record. `rows`: its entries, and what else of the partition belongs to it.

    `movements`: the ids of its payments. `given_at`: of the first. `receipts`: the mails that confirmed it, to be
    sent once more. `names`: Stripe's ids of all that is part of it, the checkout among them.
    """

    rows: Sequence[Item]
    movements: frozenset[str]
    given_at: int
    customer: str
    receipts: Sequence[MailToSend] = ()
    names: frozenset[str] = frozenset()


def gift_of(table: Table, state: State, checkout: Checkout) -> Moving:
    """All that is of the gift which this checkout paid for."""
    stored = [one for one in ledger.entries_of(table, state.id) if isinstance(one, StoredEntry)]
    mine = [one for one in stored if _is_of(one, checkout)]
    movements = frozenset(one.entry.movement.gift for one in mine)
    invoices = {one.entry.movement.invoice for one in mine}
    wanted: list[Key] = [codec.key_of(state.id, one.place) for one in mine]
    wanted += [keys.receipt_of(state.id, gift) for gift in sorted(movements)]
    wanted += [keys.failed_payment(state.id, invoice) for invoice in sorted(filter(None, invoices))]
    rows = [item for item in map(table.get, wanted) if item]
    given_at = min((one.entry.movement.occurred_at for one in mine), default=0)
    mails = (outbox.to_send_again(table, f"{gift}:thanks") for gift in sorted(movements))
    named = {one.entry.movement.id for one in mine} | movements | invoices | {checkout.id, checkout.subscription}
    receipts = [mail for mail in mails if mail]
    return Moving(rows, movements, given_at, checkout.customer or "", receipts, frozenset(filter(None, named)))


def left_over(table: Table, state: State, gift: Moving) -> bool:
    """Whether anything is left in a record whose `state` is without the gift."""
    standing = state.standing
    if standing.grants or standing.recurring or standing.reversals or state.customers:
        return True
    gone = {str(item["sk"]) for item in gift.rows}
    return any(one.place not in gone for one in ledger.entries_of(table, state.id))


def moved_rows(table: Table, gift: Moving, source: SupporterId, into: SupporterId) -> list[Change]:
    """The changes that move the gift's rows with what names their supporter elsewhere, and its customer."""
    changes = [change for item in gift.rows for change in moving.changes_of(table, item, source, into)]
    customer = moving.named(table, keys.customer(gift.customer), source, into) if gift.customer else []
    return list({key_of(change): change for change in [*changes, *customer]}.values())


def moved_traces(table: Table, gift: Moving, source: SupporterId, into: SupporterId) -> list[list[Change]]:
    """The changes that move what tells of the gift, in groups of which each is made wholly or not at all.

    A mail that was not sent yet goes to the new supporter's address.
    """
    known = frozenset(filter(None, (*gift.names, gift.customer)))
    groups = [list(_with_event(table, line, known, source, into)) for line in history.lines(table, source)]
    listed = (inbox.read(table, one) for one in inbox.of_supporter(table, source))
    groups += [[_passed(event, source, into, listed=True)] for event in listed if event and _about(event, known)]
    groups += [[outbox.passed_on(mail, into)] for mail in _mails(table, gift, source)]
    return [group for group in groups if group]


def _mails(table: Table, gift: Moving, source: SupporterId) -> Iterator[Item]:
    """The mails about the gift; the receipts by their names, as lists are a moment late."""
    receipts = filter(None, (table.get(keys.mail(f"{payment}:thanks")) for payment in gift.movements))
    theirs = (one for one in receipts if one.get("supporter") == source)
    yield from {one["pk"]: one for one in (*theirs, *outbox.mails_about(table, source, gift.names))}.values()


def room_for(changes: Sequence[Change], groups: Sequence[Sequence[Change]]) -> bool:
    """Whether all of it fits into one transaction."""
    return len(changes) + sum(map(len, groups)) <= _ROOM


_ROOM = 100  # changes that a transaction of DynamoDB's holds
_ACTS = frozenset({CLAIMED, UNCLAIMED, JOINED})  # lines that stay: they tell what somebody did


def _with_event(
    table: Table, line: Item, known: Collection[str], source: SupporterId, into: SupporterId
) -> Iterator[Change]:
    """The changes that move a line of history with the event that it names; none for a line about anything else."""
    event = inbox.read(table, str(line["event"])) if line.get("event") else None
    named = {line.get("checkout"), line.get("customer")} & set(known) and not _ACTS & set(line["tags"])
    if event is not None and _about(event, known):
        yield _passed(event, source, into, listed=False)
    elif not named:
        return
    yield from moving.line_alone(line, source, into)


def _about(event: Stored, known: Collection[str]) -> bool:
    return event.status in inbox.DONE and names_any(event, known)


def _passed(event: Stored, source: SupporterId, into: SupporterId, *, listed: bool) -> Change:
    return inbox.passed_on(event, source, into, reduced(event.id, event.type, event.body), listed=listed)


def _is_of(one: StoredEntry, checkout: Checkout) -> bool:
    moved = one.entry.movement
    if checkout.subscription:
        return moved.recurring == checkout.subscription
    return moved.gift == checkout.movement
