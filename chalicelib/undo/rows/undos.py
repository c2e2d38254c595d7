"""Rows of changes that can be undone, each in the partition of the supporter whom the change was about.

The mail about the change carries the link; the row knows what to put back. It is written in the transaction that
writes the change or its mail, marked once it was undone, and kept for a month after its time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import EXISTING, NEW, Item, Put, Table, Update, every
from chalicelib.supporters.rows import supporters

DAY = 86_400
_KEPT = 30 * DAY  # after its time, so that a late press gets a true answer


@dataclass(frozen=True)
class Undo:
    """A change that can be undone until `until`. `facts`: what the handler of its `kind` needs to put back.

    `name` tells it from the supporter's others: random, or a fact where the change may be written twice.
    """

    supporter: SupporterId
    name: str
    kind: str
    until: BusinessTime
    facts: Mapping[str, Any] = field(default_factory=dict)
    done: bool = False

    @property
    def id(self) -> str:
        """What the mail carries, and its link names: `<supporter>.<name>`."""
        return f"{self.supporter}.{self.name}"


def put(undo: Undo, hashed: str = "") -> Put:
    """The change that writes it; fails where it is written already.

    :param hashed: the keyed hash of an address that its facts hold. It is listed under that, as the address may be
        somebody else's by now, who has themselves erased.
    """
    pk, sk = keys.undo(undo.supporter, undo.name)
    row = {"kind": undo.kind, "until": undo.until, "facts": dict(undo.facts), "expires": undo.until + _KEPT}
    listed = keys.listed(keys.about_address(hashed), (pk, sk)) if hashed else {}
    return Put({"pk": pk, "sk": sk, **row, **listed}, NEW)


def read(table: Table, undo_id: str) -> Undo | None:
    """The change that an id names; None when there is none, or none any more.

    Of a supporter who was merged into another, it is the other's: `supporter` says who has it now.
    """
    supporter, _, name = undo_id.partition(".")
    if not supporter or not name:
        return None
    owner = SupporterId(supporter)
    item = table.get(keys.undo(owner, name))
    if item is None:  # of somebody who is one with another supporter by now, whose row it is?
        owner = supporters.who_now(table, owner)
        item = table.get(keys.undo(owner, name)) if owner != supporter else None
    return _undo(owner, item) if item else None


def of_kind(table: Table, supporter: SupporterId, kind: str) -> Iterator[Undo]:
    """A supporter's changes of one kind, undone or not, over or not."""
    pk, prefix = keys.undo(supporter, "")
    rows = every(partial(table.query, pk, prefix=prefix))
    return (_undo(supporter, item) for item in rows if item["kind"] == kind)


def done(undo: Undo) -> Update:
    """The change that marks it as undone."""
    return Update(keys.undo(undo.supporter, undo.name), set={"done": True}, only_if=EXISTING)


def noted(undo: Undo, **facts: Any) -> Update:
    """The change that adds what its handler has to know when it is called again."""
    key = keys.undo(undo.supporter, undo.name)
    return Update(key, set={"facts": {**undo.facts, **facts}}, only_if=EXISTING)


def _undo(owner: SupporterId, item: Item) -> Undo:
    _, prefix = keys.undo(owner, "")
    name = str(item["sk"]).removeprefix(prefix)
    return Undo(owner, name, item["kind"], BusinessTime(item["until"]), item["facts"], item.get("done", False))
