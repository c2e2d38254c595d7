"""Whether a reader may see an article. Decided here alone, and only on the server."""

from collections.abc import Sequence
from enum import Enum
from typing import Final, Literal, NamedTuple

from chalicelib.kernel.ids import IDENTIFIER
from chalicelib.kernel.moments import BusinessTime

Reason = Literal["open", "supporter", "sign_in", "support", "higher_tier", "payment_failed", "metered", "meter_used"]
_TIER: Final = "tier:"


class Audience(Enum):
    """Who may read, where no tier is named."""

    OPEN = "open"  # everybody
    METERED = "metered"  # everybody, so many articles a month
    MEMBERS = "members"  # whoever holds any tier


class AtLeast(NamedTuple):
    """Whoever holds this tier or a higher one."""

    tier: str


OPEN: Final = Audience.OPEN
METERED: Final = Audience.METERED
MEMBERS: Final = Audience.MEMBERS
Requirement = Audience | AtLeast
# What a reader must hold at one moment, once the policy has been asked.
Needed = Literal[Audience.OPEN, Audience.MEMBERS] | AtLeast
# What `asked` and `parsed` read, for the description of the API.
ASKED_PATTERN: Final = rf"^(members|{_TIER}{IDENTIFIER.pattern})$"
PARSED_PATTERN: Final = rf"^(open|metered|members|{_TIER}{IDENTIFIER.pattern})$"
_AUDIENCES = {audience.value: audience for audience in Audience}


def parsed(text: str) -> Requirement | None:
    """What `open`, `metered`, `members` or `tier:<name>` asks for; None for any other text."""
    if text.startswith(_TIER):
        tier = text[len(_TIER) :]
        return AtLeast(tier) if IDENTIFIER.fullmatch(tier) else None
    return _AUDIENCES.get(text)


def asked(text: str) -> Needed | None:
    """What a website may ask of the gate: `members` or `tier:<name>`; None for any other text."""
    found = parsed(text)
    return None if found is OPEN or found is METERED else found


def written(requirement: Requirement) -> str:
    """The requirement as text, which `parsed` reads."""
    return f"{_TIER}{requirement.tier}" if isinstance(requirement, AtLeast) else requirement.value


def required(needs: Needed) -> str | None:
    """What a reader must hold, as text; None where it is open to all."""
    return None if needs is OPEN else written(needs)


class Policy(NamedTuple):
    """The CMS's policy for an article; times in seconds, UTC."""

    access: Requirement
    opens_at: int | None = None
    closes_at: int | None = None

    def needs(self, now: BusinessTime) -> Needed:
        """What a reader must hold now: from `opens_at` on it is open to all, from `closes_at` on it never is."""
        wanted = _unmetered(self.access)
        if self.closes_at is not None and now >= self.closes_at:
            return MEMBERS if wanted is OPEN else wanted
        return OPEN if self.opens_at is not None and now >= self.opens_at else wanted

    def next_change(self, now: BusinessTime) -> int | None:
        """When `opens_at` or `closes_at` comes next; None where neither is still to come."""
        return min(
            (time for time in (self.opens_at, self.closes_at) if time is not None and time > now), default=None
        )


def _unmetered(requirement: Requirement) -> Needed:
    """The requirement, with `metered` as `members`, until there is a meter; only this function knows that."""
    return MEMBERS if requirement is METERED else requirement


class Viewer(NamedTuple):
    """What the gate knows of a reader: `tiers` are all tiers that they hold, a higher one with those below it."""

    signed_in: bool = False
    tiers: Sequence[str] = ()
    payment_failed: bool = False


class GateDecision(NamedTuple):
    """The gate's decision, and why. By the reason the website chooses the words to show."""

    open: bool
    reason: Reason


def decide(needs: Needed, viewer: Viewer) -> GateDecision:
    """Whether this viewer may read what needs this (see `Policy.needs`)."""
    if needs is OPEN:
        return GateDecision(open=True, reason="open")
    if satisfies(needs, viewer.tiers):
        return GateDecision(open=True, reason="supporter")
    if viewer.payment_failed:
        return GateDecision(open=False, reason="payment_failed")
    if viewer.tiers:
        return GateDecision(open=False, reason="higher_tier")
    return GateDecision(open=False, reason="support" if viewer.signed_in else "sign_in")


def satisfies(needs: Needed, tiers: Sequence[str]) -> bool:
    """Whether these tiers are enough."""
    if isinstance(needs, AtLeast):
        return needs.tier in tiers
    return needs is OPEN or bool(tiers)
