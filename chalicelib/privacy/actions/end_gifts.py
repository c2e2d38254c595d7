"""End a supporter's recurring gifts at Stripe, before anything of them is erased."""

from collections.abc import Iterable

from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.end_gift import end_gift
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import ENDED


def end_gifts(deps: StripeDeps, whom: Iterable[SupporterId], *, now: BusinessTime, real_now: RealTime) -> list[str]:
    """End every recurring gift that has not ended, now, and book what Stripe then says; answers the mails about it.

    :raises StripeUnavailable, StripeRefused: some of them may have ended; calling it again goes on.
    """
    mails: list[str] = []
    for supporter in whom:
        for gift in supporters.read_state(deps.table, supporter).standing.recurring:
            if gift.status not in ENDED:
                mails += end_gift(gift.id, deps, now=now, real_now=real_now)
    return mails
