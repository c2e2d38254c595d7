"""Which class each kind of mail is of: what it is about, and so whether its reader may switch it off.

    payment      money that moved, will move or could not, and the gift that it is of: part of the giving itself
    access       codes, addresses, devices, rights: asked for, or about who may sign in
    reminders    a reminder that its reader asked for
    statements   what somebody gave in a year, once a year

The last two are sent to whoever has not switched them off, carry one-click unsubscribe (RFC 8058) and a line about it
at their foot. The first two are neither bulk mail nor anybody's wish, and carry none: who ended them could not sign
in, or would not hear that a payment failed.
"""

from collections.abc import Mapping
from typing import Literal, get_args

MailClass = Literal["payment", "access", "reminders", "statements"]
Switch = Literal["reminders", "statements"]  # the classes that somebody may switch off
SWITCHES: tuple[Switch, ...] = get_args(Switch)

CLASS_OF: Mapping[str, MailClass] = {
    "sign_in": "access",
    "correct_address": "access",
    "prove_address": "access",
    "address_changed": "access",
    "address_restored": "access",
    "gift_claimed": "access",
    "gift_unclaimed": "access",
    "records_merged": "access",
    "statement_received": "access",
    "statement_to_confirm": "access",
    "statement_settled": "access",
    "erasure_asked": "access",
    "erasure_called_off": "access",
    "erased": "access",
    "thanks_once": "payment",
    "thanks_recurring": "payment",
    "renewed": "payment",
    "recurring_will_end": "payment",
    "recurring_resumed": "payment",
    "recurring_ended": "payment",
    "recurring_paused": "payment",
    "recurring_changed": "payment",
    "payment_failed": "payment",
    "payment_failed_once": "payment",
    "processing": "payment",
    "refunded": "payment",
    "refund_failed": "payment",
    "yearly_ahead": "payment",
    "card_expires": "payment",
    "reminder": "reminders",
    "year_of_gifts": "statements",
}


def switch_of(kind: str) -> Switch | None:
    """The switch that this kind of mail has; None for one that cannot be switched off."""
    return next((switch for switch in SWITCHES if CLASS_OF.get(kind) == switch), None)
