"""What a dispute moved, in the currency of the gift, whatever currency it settled in.

Stripe takes a dispute's money from a balance that may be in another currency than the gift was given in, at the rate
of that day, and gives back all or a part of it. The books keep the giver's currency: what was withdrawn first is the
amount that is disputed, and everything after it is scaled by that one withdrawal. So each transaction has one amount
for good, whichever of the others is known by then: the first withdrawal always is, and later ones never change it.
"""

from collections.abc import Iterable
from typing import Protocol


class Settled(Protocol):
    """One balance transaction of a dispute: `amount` signed, in minor units of `currency`, as it settled."""

    @property
    def id(self) -> str:
        """`txn_…`."""

    @property
    def amount(self) -> int:
        """Below zero: withdrawn."""

    @property
    def currency(self) -> str:
        """The balance's."""

    @property
    def created(self) -> int:
        """Seconds UTC."""


class ScaleUnknown(ValueError):
    """Nothing says how much of the gift a transaction is.

    Money came back of which nobody was told that it was taken; or the first withdrawal is so small that another one
    would be more than twice what is disputed. A person must look.
    """


def as_given(moved: Iterable[Settled], disputed: int, currency: str) -> dict[str, int]:
    """By transaction, what it moved in the currency of the gift: signed, in minor units, in the order of `moved`.

    :param moved: all of one dispute's that are known.
    :param disputed: what the dispute is about, minor units of `currency`.
    :raises ScaleUnknown: see there.
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
        raise ScaleUnknown  # a correction before the withdrawal itself, say: better not booked than a hundredfold
    return size if one.amount > 0 else -size
