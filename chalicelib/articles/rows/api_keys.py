"""API keys of the newsroom's own systems, such as its CMS. Hashed at rest; a revoked key stays listed."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from chalicelib.kernel import ids, keys
from chalicelib.kernel.table import EXISTING, NEW, Item, Put, Table, Update, every, written


@dataclass(frozen=True)
class ApiKey:
    """An API key without its secret. `status` is `active` or `revoked`, `created_at` RFC 3339."""

    id: str
    purpose: str
    label: str
    status: str
    created_at: str


def put(table: Table, secret: str, key: ApiKey) -> bool:
    """Store a new key; False when this very secret is stored already."""
    pk, sk = keys.api_key(ids.fingerprint(secret))
    listed = {"gsi1pk": keys.API_KEYS, "gsi1sk": f"{key.created_at}#{key.id}"}
    return written(table, Put({"pk": pk, "sk": sk, **vars(key), **listed}, NEW))


def read(table: Table, secret: str) -> ApiKey | None:
    """The key of this secret, revoked or not; None for an unknown one."""
    item = table.get(keys.api_key(ids.fingerprint(secret)))
    return _key(item) if item else None


def all_keys(table: Table) -> list[ApiKey]:
    """Every key there ever was, oldest first."""
    return [_key(item) for item in _listed(table)]


def revoke(table: Table, key_id: str) -> bool:
    """Revoke a key at once; False when there is none of this id."""
    for item in _listed(table):
        if item["id"] == key_id:
            table.write(Update((item["pk"], item["sk"]), set={"status": "revoked"}, only_if=EXISTING))
            return True
    return False


def _listed(table: Table) -> Iterator[Item]:
    return every(partial(table.query_index, keys.API_KEYS))


def _key(item: Item) -> ApiKey:
    created_at = item.get("created_at") or str(item["gsi1sk"]).partition("#")[0]
    return ApiKey(item["id"], item["purpose"], item["label"], item["status"], created_at)
