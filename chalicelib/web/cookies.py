"""The cookies we set: their names on this stage, what they hold and how long they live.

    session    the secret of a signed-in browser (a year, or until the browser closes)
    pass       a pass (five minutes)
    checkout   this browser's secret, then the latest checkouts it started (a day)
    pending    this browser's secret, then the latest sign-ins it asked for (ten minutes after the last)

The last two share one shape: `secret~id~id`, newest id last.
"""

from collections.abc import Sequence

from chalicelib.domain import browser
from chalicelib.domain.browser import Started, new_browser
from chalicelib.settings import Settings
from chalicelib.web.http import Call, Cookie

SESSION_AGE = 365 * 86_400
CHECKOUT_AGE = 86_400
PENDING_AGE = 600

__all__ = ["Started", "all_of", "forget", "name", "new_browser", "read", "started", "write"]


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


def started(call: Call, purpose: str) -> Started | None:
    """What the `checkout` or `pending` cookie says, if it is there and plain."""
    return browser.read(read(call, purpose))


def all_of(call: Call, purposes: Sequence[str]) -> list[Cookie]:
    """Removals for several cookies, for signing out."""
    return [forget(call, purpose) for purpose in purposes]
