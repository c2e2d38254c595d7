"""Merge two records of one person: everything of the one becomes the other's, beside live traffic.

    1  one transaction   both states as one under both versions, all sessions over, the former address free, and from
                         now on everything that is told of the one is the other's (`State.moved_to`)
    2  row by row        entries with their guards, receipts, history, and the rest of the partition, as many in a
                         transaction as it can hold; then what is listed elsewhere: events, mails, customers

After step 1 access is right, and no booking writes to the former partition any more: each is held to the version of
the state that it read. Sums know no supporter, so they do not change. After a crash the same call goes on: a row has
either moved with all that names it, or not at all. Between the two steps `rebuild --check` sees a ledger that is
still divided.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from chalicelib.account.actions.address_owner import hash_of
from chalicelib.account.actions.change_address import busy, swapped
from chalicelib.account.rows import moving
from chalicelib.inbox import rows as inbox
from chalicelib.kernel import email_address, ids, keys
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import (
    Change,
    Condition,
    Delete,
    Item,
    Key,
    Table,
    Update,
    every,
    key_of,
    written,
)
from chalicelib.mail.rows import outbox
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.supporters.rows import history, supporters
from chalicelib.supporters.rules.merging import merged
from chalicelib.supporters.rules.state import Profile, State

TAG = "supporter:records:merged"
_ROOM = 95  # changes in a transaction: DynamoDB takes 100
_MOST_PASSES = 50


@dataclass(frozen=True)
class Merged:
    """A merge that is done: how many rows of each kind were moved now, and the mails that it put in the outbox."""

    source: SupporterId
    into: SupporterId
    rows: Mapping[str, int]
    mails: tuple[str, ...] = ()


def merge_records(
    table: Table,
    source: SupporterId,
    into: SupporterId,
    *,
    email_key: str,
    by: str,
    now: BusinessTime,
    by_mail: bool = True,
) -> Merged:
    """Make everything of `source` `into`'s. Called again after a crash, it goes on.

    :param by: who decided.
    :param by_mail: both addresses are told by mail.
    :raises Conflict: `merge_refused`: there is no such pair, or nobody has said how a kind of row moves: nothing was
        done; `busy`: others kept changing one of them.
    """
    mails = _states(table, source, into, email_key=email_key, by=by, now=now, by_mail=by_mail)
    return replace(_carried(table, source, into), mails=mails)


def finish(table: Table, into: SupporterId) -> list[Merged]:
    """Go on with what a crash cut off: move what is left of whoever was merged into this supporter."""
    lines = history.lines(table, into)
    joined = [SupporterId(str(line["joined"])) for line in lines if TAG in line["tags"] and line.get("joined")]
    still = [one for one in joined if supporters.read_state(table, one).moved_to == into]
    left = [one for one in still if next(_to_move(table, one), None) is not None]
    return [_carried(table, one, into) for one in left]


def refused(why: str) -> Conflict:
    """The refusal of a merge; nothing was done."""
    return Conflict(why, code="merge_refused")


def rows_of(table: Table, supporter: SupporterId) -> Iterator[Item]:
    """Every row of a supporter's partition."""
    return every(partial(table.query, keys.supporter(supporter)))


def check_kinds(table: Table, supporter: SupporterId) -> None:
    """Refuse to move rows of which nobody has said how they move.

    :raises Conflict: `merge_refused`, which names them.
    """
    if strange := moving.unknown(rows_of(table, supporter)):
        kinds = ", ".join(sorted(strange))
        raise refused(f"Rows of a kind that no merge knows: {kinds}. See account/rows/moving.py.")


def _states(
    table: Table, source: SupporterId, into: SupporterId, *, email_key: str, by: str, now: BusinessTime, by_mail: bool
) -> tuple[str, ...]:
    """Step 1; the ids of its mails, none where it was done before."""
    check_kinds(table, source)

    def plan() -> tuple[Sequence[Change], tuple[str, ...]]:
        before, after = supporters.read_state(table, source), supporters.read_state(table, into)
        profile, kept = supporters.read_profile(table, source), supporters.read_profile(table, into)
        if before.moved_to == into:
            return [], ()
        if source == into or profile is None or kept is None or before.moved_to or after.moved_to:
            raise refused("These are not two supporters that can be made one.")
        mails = _mails(into, profile, kept) if by_mail else []
        changes = [
            supporters.save_state(_both(after, before)),
            supporters.save_state(State(source, before.version, before.epoch + 1, moved_to=into)),
            Delete(keys.profile(source), (Condition("email", "=", profile.email),)),
            *free_address(table, profile.email, source, email_key),
            history.line(into, now, [TAG], joined=source, was=hash_of(profile.email, email_key) or None, by=by),
            *(mail_put(mail, into, to, now) for mail, to in mails),
        ]
        return changes, tuple(mail.id for mail, _ in mails)

    return swapped(table, plan)


def _both(after: State, before: State) -> State:
    standing = merged(after.standing, before.standing)
    return replace(after, epoch=after.epoch + 1, standing=standing, customers={**before.customers, **after.customers})


def free_address(table: Table, email: EmailAddress, source: SupporterId, email_key: str) -> list[Change]:
    """The changes that take away the look-ups of the former address, in its present and its older form."""
    found: list[Change] = []
    for form in dict.fromkeys((email, email_address.older_form(email) if email else None)):
        key = keys.email(supporters.email_hash(form, email_key)) if form else None
        item = table.get(key) if key else None
        if key and item and item["supporter"] == source:
            found.append(Delete(key, (Condition("supporter", "=", source),)))
    return found


def _mails(into: SupporterId, profile: Profile, kept: Profile) -> list[tuple[MailToSend, Profile | None]]:
    name = f"{into}.{ids.new_id()}"
    letters: list[tuple[MailToSend, Profile | None]] = []
    if kept.email:
        letters.append((MailToSend(f"{name}:merged", "records_merged", {"kept": True}), None))
    if profile.email:
        letters.append((MailToSend(f"{name}:merged-from", "records_merged", {"kept": False}), profile))
    return letters


def mail_put(mail: MailToSend, into: SupporterId, to: Profile | None, now: BusinessTime) -> Change:
    """The change that puts a mail in the outbox: `to` a former address, or None: to the supporter's own."""
    return outbox.put_former(mail, into, to.email, to.language, now) if to else outbox.put(mail, into, now)


def _to_move(table: Table, source: SupporterId) -> Iterator[Item]:
    return (item for item in rows_of(table, source) if moving.kind_of(item) not in moving.STAYS)


def _carried(table: Table, source: SupporterId, into: SupporterId) -> Merged:
    """Step 2."""
    rows = _rows(table, source, into)
    _listed(table, source, into)
    return Merged(source, into, rows)


def _rows(table: Table, source: SupporterId, into: SupporterId) -> Mapping[str, int]:
    """Every row of the partition but the state, which stays and says who it is now."""
    done: Counter[str] = Counter()
    for _ in range(_MOST_PASSES):
        left = list(_to_move(table, source))
        if not left:
            return done
        for batch in _batches(table, left, source, into):
            if _moved(table, batch):
                done.update(moving.kind_of(item) for item, _ in batch)
    raise busy()


Batch = Sequence[tuple[Item, Sequence[Change]]]


def _batches(table: Table, items: Sequence[Item], source: SupporterId, into: SupporterId) -> Iterator[Batch]:
    """The rows with their changes, as many together as a transaction holds."""
    batch: list[tuple[Item, Sequence[Change]]] = []
    room = _ROOM
    for item in items:
        changes = moving.changes_of(table, item, source, into)
        if batch and len(changes) > room:
            yield batch
            batch, room = [], _ROOM
        batch.append((item, changes))
        room -= len(changes)
    if batch:
        yield batch


def _moved(table: Table, batch: Batch) -> bool:
    """Write a batch; False if somebody changed one of its rows, so that all are read again."""
    once: dict[Key, Change] = {}
    for _, changes in batch:
        for change in changes:
            once.setdefault(key_of(change), change)  # two lines of history may name one event
    return written(table, *once.values())


def _listed(table: Table, source: SupporterId, into: SupporterId) -> None:
    """What stands elsewhere and is found by a list: events, mails that were not sent, the customers of the gifts.

    Whatever a list does not name yet still leads to the right supporter, by way of the former one's state.
    """
    inbox.hand_over(table, source, into)
    outbox.hand_over(table, source, into)
    state = supporters.read_state(table, into)
    for row in every(partial(table.query_index, keys.about(source))):
        theirs = (Condition("supporter", "=", source), Condition("gsi1pk", "=", keys.about(source)))
        now = {"supporter": into, "gsi1pk": keys.about(into)}
        written(table, Update((row["pk"], row["sk"]), set=now, only_if=theirs))
    customers = {*state.customers.values(), *(gift.customer for gift in state.standing.recurring)} - {""}
    for customer in sorted(customers):
        for change in moving.named(table, keys.customer(customer), source, into):
            written(table, change)
