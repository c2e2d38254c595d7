"""Derive a supporter's standing from their ledger entries: grants, reversals and paid periods.

Only what the ledger knows is derived. A recurring gift's status at the provider, grants by hand, and months that the
newsroom gave away stay as they are stored.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import month_of, rfc3339
from chalicelib.ledger.rules.movements import FAILED, Entry
from chalicelib.rebuild.rules.differences import (
    Difference,
    EntryInMonth,
    Repair,
    ScannedRows,
    StoredAccess,
    Uncertainty,
)
from chalicelib.supporters.rules.access import ENDED, Grant, RecurringGift, Standing
from chalicelib.supporters.rules.paid_time import PaidPeriod, with_period
from chalicelib.supporters.rules.reversals import Reversal, without

BY_HAND = "grant_"
_NOBODY = Standing()


@dataclass(frozen=True)
class _About:
    """One supporter: the stored standing, and their ledger entries."""

    supporter: SupporterId
    stored: Standing
    entries: Sequence[Entry]
    disputes: Mapping[str, str]  # `txn_…` -> `dp_…`

    def differs(self, what: str, name: str, stored: object, derived: object) -> Difference:
        """A difference that is repaired by writing the derived standing."""
        repair = Repair("access", (self.supporter,))
        return Difference(what, f"{self.supporter} {name}", stored, derived, repair=repair, supporter=self.supporter)

    def unexplained(self, what: str, name: str, stored: object, month: str | None) -> Difference:
        """A stored value that only an entry can have made, but that entry is missing: the ledger is uncertain."""
        uncertain = Uncertainty(name, self.supporter, month)
        return Difference(what, f"{self.supporter} {name}", stored, uncertain=uncertain, supporter=self.supporter)

    def needs_a_look(self, what: str, name: str, stored: object, derived: object) -> Difference:
        """A difference that cannot be repaired from the ledger alone; a person must look."""
        return Difference(what, f"{self.supporter} {name}", stored, derived, supporter=self.supporter)

    def of_kind(self, *kinds: str) -> list[Entry]:
        """The entries of these kinds."""
        return [entry for entry in self.entries if entry.movement.kind in kinds]

    @property
    def gifts(self) -> dict[str, Entry]:
        """The gifts' entries by the gift's id."""
        return {entry.movement.id: entry for entry in self.of_kind("gift")}


def _everybody(seen: ScannedRows) -> Iterator[_About]:
    entries = seen.entries_by_supporter()
    for supporter in sorted({*entries, *seen.access} - seen.erased):
        access = seen.access.get(supporter)
        dated = [one.entry for one in entries.get(supporter, [])]
        yield _About(supporter, access.state.standing if access else _NOBODY, dated, seen.disputes)


def derived_standing(standing: Standing, entries: Sequence[EntryInMonth], disputes: Mapping[str, str]) -> Standing:
    """The standing that follows from the ledger, in which the `compare_…` functions below find no difference."""
    about = _About(SupporterId(""), standing, [dated.entry for dated in entries], disputes)
    known = {reversal.gift for reversal in standing.reversals}
    return replace(
        standing,
        grants=_grants(about),
        # A reversal that is not clear stays as it is stored; one that is not stored is not written half.
        reversals=tuple(one for one, clear in _reversals(about) if clear or one.gift in known),
        recurring=tuple(_recurring(about, gift) for gift in standing.recurring),
    )


def compare_grants(seen: ScannedRows) -> Iterator[Difference]:
    """Compare the stored grants with what each one-off gift earned when it was booked."""
    for about in _everybody(seen):
        stored = {grant.id: grant for grant in about.stored.grants}
        derived = {grant.id: grant for grant in _grants(about)}
        for name in sorted({*stored, *derived}):
            is_now, should_be = stored.get(name), derived.get(name)
            if is_now and not name.startswith(BY_HAND) and name not in about.gifts:
                month = month_of(is_now.at, seen.zone)
                yield about.unexplained("grant_without_gift", name, _said(is_now), month)
            elif is_now != should_be:
                yield about.differs("grant", name, _said(is_now), _said(should_be))


def _grants(about: _About) -> tuple[Grant, ...]:
    earned = {
        name: Grant(name, entry.tier, entry.movement.occurred_at, days=entry.days)
        for name, entry in about.gifts.items()
        if entry.tier and not entry.movement.recurring
    }
    dated = [
        earned.pop(grant.id, grant)
        for grant in about.stored.grants
        if grant.id in earned or grant.id not in about.gifts
    ]
    return (*dated, *sorted(earned.values(), key=lambda grant: (grant.at, grant.id)))


def compare_reversals(seen: ScannedRows) -> Iterator[Difference]:
    """Compare what refunds and disputes hold of each gift with the stored reversals."""
    for about in _everybody(seen):
        derived = {reversal.gift: (reversal, clear) for reversal, clear in _reversals(about)}
        stored = {reversal.gift: reversal for reversal in about.stored.reversals}
        moved = {entry.movement.gift for entry in about.of_kind("refund", "dispute")}
        for name in sorted({*stored, *derived}):
            is_now = stored.get(name)
            should_be, clear = derived.get(name, (None, True))
            if name not in moved:
                yield about.unexplained("reversal_without_money", name, _held(is_now), None)
            elif not clear:
                yield about.needs_a_look("reversal_unnamed", name, _held(is_now), _held(_summed(about, name)))
            elif is_now != should_be:
                yield about.differs("reversal", name, _held(is_now), _held(should_be))


def _reversals(about: _About) -> list[tuple[Reversal, bool]]:
    """Each gift's reversal as it follows from the ledger, in the order of the gifts' ids; and whether that is clear.

    An entry names its refund, but for a dispute only the balance transaction. Which dispute that belongs to is clear
    if the raw events say so, or if there was one dispute only.
    """
    stored = {reversal.gift: reversal for reversal in about.stored.reversals}
    moved = {entry.movement.gift for entry in about.of_kind("refund", "dispute")} & set(about.gifts)
    found: dict[str, tuple[Reversal, bool]] = {name: (one, True) for name, one in stored.items()}
    for name in moved:
        summed, before = _summed(about, name), stored.get(name)
        refunds = summed.refunds
        disputes: Mapping[str, int] | None = _by_dispute(about, name)
        if before and before.refunded == summed.refunded:
            refunds = before.refunds
        if before and sum(before.disputes.values()) == sum(summed.disputes.values()):
            disputes = before.disputes
        elif disputes is None and before and (len(before.disputes) == 1 or not any(summed.disputes.values())):
            disputes = dict.fromkeys(before.disputes, sum(summed.disputes.values()))
        if disputes is None and before:
            found[name] = (before, False)
        elif disputes is None:
            found[name] = (replace(summed, disputes={}), False)
        else:
            found[name] = (replace(summed, refunds=refunds, disputes=disputes), True)
    return sorted(found.values(), key=lambda pair: pair[0].gift)


def _summed(about: _About, payment: str) -> Reversal:
    """What is held of a payment by its entries, refunds by name; all disputes together, under an empty name."""
    gift = about.gifts[payment].movement
    refunds: dict[str, int] = {}
    disputed = 0
    for entry in about.of_kind("refund", "dispute"):
        moved = entry.movement
        if moved.gift != payment:
            continue
        if moved.kind == "refund":
            name = moved.id.removesuffix(FAILED)
            refunds[name] = refunds.get(name, 0) - moved.amount
        else:
            disputed -= moved.amount
    held = {"": disputed} if disputed > 0 else {}
    invoice = gift.invoice if gift.period else None
    return Reversal(payment, gift.amount, refunds, held, gift.recurring, gift.period, invoice)


def _by_dispute(about: _About, payment: str) -> dict[str, int] | None:
    """What each dispute holds; None where the raw events do not say which one a movement is of."""
    held: dict[str, int] = {}
    for entry in about.of_kind("dispute"):
        if entry.movement.gift != payment:
            continue
        name = about.disputes.get(entry.movement.id)
        if name is None:
            return None
        held[name] = held.get(name, 0) - entry.movement.amount
    return {name: max(0, amount) for name, amount in held.items()}


def compare_recurring(seen: ScannedRows) -> Iterator[Difference]:
    """Compare the periods that each recurring gift has paid for, and the tier of each."""
    for about in _everybody(seen):
        stored = {gift.id for gift in about.stored.recurring}
        paid = {entry.movement.recurring for entry in about.gifts.values() if entry.movement.recurring}
        for name in sorted(paid - stored):
            yield about.needs_a_look("recurring_gift_lost", name, None, "its payments are booked")
        for gift in about.stored.recurring:
            should_be = _recurring(about, gift)
            if gift.paid_through != should_be.paid_through:
                times = rfc3339(gift.paid_through), rfc3339(should_be.paid_through)
                yield about.differs("paid_through", gift.id, *times)
            elif gift.tier != should_be.tier:
                yield about.differs("tier", gift.id, gift.tier, should_be.tier)
            elif gift.periods != should_be.periods:
                yield about.differs("paid_periods", gift.id, _spans(gift), _spans(should_be))


def _recurring(about: _About, gift: RecurringGift) -> RecurringGift:
    """The recurring gift with the period of each booked payment. Free periods have no entry, and stay as they are."""
    entries = [entry for entry in about.gifts.values() if entry.movement.recurring == gift.id]
    paid = sorted(entries, key=lambda entry: (entry.movement.occurred_at, entry.movement.id))
    booked = {}
    for entry in paid:
        moved = entry.movement
        if moved.period:
            name = moved.invoice or moved.id
            booked[name] = PaidPeriod(moved.period.start, moved.period.end, entry.tier, name)
    periods = _without_booked(gift.periods, booked)
    for period in booked.values():
        periods = with_period(periods, period)
    return replace(gift, periods=periods)


def _without_booked(periods: Sequence[PaidPeriod], booked: Mapping[str, PaidPeriod]) -> tuple[PaidPeriod, ...]:
    """The stored periods that do not follow from the ledger.

    These are free periods; and of a period without invoice, which may stand for several payments, the parts before
    and after everything that the ledger's periods cover.
    """
    left = [one for one in periods if one.invoice and one.invoice not in booked]
    told = [(min(one.start for one in booked.values()), max(one.end for one in booked.values()))] if booked else []
    for period in periods:
        if period.invoice is None:
            spans = without([(period.start, period.end)], told)
            left.extend(replace(period, start=start, end=end) for start, end in spans)
    return tuple(left)


def _spans(gift: RecurringGift) -> str:
    return ", ".join(f"{rfc3339(one.start)} to {rfc3339(one.end)} {one.tier or 'no tier'}" for one in gift.periods)


def compare_listing(seen: ScannedRows) -> Iterator[Difference]:
    """Compare the list of supporters whose recurring gifts go on, which reconcile reads, with their states."""
    for supporter, access in sorted(seen.access.items()):
        if access.listed != should_be_listed(access):
            repair = Repair("access", (supporter,))
            what = {True: "listed", False: "not listed"}
            stored, derived = what[access.listed], what[should_be_listed(access)]
            yield Difference("listing", supporter, stored, derived, repair=repair, supporter=supporter)


def should_be_listed(access: StoredAccess) -> bool:
    """Whether any recurring gift may still take money."""
    return any(gift.status not in ENDED for gift in access.state.standing.recurring)


def _said(grant: Grant | None) -> str | None:
    if grant is None:
        return None
    return f"{grant.tier} {grant.days} days from {rfc3339(grant.at)}"


def _held(reversal: Reversal | None) -> str | None:
    if reversal is None:
        return None
    return f"{reversal.refunded} refunded, {sum(reversal.disputes.values())} disputed of {reversal.amount}"
