"""What an article asks of its readers, as the CMS put it: who may read, and when that changes."""

from collections.abc import Sequence
from enum import Enum
from typing import Final, Literal, NamedTuple

from chalicelib.kernel.ids import IDENTIFIER
from chalicelib.kernel.moments import BusinessTime

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

    def metered(self, now: BusinessTime) -> bool:
        """Whether the meter may open it now to who holds no tier. From `closes_at` on it is for members."""
        closed = self.closes_at is not None and now >= self.closes_at
        return self.access is METERED and not closed and self.needs(now) is not OPEN

    @property
    def sealed_for(self) -> str:
        """What a reader must hold for the key of the sealed text, as text; dates and the meter change nothing of it.

        So a text that is opened to all, or metered, keeps its file and its version, and whatever was cached of them.
        """
        return written(self.access if isinstance(self.access, AtLeast) else MEMBERS)

    def next_change(self, now: BusinessTime) -> int | None:
        """When `opens_at` or `closes_at` comes next; None where neither is still to come."""
        return min(
            (time for time in (self.opens_at, self.closes_at) if time is not None and time > now), default=None
        )


def _unmetered(requirement: Requirement) -> Needed:
    """What opens it for good: `metered` is `members`, beside what the meter opens."""
    return MEMBERS if requirement is METERED else requirement


def satisfies(needs: Needed, tiers: Sequence[str]) -> bool:
    """Whether these tiers are enough."""
    if isinstance(needs, AtLeast):
        return needs.tier in tiers
    return needs is OPEN or bool(tiers)
