"""A recurring gift as Stripe has it now, for whoever changes it: its subscription, read in our words.

How it is changed is in `change_gift.py`.
"""

from dataclasses import dataclass

from chalicelib.booking.actions.apply import Applied, apply
from chalicelib.booking.rules.facts import RecurringFacts
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.events import invoices, refunds, subscriptions
from chalicelib.rails.stripe.events.billing_shapes import Invoice, PaymentMethod, Subscription
from chalicelib.rails.stripe.events.handler import Handler
from chalicelib.rails.stripe.events.intents import intent_of
from chalicelib.rails.stripe.events.shapes import Charge
from chalicelib.rails.stripe.notification import StripeNotification
from chalicelib.rails.stripe.port import Answer, Stripe

# Ways of paying for which a change may wait until it is paid; bank debits cannot.
# https://docs.stripe.com/billing/subscriptions/pending-updates
_AT_ONCE = ("card", "link")
_UNPAID = ("draft", "open")
_NOT_GIVEN = ("failed", "canceled")


@dataclass(frozen=True)
class GiftAtStripe:
    """A recurring gift as Stripe has it: `subscription`, as it was read from `answer`."""

    subscription: Subscription
    answer: Answer

    @classmethod
    def of(cls, answer: Answer) -> "GiftAtStripe":
        """Read Stripe's answer."""
        return cls(Subscription.model_validate(answer), answer)

    @property
    def facts(self) -> RecurringFacts:
        """The facts, as booking has them."""
        return subscriptions.subscription_facts(self.subscription)

    @property
    def is_simple(self) -> bool:
        """Whether it charges for one thing, in periods: what we can change the price of."""
        return len(self.subscription.items.data) == 1 and self.subscription.period_end is not None

    @property
    def payments_from(self) -> tuple[int, int]:
        """The anchor that all payments are counted from, and the next one; in seconds."""
        it = self.subscription
        return it.billing_cycle_anchor or it.start_date, it.period_end or it.start_date

    @property
    def may_wait_for_payment(self) -> bool:
        """Whether a change can be charged at once: not in a trial, for which nothing was paid, nor by bank debit.

        Nor where the newsroom mails invoices that their payer pays by hand.
        """
        it, method = self.subscription, self.subscription.charged
        by_card = not isinstance(method, PaymentMethod) or method.type in _AT_ONCE
        return by_card and it.status == "active" and it.collection_method == "charge_automatically"

    @property
    def fingerprint(self) -> list[object]:
        """Everything of it that a change depends on."""
        it = self.subscription
        items = [(item.id, item.price.id, item.quantity, item.current_period_end) for item in it.items.data]
        method = it.charged.id if isinstance(it.charged, PaymentMethod) else it.charged
        waits = it.pending_update is not None
        return [it.id, items, it.status, it.ends_at, it.pause_collection, it.latest_invoice, waits, method]

    def was_given_up(self, stripe: Stripe) -> bool:
        """Whether this answer of Stripe's tells of a change that waits, and nobody can pay for it any more."""
        it = self.subscription
        waited_for = it.latest_invoice if it.pending_update else None
        return waited_for is not None and stripe.invoice(waited_for)["status"] == "void"

    def unpaid(self, stripe: Stripe) -> list[Invoice]:
        """Its invoices that are not paid yet: drafts, as Stripe lets a renewal's rest for an hour, and open ones."""
        found = (Invoice.model_validate(one) for one in stripe.invoices_of_subscription(self.subscription.id))
        return [one for one in found if one.status in _UNPAID]

    def is_due(self, now: BusinessTime) -> bool:
        """Whether the next period has begun, and Stripe has not said so yet: its invoice is about to be made."""
        return self.payments_from[1] <= now

    def payment_on_its_way(self, stripe: Stripe, now: BusinessTime) -> bool:
        """Whether Stripe will collect an invoice that was made already, or is about to be made."""
        return self.is_due(now) or any(one.auto_advance for one in self.unpaid(stripe))


@dataclass(frozen=True)
class Waits:
    """The invoice of a change that waits for its payment. `confirm_at`: the page on which its payer confirms it."""

    invoice: str
    confirm_at: str | None = None


def find(gift: str, stripe: Stripe) -> GiftAtStripe:
    """Ask Stripe how a recurring gift stands.

    :raises StripeUnavailable, StripeRefused: not known.
    """
    return GiftAtStripe.of(stripe.subscription(gift))


def waits(gift: GiftAtStripe, stripe: Stripe) -> Waits | None:
    """What a pending change waits for; None where there is none, or where it was paid meanwhile.

    Without `confirm_at` the payment was refused: there is nothing to wait for.
    """
    it = gift.subscription
    if not (it.pending_update and it.latest_invoice):
        return None
    invoice = Invoice.model_validate(stripe.invoice(it.latest_invoice))
    if invoice.status != "open":
        return None
    confirm = invoices.needs_of(invoice, stripe) == "confirm"
    return Waits(invoice.id, invoice.hosted_invoice_url if confirm else None)


def given_back(payment: str, stripe: Stripe) -> int:
    """How much of a payment refunds hold at Stripe, in minor units; also those whose money is still to move."""
    charge = _charge_of(payment, stripe)
    found = stripe.refunds_of_charge(charge) if charge else ()
    return sum(int(one["amount"]) for one in found if one["status"] not in _NOT_GIVEN)


def _charge_of(payment: str, stripe: Stripe) -> str | None:
    """The id of the charge that refunds of a payment are of; None where nothing was charged."""
    charge = intent_of(payment, stripe).latest_charge
    return charge.id if isinstance(charge, Charge) else charge


@dataclass(frozen=True)
class AsNotified:
    """Books what Stripe answered, the same way as the notification that will tell of it.

    :raises Outage: whether it is booked is not known; the notification will tell.
    """

    deps: StripeDeps
    now: BusinessTime
    real_now: RealTime

    def book_gift(self, gift: GiftAtStripe) -> Applied:
        """Book how a recurring gift stands."""
        return self._book(subscriptions.CHANGED, gift.answer)

    def book_latest_invoice(self, gift: GiftAtStripe) -> Applied:
        """Book what its latest invoice paid, and how the gift stands."""
        named = gift.subscription.latest_invoice
        return self._book(invoices.INVOICE, self.deps.stripe.invoice(named)) if named else self.book_gift(gift)

    def book_refund(self, refund: Answer) -> Applied:
        """Book a refund."""
        return self._book(refunds.REFUND, refund)

    def book_all_refunds(self, payment: str) -> Applied:
        """Book every refund that there is of a payment."""
        charge = _charge_of(payment, self.deps.stripe)
        return self._book(refunds.REFUNDED_CHARGE, {"id": charge, "payment_intent": payment})

    def _book(self, handler: Handler, answer: Answer) -> Applied:
        told = StripeNotification(handler, answer, self.deps, now=self.now, real_now=self.real_now)
        return apply(told, self.deps, now=self.now)
