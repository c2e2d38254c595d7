"""API keys of the newsroom's own systems. A key's secret is shown once, when it is made."""

from chalicelib.articles.rows import api_keys
from chalicelib.articles.rows.api_keys import ApiKey
from chalicelib.kernel import ids
from chalicelib.kernel.errors import BadInput, NotFound, Unauthorized
from chalicelib.kernel.moments import RealTime, rfc3339
from chalicelib.kernel.table import Table

PURPOSES = ("cms",)
ACTIVE = "active"


def create_key(table: Table, purpose: str, now: RealTime, label: str = "") -> tuple[str, str]:
    """Make a key; answers its id, by which it is revoked, and its secret, which is never shown again.

    :raises BadInput: `unknown_purpose`.
    """
    secret = f"spilno_{purpose}_{ids.new_secret()}"
    return _keep(table, secret, purpose, now, label), secret


def import_key(table: Table, secret: str, purpose: str, now: RealTime, label: str = "") -> str:
    """Store a key whose secret somebody chose, such as the local stack's well-known one. Safe to repeat.

    :raises BadInput: `unknown_purpose`.
    """
    return _keep(table, secret, purpose, now, label)


def list_keys(table: Table) -> list[ApiKey]:
    """All keys, the revoked ones too, oldest first."""
    return api_keys.all_keys(table)


def revoke_key(table: Table, key_id: str, purpose: str | None = None) -> None:
    """End a key: the next call with it is refused.

    :param purpose: only if the key is for this.
    :raises NotFound: `unknown_key`.
    """
    if purpose and key_id not in {key.id for key in list_keys(table) if key.purpose == purpose}:
        raise NotFound(f"There is no key {key_id} for {purpose}. `keys list` shows them.", code="unknown_key")
    if not api_keys.revoke(table, key_id):
        raise NotFound(f"There is no key {key_id}. `keys list` shows them.", code="unknown_key")


def check_key(table: Table, secret: str, purpose: str) -> ApiKey:
    """The key, if it is good for this.

    :raises Unauthorized: `unknown_key`: none sent, unknown, revoked, for something else. All look the same.
    """
    key = api_keys.read(table, secret) if secret else None
    if key is None or key.status != ACTIVE or key.purpose != purpose:
        raise Unauthorized("Send an API key of the newsroom: Authorization: Bearer …", code="unknown_key")
    return key


def _keep(table: Table, secret: str, purpose: str, now: RealTime, label: str) -> str:
    if purpose not in PURPOSES:
        raise BadInput(f"Keys are for one of: {', '.join(PURPOSES)}.", code="unknown_purpose")
    key = ApiKey(id=f"key_{ids.new_id()}", purpose=purpose, label=label, status=ACTIVE, created_at=rfc3339(now))
    if api_keys.put(table, secret, key):
        return key.id
    known = api_keys.read(table, secret)
    assert known is not None, "Keys are never deleted."
    return known.id
