"""What a statement of leaving does at Stripe: stop a gift, end it, give a payment back. Each is booked at once.

Each states how things are to be, so that doing one twice is the same as once: after a lost answer it is done again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.booking.actions.apply import Applied
from chalicelib.kernel.billing_days import payment_day, payment_from
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.rhythm import Rhythm
from chalicelib.rails.stripe import change_gift, gift_at_stripe
from chalicelib.rails.stripe.gift_at_stripe import AsNotified, GiftAtStripe
from chalicelib.rails.stripe.port import Stripe, StripeRefused
from chalicelib.supporters.rules.access import ENDED, OVERDUE

_GONE = "charge_already_refunded"  # Stripe's code for a payment of which nothing is left to give back
_UNDER_WAY = ("open", "processing")  # an invoice's payment, and its intent, that money may still come from


class CannotGiveBack(Exception):
    """Stripe does not give this payment back: it is disputed, too old, or of another kind. A person must look.

    `code`: Stripe's own word for why.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Leaving:
    """The statement behind a change, for the idempotency keys and for whoever reads Stripe's dashboard.

    `key` states the fact and is another one for each try, as Stripe keeps a failure under a key for a day. `why`: its
    `cancellation_details`.
    """

    key: str
    why: Mapping[str, str]


@dataclass(frozen=True)
class Leaver:
    """Does it at Stripe, and books it as the notification that will tell of it does."""

    stripe: Stripe
    booked: AsNotified
    leaving: Leaving

    def stop_gift(self, gift: str, *, paid_through: int, not_before: int | None, now: BusinessTime) -> Applied:
        """End a recurring gift at the end of what is paid, or of the period that holds the moment `not_before`.

        In the hour in which a renewal's invoice rests, nothing is paid for any more: it ends at once, and is not
        collected. Whoever stops is not charged once more because the day was just over.
        """
        current = gift_at_stripe.find(gift, self.stripe)
        if current.subscription.status in ENDED:
            return self.booked.book_gift(current)
        at = _end_from(current, not_before)
        key = f"stop:{gift}:{self.leaving.key}"
        if at is None and self._rests(current):
            return self._ended(current)
        if at is None:
            return self.booked.book_gift(
                change_gift.stop(current, paid_through, self.leaving.why, now, self.stripe, key)
            )
        planned = {"cancel_at": at, "proration_behavior": "none", "cancellation_details": dict(self.leaving.why)}
        answer = self.stripe.update_subscription(gift, planned, idempotency_key=f"{key}:{at}")
        return self.booked.book_gift(GiftAtStripe.of(answer))

    def end_gift(self, gift: str) -> Applied:
        """End a recurring gift now; an open invoice of it is never paid."""
        current = gift_at_stripe.find(gift, self.stripe)
        return self.booked.book_gift(current) if current.subscription.status in ENDED else self._ended(current)

    def _rests(self, gift: GiftAtStripe) -> bool:
        """Whether the invoice of the present period is still a draft, as it is for about an hour."""
        # https://docs.stripe.com/billing/invoices/subscription#sub-invoice-lifecycle
        latest = gift.subscription.latest_invoice
        return bool(latest) and self.stripe.invoice(str(latest))["status"] == "draft"

    def _ended(self, gift: GiftAtStripe) -> Applied:
        it, why = gift.subscription, dict(self.leaving.why)
        params: dict[str, Any] = {"cancellation_details": why}
        ended = self.stripe.cancel_subscription(it.id, params, idempotency_key=f"end:{it.id}:{self.leaving.key}")
        if it.status in OVERDUE and it.latest_invoice:
            change_gift.void(it.latest_invoice, self.stripe)
        return self.booked.book_gift(GiftAtStripe.of(ended))

    def give_back_payment(self, payment: str) -> Applied:
        """Give a payment back, all that is left of it.

        :raises CannotGiveBack: Stripe refused.
        """
        params = {"payment_intent": payment, "reason": "requested_by_customer"}
        key = f"give_back:{payment}:{self.leaving.key}"
        try:
            self.stripe.create_refund(params, idempotency_key=key)
        except StripeRefused as refused:
            if str(refused) != _GONE:
                raise CannotGiveBack(str(refused)) from None
        # All refunds of the payment: the one that was made may be an earlier try's, whose answer was lost.
        return self.booked.book_all_refunds(payment)

    def payment_under_way(self, gift: str) -> bool:
        """Whether a payment of a recurring gift was started and has not arrived yet, as by a direct debit."""
        return any(
            self._may_arrive(paid)
            for invoice in self.stripe.invoices_of_subscription(gift)
            for paid in self.stripe.payments_of_invoice(invoice["id"])
        )

    def _may_arrive(self, paid: Mapping[str, Any]) -> bool:
        open_status, processing = _UNDER_WAY
        intent = paid["payment"].get("payment_intent")
        return bool(
            paid["status"] == open_status
            and intent
            and self.stripe.payment_intent(str(intent))["status"] == processing
        )


def _end_from(gift: GiftAtStripe, not_before: int | None) -> int | None:
    """The end of the first period that ends then or later (seconds); None: of the present one."""
    anchor, present = gift.payments_from
    if not_before is None or not_before <= present:
        return None
    rhythm: Rhythm = gift.facts.rhythm
    return payment_day(anchor, rhythm, payment_from(anchor, rhythm, not_before))
