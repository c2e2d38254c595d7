"""Convert what a dispute moved into the currency of the gift, whatever currency it settled in.

Stripe takes a dispute's money from a balance that may be in another currency than the gift, at the rate of that day,
and gives back all or a part of it. The books keep the gift's currency: the first withdrawal counts as the disputed
amount, and every transaction is scaled by it. So each has the same amount for good, whichever others are known: the
first withdrawal is always known, and later ones never change it.
"""

from collections.abc import Iterable
from typing import Protocol


class Settled(Protocol):
    """One balance transaction of a dispute: `amount` signed, in minor units of `currency`, as it settled."""

    @property
    def id(self) -> str:
        """The balance transaction's id, `txn_…`."""

    @property
    def amount(self) -> int:
        """In minor units of `currency`; below zero: withdrawn."""

    @property
    def currency(self) -> str:
        """The balance's currency."""

    @property
    def created(self) -> int:
        """When it was made, in seconds since 1970, UTC."""


class ScaleUnknown(ValueError):
    """It cannot be computed how much of the gift a transaction is; a person must look.

    Money came back, but no withdrawal is known; or the first withdrawal is so small that, scaled by it, another
    transaction would be more than twice the disputed amount.
    """


def as_given(moved: Iterable[Settled], disputed: int, currency: str) -> dict[str, int]:
    """By transaction id, what it moved in the currency of the gift: signed, minor units, in the order of `moved`.

    :param moved: all known balance transactions of one dispute.
    :param disputed: the disputed amount, minor units of `currency`.
    :raises ScaleUnknown: no withdrawal is known, or the first one is too small to scale by.
    """
    known = list(moved)
    return {one.id: one.amount if one.currency == currency else _scaled(one, known, disputed) for one in known}


def _scaled(one: Settled, known: Iterable[Settled], disputed: int) -> int:
    withdrawn = [other for other in known if other.currency == one.currency and other.amount < 0]
    if not withdrawn:
        raise ScaleUnknown
    first = min(withdrawn, key=lambda other: (other.created, other.amount, other.id))
    whole = -first.amount
    size = (2 * disputed * abs(one.amount) + whole) // (2 * whole)  # to the nearest, exactly: never through a float
    if size > 2 * disputed:
        raise ScaleUnknown  # e.g. a small correction came before the withdrawal: never book a hundredfold amount
    return size if one.amount > 0 else -size
