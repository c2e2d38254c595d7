"""One gift out of a supporter's record: what belongs to it, and the changes that move all of it to another record."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.account.rows import moving
from chalicelib.checkouts.rows.checkouts import Checkout
from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Change, Item, Key, Put, Table
from chalicelib.ledger.rows import codec
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.stored import StoredEntry
from chalicelib.mail.rows import outbox
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.supporters.rules.state import State


@dataclass(frozen=True)
class Moving:
    """A gift as it stands in a record. `rows`: its entries, and what else of the partition belongs to it.

    `movements`: the ids of its payments. `given_at`: of the first. `receipts`: the mails that confirmed it, to be
    sent once more.
    """

    rows: Sequence[Item]
    movements: frozenset[str]
    given_at: int
    customer: str
    receipts: Sequence[MailToSend] = ()


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
    return Moving(rows, movements, given_at, checkout.customer or "", [mail for mail in mails if mail])


def left_over(table: Table, state: State, gift: Moving) -> bool:
    """Whether anything is left in a record whose `state` is without the gift."""
    standing = state.standing
    if standing.grants or standing.recurring or standing.reversals or state.customers:
        return True
    gone = {str(item["sk"]) for item in gift.rows}
    return any(one.place not in gone for one in ledger.entries_of(table, state.id))


def moved_rows(table: Table, gift: Moving, source: SupporterId, into: SupporterId) -> list[Change]:
    """The changes that move the gift's rows with what names their supporter elsewhere, and its customer.

    A receipt that was not sent yet goes to the new supporter's address.
    """
    changes = [change for item in gift.rows for change in moving.changes_of(table, item, source, into)]
    customer = moving.named(table, keys.customer(gift.customer), source, into) if gift.customer else []
    waiting = [keys.mail(f"{payment}:thanks") for payment in sorted(gift.movements)] if not gift.receipts else []
    mails = [change for key in waiting for change in moving.named(table, key, source, into)]
    once = {_key(change): change for change in [*changes, *customer, *mails]}
    return list(once.values())


def _is_of(one: StoredEntry, checkout: Checkout) -> bool:
    moved = one.entry.movement
    if checkout.subscription:
        return moved.recurring == checkout.subscription
    return moved.gift == checkout.movement


def _key(change: Change) -> Key:
    return (str(change.item["pk"]), str(change.item["sk"])) if isinstance(change, Put) else change.key
