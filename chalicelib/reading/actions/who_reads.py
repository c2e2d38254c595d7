"""Who is reading: the supporter of this browser's session, or whoever paid in this browser during the last day."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from chalicelib.articles.rules.policy import MEMBERS, OPEN, Needed, satisfies
from chalicelib.checkouts.rows import checkouts
from chalicelib.checkouts.rows.checkouts import Checkout
from chalicelib.kernel.browser import Started
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import Table
from chalicelib.newsroom.rules import Newsroom
from chalicelib.reading.actions.read_pass import GUEST
from chalicelib.reading.rules.paywall import Viewer
from chalicelib.supporters.actions.sessions import OpenSession, cookie_life
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import DAY, Entitlement, RecurringGift, Standing, entitled, includes
from chalicelib.supporters.rules.state import State

OPEN_FOR = DAY  # how long a payment opens the browser that made it
_MAY_YET_BE_PAID = frozenset({"open", "processing"})


@dataclass(frozen=True)
class Reader:
    """A reader as far as we know them now. `supporter` is who is signed in here, None for nobody.

    `sub` is whom a pass is for, opaque: a supporter or a guest; None: a stranger. `until` includes grace.
    `open_for`: seconds that are left of the day for which a payment opens this browser.
    `holds_for`: for how many more seconds this browser holds a session or a checkout; None: until it closes.
    `gives`: the recurring gift that who is signed in here may raise, if there is one.
    """

    viewer: Viewer = Viewer()  # noqa: RUF009 - frozen, so one is as good as many
    supporter: SupporterId | None = None
    sub: str | None = None
    tier: str | None = None
    until: BusinessTime | None = None
    open_for: int = OPEN_FOR
    holds_for: int | None = 0
    gives: RecurringGift | None = None

    @property
    def tiers(self) -> tuple[str, ...]:
        """All tiers held, lowest first."""
        return tuple(self.viewer.tiers)


def who_reads(
    signed_in: OpenSession | None,
    checkout: Started | None,
    table: Table,
    newsroom: Newsroom,
    *,
    needs: Needed = OPEN,
    real_now: RealTime,
    now: BusinessTime,
) -> Reader:
    """The session's supporter, or, if that is not enough and it holds more, the guest who paid in this browser.

    :param signed_in: who is signed in here.
    :param checkout: what the checkout cookie says.
    :param needs: stop looking once this is held; for what is open to all, once anything is.
    """
    reader = Reader()
    if signed_in is not None:
        held = entitled(signed_in.state.standing, newsroom, now)
        reader = replace(_reader(signed_in.supporter, held, newsroom), supporter=signed_in.supporter)
        gives = signed_in.state.standing.gift_to_raise()
        reader = replace(reader, holds_for=_holds_for(signed_in, checkout, real_now), gives=gives)
    if checkout is None or satisfies(MEMBERS if needs is OPEN else needs, reader.tiers):
        return reader
    known = [signed_in.state] if signed_in else []
    guest = _guest(checkout, known, table, newsroom, real_now, now)
    if signed_in is None:
        reader = replace(reader, holds_for=guest.holds_for)
    if len(guest.tiers) <= len(reader.tiers):
        return reader
    viewer = Viewer(reader.supporter is not None, guest.tiers, reader.viewer.payment_failed)
    sub = reader.supporter or guest.sub
    own = replace(guest, viewer=viewer, supporter=reader.supporter, sub=sub)
    return replace(own, holds_for=reader.holds_for, gives=reader.gives)


def _holds_for(signed_in: OpenSession, checkout: Started | None, real_now: RealTime) -> int | None:
    life = cookie_life(signed_in.session, real_now)
    # The checkout's cookie may outlive that of a session which ends with the browser.
    return OPEN_FOR if life is None and checkout is not None and checkout.ids else life


def _reader(sub: str, held: Entitlement, newsroom: Newsroom) -> Reader:
    tiers = includes(newsroom.tier_names, held.tier)
    signed_in = not sub.startswith(GUEST)
    return Reader(Viewer(signed_in, tiers, held.payment_failed), None, sub, held.tier, held.until)


def _guest(
    browser: Started, known: Iterable[State], table: Table, newsroom: Newsroom, real_now: RealTime, now: BusinessTime
) -> Reader:
    """The guest by that one of this browser's latest payments which opens most. `known`: states read already."""
    states = {state.id: state for state in known}
    best, holds_for = Reader(), 0
    for checkout_id in reversed(browser.ids):
        row = checkouts.read(table, checkout_id)
        if row is None or row.browser != browser.fingerprint():
            continue
        left = opens_for(row, real_now)
        holds_for = max(holds_for, left)
        if row.status != "paid" or left == 0 or row.supporter is None:
            continue
        if row.supporter not in states:
            states[row.supporter] = supporters.read_state(table, row.supporter)
        held = entitled(earned_by(row, states[row.supporter]), newsroom, now)
        # An opaque id, and not the supporter's: paying does not prove who somebody is.
        sub = GUEST + hashlib.sha256(checkout_id.encode()).hexdigest()[:24]
        guest = _reader(sub, held, newsroom)
        if held.until is not None and (best.sub is None or len(guest.tiers) > len(best.tiers)):
            best = replace(guest, open_for=left)
    return replace(best, holds_for=holds_for)


def opens_for(row: Checkout, real_now: RealTime) -> int:
    """For how many more seconds a checkout may open the browser that started it: a day, if it may yet be paid."""
    if row.status in _MAY_YET_BE_PAID:
        return OPEN_FOR
    return max(0, row.paid_at + OPEN_FOR - real_now) if row.status == "paid" and row.paid_at is not None else 0


def earned_by(row: Checkout, state: State) -> Standing:
    """The part of a supporter's `state` that this checkout's payment alone earned.

    A stranger who types a supporter's address must not read by that supporter's gifts.
    """
    if state.epoch != row.epoch:
        return Standing()  # they have signed out everywhere since: here too
    standing = state.standing
    return Standing(
        tuple(grant for grant in standing.grants if grant.id == row.movement),
        tuple(gift for gift in standing.recurring if gift.id == row.subscription),
        standing.reversals,
    )
