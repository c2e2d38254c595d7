"""Suppressed addresses: mail to them bounced for good, or their owner complained of spam.

Keyed by the hash under which supporters are looked up; the address itself is not stored. Rows do not expire: a
mailbox that is gone stays gone, and a complaint holds until it is taken back. An address that may get mail again
leaves the list but not the table: feedback about older mails may still come, and must not count.
"""

from dataclasses import dataclass
from functools import partial

from chalicelib.kernel import keys
from chalicelib.kernel.table import Change, Condition, Item, Table, Update, compare_and_swap, every
from chalicelib.mail.rules.feedback import Suppression, joined

_LISTED = ("gsi1pk", "gsi1sk")


@dataclass(frozen=True)
class Allowed:
    """An operator's decision that mail may go to an address again: when, who decided, and why."""

    at: int
    by: str
    because: str


def read(table: Table, hashed: str) -> Suppression | None:
    """Why the address with this hash gets no mail; None when it may."""
    return _suppression(table.get(keys.suppressed(hashed)))


def suppress(table: Table, hashed: str, newer: Suppression) -> bool:
    """Let no mail go to this address; False when this changes nothing.

    :raises Contended: nothing was done; it may be called again.
    """

    def plan() -> tuple[list[Change], bool]:
        item = table.get(keys.suppressed(hashed))
        suppression = _suppression(item)
        wanted = joined(suppression, item.get("allowed_at") if item else None, newer)
        if wanted is None or wanted == suppression:
            return [], False
        return [_put(hashed, item, wanted)], True

    return compare_and_swap(table, plan)


def allow(table: Table, hashed: str, allowed: Allowed) -> Suppression | None:
    """Let mail go to this address again; answers the suppression until now, None when there was none.

    :raises Contended: nothing was done.
    """

    def plan() -> tuple[list[Change], Suppression | None]:
        item = table.get(keys.suppressed(hashed))
        suppression = _suppression(item)
        if item is None or suppression is None:
            return [], None
        change = Update(
            keys.suppressed(hashed),
            set={
                "status": "allowed",
                "version": item["version"] + 1,
                "allowed_at": allowed.at,
                "allowed_by": allowed.by,
                "allowed_because": allowed.because,
            },
            remove=_LISTED,
            only_if=(Condition("version", "=", item["version"]),),
        )
        return [change], suppression

    return compare_and_swap(table, plan)


def every_one(table: Table) -> list[tuple[str, Suppression]]:
    """(hash, suppression) of every suppressed address, the oldest suppression first."""
    listed = every(partial(table.query_index, keys.SUPPRESSED))
    hashes = [str(row["pk"]).partition("#")[2] for row in listed]
    found = ((hashed, read(table, hashed)) for hashed in hashes)
    return [(hashed, suppression) for hashed, suppression in found if suppression is not None]


def _suppression(item: Item | None) -> Suppression | None:
    if item is None or item["status"] != "suppressed":
        return None
    return Suppression(item["kind"], item["reason"], item["since"], item["mail_sent_at"])


def _put(hashed: str, item: Item | None, wanted: Suppression) -> Change:
    unchanged = Condition("version", "=", item["version"]) if item else Condition("pk", "absent")
    return Update(
        keys.suppressed(hashed),
        set={
            "status": "suppressed",
            "kind": wanted.kind,
            "reason": wanted.reason,
            "since": wanted.since,
            "mail_sent_at": wanted.sent_at,
            "version": item["version"] + 1 if item else 1,
            "gsi1pk": keys.SUPPRESSED,
            "gsi1sk": f"{keys.moment(wanted.since)}#{hashed}",
        },
        only_if=(unchanged,),
    )
