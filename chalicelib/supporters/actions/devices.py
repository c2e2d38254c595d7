"""The devices on which a supporter is signed in: list them, sign one out."""

from dataclasses import dataclass

from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Table
from chalicelib.supporters.actions.sessions import end_named
from chalicelib.supporters.rows import devices, sessions
from chalicelib.supporters.rows.devices import DeviceKind
from chalicelib.supporters.rules.state import State


@dataclass(frozen=True)
class ShownDevice:
    """A browser in which somebody is signed in. `seen`: a time of the day of its last visit, known to the day only.

    `current`: it is the one that asks.
    """

    id: str
    kind: DeviceKind
    signed_in_at: int
    seen: int
    current: bool = False


def devices_of(table: Table, state: State, secret: str, now: RealTime) -> list[ShownDevice]:
    """The devices on which this supporter is signed in, the one that asks first, then by their last visit.

    :param secret: of the session that asks.
    """
    own = sessions.name_of(secret)
    found = []
    for row in devices.listed(table, state.id):
        session = sessions.find(table, row.session, now)
        if session is None or session.epoch != state.epoch or session.supporter != state.id:
            continue
        # Days begin at midnight UTC here, which may be the evening before where the newsroom is.
        seen = max(session.seen + _NOON, row.signed_in_at)
        found.append(ShownDevice(row.id, row.kind, row.signed_in_at, min(seen, now), row.session == own))
    return sorted(found, key=lambda one: (not one.current, -one.seen, -one.signed_in_at, one.id))


_NOON = 43_200


def sign_out_device(table: Table, supporter: SupporterId, device_id: str) -> bool:
    """Sign one of a supporter's devices out; False if they have none of this id."""
    row = devices.read(table, supporter, device_id)
    if row is None:
        return False
    end_named(table, row.session)
    table.write(devices.delete(supporter, device_id))  # also where its session was over already
    return True
