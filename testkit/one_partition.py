"""Sums and entries as an earlier release left them: in one partition each."""

from chalicelib.kernel import keys
from chalicelib.kernel.table import Delete, Item, Table, Update
from chalicelib.ledger.rows import codec
from chalicelib.ledger.rows.sums import group_of
from chalicelib.ledger.rules.sums import COUNTED

_SHARDS = 8  # as many counters as there were


def as_before(table: Table, rows: list[Item]) -> int:
    """Put these rows where an earlier release would have them; answers how many were moved."""
    return sum(_moved(table, row) for row in rows)


def _moved(table: Table, row: Item) -> bool:
    if codec.is_entry(row) and isinstance(at := row.get("occurred_at"), int):
        listed = keys.ledger_month_before(keys.month(at), str(row.get("rail") or "stripe"))
        table.write(Update((row["pk"], row["sk"]), set={"gsi1pk": listed}))
        return True
    if (group := group_of(row)) is None:
        return False
    scope, of, currency = group
    shard = int(row["sk"].rpartition("#")[2]) % _SHARDS
    key = (keys.TOTALS, f"{of}#{currency}#{shard}")
    if scope == "campaign":
        key = (f"{keys.CAMPAIGN_PREFIX}{of}", f"{keys.CAMPAIGN_TOTAL_PREFIX}{currency}#{shard}")
    if key == (row["pk"], row["sk"]):
        return False
    table.write(Update(key, add={column: row[column] for column in COUNTED if column in row}))
    table.write(Delete((row["pk"], row["sk"])))
    return True
