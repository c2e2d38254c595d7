"""Money on the same Stripe account that is none of ours; and whether it is of somebody whom we know.

A payment without our mark belongs to another product, and is let be. But where its customer or its subscription is
one of ours, it is more likely a gift whose mark is missing: a person must look. It is told at every run, and wakes
somebody the first time.
"""

from functools import cached_property
from itertools import islice

from chalicelib.actions.reconcile_lines import Line
from chalicelib.actions.reconcile_run import KnownForeign, MoneyTally, Run
from chalicelib.log import alarm, log
from chalicelib.store import reconciled, supporters
from chalicelib.stripe_events.billing_shapes import BilledInvoice, InvoicePayment
from chalicelib.stripe_events.shapes import Payer

# A run by schedule asks no more than this about subscriptions, or another product's busy day would take all its time.
_MOST_ASKED, _MOST_READ = 100, 5000


class Foreign:
    """What one run knows of it."""

    def __init__(self, run: Run, tally: MoneyTally) -> None:
        self._run, self._tally, self._table = run, tally, run.deps.table
        self._customers: dict[str, str] = {}  # by payment: a refund's or a dispute's line does not name one
        self._asked = 0

    def heard_of(self, line: Line) -> None:
        """A line of the window, whosever it is."""
        if line.payment and line.customer:
            self._customers[line.payment] = line.customer

    def is_known(self, line: Line) -> bool:
        """Whether it is known to be none of ours without asking Stripe: by another mark, or from an earlier run."""
        if line.mark is not None:
            return line.mark != self._run.deps.site_id
        return not self._run.by_hand and self._noted(line) is not None

    def tell(self, line: Line) -> None:
        """Count a line that is none of ours, and say so if we know whose it is."""
        self._tally.foreign += 1
        noted = self._noted(line)
        whose = noted if noted is not None and not self._run.by_hand else self._is_somebodys(line)
        if noted != whose and line.payment and (whose or line.mark is None):
            reconciled.note_foreign(self._table, line.payment, self._run.now(), known=whose)
        if not whose:
            return
        self._tally.known_foreign.append(KnownForeign(line.movement, line.amount, line.currency))
        moved, amount, currency = line.movement, line.amount, line.currency
        log.warning("known foreign", movement=moved, amount=amount, currency=currency)
        if not noted:
            alarm("reconcile_known_foreign", movement=moved, amount=amount, currency=currency)

    def _noted(self, line: Line) -> bool | None:
        return reconciled.foreign(self._table, line.payment, self._run.now()) if line.payment else None

    def _is_somebodys(self, line: Line) -> bool:
        """Whether its customer, or the subscription that it pays for, is one of ours."""
        customer = line.customer or self._customers.get(line.payment or "") or self._customer_of(line)
        if customer is None:
            return False  # a subscription has a customer
        if supporters.find_by_customer(self._table, customer):
            return True
        if line.mark is not None or not line.payment or (self._asked >= _MOST_ASKED and not self._run.by_hand):
            return False
        self._asked += 1
        subscription = self._subscription_of(line.payment)
        return subscription is not None and subscription in self._recurring

    def _customer_of(self, line: Line) -> str | None:
        if line.kind == "payment_intent" or not line.payment:
            return None  # a charge says so itself
        return Payer.model_validate(self._run.deps.stripe.payment_intent(line.payment)).customer

    def _subscription_of(self, payment: str) -> str | None:
        stripe = self._run.deps.stripe
        links = [InvoicePayment.model_validate(link) for link in stripe.invoice_payments_of(payment)]
        invoice = next((link.invoice for link in links if link.invoice), None)
        return BilledInvoice.model_validate(stripe.invoice(invoice)).details.subscription if invoice else None

    @cached_property
    def _recurring(self) -> frozenset[str]:
        """The recurring gifts that we know."""
        known = supporters.with_recurring(self._table)
        read = known if self._run.by_hand else islice(known, _MOST_READ)
        states = (supporters.read_state(self._table, supporter) for supporter in read)
        return frozenset(gift.id for state in states for gift in state.standing.recurring)
