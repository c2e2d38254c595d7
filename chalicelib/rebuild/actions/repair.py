"""Write derived rows anew, beside live traffic, without losing anything that is booked meanwhile.

- Sums: the difference is *added*, to one shard, so that bookings of the same moment count too. The condition is that
  the shard's counters are still those with which the difference was computed, so that it is added once: not twice
  when two people repair at the same time, or when a lost answer is retried. If something was booked on that shard
  meanwhile, it is left for the next run.
- Access: derived from the entries read *after* the state, and written under the state's version. Every booking raises
  the version, so what is written is true for that version, or is not written at all.
- Look-ups: put only if absent, or where the stored one leads to no supporter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import (
    EXISTING,
    Change,
    Check,
    Condition,
    Contended,
    Item,
    Key,
    Table,
    Update,
    compare_and_swap,
    written,
)
from chalicelib.ledger.rows.sums import shard_of
from chalicelib.ledger.rules.sums import COUNTED, Group
from chalicelib.rebuild.actions.reading import access_of, entries_of
from chalicelib.rebuild.rules.access import derived_standing, should_be_listed
from chalicelib.rebuild.rules.differences import Difference, Repair, ScannedRows
from chalicelib.supporters.rows import history, supporters
from chalicelib.supporters.rules.state import State

_TAG = "access:standing:rebuilt"
_SHARD = 0  # the one that differences are added to


@dataclass
class Repairer:
    """Repairs the differences that one comparison found; `rows`: the shards as they were then."""

    table: Table
    email_key: str
    now: BusinessTime
    seen: ScannedRows
    rows: Mapping[Key, Item]

    def repair(self, differences: Sequence[Difference]) -> list[Difference]:
        """Repair the differences that can be repaired; answers those that were."""
        by_repair: dict[Repair, list[Difference]] = {}
        for one in differences:
            if one.repair:
                by_repair.setdefault(one.repair, []).append(one)
        by_kind: Mapping[str, Callable[[Repair, Sequence[Difference]], bool]] = {
            "sums": self._sums,
            "access": self._access,
            "address": self._mended_address,
            "customer": self._customer,
        }
        done = [found for how, found in by_repair.items() if by_kind[how.kind](how, found)]
        repaired = [one for found in done for one in found]
        return [one for one in differences if one in repaired]

    def _sums(self, how: Repair, found: Sequence[Difference]) -> bool:
        scope, of, currency = how.of
        assert scope in ("month", "campaign")
        group: Group = ("month" if scope == "month" else "campaign", of, currency)
        key = shard_of(group, _SHARD)
        before = self.rows.get(key, {})
        unchanged = [
            Condition(column, "=", before[column]) if column in before else Condition(column, "absent")
            for column in COUNTED
        ]
        missing = {one.where.rpartition(" ")[2]: int(one.derived) - int(one.stored) for one in found}
        return written(self.table, Update(key, add=missing, only_if=unchanged))

    def _access(self, how: Repair, found: Sequence[Difference]) -> bool:
        supporter = SupporterId(how.of[0])
        only_listed = all(one.what == "listing" for one in found)

        def plan() -> tuple[list[Change], bool]:
            item = self.table.get(keys.standing(supporter))
            access = access_of(supporter, item) if item else None
            state = access.state if access else State(supporter)
            entries = entries_of(self.table, supporter, self.seen.zone)
            standing = derived_standing(state.standing, entries, self.seen.disputes)
            after = state if only_listed else replace(state, standing=standing)
            if after == state and (access is None or access.listed == should_be_listed(access)):
                return [], True
            line = history.line(supporter, self.now, [_TAG], found=sorted({one.what for one in found}))
            return [supporters.save_state(after), line], True

        try:
            return compare_and_swap(self.table, plan)
        except Contended:
            return False

    def _mended_address(self, how: Repair, _found: Sequence[Difference]) -> bool:
        supporter = SupporterId(how.of[0])
        profile = supporters.read_profile(self.table, supporter)
        if profile is None:
            return False
        # Only if the profile is still there: the supporter may be erased at this moment.
        still_there = Check(keys.profile(supporter), (*EXISTING, Condition("email", "=", profile.email)))
        return written(self.table, supporters.look_up(profile.email, supporter, self.email_key), still_there)

    def _customer(self, how: Repair, found: Sequence[Difference]) -> bool:
        customer, supporter = how.of[0], SupporterId(how.of[1])
        if found[0].stored is None:
            return written(self.table, supporters.link_customer(customer, supporter))
        dangling = (Condition("supporter", "=", found[0].stored),)
        return written(self.table, Update(keys.customer(customer), set={"supporter": supporter}, only_if=dangling))
