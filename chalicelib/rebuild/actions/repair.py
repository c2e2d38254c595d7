"""Writing derived rows anew, beside live traffic: nothing that is booked meanwhile is lost.

- Sums: the difference is *added*, to one shard. Whatever is booked in the meantime adds its own, and both hold. The
  addition is held to that shard's counters as they were when the difference was taken, so that it happens once: two
  people who repair at the same time, or an answer that was lost and asked for again, do not add it twice. If somebody
  booked on that very shard meanwhile, it is left for the next run.
- Access: derived from the entries read *after* the state, and written under the state's version. Every booking raises
  the version, so that what is written was true for that version or is not written at all.
- Look-ups: put only where there is none.
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
    """Mends what was found in one look; `rows` are the shards as they were then."""

    table: Table
    email_key: str
    now: BusinessTime
    seen: ScannedRows
    rows: Mapping[Key, Item]

    def repair(self, differences: Sequence[Difference]) -> list[Difference]:
        """Mend what can be mended; answers the differences that are no more."""
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
        # Not for somebody who is erased just now.
        still_there = Check(keys.profile(supporter), (*EXISTING, Condition("email", "=", profile.email)))
        return written(self.table, supporters.look_up(profile.email, supporter, self.email_key), still_there)

    def _customer(self, how: Repair, found: Sequence[Difference]) -> bool:
        customer, supporter = how.of[0], SupporterId(how.of[1])
        if found[0].stored is None:
            return written(self.table, supporters.link_customer(customer, supporter))
        dangling = (Condition("supporter", "=", found[0].stored),)
        return written(self.table, Update(keys.customer(customer), set={"supporter": supporter}, only_if=dangling))
