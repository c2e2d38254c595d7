"""The cookies we set: their names on this stage, what they hold and how long they live.

    session    the secret of a signed-in browser (a year, or until the browser closes)
    pass       a pass (five minutes)
    checkout   this browser's secret, then the latest checkouts it started (a day)
    pending    this browser's secret, then the latest sign-ins it asked for (ten minutes after the last)

The last two share one shape: `secret~id~id`, newest id last.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain import ids
from chalicelib.settings import Settings
from chalicelib.web.http import Call, Cookie

SESSION_AGE = 365 * 86_400
CHECKOUT_AGE = 86_400
PENDING_AGE = 600
_KEPT_IDS = 4


def name(settings: Settings, purpose: str) -> str:
    """The cookie's name on this stage. Locally it ends in the port, as cookies do not keep ports apart."""
    return f"__Host-spilno-{purpose}{settings.cookie_suffix}"


def read(call: Call, purpose: str) -> str:
    """The cookie's value, or an empty string."""
    return call.cookies.get(name(call.wiring.settings, purpose), "")


def write(call: Call, purpose: str, value: str, max_age: int | None) -> Cookie:
    """The cookie to set."""
    return Cookie(name(call.wiring.settings, purpose), value, max_age)


def forget(call: Call, purpose: str) -> Cookie:
    """The cookie that removes it."""
    return Cookie(name(call.wiring.settings, purpose), "", 0)


@dataclass(frozen=True)
class Started:
    """A browser's secret and the identifiers of what it started, newest last."""

    secret: str
    ids: tuple[str, ...] = ()

    def fingerprint(self) -> str:
        """What we keep of the secret."""
        return ids.fingerprint(self.secret)

    def value(self) -> str:
        """The cookie's value."""
        return "~".join((self.secret, *self.ids[-_KEPT_IDS:]))

    def plus(self, new_id: str) -> "Started":
        """With one more identifier."""
        return Started(self.secret, (*(known for known in self.ids if known != new_id), new_id)[-_KEPT_IDS:])


def started(call: Call, purpose: str) -> Started | None:
    """What the `checkout` or `pending` cookie says, if it is there and plain."""
    secret, *known = read(call, purpose).split("~")
    if not 16 <= len(secret) <= 64 or not all(_plain(part) for part in (secret, *known)):  # noqa: PLR2004 - our length
        return None
    return Started(secret, tuple(known[-_KEPT_IDS:]))


def new_browser() -> Started:
    """A secret for a browser that has none yet."""
    return Started(ids.new_secret())


def _plain(part: str) -> bool:
    return ids.IDENTIFIER.fullmatch(part) is not None


def all_of(call: Call, purposes: Sequence[str]) -> list[Cookie]:
    """Removals for several cookies, for signing out."""
    return [forget(call, purpose) for purpose in purposes]
