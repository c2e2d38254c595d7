"""A supporter's own account: who they are, what is open to them, what they give, and the way to change that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.kernel.errors import Conflict, Unauthorized
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Table
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import Movement
from chalicelib.ledger.rules.stored import UnreadableEntry
from chalicelib.newsroom.rules import Newsroom
from chalicelib.rails.stripe.port import Stripe, StripeRefused
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import ENDED, Entitlement, RecurringGift, Standing, entitled
from chalicelib.supporters.rules.state import Profile, State

_MOST_SHOWN = 50


@dataclass(frozen=True)
class ShownGift:
    """A one-off gift, and how much of it was given back, in minor units."""

    gift: Movement
    refunded: int = 0


@dataclass(frozen=True)
class Account:
    """A supporter's own account, as they may see it.

    `one_off`: newest first, at most fifty. `recurring`: running first, then by when it began, newest first; each with
    only those periods whose payments were not taken back. `unreadable` names entries that could not be read.
    """

    id: str
    profile: Profile
    access: Entitlement
    standing: Standing
    recurring: Sequence[RecurringGift]
    one_off: Sequence[ShownGift] = ()
    unreadable: Sequence[str] = ()


def account_of(table: Table, state: State, newsroom: Newsroom, *, now: BusinessTime) -> Account:
    """A supporter's account, without looking into the ledger.

    :raises Unauthorized: `not_signed_in`: there is no such supporter any more.
    """
    profile = supporters.read_profile(table, state.id)
    if profile is None:
        raise Unauthorized("Please sign in first.", code="not_signed_in")
    access = entitled(state.standing, newsroom, now)
    return Account(state.id, profile, access, state.standing, _sorted(state))


def own_account(table: Table, state: State, newsroom: Newsroom, *, now: BusinessTime) -> Account:
    """A supporter's account with what they gave once.

    :raises Unauthorized: `not_signed_in`: there is no such supporter any more.
    """
    refunded = {one.gift: one.refunded for one in state.standing.reversals}
    gifts: list[ShownGift] = []
    unreadable: list[str] = []
    account = account_of(table, state, newsroom, now=now)
    for found in ledger.entries_of(table, state.id):
        if isinstance(found, UnreadableEntry):
            unreadable.append(found.name)
        elif (moved := found.entry.movement).kind == "gift" and not moved.recurring:
            gifts.append(ShownGift(moved, refunded.get(moved.id, 0)))
        if len(gifts) == _MOST_SHOWN:
            break
    return replace(account, one_off=gifts, unreadable=tuple(unreadable))


def is_over(gift: RecurringGift) -> bool:
    """Whether a recurring gift has ended for good."""
    return gift.status in ENDED


def open_portal(state: State, stripe: Stripe, *, subscription: str | None, return_url: str, locale: str) -> str:
    """The address of Stripe's portal for this supporter.

    Of several Stripe customers it opens the one of the named recurring gift, else of the newest that runs, else any.

    :raises Conflict: `nothing_to_manage`: this supporter never gave through Stripe.
    :raises StripeUnavailable: try again later.
    """
    gifts = _sorted(state)
    named = [gift.customer for gift in gifts if gift.id == subscription]
    customers = [*named, *(gift.customer for gift in gifts), *state.customers.values()]
    if not customers:
        raise _nothing()
    try:
        portal = stripe.create_portal_session(customers[0], return_url=return_url, locale=locale)
    except StripeRefused as refused:
        if refused.missing:
            raise _nothing() from None
        raise
    return str(portal["url"])


def _nothing() -> Conflict:
    return Conflict("There is no recurring gift to change or stop.", code="nothing_to_manage")


def _sorted(state: State) -> list[RecurringGift]:
    # A period at the end of the paid time that was reversed is no longer paid for.
    gifts = [state.standing.in_force(gift) for gift in state.standing.recurring]
    return sorted(gifts, key=lambda gift: (is_over(gift), -gift.started_at, gift.id))
