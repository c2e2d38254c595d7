"""Erase again, in a restored table, whoever was erased after the moment that it was restored to.

The table is older than those erasures, and knows nothing of them; the objects outside know the ids by keyed hashes
only. So every supporter of the table is hashed and held against them: one scan, which a restore costs anyway. Then
the tombstones are written, also of those whom the table never knew: reconcile would make somebody new of them. Not
one mail goes out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId, new_id
from chalicelib.kernel.table import Change, Table, compare_and_swap, every
from chalicelib.privacy.actions.ask import Asking, ask_erasure
from chalicelib.privacy.actions.erase import BY_RESTORE, Eraser, Outcome
from chalicelib.privacy.rows import tombstones
from chalicelib.privacy.rows.tombstones import Tombstone
from chalicelib.supporters.rows import supporters


@dataclass
class Reapplied:
    """What was done. `kept`: erasures that are kept outside the table; `again`: of supporters who were back."""

    kept: int = 0
    again: dict[SupporterId, Outcome] = field(default_factory=dict)
    marked: int = 0


def reapply(eraser: Eraser) -> Reapplied:
    """Erase again whoever is back, and write every tombstone; any number of times.

    :raises Outage, Refused: some are erased; calling it again goes on.
    """
    eraser = replace(eraser, quiet=True)
    done = Reapplied()
    stones = list(tombstones.every_one(eraser.objects))
    done.kept = len({stone.supporters[0] for stone in stones})
    by_hash = {tombstones.hash_of(one, eraser.key): one for one in _everybody(eraser.table)}
    for stone in stones:
        back = [by_hash[one] for one in stone.supporters if one in by_hash]
        done.marked += _mark(stone, next(iter(back), None), eraser)
        for known in back:  # several, where they were joined after the moment that the table was restored to
            if supporters.read_state(eraser.table, known).erased is None:
                asking = Asking(eraser.deps, eraser.mail_sender, eraser.now, eraser.real_now)
                ask_erasure(known, asking, grace=0, by=BY_RESTORE, quiet=True)
                done.again[known] = eraser.erase(known)
    return done


def _everybody(table: Table) -> Iterator[SupporterId]:
    partitions = (str(row["pk"]) for row in every(table.scan))
    return (keys.supporter_of(pk) for pk in dict.fromkeys(partitions) if pk.startswith(keys.SUPPORTER_PREFIX))


def _mark(stone: Tombstone, known: SupporterId | None, eraser: Eraser) -> int:
    """Write the rows of a tombstone; of somebody whom the table does not know, under a new id that leads nowhere."""
    missing = [one for one in stone.customers if eraser.table.get(keys.tombstone(one)) is None]
    if not missing:
        return 0
    supporter = known or SupporterId(new_id())
    if known is None:

        def plan() -> tuple[list[Change], None]:
            return [supporters.erase_state(supporters.read_state(eraser.table, supporter), stone.at)], None

        compare_and_swap(eraser.table, plan)
    for one in missing:
        eraser.table.write(tombstones.mark(one, supporter))
    return len(missing)
