"""A newsroom's table after a year: as many supporters as wanted, each row made by the store's own functions.

Half give once or twice, half monthly. What is written has happened: events applied, mails sent, nothing waits. The
same number always gives the same people.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.checkouts.rows import checkouts
from chalicelib.checkouts.rows.checkouts import Attempt, Checkout
from chalicelib.inbox import rows as inbox
from chalicelib.kernel import keys
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import Change, Item, Put
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import STRIPE, Entry, Fee, Movement, Period
from chalicelib.mail.rows import outbox
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.supporters.rows import history, supporters
from chalicelib.supporters.rules.access import DAY, Grant, RecurringGift, Standing
from chalicelib.supporters.rules.paid_time import PaidPeriod, with_period
from chalicelib.supporters.rules.state import Profile, State
from testkit.clock import NOW
from testkit.harness import EMAIL_KEY
from testkit.memory_table import MemoryTable

MONTH = 30 * DAY
_ZONE = ZoneInfo("Europe/Kyiv")  # of the newsroom that the repository carries
_CAMPAIGNS = ("winter", None, None)
_CURRENCIES = ("eur", "eur", "eur", "uah")
# As much text as an event keeps once it is compressed, and as little like prose.
_BODY = json.dumps({"id": "", "noise": [Random(1).randrange(10**9) for _ in range(60)]}).encode()  # noqa: S311 - no secret


def rows(people: Iterable[int]) -> Iterator[Item]:
    """Every row of a table with these supporters, by their numbers; the sums come last."""
    sums = MemoryTable()
    for one in people:
        yield from _Person(one, Random(one), sums).rows()  # noqa: S311 - no secret, but the same each time
    yield from sums.rows()


class _Person:
    """One supporter, number `one`, whose gifts are also counted in `sums`."""

    def __init__(self, one: int, dice: Random, sums: MemoryTable) -> None:
        self._id, self._dice, self._sums = SupporterId(f"bench{one:011d}"), dice, sums
        self._table = MemoryTable()
        self._currency = dice.choice(_CURRENCIES)
        self._campaign = dice.choice(_CAMPAIGNS)
        self._customer = f"cus_{one:014d}"

    def rows(self) -> list[Item]:
        """What stands in the table about them."""
        monthly = self._dice.random() < 0.5  # noqa: PLR2004 - a half
        payments = self._dice.randint(1, 3 if monthly else 2)
        first = NOW - self._dice.randint(payments * MONTH, 360 * DAY)
        moments = [first + number * MONTH for number in range(payments)]
        self._begin(first)
        subscription = f"sub_{self._name(0)}" if monthly else None
        gifts = [self._gift(number, at, subscription) for number, at in enumerate(moments)]
        for entry in gifts:
            self._happened(entry)
        standing = self._standing(gifts, subscription, first)
        self._table.transact([supporters.save_state(State(self._id, standing=standing))])
        return self._table.rows()

    def _name(self, number: int) -> str:
        return f"{self._id}{number:08d}"

    def _begin(self, at: int) -> None:
        profile = Profile(EmailAddress(f"{self._id}@reader.example"), "uk", BusinessTime(at))
        session = f"cs_test_{self._id:x<58}"
        row = Checkout(session, "f" * 64, "paid", "uk", amount=1000, currency=self._currency, supporter=self._id)
        self._write(supporters.new_supporter(self._id, profile, EMAIL_KEY))
        self._write([supporters.link_customer(self._customer, self._id)])
        self._write(checkouts.opened(Attempt(self._id, "", "", "uk"), row, RealTime(at))[:1])

    def _gift(self, number: int, at: int, subscription: str | None) -> Entry:
        moved = Movement(
            f"pi_{self._name(number)}",
            "gift",
            f"pi_{self._name(number)}",
            1000,
            self._currency,
            at,
            livemode=False,
            invoice=f"in_{self._name(number)}" if subscription else None,
            recurring=subscription,
            rail=STRIPE,
            fee=Fee(45, "eur"),
            period=Period(at, at + MONTH) if subscription else None,
        )
        return Entry(moved, self._campaign, "http://127.0.0.1:8080/", "member", None if subscription else 60)

    def _happened(self, entry: Entry) -> None:
        moved = entry.movement
        at, event_id, mail = moved.occurred_at, f"evt_{moved.id}", f"{moved.id}:thanks"
        self._write(ledger.book([entry], self._id, _ZONE))
        self._write(
            [history.line(self._id, BusinessTime(at), ["gift:one_off:booked"], unique=moved.id, event=event_id)]
        )
        inbox.store(self._table, event_id, "invoice.paid", _BODY + moved.id.encode(), BusinessTime(at), "pending")
        self._write([inbox.finished(event_id, "applied", BusinessTime(at))])
        values = {"amount": moved.amount, "currency": moved.currency, "at": at}
        self._write([outbox.put(MailToSend(mail, "thanks_once", values, "member"), self._id, BusinessTime(at))])
        outbox.sent(self._table, mail, self._id, BusinessTime(at))

    def _standing(self, gifts: Sequence[Entry], subscription: str | None, first: int) -> Standing:
        if subscription is None:
            moved = [entry.movement for entry in gifts]
            return Standing(tuple(Grant(one.id, "member", one.occurred_at, days=60) for one in moved))
        periods: tuple[PaidPeriod, ...] = ()
        for entry in gifts:
            at, invoice = entry.movement.occurred_at, entry.movement.invoice
            periods = with_period(periods, PaidPeriod(at, at + MONTH, "member", invoice))
        values: dict[str, Any] = {"status": "active", "amount": 1000, "currency": self._currency, "interval": "month"}
        values |= {"customer": self._customer, "next_payment_at": periods[-1].end, "periods": periods}
        return Standing((), (RecurringGift(subscription, first, **values),))

    def _write(self, changes: Sequence[Change]) -> None:
        """To this person's rows; sums belong to everybody."""
        shared = [one for one in changes if not isinstance(one, Put) and _is_sum(one.key[0])]
        self._table.transact([one for one in changes if one not in shared])
        if shared:
            self._sums.transact(shared)


def _is_sum(pk: str) -> bool:
    return pk.startswith((keys.TOTALS, keys.CAMPAIGN_PREFIX))
