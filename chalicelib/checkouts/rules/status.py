"""The status of a checkout, which only moves forward."""

from typing import Literal

CheckoutStatus = Literal["open", "processing", "paid", "failed", "expired"]
# A checkout's status moves forward only: an older notification does not reopen what is paid.
CHECKOUT_ORDER: tuple[CheckoutStatus, ...] = ("open", "expired", "processing", "failed", "paid")


def is_behind(newer: CheckoutStatus, known: CheckoutStatus) -> bool:
    """Whether a reported status comes before the known one, and so must not replace it."""
    return CHECKOUT_ORDER.index(newer) < CHECKOUT_ORDER.index(known)
