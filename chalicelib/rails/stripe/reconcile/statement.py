"""Stripe's balance transactions as the statement that is walked day by day."""

from collections.abc import Iterator, Mapping

from chalicelib.booking.rail import Line, LineStatus
from chalicelib.ledger.rules.movements import FAILED, STRIPE, Kind
from chalicelib.rails.stripe.events.registry import BY_OBJECT
from chalicelib.rails.stripe.notification import StripeNotification
from chalicelib.rails.stripe.port import Answer, StripeRefused
from chalicelib.rails.stripe.reconcile.foreign import Foreign
from chalicelib.rails.stripe.reconcile.lines import StripeLine, line_of
from chalicelib.rails.stripe.reconcile.run import StripeRun
from chalicelib.reconciling.run import DAY, MoneyTally


class BalanceTransactions:
    """Implements `booking.rail.Statement` on Stripe's balance transactions.

    Its lines are `StripeLine`s, which also know the object behind each.
    """

    rail = STRIPE

    def __init__(self, run: StripeRun, tally: MoneyTally) -> None:
        self._run, self._stripe = run, run.deps.stripe
        self._foreign = Foreign(run, tally)

    def lines(self, since: int, until: int) -> Iterator[Answer]:
        """Stripe's balance transactions of these seconds, both included, newest first."""
        return self._stripe.balance_transactions(since=since, until=until)

    def made_at(self, raw: Answer) -> int:
        """A balance transaction's `created`, which never changes.

        :raises KeyError, TypeError, ValueError: it says none.
        """
        return int(raw["created"])

    def read(self, raw: Answer) -> Line | None:
        """Parse a balance transaction; None for what is no gift's money, such as a payout."""
        line = line_of(raw, self._stripe)
        if line:
            self._foreign.heard_of(line)
        return line

    def notification(self, line: Line) -> StripeNotification:
        """A notification about the object behind the line, as if an event about it had come."""
        told = _of_stripe(line)
        found = told.found or self._stripe.payment_intent(told.movement)
        return StripeNotification(
            BY_OBJECT[told.kind], found, self._run.deps, now=self._run.now(), real_now=self._run.real_now()
        )

    def is_foreign(self, line: Line) -> bool:
        """Whether a line is known to be foreign: by its mark, from an earlier run, or as a charge without payment."""
        told = _of_stripe(line)
        return told.kind == "charge" or self._foreign.is_known(told)

    def note_foreign(self, line: Line) -> None:
        """Count a foreign line, and report it if its payer is one of our supporters."""
        self._foreign.note(_of_stripe(line))

    def look_for(self, movement: str, kind: Kind, occurred_at: int) -> LineStatus:
        """What Stripe says of the object of a movement that no line told."""
        try:
            return self._of_gift(movement) if kind == "gift" else self._of_reversal(movement, kind, occurred_at)
        except StripeRefused as refused:
            if refused.missing:
                return "unknown"
            raise

    def _of_gift(self, payment_intent: str) -> LineStatus:
        payment = self._stripe.payment_intent(payment_intent)
        if payment["status"] not in ("succeeded", "processing"):
            return "unknown"
        return "listed" if _has_settled(payment) else "waiting"

    def _of_reversal(self, movement: str, kind: Kind, occurred_at: int) -> LineStatus:
        if kind == "dispute":
            return "listed" if self._stripe.balance_transaction(movement)["id"] else "unknown"
        refund = self._stripe.refund(movement.removesuffix(FAILED))
        if movement.endswith(FAILED):
            return "listed" if refund["status"] in ("failed", "canceled") else "unknown"
        if refund.get("balance_transaction") is not None:
            return "listed"
        # Stripe also makes a refund for a payment that was never captured: it moves no money, has no line.
        return "waiting" if occurred_at > self._run.now() - DAY else "unknown"


def _of_stripe(line: Line) -> StripeLine:
    """A line that this statement has read.

    :raises TypeError: another one's.
    """
    if not isinstance(line, StripeLine):
        raise TypeError(type(line).__name__)
    return line


def _has_settled(payment: Answer) -> bool:
    """Whether a payment names the line of Stripe's books that it made."""
    charge = payment.get("latest_charge")
    return isinstance(charge, Mapping) and charge.get("balance_transaction") is not None
