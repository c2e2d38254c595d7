"""Stripe's balance transactions as the statement that the ring of money asks for."""

from collections.abc import Iterator, Mapping

from chalicelib.booking.rail import Line
from chalicelib.ledger.rules.movements import FAILED, STRIPE
from chalicelib.ledger.rules.stored import ListedEntry
from chalicelib.rails.stripe.events.registry import BY_OBJECT
from chalicelib.rails.stripe.notification import StripeNotification
from chalicelib.rails.stripe.port import Answer, StripeRefused
from chalicelib.rails.stripe.reconcile.foreign import Foreign
from chalicelib.rails.stripe.reconcile.lines import StripeLine, line_of
from chalicelib.rails.stripe.reconcile.run import StripeRun
from chalicelib.reconciling.run import DAY, MoneyTally

_SETTLES = 3  # days in which a payment gets its line in Stripe's books


class BalanceTransactions:
    """Implements `booking.rail.Statement` on Stripe's balance transactions.

    Its lines are `StripeLine`s, which also know the object behind each.
    """

    rail = STRIPE

    def __init__(self, run: StripeRun, tally: MoneyTally) -> None:
        self._run, self._stripe = run, run.deps.stripe
        self._foreign = Foreign(run, tally)
        self._read: dict[str, StripeLine] = {}

    def lines(self, since: int) -> Iterator[Answer]:
        """Stripe's balance transactions since then (seconds), newest first."""
        return self._stripe.balance_transactions(since=since)

    def read(self, raw: Answer) -> Line | None:
        """Parse a balance transaction; None for what is no gift's money, such as a payout."""
        line = line_of(raw, self._stripe)
        if line:
            self._read[line.movement] = line
            self._foreign.heard_of(line)
        return line

    def notification(self, line: Line) -> StripeNotification:
        """A notification about the object behind the line, as if an event about it had come."""
        told = self._read[line.movement]
        found = told.found or self._stripe.payment_intent(told.movement)
        return StripeNotification(
            BY_OBJECT[told.kind], found, self._run.deps, now=self._run.now(), real_now=self._run.real_now()
        )

    def is_foreign(self, line: Line) -> bool:
        """Whether a line is known to be foreign: by its mark, from an earlier run, or as a charge without payment."""
        told = self._read[line.movement]
        return told.kind == "charge" or self._foreign.is_known(told)

    def note_foreign(self, line: Line) -> None:
        """Count a foreign line, and report it if its payer is one of our supporters."""
        self._foreign.note(self._read[line.movement])

    def knows(self, entry: ListedEntry) -> bool:
        """Whether Stripe has the object of an entry, and that object moved money or still may."""
        stripe, name = self._stripe, entry.id
        try:
            if entry.kind == "gift":
                # A payment settles within days; one without a line after that moved no money, whatever its status.
                young = entry.occurred_at > self._run.now() - _SETTLES * DAY
                payment = stripe.payment_intent(name)
                return bool(payment["status"] == "succeeded" and (young or _has_settled(payment)))
            if entry.kind == "refund":
                refund = stripe.refund(name.removesuffix(FAILED))
                if name.endswith(FAILED):
                    return refund["status"] in ("failed", "canceled")
                # Stripe also makes a refund for a payment that was never captured: it moves no money, has no line.
                young = entry.occurred_at > self._run.now() - DAY
                return young or refund.get("balance_transaction") is not None
            return bool(stripe.balance_transaction(name)["id"])
        except StripeRefused as refused:
            if refused.missing:
                return False
            raise


def _has_settled(payment: Answer) -> bool:
    """Whether a payment names the line of Stripe's books that it made."""
    charge = payment.get("latest_charge")
    return isinstance(charge, Mapping) and charge.get("balance_transaction") is not None
