"""Rate limits of sign-in mails: strangers who ask for mails to an address cannot use up its owner's share.

    asked from                          counts against
    a browser that proved the address   that browser's own budget
    a network that proved the address   that network's own budget
    anywhere else                       the asker's own budget, and one of all such askers of this address together
    right after a payment               a budget of its own: nobody can cause that for free

Where one budget is used up, the next in this list is tried. All mails to addresses that nobody has proven or given
with share one more budget: mails to made-up mailboxes bounce, and after too many bounces the mail service stops all
of our mail.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from chalicelib.kernel import ids, rate_limits
from chalicelib.kernel.client_limits import network
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Table
from chalicelib.mail.rows import proven
from chalicelib.newsroom.rules import Limits
from chalicelib.observing import metrics
from chalicelib.observing.log import alarm, log
from chalicelib.supporters.rows import supporters

HOUR, DAY = 3600, 86_400
LIFTED = "lifted"  # stands among the proven places while an operator gives every asker a budget of their own
LIFTED_FOR = HOUR
# Bounces a day that mails to addresses never seen before may cause. The mail service reviews an account when 5 in 100
# mails bounce, and stops it at 10 in 100; a newsroom sends some 200 mails a day, and 5 in 100 of those are ten.
BOUNCES = 10
# Complaints in a week that somebody should hear of. The mail service reviews an account at 1 in 1,000 mails; a
# newsroom of 10,000 supporters sends 2,300 a week.
COMPLAINTS = 3
_WEEK = 7 * DAY
_EVERYBODY = "all"
_BOUNCES_EACH = 3  # of these ten; a client that caused so many gets no more mail to new addresses that day
_PARTS = 4  # of the mails to new addresses one client may cause a quarter
_ALARM_EVERY = 6 * HOUR
_MANY = 1_000_000  # counted only: an address that is known must cost the same time as one that is not


@dataclass(frozen=True)
class MailRequester:
    """Who asks for a mail to `email`. `client` is the caller's network address, None right after a payment.

    `browser` is the fingerprint of a browser that signed in before, whoever that was; None for any other.
    """

    email: EmailAddress
    client: str | None = None
    browser: str | None = None

    def places(self, key: str) -> tuple[str, ...]:
        """This browser and this network, as names of places where the address may have been proven.

        Each is hashed together with the address, so that two addresses never show that one browser has proven both.
        """
        found = {"browser": self.browser, "network": network(self.client or "")}
        return tuple(
            f"{kind}:{ids.keyed_hash(key, f'{self.email} {what}')[:32]}"
            for kind, what in found.items()
            if what is not None
        )


@dataclass(frozen=True)
class KnownAddress:
    """What is known of an address before it is asked for: where it was proven, and whether it is anybody's."""

    hashed: str
    proven_in: frozenset[str]
    seen: bool


def look(asker: MailRequester, table: Table, *, key: str, now: RealTime) -> KnownAddress:
    """Read what is known of the address. Makes the same reads for every address, so that the time reveals nothing."""
    hashed = supporters.email_hash(asker.email, key)
    places = proven.places(table, hashed, now)
    return KnownAddress(hashed, places, supporters.find_by_email(table, asker.email, key) is not None or bool(places))


def may_mail(
    asker: MailRequester, known: KnownAddress, table: Table, limits: Limits, *, key: str, now: RealTime
) -> bool:
    """Count one mail against the first budget that has room; False when none has.

    The reads and writes do not depend on whether anybody has the address: the time they take would reveal it.
    """
    own = any(_taken(table, budgets, now) for budgets in _alternatives(asker, known, limits, key))
    return own and _new_may(asker, known, table, limits, key=key, now=now)


Budget = tuple[str, str, int]  # scope, whose, how many an hour


def _alternatives(asker: MailRequester, known: KnownAddress, limits: Limits, key: str) -> Iterator[list[Budget]]:
    most, address = limits.mails_per_address_and_hour, known.hashed[:32]
    if asker.client is None:
        yield [("welcomes", address, most)]
        return
    places = asker.places(key)
    for place in places:
        if place in known.proven_in:
            kind, _, own = place.partition(":")
            # Strangers share networks with the owner, browsers hardly ever: neither uses up the other's.
            yield [(f"mails_by_{kind}", own, most), (f"mails_by_{kind}s", address, 4 * most)]
    asker_ = places[-1].partition(":")[2]
    if LIFTED in known.proven_in:
        yield [("mails_lifted", asker_, most), ("mails", address, _MANY)]
    else:
        yield [("mails_from", asker_, most), ("mails", address, 4 * most)]


def _taken(table: Table, budgets: list[Budget], now: RealTime) -> bool:
    for place, (scope, who, limit) in enumerate(budgets):
        if _one_of(table, scope, who, limit, now):
            continue
        if scope == "mails":
            # The address's owner may be asking from a new place, and gets no mail either.
            log.warning("sign-in mails used up", counts=metrics.abuse("mails_used_up"))
        for given_back, whose, _ in budgets[:place]:
            rate_limits.put_back(table, given_back, whose, HOUR, now)
        return False
    return True


def _new_may(
    asker: MailRequester, known: KnownAddress, table: Table, limits: Limits, *, key: str, now: RealTime
) -> bool:
    """Whether an address that was never seen before may get mail now. One that was seen may, and is only counted.

    A client may use only a part of the shared limits of mails and of bounces, so that one machine blocks nobody else.
    """
    if asker.client is None:
        return True  # right after a payment: not a made-up address
    client = ids.keyed_hash(key, network(asker.client))[:32]
    trusted = rate_limits.has_room(table, "bounces_by", client, _BOUNCES_EACH, DAY, now)
    open_to_all = rate_limits.has_room(table, "bounces_of_new", _EVERYBODY, BOUNCES, DAY, now)
    proven.asked(table, known.hashed, client, now)
    kind, most = ("seen", _MANY) if known.seen else ("new", limits.mails_to_new_addresses_and_hour)
    if not _one_of(table, f"mails_to_{kind}_by", client, max(1, most // _PARTS), now):
        rate_limits.has_room(
            table, f"mails_to_{kind}", _EVERYBODY, most, HOUR, now
        )  # takes the time of a call that is not refused
        return False
    if not _one_of(table, f"mails_to_{kind}", _EVERYBODY, most, now):
        _alarm_used_up(table, now)
        return False
    return known.seen or (trusted and open_to_all)


def _one_of(table: Table, scope: str, who: str, most: int, now: RealTime) -> bool:
    return rate_limits.take(table, scope, who, most, HOUR, now) == 0


def may_confirm(table: Table, hashed: str, asked_by: str, limits: Limits, now: RealTime) -> bool:
    """Whether the receipt of a statement may be mailed to an address (its keyed hash) that `asked_by` typed.

    To one that somebody is known to have, always. To all others together half as many as sign-in mails to new ones,
    none once too many came back; what comes back counts against the client, as a sign-in mail would. To be called
    when the mail is sent, so that no answer's time says what was found.

    :param asked_by: the keyed hash of a client.
    """
    if supporters.find_by_hash(table, hashed) is not None:
        return True
    trusted = rate_limits.has_room(table, "bounces_by", asked_by, _BOUNCES_EACH, DAY, now)
    open_to_all = rate_limits.has_room(table, "bounces_of_new", _EVERYBODY, BOUNCES, DAY, now)
    if not (trusted and open_to_all):
        return False
    proven.asked(table, hashed, asked_by, now)
    most = max(1, limits.mails_to_new_addresses_and_hour // 2)
    return _one_of(table, "statements_to_new", _EVERYBODY, most, now)


# By table: when this process may next ask whether to raise the alarm. Asking the table each time would make the call
# take longer, and the time would reveal that the budget is used up.
_alarmed: WeakKeyDictionary[Table, int] = WeakKeyDictionary()


def _alarm_used_up(table: Table, now: RealTime) -> None:
    if now < _alarmed.get(table, 0):
        return
    _alarmed[table] = now + _ALARM_EVERY
    if rate_limits.first(table, "told_used_up", _EVERYBODY, _ALARM_EVERY, now):
        alarm("new_addresses_used_up")


def came_back(table: Table, hashed: str, now: RealTime) -> None:
    """Count a permanent bounce of mail to this address (its keyed hash), if no supporter is known to have it.

    :raises TableUnavailable: try again.
    """
    if supporters.find_by_hash(table, hashed):
        return
    client = proven.asked_by(table, hashed, now)
    if not client or rate_limits.take(table, "bounces_by", client, _BOUNCES_EACH, DAY, now) == 0:
        rate_limits.take(table, "bounces_of_new", _EVERYBODY, BOUNCES, DAY, now)
    full = not rate_limits.has_room(table, "bounces_of_new", _EVERYBODY, BOUNCES, DAY, now)
    if full and rate_limits.first(table, "told_bounces", _EVERYBODY, _ALARM_EVERY, now):
        alarm("new_addresses_bounce")


def complained(table: Table, now: RealTime) -> None:
    """Count that somebody new called a mail of ours spam.

    :raises TableUnavailable: try again.
    """
    full = rate_limits.take(table, "complaints", _EVERYBODY, COMPLAINTS - 1, _WEEK, now) > 0
    if full and rate_limits.first(table, "told_complaints", _EVERYBODY, _ALARM_EVERY, now):
        alarm("mail_complaints")


def lift(table: Table, hashed: str, now: RealTime) -> None:
    """Give every asker of this address a budget of their own for an hour, and reset the budgets that were used up."""
    proven.remember(table, hashed, [LIFTED], now, kept=LIFTED_FOR)
    for scope in ("mails", "mails_by_networks", "mails_by_browsers"):
        rate_limits.forget(table, scope, hashed[:32], HOUR, now)


def lift_new(table: Table, now: RealTime) -> None:
    """Let mail go to addresses never seen before again: reset their counts of mails and of bounces."""
    rate_limits.forget(table, "mails_to_new", _EVERYBODY, HOUR, now)
    rate_limits.forget(table, "bounces_of_new", _EVERYBODY, DAY, now)
