"""Which recurring gifts are charged to a customer's new card, once the provider has made it the customer's default.

A gift may have a method of its own, which the provider charges before the customer's default. Then the new card has
to be set there too, or the old one goes on being charged. Which gift somebody meant they said on our page; on the
provider's own page nobody can say it, and then it is: what is overdue, the only gift, and what was charged to the
default of before.
"""

from collections.abc import Mapping, Sequence

from chalicelib.supporters.rules.access import ENDED, OVERDUE, RecurringGift


def gifts_of_customer(gifts: Sequence[RecurringGift], customer: str) -> list[RecurringGift]:
    """The gifts that are charged to this customer, now or later."""
    return [gift for gift in gifts if gift.customer == customer and gift.status not in ENDED]


def takers(
    running: Sequence[RecurringGift], own: Mapping[str, str | None], *, asked: str | None, before: str | None
) -> list[RecurringGift]:
    """Those of a customer's running gifts that are to be charged to the new default.

    :param own: each gift's own method, None where the customer's default is charged anyway.
    :param asked: the gift for which a new card was asked for on our page.
    :param before: the customer's default before the new one.
    """
    if any(gift.id == asked for gift in running):
        return [gift for gift in running if gift.id == asked]
    return [
        gift
        for gift in running
        if gift.status in OVERDUE or len(running) == 1 or (own.get(gift.id) or before) == before
    ]
