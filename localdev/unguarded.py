"""The negative control of the rehearsal: an app from which a guard of uniqueness was left out.

Only on the local stack, only when SPILNO_LEAVE_OUT=movement_guard is set: a rehearsal of it must find money doubled.
"""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.table import Change, Key, Put
from localdev.around import Around

SETTING, GUARD = "SPILNO_LEAVE_OUT", "movement_guard"


class Unguarded(Around):
    """`Table` where movements are not guarded, and entries and mails take the place of earlier ones.

    These two would stand in the way of a second booking as well: the entry by its time, the mail by its payment.
    """

    def transact(self, changes: Sequence[Change]) -> None:
        """See the port."""
        kept = [change for change in changes if not _key(change)[0].startswith("MONEY#")]
        self.inner.transact([_bare(change) if _stands_in_the_way(change) else change for change in kept])


def _key(change: Change) -> Key:
    return (change.item["pk"], change.item["sk"]) if isinstance(change, Put) else change.key


def _stands_in_the_way(change: Change) -> bool:
    pk, sk = _key(change)
    return pk.startswith("MAIL#") or (pk.startswith("SUP#") and sk.startswith("MONEY#"))


def _bare(change: Change) -> Change:
    return replace(change, only_if=())
