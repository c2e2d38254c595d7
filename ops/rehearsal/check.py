"""Compares our books with what really happened: every movement, sum, supporter's access and thank-you mail."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.account.actions.find_supporter import find_supporter
from chalicelib.inbox import rows as inbox
from chalicelib.kernel import keys
from chalicelib.kernel.errors import NotFound
from chalicelib.ledger.rows import entries as ledger_store
from chalicelib.ledger.rows.sums import totals
from chalicelib.ledger.rules.stored import ListedEntry
from chalicelib.ledger.rules.sums import Sums
from chalicelib.mail.rows import outbox
from chalicelib.rails.registry import RAILS
from chalicelib.rebuild.actions.rebuild import rebuild
from chalicelib.wiring import Wiring
from ops.rehearsal.stand_in import StandIn
from ops.rehearsal.truth import Moved, Truth

# The kind of a movement in Stripe's books, by its kind in ours.
_COLUMNS = {"gross": "paid", "refunded": "refunded", "dispute_lost": "lost", "net": "net"}


@dataclass
class Found:
    """What a check found; all zero and empty when the books are right.

    `lost`, `doubled`: movements; `unexplained`: minor units between Stripe's books and our entries or sums, over all
    currencies; `access`: supporters whose access is another than what they gave earns; `unthanked`: gifts without
    a mail; `told_twice`: mails that went out more than once; `waiting`: events or mails that wait or are parked;
    `rebuilt`: rows that a rebuild would derive otherwise. `words` says which, for a person.
    """

    lost: int = 0
    doubled: int = 0
    unexplained: int = 0
    access: int = 0
    unthanked: int = 0
    told_twice: int = 0
    waiting: int = 0
    rebuilt: int = 0
    words: list[str] = field(default_factory=list)

    @property
    def money_is_right(self) -> bool:
        """What is promised of money: nothing lost, doubled or unexplained."""
        return not (self.lost or self.doubled or self.unexplained)

    @property
    def may_pass(self) -> bool:
        """Whether something is wrong, and all of it may come right in time; what was booked twice stays."""
        return not self.doubled and any(
            (self.lost, self.unexplained, self.access, self.unthanked, self.waiting, self.rebuilt)
        )


def check(
    wired: Wiring, stand_in: StandIn, sessions: Mapping[str, list[str]], mails: Mapping[str, int], newsroom: Any
) -> Found:
    """Compare movements, access, mails, queues and a rebuild with what really happened.

    :param sessions: the checkouts that each supporter started, by e-mail.
    :param mails: how often each mail was taken by the mail service, by Message-ID.
    :param newsroom: the newsroom's file as TOML gives it.
    """
    found = Found()
    truth = Truth(stand_in, newsroom)
    _money(wired, truth.movements(), stand_in.look("books"), found)
    _access(wired, truth, sessions, found)
    _mails(wired, truth, mails, found)
    _work(wired, found)
    return found


def until_right(once: Callable[[], Found], seconds: float) -> Found:
    """Check, and again for so many seconds while something is wrong: the schedules may be at work on it."""
    until = time.monotonic() + seconds
    while True:
        found = once()
        if not found.may_pass or time.monotonic() > until:
            return found
        time.sleep(1)


def _money(wired: Wiring, moved: Mapping[str, Moved], books: Mapping[str, Any], found: Found) -> None:
    entries = [one for one in ledger_store.entries_of_rails(wired.table, RAILS) if isinstance(one, ListedEntry)]
    booked = Counter(entry.id for entry in entries)
    missing = [name for name in moved if not booked[name]]
    surplus = {name: count - (name in moved) for name, count in booked.items() if count > (name in moved)}
    other = [
        entry.id
        for entry in entries
        if (of := moved.get(entry.id)) and (of.amount, of.currency) != (entry.amount, entry.currency)
    ]
    found.lost, found.doubled = len(missing), sum(surplus.values())
    found.words += [f"lost: {name}" for name in missing] + [f"doubled: {name}" for name in surplus]
    found.words += [f"booked with another amount: {name}" for name in other]
    sums = totals(wired.table)
    for currency in sorted({*books, *sums, *(one.currency for one in moved.values())}):
        stripe, ours = books.get(currency, {}), sums.get(currency, Sums())
        off = {theirs: getattr(ours, column) - stripe.get(theirs, 0) for column, theirs in _COLUMNS.items()}
        off["entries"] = sum(entry.amount for entry in entries if entry.currency == currency)
        off["entries"] -= stripe.get("net", 0)
        found.unexplained += max(map(abs, off.values()))
        found.words += [f"{currency}: {name} is off by {by}" for name, by in off.items() if by]
        # An entry that was counted twice in the place of another shows only here.
        gifts = sum(booked[name] or 1 for name, one in moved.items() if one.currency == currency and one.gift)
        found.doubled += max(0, ours.payments - gifts)


def _access(wired: Wiring, truth: Truth, sessions: Mapping[str, list[str]], found: Found) -> None:
    key = wired.secrets["SPILNO_EMAIL_KEY"]
    for email, started in sessions.items():
        now = wired.now()
        try:
            held = find_supporter(wired.table, email, wired.newsroom, email_key=key, now=now).access
            ours = (held.tier, held.until)
        except NotFound:
            ours = (None, None)
        theirs = truth.access(started, now)
        if ours != theirs:
            found.access += 1
            found.words.append(f"{email} has {ours}, and earned {theirs}")


def _mails(wired: Wiring, truth: Truth, mails: Mapping[str, int], found: Found) -> None:
    unthanked = [payment for payment in truth.payments if f"{payment}.thanks" not in mails]
    twice = [name for name, count in mails.items() if count > 1]
    found.unthanked, found.told_twice = len(unthanked), len(twice)
    found.words += [f"no thanks for {name}" for name in unthanked]
    for name in twice:
        # That happens when a process ends between sending a mail and noting it, or the table refuses the note.
        row = wired.table.get(keys.mail(name.replace(".", ":"))) or {}
        why = row.get("why") or "its sender ended before it could note that it was sent"
        found.words.append(f"told twice: {name} ({why})")


def _work(wired: Wiring, found: Found) -> None:
    waiting = [f"{row['event']} {row['status']}: {row['why']}" for row in inbox.waiting(wired.table)]
    waiting += [f"{name} unsent" for name in outbox.unsent_mails(wired.table, None)]
    key, zone = wired.secrets["SPILNO_EMAIL_KEY"], wired.newsroom.zone
    done = rebuild(wired.table, key, rails=RAILS, repair=False, now=wired.now(), zone=zone)
    found.waiting, found.rebuilt = len(waiting), len(done.left)
    found.words += waiting + [f"rebuild: {one.what} {one.where}" for one in done.left]
