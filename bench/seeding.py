"""Puts many rows into a table fast: by DynamoDB's own bulk write, or as an import into dynoxide's file."""

import gzip
import json
import subprocess
from base64 import b64encode
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from boto3.dynamodb.types import TypeSerializer

from chalicelib.kernel.schema import TABLE
from chalicelib.kernel.table import Item

_AT_ONCE = 25  # rows that one BatchWriteItem takes
_to_wire = TypeSerializer().serialize


def wire(item: Item) -> dict[str, Any]:
    """A row as it travels, without the detours for what we never store."""
    return {name: _fast(value) for name, value in item.items()}


def _fast(value: Any) -> Any:
    if isinstance(value, str):
        return {"S": value}
    if type(value) is int:
        return {"N": str(value)}
    return _to_wire(value)


def write_in_batches(dynamodb: Any, table: str, rows: Iterable[Item]) -> None:
    """Put all rows with BatchWriteItem, on any engine."""
    waiting = iter(rows)
    while some := list(islice(waiting, _AT_ONCE)):
        left = {table: [{"PutRequest": {"Item": wire(row)}} for row in some]}
        while left:
            left = dynamodb.batch_write_item(RequestItems=left).get("UnprocessedItems")


def import_into(binary: Path, database: Path, table: str, rows: Iterable[Item]) -> None:
    """Make dynoxide's file with a table of these rows, some times faster than writing them through its API.

    The rows are laid out as DynamoDB's own export to S3 would be: one JSON line each, `{"Item": …}`.
    """
    export, schema = database.with_suffix(".export"), database.with_suffix(".schema.json")
    data = export / table / "data"
    data.mkdir(parents=True)
    with gzip.open(data / "rows.json.gz", "wt", compresslevel=1, encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps({"Item": wire(row)}, default=_as_base64) + "\n")
    kept = {name: value for name, value in TABLE.items() if name != "BillingMode"}
    schema.write_text(json.dumps({"Table": {"TableName": table, "TableStatus": "ACTIVE", **kept}}), encoding="utf-8")
    command = (str(binary), "import", "--source", str(export), "--schema", str(schema), "--output", str(database))
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own engine


def _as_base64(value: Any) -> str:
    return b64encode(bytes(getattr(value, "value", value))).decode()
