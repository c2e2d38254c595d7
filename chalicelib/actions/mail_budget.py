"""Whether one more sign-in mail may go to an address: budgets that strangers cannot use up for its owner.

    asked from                          counts against
    a browser that proved the address   that browser's own budget
    a network that proved the address   that network's own budget
    anywhere else                       the asker's own budget, and one of all such askers of this address together
    right after a payment               a budget of its own: nobody can cause that for free

What one budget has not, the next one may. All mails to addresses that nobody has proven or given with share one more
budget: mails to made-up mailboxes come back, and for too many of those the mail service stops all of our mail.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from chalicelib import metrics
from chalicelib.actions.limits import network
from chalicelib.domain import ids
from chalicelib.domain.email_address import EmailAddress
from chalicelib.domain.errors import TooMany
from chalicelib.domain.newsroom import Limits
from chalicelib.log import alarm, log
from chalicelib.store import proven, rate, supporters
from chalicelib.store.table import Table

HOUR, DAY = 3600, 86_400
LIFTED = "lifted"  # a place of no browser: an operator lets every asker have a budget of their own, for a while
LIFTED_FOR = HOUR
# So many mails to addresses never seen before may come back in a day. The mail service looks at an account from 5 in
# 100 on and stops it at 10: ten are 5 in 100
# of what a newsroom of a few thousand supporters sends in a day.
BOUNCES = 10
_EVERYBODY = "all"
_TOLD_EVERY = 6 * HOUR
_MANY = 1_000_000  # counted only: an address that is known must cost the same time as one that is not


@dataclass(frozen=True)
class Asker:
    """Who asks for a mail to `email`. `client` is the caller's address, None right after a payment.

    `browser` is the fingerprint of a browser that signed in before, whoever that was; None for any other.
    """

    email: EmailAddress
    client: str | None = None
    browser: str | None = None

    def places(self, key: str) -> tuple[str, ...]:
        """This browser and this network as the places where the address may have been proven."""
        browser = [f"browser:{self.browser}"] if self.browser else []
        asker = ids.keyed_hash(key, f"{self.email} {network(self.client or '')}")
        return (*browser, f"network:{asker[:32]}")


@dataclass(frozen=True)
class Known:
    """What is known of an address before it is asked for: where it was proven, and whether it is anybody's."""

    hashed: str
    proven_in: frozenset[str]
    seen: bool


def look(asker: Asker, table: Table, *, key: str, now: int) -> Known:
    """What is known of the address. Asks the same of the table for every address. `now` in real seconds."""
    hashed = supporters.email_hash(asker.email, key)
    places = proven.places(table, hashed, now)
    return Known(hashed, places, supporters.find_by_email(table, asker.email, key) is not None or bool(places))


def may_mail(asker: Asker, known: Known, table: Table, limits: Limits, *, key: str, now: int) -> bool:
    """Take one mail out of the first budget that has one; False when none has."""
    # Both are asked for every address, so that the answer takes the same time.
    any_mail = _new_may(known, table, limits, now)
    own = any(_taken(table, budgets, now) for budgets in _alternatives(asker, known, limits, key))
    return any_mail and own


Budget = tuple[str, str, int]  # scope, whose, how many an hour


def _alternatives(asker: Asker, known: Known, limits: Limits, key: str) -> Iterator[list[Budget]]:
    most, address = limits.mails_per_address_and_hour, known.hashed[:32]
    if asker.client is None:
        yield [("welcomes", address, most)]
        return
    places = asker.places(key)
    for place in places:
        if place in known.proven_in:
            own = ids.keyed_hash(key, f"{asker.email} {place}")[:32]
            yield [("mails_here", own, most), ("mails_known", address, 4 * most)]
    shared = (_MANY if LIFTED in known.proven_in else 4) * most
    yield [("mails_from", places[-1].partition(":")[2], most), ("mails", address, shared)]


def _taken(table: Table, budgets: list[Budget], now: int) -> bool:
    for scope, who, limit in budgets:
        try:
            rate.take(table, scope, who, limit, HOUR, now)
        except TooMany:
            if scope == "mails":
                # Its owner may be asking from somewhere new, and gets no mail either.
                log.warning("sign-in mails used up", counts=metrics.one("MailBudgetSpent"))
            return False
    return True


def _new_may(known: Known, table: Table, limits: Limits, now: int) -> bool:
    """Whether an address that was never seen before may get mail now. One that was may; it is only counted."""
    stopped = not rate.has_room(table, "bounces_of_new", _EVERYBODY, BOUNCES, DAY, now)
    scope, most = ("mails_to_seen", _MANY) if known.seen else ("mails_to_new", limits.mails_to_new_addresses_and_hour)
    try:
        rate.take(table, scope, _EVERYBODY, most, HOUR, now)
    except TooMany:
        if rate.first(table, "told_used_up", _EVERYBODY, _TOLD_EVERY, now):
            alarm("new_addresses_used_up")
        return False
    return known.seen or not stopped


def came_back(table: Table, hashed: str, now: int) -> None:
    """Mail to this address (by its keyed hash) came back for good. Counts where nobody is known to have it.

    :raises TableUnavailable: try again.
    """
    if supporters.has_hash(table, hashed):
        return
    with suppress(TooMany):
        rate.take(table, "bounces_of_new", _EVERYBODY, BOUNCES, DAY, now)
    full = not rate.has_room(table, "bounces_of_new", _EVERYBODY, BOUNCES, DAY, now)
    if full and rate.first(table, "told_bounces", _EVERYBODY, _TOLD_EVERY, now):
        alarm("new_addresses_bounce")


def lift(table: Table, hashed: str, now: int) -> None:
    """For an hour, every asker of this address has a budget of their own, and what was used up is forgotten."""
    proven.remember(table, hashed, [LIFTED], now, kept=LIFTED_FOR)
    for scope in ("mails", "mails_known"):
        rate.forget(table, scope, hashed[:32], HOUR, now)


def lift_new(table: Table, now: int) -> None:
    """Let mail go to addresses never seen before again: what they used up and what came back is forgotten."""
    rate.forget(table, "mails_to_new", _EVERYBODY, HOUR, now)
    rate.forget(table, "bounces_of_new", _EVERYBODY, DAY, now)
