"""Undo a claim, by the link that the gift's former address got: the gift is that address's again.

It goes to whoever has the address now: the record that it was taken from, a new one of its reader, or the former one
put up anew, if it was left with nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.account.actions.change_address import swapped
from chalicelib.account.actions.merge_records import finish
from chalicelib.account.actions.moving_gift import UNCLAIMED, gift_of, moved_rows, moved_traces, room_for
from chalicelib.checkouts.rows import checkouts
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Change, Condition, Table, TransactionLost, written
from chalicelib.mail.rows import outbox
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.observing.log import log
from chalicelib.supporters.rows import history, supporters
from chalicelib.supporters.rules.merging import merged, split
from chalicelib.supporters.rules.state import Profile, State
from chalicelib.undo.actions.undo import over
from chalicelib.undo.rows import undos
from chalicelib.undo.rows.undos import Undo
from chalicelib.wiring import Wiring


def undo(wiring: Wiring, change: Undo) -> None:
    """Give the gift back to its former address.

    :raises Gone: `undo_over`: the gift or its supporter is there no more.
    :raises Conflict: `busy`. Nothing was done, and the link works on.
    """
    table, key, now = wiring.table, wiring.secrets["SPILNO_EMAIL_KEY"], wiring.now()
    finish(table, change.supporter)  # of the claim, if that was cut off

    def plan() -> tuple[Sequence[Change], str]:
        found = undos.read(table, change.id)
        if found is None or found.done:
            return [], ""
        checkout = checkouts.read(table, str(found.facts["checkout"]))
        before = supporters.read_state(table, found.supporter)
        if checkout is None or before.erased is not None or before.moved_to:
            raise over()
        gift = gift_of(table, before, checkout)
        taken, left = split(before.standing, gift.movements, checkout.subscription)
        back = _back(table, found, key, now)
        if back.state.id == found.supporter:
            return [], ""  # they have the former address themselves by now
        mail = MailToSend(f"{found.id}:unclaimed", "gift_unclaimed", {"given_at": found.facts["given_at"]})
        changes: list[Change] = [
            replace(undos.done(found), only_if=(Condition("done", "absent"), Condition("kind", "=", found.kind))),
            supporters.save_state(replace(before, standing=left)),
            supporters.save_state(replace(back.state, standing=merged(back.state.standing, taken))),
            *back.changes,
            *moved_rows(table, gift, found.supporter, back.state.id),
            checkouts.given_back(checkout, back.state.id, back.state.epoch),
            history.line(back.state.id, now, [UNCLAIMED], checkout=checkout.id, customer=checkout.customer),
            outbox.put(mail, found.supporter, now),
        ]
        traces = moved_traces(table, gift, found.supporter, back.state.id)
        while not room_for(changes, traces):  # three days may bring many: those that are too many go before
            if not written(table, *traces.pop()):
                raise TransactionLost([])
        return [*changes, *(change for group in traces for change in group)], mail.id

    if mail := swapped(table, plan):
        log.info("claim undone")
        wiring.mail_sender.deliver([mail], now)


@dataclass(frozen=True)
class _Back:
    """To whom the gift goes back: their state as it is to be apart from the gift, and what else is written."""

    state: State
    changes: tuple[Change, ...] = ()


def _back(table: Table, found: Undo, key: str, now: BusinessTime) -> _Back:
    source, was = SupporterId(str(found.facts["source"])), EmailAddress(str(found.facts["was"]))
    present = supporters.who_now(table, source)
    state = supporters.read_state(table, present)
    if state.erased is not None:
        raise over()
    if present != found.supporter:
        return _Back(state)  # they, or whoever they were made one with meanwhile
    state = supporters.read_state(table, source)  # joined to who claimed, as nothing was left of it
    owner = supporters.find_by_email(table, was, key)
    if owner:  # somebody signed in with it since, or gave: the former record stays joined, to them
        joined = () if owner == present else (supporters.save_state(replace(state, moved_to=owner)),)
        return _Back(supporters.read_state(table, owner), joined)
    profile = Profile(was, str(found.facts["language"]), now)
    return _Back(replace(state, moved_to=None), tuple(supporters.new_supporter(source, profile, key)))
