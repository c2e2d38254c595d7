"""How a checkout stands."""

from typing import Literal

CheckoutStatus = Literal["open", "processing", "paid", "failed", "expired"]
# A checkout's status moves forward only: what is paid is not reopened by an older telling.
CHECKOUT_ORDER: tuple[CheckoutStatus, ...] = ("open", "expired", "processing", "failed", "paid")
