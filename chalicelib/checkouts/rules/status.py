"""How a checkout stands."""

from typing import Literal

CheckoutStatus = Literal["open", "processing", "paid", "failed", "expired"]
# A checkout's status moves forward only: what is paid is not reopened by an older telling.
CHECKOUT_ORDER: tuple[CheckoutStatus, ...] = ("open", "expired", "processing", "failed", "paid")


def is_behind(newer: CheckoutStatus, known: CheckoutStatus) -> bool:
    """Whether a status that is told of a checkout is older than the known one."""
    return CHECKOUT_ORDER.index(newer) < CHECKOUT_ORDER.index(known)
