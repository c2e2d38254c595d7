"""Foreign money on the same Stripe account, and whether its payer is one of our supporters.

A payment without our mark belongs to another product, and is left alone. But if its customer is one of ours, it may
be a gift whose mark is missing: a person must look. It is reported in every run, and raises an alarm the first time.
"""

from chalicelib.kernel import email_address
from chalicelib.observing.log import alarm, log
from chalicelib.rails.stripe.events.shapes import Payer
from chalicelib.rails.stripe.reconcile.lines import StripeLine
from chalicelib.rails.stripe.reconcile.run import StripeRun
from chalicelib.reconciling import progress
from chalicelib.reconciling.run import KnownForeign, MoneyTally
from chalicelib.supporters.rows import supporters


class Foreign:
    """The foreign lines of one run."""

    def __init__(self, run: StripeRun, tally: MoneyTally) -> None:
        self._run, self._tally, self._table = run, tally, run.deps.table
        self._customers: dict[str, str] = {}  # by payment: a refund's or a dispute's line does not name one

    def heard_of(self, line: StripeLine) -> None:
        """Remember the customer of a line, foreign or not: refunds and disputes of its payment do not name one."""
        if line.payment and line.customer:
            self._customers[line.payment] = line.customer

    def is_known(self, line: StripeLine) -> bool:
        """Whether a line is known to be foreign without asking Stripe: by another mark, or from an earlier run."""
        if line.mark is not None:
            return line.mark != self._run.deps.site_id
        return not self._run.by_hand and self._noted(line) is not None

    def note(self, line: StripeLine) -> None:
        """Count a foreign line, and report it if its payer is one of our supporters."""
        self._tally.foreign += 1
        noted = self._noted(line)
        whose = noted if noted is not None and not self._run.by_hand else self._is_somebodys(line)
        if noted != whose and (whose or line.mark is None):
            progress.note_foreign(self._table, _name(line), self._run.now(), known=whose)
        if not whose:
            return
        self._tally.known_foreign.append(KnownForeign(line.movement, line.amount, line.currency))
        moved, amount, currency = line.movement, line.amount, line.currency
        log.warning("known foreign", movement=moved, amount=amount, currency=currency)
        if not noted:
            alarm("reconcile_known_foreign", movement=moved, amount=amount, currency=currency)

    def _noted(self, line: StripeLine) -> bool | None:
        return progress.foreign(self._table, _name(line), self._run.now())

    def _is_somebodys(self, line: StripeLine) -> bool:
        """Whether its customer or its payer's address is a supporter's. A recurring gift's customer always is."""
        customer = line.customer or self._customers.get(line.payment or "") or self._customer_of(line)
        key = self._run.deps.email_key
        if customer is not None and supporters.find_by_customer(self._table, customer, key) is not None:
            return True
        address = email_address.usable(line.email) if line.email else None
        return address is not None and supporters.find_by_email(self._table, address, key) is not None

    def _customer_of(self, line: StripeLine) -> str | None:
        if line.kind in ("payment_intent", "charge") or not line.payment:
            return None  # a charge names its customer itself, if it has one
        return Payer.model_validate(self._run.deps.stripe.payment_intent(line.payment)).customer


def _name(line: StripeLine) -> str:
    """The id under which a line is noted as foreign: its payment's; for a charge without PaymentIntent, its own."""
    return line.payment or line.movement
