"""Give receipts their numbers: the only place where a number is made.

A number is given after booking, when a receipt is first mailed or shown. Booking never waits for it, and money whose
receipt nobody asked for has none. One transaction counts, writes the receipt and notes its number with the gift, each
under the condition that it is still as it was read:

    the count of the year    is what was read       else somebody else was faster: read again
    the receipt's row        is not there
    the gift's own row       is not there           else this gift has a number by now: that is the answer
    the gift                 is this supporter's    else their record was merged into another: read the gift again

So after a crash, a throttled call or a lost answer, all of it happened or nothing did, and asking again finds out
which: no number is left without a receipt, and none is given twice. Decision 0065.
"""

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Change, Contended, Table, TransactionLost
from chalicelib.ledger.rows import entries, receipts
from chalicelib.ledger.rules.receipt_reference import ReceiptNumber, number_of
from chalicelib.ledger.rules.receipts import NumberedReceipt, Receiver
from chalicelib.ledger.rules.stored import StoredEntry
from chalicelib.newsroom.rules import Newsroom

# DynamoDB takes 100 changes: the count, two rows for each receipt, and the look whose gift it still is.
MOST_AT_ONCE = 33
_MOST_TRIES = 100
Answer = TypeVar("Answer")


class NoReceipt(ValueError):
    """This gift has no receipt with a number that could be corrected."""


@dataclass(frozen=True)
class ReceiptNumbers:
    """Gives numbers by a newsroom's file: its year begins in its time zone, and it names who received the money.

    `pause` waits between tries, in seconds.
    """

    table: Table
    newsroom: Newsroom
    pause: Callable[[float], None] = time.sleep

    def number(self, gifts: Iterable[StoredEntry], now: BusinessTime) -> Mapping[str, ReceiptNumber]:
        """The number of each gift's receipt, by gift; those that have none get one now, in order of time.

        :param gifts: entries of gifts, of any supporters; at most `MOST_AT_ONCE` get their numbers together.
        :raises Contended: others were faster at every try; nothing was changed by the last.
        :raises TableUnavailable: whether numbers were given is not known; asking again finds out.
        """
        in_order = sorted(gifts, key=lambda one: (one.entry.movement.occurred_at, one.entry.movement.id))
        known: dict[str, ReceiptNumber] = {}
        for start in range(0, len(in_order), MOST_AT_ONCE):
            known |= self._together(in_order[start : start + MOST_AT_ONCE], now)
        return known

    def correct(self, receipt: NumberedReceipt, payer: str | None, now: BusinessTime) -> ReceiptNumber:
        """Replace a receipt by one with a new number, which names it: with this payer, and the receiver of today.

        :raises NoReceipt: it was replaced already.
        :raises Contended, TableUnavailable: as for `number`.
        """

        def plan(count: int) -> tuple[Sequence[Change], ReceiptNumber]:
            was = receipts.read(self.table, receipt.number)
            if was is None or was.replaced_by:
                raise NoReceipt(f"The receipt {receipt.number} was replaced already.")
            number = number_of(self._year(now), count + 1)
            new = replace(
                was, number=number, given_at=now, payer=payer, receiver=self._receiver(), replaces=was.number
            )
            return (self._counted(now, count, 1), receipts.put(new), *self._replaced(was, new)), number

        return self._swap(plan, now)

    def _replaced(self, was: NumberedReceipt, new: NumberedReceipt) -> Sequence[Change]:
        return receipts.replace(was, new, receipts.numbers_of_gift(self.table, was.supporter, was.gift))

    def _together(self, gifts: Sequence[StoredEntry], now: BusinessTime) -> dict[str, ReceiptNumber]:
        """The numbers of so many gifts as one transaction can hold."""

        def plan(count: int) -> tuple[Sequence[Change], dict[str, ReceiptNumber]]:
            known: dict[str, ReceiptNumber] = {}
            changes: list[Change] = []
            given = 0
            for one in gifts:
                gift = one.entry.movement
                found = receipts.number_of_gift(self.table, one.supporter, gift.id)
                if found is None:
                    given += 1
                    found = number_of(self._year(now), count + given)
                    receipt = NumberedReceipt(found, one.supporter, gift.id, now, gift.payer, self._receiver())
                    changes += [receipts.put(receipt), receipts.lead_to(receipt)]
                    changes.append(entries.still_of(gift.id, one.supporter))
                known[gift.id] = found
            return ([self._counted(now, count, given), *changes] if given else []), known

        return self._swap(plan, now)

    def _swap(self, plan: Callable[[int], tuple[Sequence[Change], Answer]], now: BusinessTime) -> Answer:
        for attempt in range(_MOST_TRIES):
            changes, answer = plan(receipts.count(self.table, self._year(now)))
            if not changes:
                return answer
            try:
                self.table.transact(changes)
            except TransactionLost:
                self.pause(random.uniform(0.002, 0.02) * min(attempt + 1, 8))  # noqa: S311 - spreads tries, no secret
            else:
                return answer
        raise Contended

    def _counted(self, now: BusinessTime, before: int, more: int) -> Change:
        return receipts.counted(self._year(now), before, more)

    def _year(self, now: BusinessTime) -> int:
        return datetime.fromtimestamp(now, self.newsroom.zone).year

    def _receiver(self) -> Receiver | None:
        legal = self.newsroom.legal
        return Receiver(legal.name, legal.address, legal.id) if legal.name else None
