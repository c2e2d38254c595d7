"""Hand a supporter everything that we hold about them, in parts that one answer can carry."""

import base64
import zlib
from collections.abc import Mapping
from typing import Any

from chalicelib.inbox import rows as inbox
from chalicelib.inbox.compression import unpacked
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, rfc3339
from chalicelib.kernel.table import Item, Table
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.stored import StoredEntry
from chalicelib.observing.log import log
from chalicelib.privacy.rows import about
from chalicelib.privacy.rules import export as rules
from chalicelib.privacy.rules.kinds import Kind, KindUnknown
from chalicelib.privacy.rules.of_people import EVENT, OF_PEOPLE
from chalicelib.privacy.rules.of_visits import STATEMENT
from chalicelib.privacy.rules.personal_data import kind_of
from chalicelib.rails.stripe.about import settle

_TYPED = ("email", "name", "comment")  # words of a statement, which may be another's about this supporter's gift
_Place = tuple[int, str, str]  # the kind's place in the export, and the row's key


def export(table: Table, supporter: SupporterId, *, key: str, now: BusinessTime, part: str = "") -> Mapping[str, Any]:
    """One part of everything that we hold about a supporter; `next` names the following one, None at the end.

    :param part: as the `next` of the part before; empty for the first one.
    :raises BadInput: `bad_part`.
    """
    after = _place(part) if part else (-1, "", "")
    if not part:
        for event_id in list(inbox.nobodys(table)):  # recorded, and nobody has looked whom they are about
            settle(event_id, table, key)
    kinds: dict[str, dict[str, Any]] = {}
    size, last, following = 0, after, None
    for place, kind, item in _in_order(table, supporter, key):
        if place <= after:
            continue
        row = rules.row_of(_opened(item, kind), kind)
        more = rules.size_of(row)
        if size and not rules.fits(size, more):
            following = _name(last)
            break
        told = kinds.setdefault(kind.name, {"what": rules.words_of(kind), "rows": []})
        told["rows"].append(row)
        size, last = size + more, place
    return {
        "supporter": supporter,
        "exported_at": rfc3339(now),
        "data": kinds,
        "not_in_it": {kind.name: why for kind in OF_PEOPLE if (why := rules.withheld_of(kind))},
        "next": following,
    }


def gifts(table: Table, supporter: SupporterId) -> str:
    """All movements of a supporter's money as CSV, oldest first."""
    found = [one for whose in about.joined_to(table, supporter) for one in ledger.entries_of(table, whose)]
    readable = [one for one in found if isinstance(one, StoredEntry)]
    return rules.gifts_table(sorted(readable, key=lambda one: one.entry.movement.occurred_at))


def _in_order(table: Table, supporter: SupporterId, key: str) -> list[tuple[_Place, Kind, Item]]:
    whom = about.person(table, supporter, key)
    found = []
    for item in about.rows_about(table, whom):
        try:
            kind = kind_of(item)
        except KindUnknown as error:
            log.warning("row of no kind not handed over", kind=str(error))
            continue
        if kind is STATEMENT and item.get("address") not in whom.hashed:
            item = {name: value for name, value in item.items() if name not in _TYPED}  # noqa: PLW2901
        if not kind.nobodys:
            found.append(((OF_PEOPLE.index(kind), str(item["pk"]), str(item["sk"])), kind, item))
    return sorted(found, key=lambda one: one[0])


def _name(place: _Place) -> str:
    return base64.urlsafe_b64encode("\n".join(map(str, place)).encode()).decode().rstrip("=")


def _opened(item: Item, kind: Kind) -> Item:
    """The row with the body of an event as Stripe told it; as it is stored where that cannot be read."""
    if kind is not EVENT or "body" not in item:
        return item
    try:
        return {**item, "body": unpacked(item)}
    except (KeyError, TypeError, zlib.error):
        return item


def _place(named: str) -> _Place:
    try:
        kind, pk, sk = base64.urlsafe_b64decode(named + "=" * (-len(named) % 4)).decode().split("\n")
        return int(kind), pk, sk
    except ValueError:
        raise BadInput(
            "We know no such part. Take the one that `next` names.", code="bad_part", field="part"
        ) from None
