"""How what we hold about a person is written down for them: rows as JSON with words, gifts as a table."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.kernel.moments import rfc3339
from chalicelib.kernel.money import shown
from chalicelib.ledger.rules.stored import StoredEntry
from chalicelib.privacy.rules.kinds import Kind

LARGEST = 5_000_000  # bytes of one answer
# Room for what stands around the rows: names, words, reasons. And what API Gateway's envelope makes of them.
_FOR_ROWS = 4_500_000
_TIMES = frozenset(
    """
    allowed_at applied_at asked_at created created_at erase_on given_at made_at mail_sent_at occurred_at paid_at
    period_end period_start received_at seen sent_at signed_in_at since until used
    """.split()
)
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
COLUMNS = ("given_at", "kind", "received", "returned", "currency", "campaign", "page", "payer", "method", "id", "of")


def row_of(item: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
    """What is handed over of a row, with times as text."""
    return {name: _value(name, item[name]) for name in kind.handed_over(item)}


def words_of(kind: Kind) -> dict[str, str]:
    """What each attribute is that is handed over."""
    return {name: one.what for name, one in kind.by_name.items() if not one.withheld}


def withheld_of(kind: Kind) -> dict[str, str]:
    """Why each other attribute is not."""
    return {name: one.withheld for name, one in kind.by_name.items() if one.withheld}


def size_of(row: Mapping[str, Any]) -> int:
    """How many bytes a row takes of an answer that is JSON within JSON, all letters beyond ASCII escaped."""
    return len(json.dumps(json.dumps(row, ensure_ascii=False)))


def fits(size: int, more: int) -> bool:
    """Whether a row may join rows of this size."""
    return size + more <= _FOR_ROWS


def gifts_table(entries: Iterable[StoredEntry]) -> str:
    """Every movement of money as CSV, for a spreadsheet: with its mark, and no cell that would be a formula."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    for one in entries:
        moved = one.entry.movement
        amount = shown(abs(moved.amount), moved.currency)
        in_or_out = (amount, "") if moved.amount > 0 else ("", amount)
        method = (
            " ".join(filter(None, (moved.method.kind, moved.method.brand, moved.method.last4)))
            if moved.method
            else ""
        )
        cells = (
            moved.currency.upper(),
            one.entry.campaign,
            one.entry.source,
            moved.payer,
            method,
            moved.id,
            moved.gift,
        )
        table.writerow(map(_cell, (rfc3339(moved.occurred_at), moved.kind, *in_or_out, *cells)))
    return f"\ufeff{written.getvalue()}"


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text


def _value(name: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return _opened(value)
    if name in _TIMES and type(value) is int:
        return rfc3339(value)
    if isinstance(value, Mapping):
        return {key: _value("", part) for key, part in value.items()}
    return [_value("", part) for part in value] if isinstance(value, (list, tuple)) else value


def _opened(body: bytes) -> Any:
    """A stored event as Stripe told it."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body.hex()
