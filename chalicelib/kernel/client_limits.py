"""Rate limits per client address and per mailbox. No address is stored: the table sees a keyed hash."""

import ipaddress
from weakref import WeakKeyDictionary

from chalicelib.kernel import ids, rate_limits
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Table

WINDOW = 600  # seconds; the limits in the newsroom's settings are per ten minutes
_IPV6_NETWORK = 64  # bits: what one household or phone is given

# Who was refused in this process, and until when: whoever goes on asking costs no read of the table.
_refused: WeakKeyDictionary[Table, dict[tuple[str, str], int]] = WeakKeyDictionary()
_MOST_REMEMBERED = 1000


class RateLimited(Exception):
    """A rate limit is reached: too many calls of `scope`; the next is allowed in `wait` seconds.

    It carries no sentence: the edge makes the one that a reader sees (`http/problems.py`).
    """

    def __init__(self, scope: str, wait: int) -> None:
        super().__init__(scope)
        self.scope = scope
        self.wait = wait


def check_rate(
    table: Table, scope: str, who: str, *, limit: int, key: str, now: RealTime, window: int = WINDOW
) -> None:
    """Count one call of a client; refuse it if that would be more than `limit` in `window` seconds, ten minutes.

    :param scope: such as `checkouts`; the problem's code is `too_many_<scope>`.
    :param who: the caller's address, or who they have proven to be.
    :param key: the secret `SPILNO_EMAIL_KEY`, under which addresses are hashed.
    :raises RateLimited: the limit is reached; with the seconds to wait.
    """
    who = ids.keyed_hash(key, network(who))[:32]
    refused = _refused.setdefault(table, {})
    until = refused.get((scope, who), 0)
    if now < until <= now + window * 2:
        raise RateLimited(scope, until - now)
    wait = rate_limits.take(table, scope, who, limit, window, now)
    if wait:
        if len(refused) >= _MOST_REMEMBERED:
            refused.clear()
        refused[scope, who] = now + wait
        raise RateLimited(scope, wait)


def network(client: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 network of an IPv6 one. Other text counts as it is."""
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address.packed, _IPV6_NETWORK), strict=False))
    return str(address)
