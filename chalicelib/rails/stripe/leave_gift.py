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
from chalicelib.rails.stripe.port import ALREADY_REFUNDED, Stripe, StripeRefused
from chalicelib.supporters.rules.access import ENDED

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

        Until that period it is collected as before. If nothing is paid for any more, nothing is collected either:
        whoever stops is not charged once more because the day was just over.
        """
        current = gift_at_stripe.find(gift, self.stripe)
        if current.subscription.status in ENDED:
            return self.booked.book_gift(current)
        at = _end_from(current, not_before, paid_through)
        why, key = self.leaving.why, f"stop:{gift}:{self.leaving.key}"
        if at is None:
            return self.booked.book_gift(change_gift.stop(current, paid_through, why, now, self.stripe, key))
        return self.booked.book_gift(change_gift.stop_at(current, at, why, self.stripe, f"{key}:{at}"))

    def end_gift(self, gift: str) -> Applied:
        """End a recurring gift now; no invoice of it is collected any more."""
        current = gift_at_stripe.find(gift, self.stripe)
        if current.subscription.status not in ENDED:
            current = change_gift.end(current, self.leaving.why, self.stripe, f"end:{gift}:{self.leaving.key}")
        return self.booked.book_gift(current)

    def give_back_payment(self, payment: str) -> Applied:
        """Give a payment back, all that is left of it.

        :raises CannotGiveBack: Stripe refused.
        """
        params = {"payment_intent": payment, "reason": "requested_by_customer"}
        key = f"give_back:{payment}:{self.leaving.key}"
        try:
            self.stripe.create_refund(params, idempotency_key=key)
        except StripeRefused as refused:
            if str(refused) != ALREADY_REFUNDED:
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


def _end_from(gift: GiftAtStripe, not_before: int | None, paid_through: int) -> int | None:
    """The end of the first period that ends then or later (seconds); None: what is paid lasts until then."""
    anchor, present = gift.payments_from
    if not_before is None or not_before <= paid_through:
        return None
    if not_before <= present:
        return present  # not paid yet, but wanted
    rhythm: Rhythm = gift.facts.rhythm
    return payment_day(anchor, rhythm, payment_from(anchor, rhythm, not_before))
