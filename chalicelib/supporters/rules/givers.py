"""How many people support the newsroom, and how many joined this month: the rules, for entries as they are read.

A supporter is counted whose recurring gift runs, or who gave in the last twelve months what did not go back. Joined
has whoever's first gift ever falls in this month. A gift that was given back whole, or of which a dispute holds
money, is none.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, month_of
from chalicelib.ledger.rules.movements import Entry
from chalicelib.ledger.rules.stored import ListedEntry, StoredEntry, UnreadableEntry
from chalicelib.supporters.rules.state import State

YEAR = 365 * 86_400
SHOWN_FROM = 50  # people: a smaller number says more about the few than about the newsroom
SHOWN_FOR = 3 * 86_400  # seconds: an older count is not said to be true


@dataclass(frozen=True)
class HowMany:
    """The people who support the newsroom, and how many of them joined in `month` (the newsroom's)."""

    people: int
    joined: int
    month: str
    counted_at: int

    def joined_by(self, now: BusinessTime, zone: tzinfo) -> int:
        """How many joined this month; 0 while the count is still of the month before."""
        return self.joined if self.month == month_of(now, zone) else 0

    def is_shown(self, now: BusinessTime) -> bool:
        """Whether it may be said aloud: many enough, and fresh."""
        return self.people >= SHOWN_FROM and 0 <= now - self.counted_at < SHOWN_FOR


@dataclass
class Givers:
    """Who gave what did not go back, by the time of their first such gift; filled month by month, newest first.

    So what goes back of a gift is known before the gift: it never moves earlier. `since`: older gifts do not count.
    `livemode`: of which of Stripe's modes the gifts are; the other one's money is no money here.
    """

    since: int
    livemode: bool
    first: dict[SupporterId, int] = field(default_factory=dict)
    _back: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def add(self, month: Iterable[ListedEntry | UnreadableEntry]) -> None:
        """Count the entries of one month in, in any order. One that cannot be read is nobody's gift."""
        gifts = []
        for entry in month:
            if isinstance(entry, UnreadableEntry) or entry.livemode != self.livemode:
                continue
            if entry.kind == "gift":
                gifts.append((entry.gift, entry.amount, entry.supporter, entry.occurred_at))
            else:
                self._back[entry.gift][entry.kind == "dispute"] += entry.amount
        for gift, amount, supporter, at in gifts:
            if at >= self.since and self._kept(gift, amount):
                self.first[supporter] = min(at, self.first.get(supporter, at))

    def without(self, erased: Iterable[SupporterId]) -> None:
        """Leave these out: there is nobody any more whom their gifts are of."""
        for supporter in erased:
            self.first.pop(supporter, None)

    def _kept(self, gift: str, amount: int) -> bool:
        refunds, disputes = self._back.pop(gift, (0, 0))
        return amount + refunds > 0 and disputes >= 0


def first_gift(entries: Iterable[StoredEntry | UnreadableEntry], supporter: SupporterId, *, livemode: bool) -> int:
    """The time of a supporter's first gift that did not go back, by all of their entries; 0 if there is none."""
    listed = [_listed(one.entry, supporter) for one in entries if isinstance(one, StoredEntry)]
    givers = Givers(0, livemode)
    givers.add(listed)
    return givers.first.get(supporter, 0)


def runs(state: State) -> bool:
    """Whether one of a supporter's recurring gifts runs: the provider will take the next payment."""
    return any(gift.will_renew for gift in state.standing.recurring)


def in_month(first: Mapping[SupporterId, int], month: str, zone: tzinfo) -> list[SupporterId]:
    """Those whose first gift, as far as it is known, falls in this month of the newsroom's."""
    return [supporter for supporter, at in first.items() if month_of(at, zone) == month]


def count(givers: Givers, running: Collection[SupporterId], joined: int, now: BusinessTime, zone: tzinfo) -> HowMany:
    """The count: everybody once, whether they give from time to time, again and again, or both."""
    return HowMany(len(givers.first.keys() | set(running)), joined, month_of(now, zone), now)


def _listed(entry: Entry, supporter: SupporterId) -> ListedEntry:
    moved = entry.movement
    return ListedEntry(
        supporter,
        moved.rail,
        moved.id,
        moved.kind,
        moved.gift,
        moved.amount,
        moved.currency,
        moved.occurred_at,
        moved.livemode,
    )
