"""What can be done with a recurring gift now, and why something cannot: what buttons show and calls refuse."""

from collections.abc import Collection
from typing import Literal

from chalicelib.kernel.errors import Conflict
from chalicelib.supporters.rules.access import ENDED, OVERDUE, RecurringGift

Act = Literal["change", "pause", "resume", "stop", "keep", "card"]
ACTS: tuple[Act, ...] = ("change", "pause", "resume", "stop", "keep", "card")


def can(gift: RecurringGift, currencies: Collection[str]) -> tuple[Act, ...]:
    """What is possible with a gift, in a fixed order. `currencies`: those that the newsroom takes today."""
    return tuple(act for act in ACTS if _offered(act, gift, currencies))


def _offered(act: Act, gift: RecurringGift, currencies: Collection[str]) -> bool:
    """Whether a button for it makes sense: calls also take what is so already, as twice is the same as once."""
    if refusal(act, gift) is not None:
        return False
    match act:
        case "change":
            return gift.currency in currencies
        case "resume":
            return gift.status == "paused"
        case "stop":
            return gift.ends_at is None or gift.will_renew
        case "keep":
            return gift.ends_at is not None
        case _:
            return True


def refusal(act: Act, gift: RecurringGift) -> Conflict | None:
    """Why this cannot be done with the gift now; None if it can, or if it is so already."""
    if gift.status in ENDED:
        return Conflict("This support has ended. You can begin anew.", code="gift_ended")
    if act in ("stop", "keep", "card"):
        return None
    if gift.ends_at is not None:
        return Conflict("This support is set to end. Keep it first.", code="gift_ending")
    return None if act == "resume" else _not_in_its_course(act, gift)


def _not_in_its_course(act: Act, gift: RecurringGift) -> Conflict | None:
    """Why a gift that goes on cannot be changed or paused now."""
    if gift.status in OVERDUE:
        return Conflict("A payment is overdue. It has to be made first.", code="payment_due")
    if gift.status == "paused":
        return Conflict("This support is paused. Resume it first.", code="gift_paused")
    if not gift.will_renew:
        return Conflict("This support cannot be changed here just now. Please write to us.", code="gift_fixed")
    if act == "pause" and not is_monthly(gift):
        return Conflict("Only support that is given every month can be paused.", code="not_monthly")
    return None


def payment_on_its_way() -> Conflict:
    """The refusal while a payment is being made: it would be taken as it was, whatever is changed now."""
    return Conflict("A payment is on its way. Please wait until it is made.", code="payment_due")


def is_monthly(gift: RecurringGift) -> bool:
    """Whether a gift is charged every single month."""
    return (gift.interval, gift.interval_count) == ("month", 1)
