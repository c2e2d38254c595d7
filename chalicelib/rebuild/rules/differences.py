"""Compare the stored sums and look-ups with what follows from the ledger, and judge all differences together.

The ledger's entries and their guards are the source; sums, access and look-ups follow from them. A difference in a
derived row can be repaired. A difference in the ledger itself cannot: a person must look, and what follows from the
uncertain row is not judged until then, or repairing it would spread the damage.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any, Literal

from chalicelib.booking.rail import Moved, Rails
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import month_of
from chalicelib.ledger.rules.movements import Entry
from chalicelib.ledger.rules.stored import StoredEntry
from chalicelib.ledger.rules.sums import Group
from chalicelib.supporters.rules.state import State

Row = tuple[SupporterId, str]  # where an entry stands: the supporter in whose ledger, and the place in it


@dataclass(frozen=True)
class Uncertainty:
    """What a difference in the ledger makes uncertain. A field that is None is not known: it may be any.

    `month`: the month, in the newsroom's time zone, whose sums are uncertain. `campaign`: the slug, "" for none.
    """

    movement: str
    supporter: SupporterId | None = None
    month: str | None = None
    campaign: str | None = None

    def merged(self, other: "Uncertainty") -> "Uncertainty":
        """What both together know of the same movement."""
        supporter, month = self.supporter or other.supporter, self.month or other.month
        return Uncertainty(
            self.movement, supporter, month, other.campaign if self.campaign is None else self.campaign
        )


@dataclass(frozen=True)
class Repair:
    """How a difference can be repaired: the `kind` of row that is written anew, and which one it is `of`."""

    kind: Literal["sums", "access", "address", "customer"]
    of: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """One difference: what it is, where, what is stored, and what was derived. Never holds an address.

    With `repair` it is in a derived row; with `uncertain` it is in the ledger, or shows that an entry is missing.
    """

    what: str
    where: str
    stored: Any = None
    derived: Any = None
    repair: Repair | None = None
    uncertain: Uncertainty | None = None
    supporter: SupporterId | None = None

    @property
    def key(self) -> tuple[str, str]:
        """By this a difference is recognised when it is found in another pass."""
        return self.what, self.where


@dataclass(frozen=True)
class EntryInMonth:
    """A stored ledger entry, with the `month` (in the newsroom's time zone) in whose sums it counts."""

    stored: StoredEntry
    month: str

    @property
    def row(self) -> Row:
        """Where the entry stands."""
        return self.stored.supporter, self.stored.place

    @property
    def entry(self) -> Entry:
        """The entry itself."""
        return self.stored.entry

    @property
    def id(self) -> str:
        """The id of its movement."""
        return self.entry.movement.id


@dataclass(frozen=True)
class StoredAccess:
    """A supporter's stored state, and whether they are listed as having a recurring gift that goes on."""

    state: State
    listed: bool


@dataclass
class ScannedRows:
    """Everything that rebuild compares, as it was read in one pass. `zone`: the newsroom's time zone."""

    rails: Rails
    zone: tzinfo = UTC
    entries: list[EntryInMonth] = field(default_factory=list)
    guards: dict[str, Row] = field(default_factory=dict)
    broken: dict[Row, str] = field(default_factory=dict)  # entries that could not be read, and their movement
    months: dict[Row, str | None] = field(default_factory=dict)  # of places where an entry is missing or unreadable
    unreadable: set[Row] = field(default_factory=set)  # profiles and access items that could not be read
    access: dict[SupporterId, StoredAccess] = field(default_factory=dict)  # of those who were not erased
    erased: set[SupporterId] = field(default_factory=set)  # their entries stay; nothing else follows from them
    addresses: dict[SupporterId, str] = field(default_factory=dict)  # supporter -> hash of the profile's address
    without_address: set[SupporterId] = field(default_factory=set)  # supporters whose profile says that it has none
    by_address: dict[str, SupporterId] = field(default_factory=dict)  # look-up: hash -> supporter
    by_customer: dict[str, SupporterId] = field(default_factory=dict)  # look-up: provider's customer -> supporter
    sums: dict[Group, dict[str, int]] = field(default_factory=dict)
    derived_sums: dict[Group, dict[str, int]] = field(default_factory=dict)
    broken_sums: set[tuple[Group, str]] = field(default_factory=set)  # columns in which a shard holds no number
    claims: list[Moved] = field(default_factory=list)
    disputes: dict[str, str] = field(default_factory=dict)  # `txn_…` -> `dp_…`, as raw events say

    @property
    def supporters(self) -> set[SupporterId]:
        """All supporters of whom any row is stored."""
        profiles = {*self.addresses, *self.without_address}
        return {*self.access, *profiles, *(row[0] for row in {*self.rows, *self.unreadable})}

    @property
    def rows(self) -> set[Row]:
        """The places of all entries, readable or not."""
        return {*self.broken, *(dated.row for dated in self.entries)}

    def entries_by_supporter(self) -> dict[SupporterId, list[EntryInMonth]]:
        """The readable entries by supporter."""
        found: dict[SupporterId, list[EntryInMonth]] = {}
        for dated in self.entries:
            found.setdefault(dated.row[0], []).append(dated)
        return found


Comparison = Callable[[ScannedRows], Iterable[Difference]]


def judged(seen: ScannedRows, comparisons: Mapping[str, Comparison]) -> tuple[list[Difference], int]:
    """All differences, each once; and how many were left out as possible consequences of an uncertain row."""
    found = [one for compare in comparisons.values() for one in compare(seen)]
    doubts: dict[str, Uncertainty] = {}
    uncertain_rows: set[str | None] = set()  # the supporters whose ledger is uncertain
    judged_once: list[Difference] = []
    left_alone = 0
    for one in found:
        if one.uncertain is None:
            continue
        known = doubts.get(one.uncertain.movement)
        if known is None and one.supporter in uncertain_rows:  # their access may follow from the entry as it was
            left_alone += 1
            continue
        if known is None:  # an uncertain movement is reported by the first comparison that noticed it
            judged_once.append(one)
        doubts[one.uncertain.movement] = known.merged(one.uncertain) if known else one.uncertain
        if one.supporter is None and one.uncertain.supporter:
            uncertain_rows.add(one.uncertain.supporter)
    rest = [one for one in found if one.uncertain is None]
    clear = [one for one in rest if not any(_touches(uncertain, one) for uncertain in doubts.values())]
    return [*judged_once, *clear], left_alone + len(rest) - len(clear)


def _touches(uncertain: Uncertainty, one: Difference) -> bool:
    if one.repair and one.repair.kind == "sums":
        scope, of, _ = one.repair.of
        known = uncertain.month if scope == "month" else uncertain.campaign
        return known is None or known == of
    if uncertain.supporter is None or uncertain.supporter != one.supporter:
        return False
    return uncertain.month == NO_MONTH or one.what not in UNMOVED_BY_MONEY


NO_MONTH = ""  # for uncertain rows of a supporter from which no sums follow
# These do not follow from the ledger.
UNMOVED_BY_MONEY = frozenset({"address_lookup", "customer_lookup", "listing"})


def compare_readable(seen: ScannedRows) -> list[Difference]:
    """Find profiles and access items that cannot be read; nothing else of such a supporter is judged."""
    return [
        Difference(
            "not_readable",
            f"{supporter} {part}",
            uncertain=Uncertainty(f"{supporter} {part}", supporter, NO_MONTH, ""),
        )
        for supporter, part in sorted(seen.unreadable)
    ]


def compare_sums(seen: ScannedRows) -> list[Difference]:
    """Compare the stored counters, all shards of a row added up, with the sums of the entries."""
    differences = []
    for group in sorted({*seen.sums, *seen.derived_sums}):
        stored, derived = seen.sums.get(group, {}), seen.derived_sums.get(group, {})
        broken = {column for of, column in seen.broken_sums if of == group}
        for column in sorted({*stored, *derived, *broken}):
            is_now, should_be = stored.get(column, 0), derived.get(column, 0)
            where = " ".join((*group, column))
            if column in broken:
                differences.append(Difference("total_unreadable", where, None, should_be))
            elif is_now != should_be:
                differences.append(Difference("total", where, is_now, should_be, repair=Repair("sums", group)))
    return differences


def compare_events(seen: ScannedRows) -> list[Difference]:
    """Compare the movements that applied raw events describe with the ledger."""
    entries = {dated.id: dated for dated in seen.entries}
    differences = []
    for claim in seen.claims:
        dated = entries.get(claim.movement)
        says = f"{claim.amount} {claim.currency}"
        if dated is None:
            gift = entries.get(claim.payment or "")
            uncertain = Uncertainty(claim.movement, gift.row[0] if gift else None, _month_of(claim.at, seen.zone))
            differences.append(Difference("told_but_not_booked", claim.movement, None, says, uncertain=uncertain))
            continue
        moved = dated.entry.movement
        maybe_less = claim.authorized or (claim.at_most and moved.recurring)
        part = maybe_less and 0 < moved.amount <= claim.amount
        if moved.currency != claim.currency or (moved.amount != claim.amount and not part):
            booked = f"{moved.amount} {moved.currency}"
            differences.append(
                Difference("told_otherwise", claim.movement, booked, says, uncertain=uncertainty_about(dated))
            )
    return differences


def _month_of(at: int | None, zone: tzinfo) -> str | None:
    try:
        return None if at is None else month_of(at, zone)
    except (ValueError, OverflowError, OSError):  # a time outside the calendar: the month is not known
        return None


def uncertainty_about(dated: EntryInMonth) -> Uncertainty:
    """The uncertainty that a difference about this entry makes: of its supporter, month and campaign."""
    return Uncertainty(dated.id, dated.row[0], dated.month, dated.entry.campaign or "")


def compare_addresses(seen: ScannedRows) -> list[Difference]:
    """Compare profiles with look-ups by address: each profile's leads back to it, and each leads to a profile."""
    leads_to = set(seen.by_address.values())
    differences = []
    for supporter, hashed in sorted(seen.addresses.items()):
        found = seen.by_address.get(hashed)
        if found == supporter:
            continue
        # If another look-up leads to this supporter, the hash's key or the address has changed: one more look-up
        # would hide that.
        lost = found is None and supporter not in leads_to
        repair = Repair("address", (supporter,)) if lost else None
        differences.append(
            Difference("address_lookup", supporter, found, supporter, repair=repair, supporter=supporter)
        )
    unread = {supporter for supporter, _ in seen.unreadable}
    dangling = sorted(leads_to - set(seen.addresses) - unread)
    differences += [Difference("address_leads_astray", one, "no profile", supporter=one) for one in dangling]
    return differences


def compare_customers(seen: ScannedRows) -> list[Difference]:
    """Compare look-ups by customer: each customer of a supporter has one, and each leads to an existing supporter."""
    known = seen.supporters
    owners = {
        customer: supporter for supporter, access in seen.access.items() for customer in _customers(access.state)
    }
    differences = []
    for customer in sorted({*owners, *seen.by_customer}):
        leads_to, owner = seen.by_customer.get(customer), owners.get(customer)
        if leads_to in known:
            continue
        repair = Repair("customer", (customer, owner)) if owner else None
        differences.append(Difference("customer_lookup", customer, leads_to, owner, repair=repair, supporter=owner))
    return differences


def _customers(state: State) -> set[str]:
    return {*state.customers.values(), *(gift.customer for gift in state.standing.recurring)} - {""}
