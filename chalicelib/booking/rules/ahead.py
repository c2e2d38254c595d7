"""What is said ahead of a payment: a yearly gift is announced, and a card that ends before the payment is named.

    31 days before   the card will have expired by then: once for each card and gift
    17 days before   a gift that is charged every twelve months or less often: once for each payment; with the card,
                     if that will have expired

California wants a yearly renewal announced 15 to 45 days before (Bus. & Prof. Code § 17602(b)); a day's run may fail.
Nothing is said of a gift that takes no further payment, is paused, or is past due: that has mails of its own.
"""

from datetime import datetime, tzinfo
from typing import Any

from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.rhythm import rhythm_of
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.supporters.rules.access import DAY, RecurringGift
from chalicelib.supporters.rules.card import Card

ANNOUNCED, CARD_NAMED = 17 * DAY, 31 * DAY


def mail_ahead(gift: RecurringGift, now: BusinessTime, zone: tzinfo) -> MailToSend | None:
    """The mail that is due about this gift's next payment, whether it went out already or not; None: none is."""
    at = gift.next_payment_at
    if at is None or at <= now or not gift.will_renew or gift.status == "past_due":
        return None
    values: dict[str, Any] = {
        "amount": gift.amount,
        "currency": gift.currency,
        "interval": gift.interval,
        "interval_count": gift.interval_count,
        "next_payment_at": at,
        "recurring": gift.id,
    }
    rhythm = rhythm_of(gift.interval, gift.interval_count)
    card = _card(gift.card) if gift.card and gift.card.ended_by(at) else {}
    if rhythm and rhythm.by_the_year and at - now <= ANNOUNCED:
        # Named by the day: Stripe may move a payment by seconds.
        day = datetime.fromtimestamp(at, zone).date().isoformat()
        return MailToSend(f"{gift.id}:ahead:{day}", "yearly_ahead", values | card, gift.tier)
    if card and at - now <= CARD_NAMED:
        name = f"{gift.id}:card:{card['card_last4']}:{card['card_expires']}"
        return MailToSend(name, "card_expires", values | card)
    return None


def _card(card: Card) -> dict[str, Any]:
    return {"card_brand": card.brand, "card_last4": card.last4, "card_expires": card.expires}
