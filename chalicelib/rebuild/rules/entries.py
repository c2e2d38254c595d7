"""Compare the ledger's rows with each other: entries with guards, and refunds and disputes with their gifts."""

from collections.abc import Iterator

from chalicelib.booking.rail import Rails
from chalicelib.kernel.money import places
from chalicelib.ledger.rules.movements import FAILED, Movement
from chalicelib.rebuild.rules.differences import (
    Difference,
    EntryInMonth,
    Row,
    ScannedRows,
    Uncertainty,
    uncertainty_about,
)


def compare_guards(seen: ScannedRows) -> Iterator[Difference]:
    """Compare guards with entries: each movement must have one guard and one entry, each naming the other."""
    for row, movement in sorted(seen.broken.items()):
        yield _nothing_at("entry_unreadable", movement, row, seen)
    stands = seen.rows
    for movement, row in sorted(seen.guards.items()):
        if row not in stands:
            yield _nothing_at("guard_without_entry", movement, row, seen)
    for dated in seen.entries:
        if seen.guards.get(dated.id) != dated.row:
            yield Difference("entry_without_guard", dated.id, None, dated.row[1], uncertain=uncertainty_about(dated))


def compare_entries(seen: ScannedRows) -> Iterator[Difference]:
    """Find entries whose values are not possible, and entries whose gift is not booked."""
    for entries in seen.entries_by_supporter().values():
        by_id = {dated.id: dated.entry.movement for dated in entries}
        for dated in entries:
            moved = dated.entry.movement
            if wrong := dated.stored.wrong or _wrong(moved, seen.rails) or _wrong_beside(moved, by_id, seen):
                yield Difference(f"entry_{wrong}", dated.id, _said(dated), None, uncertain=uncertainty_about(dated))
            elif _lacks_its_gift(dated, by_id, seen):
                gift = dated.entry.movement.gift
                uncertain = Uncertainty(gift, dated.row[0])
                yield Difference("gift_not_booked", gift, None, f"{dated.id} is of it", uncertain=uncertain)


def _lacks_its_gift(dated: EntryInMonth, by_id: dict[str, Movement], seen: ScannedRows) -> bool:
    gift = dated.entry.movement.gift
    return gift not in by_id and gift not in seen.guards


def _nothing_at(what: str, movement: str, row: Row, seen: ScannedRows) -> Difference:
    """A difference about a place without a readable entry; all that is known is the place and the movement."""
    supporter, place = row
    return Difference(what, movement, place, None, uncertain=Uncertainty(movement, supporter, seen.months.get(row)))


def _said(dated: EntryInMonth) -> str:
    moved = dated.entry.movement
    return f"{moved.kind} {moved.amount} {moved.currency}"


def _wrong(moved: Movement, rails: Rails) -> str | None:
    """The name of a part of the movement whose value is not possible; None when all are."""
    comes_in = moved.kind == "gift" or moved.id.endswith(FAILED)
    possible = {
        "currency": is_currency(moved.currency),
        "rail": moved.rail in rails,
        "kind": moved.rail in rails and rails[moved.rail].gives_such_ids(moved),
        "sign": moved.amount != 0 and (moved.kind == "dispute" or (moved.amount > 0) == comes_in),
        "period": moved.period is None or moved.period.start <= moved.period.end,
    }
    return next((part for part, so in possible.items() if not so), None)


def is_currency(name: str) -> bool:
    """Whether this is the code of a currency, past or present."""
    return places(name) is not None


def _wrong_beside(moved: Movement, by_id: dict[str, Movement], seen: ScannedRows) -> str | None:
    """The part that does not fit the refund or gift that the movement is of; None when it fits.

    A refund that has a guard but no entry is reported by `compare_guards`.
    """
    name = moved.id.removesuffix(FAILED)
    if moved.kind == "refund" and name != moved.id and (name in by_id or name not in seen.guards):
        refund = by_id.get(name)
        if refund is None or refund.amount != -moved.amount or refund.currency != moved.currency:
            return "comes_back_otherwise"
    gift = by_id.get(moved.gift)
    if gift and gift.currency != moved.currency:
        return "currency"
    return None
