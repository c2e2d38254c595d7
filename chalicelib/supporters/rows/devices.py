"""The list of a supporter's devices: one row for each signed-in browser, in the supporter's partition.

Without it nobody could find somebody's sessions: they are stored under the hash of a secret that only the browser
has. A row says where its session stands; when it was last used stands in the session itself, so that a visit still
writes one item. Of the browser only a word is stored, neither its address on the network nor its name for itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from chalicelib.kernel import ids, keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Delete, Item, Key, Put, Table, every

DeviceKind = Literal["phone", "computer", ""]  # empty: not known, for a browser that signed in before this was asked


@dataclass(frozen=True)
class DeviceRow:
    """A device as it is stored. `session`: the fingerprint of the secret, under which the session stands."""

    supporter: SupporterId
    session: str
    kind: DeviceKind
    signed_in_at: RealTime
    expires: RealTime

    @property
    def id(self) -> str:
        """The name by which a supporter's page and the API call it: it leads nobody to the session."""
        return id_of(self.session)

    @property
    def key(self) -> Key:
        """The row's key."""
        return keys.device(self.supporter, self.id)


def id_of(session: str) -> str:
    """The id of a session's device: a hash of the secret's hash, so that neither follows from it.

    It is always the same, so that two visits at one moment write one row.
    """
    return ids.fingerprint(f"device:{session}")[:24]


def put(device: DeviceRow) -> Put:
    """The change that lists a device, anew or once more."""
    pk, sk = device.key
    kind = {"kind": device.kind} if device.kind else {}
    moments = {"signed_in_at": device.signed_in_at, "expires": device.expires}
    return Put({"pk": pk, "sk": sk, "session": device.session, **kind, **moments})


def delete(supporter: SupporterId, device_id: str) -> Delete:
    """The change that takes a device off the list."""
    return Delete(keys.device(supporter, device_id))


def read(table: Table, supporter: SupporterId, device_id: str) -> DeviceRow | None:
    """A device of this supporter; None if they have none of this id."""
    item = table.get(keys.device(supporter, device_id))
    return _device(supporter, item) if item else None


def listed(table: Table, supporter: SupporterId) -> Iterator[DeviceRow]:
    """All rows of a supporter's devices, also of those whose session is over."""
    rows = every(partial(table.query, keys.supporter(supporter), prefix=keys.DEVICE_PREFIX))
    return (_device(supporter, item) for item in rows)


def _device(supporter: SupporterId, item: Item) -> DeviceRow:
    return DeviceRow(supporter, item["session"], item.get("kind", ""), item["signed_in_at"], item["expires"])
