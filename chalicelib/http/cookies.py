"""The cookies we set: their names on this stage, what they hold and how long they live.

    session    the secret of a signed-in browser (a year, or until the browser closes)
    pass       a pass (five minutes)
    checkout   this browser's secret, then the latest checkouts it started (a day)
    pending    this browser's secret, then the latest sign-ins it asked for (an hour after the last: a code works for
               ten minutes, and for the rest of the hour a new one can be sent without typing the address again)
    known      this browser's secret, once somebody signed in here (400 days): it opens nothing, and only keeps the
               reader's own budget of sign-in mails; signing out everywhere removes it, signing out here does not

The last three share one shape: `secret~id~id`, newest id last.
"""

from collections.abc import Iterable, Sequence

from chalicelib.http.call import Call, Cookie
from chalicelib.kernel import browser
from chalicelib.kernel.browser import Started, new_browser
from chalicelib.settings import Settings

SESSION_AGE = 365 * 86_400
CHECKOUT_AGE = 86_400
PENDING_AGE = 3600
KNOWN_AGE = 400 * 86_400

_PURPOSES = frozenset({"session", "pass", "checkout", "pending", "known"})
_OURS = "__Host-spilno-"
# The characters that browsers strip around a cookie's name and value (RFC 6265, 5.2). Python's `strip` takes a dozen
# more; a name that begins with one of those is no `__Host-` name to a browser, so that any subdomain may set it.
_SPACE = " \t"

__all__ = ["Started", "all_of", "forget", "name", "new_browser", "parse", "read", "started", "write"]


def parse(lines: Iterable[str]) -> dict[str, str]:
    """Our cookies of a call, by name; a name that comes twice is left out.

    A browser holds each `__Host-` cookie once. If one is sent twice, somebody else set one of the two, and nothing
    says which.

    :param lines: the values of the `Cookie` headers; over HTTP/2 there may be several.
    """
    found: dict[str, str] = {}
    twice = set()
    for line in lines:
        for part in line.split(";"):
            name, _, value = part.partition("=")
            name = name.strip(_SPACE)
            if not name.startswith(_OURS):
                continue
            if name in found:
                twice.add(name)
            found[name] = value.strip(_SPACE)
    if twice:
        _tell(twice)
        return {name: value for name, value in found.items() if name not in twice}
    return found


def _tell(twice: Iterable[str]) -> None:
    # Imported here, as a gate check does not need them.
    from chalicelib.observing import metrics
    from chalicelib.observing.log import log

    purposes = {name.removeprefix(_OURS).partition("-")[0] for name in twice} & _PURPOSES
    log.warning("a cookie came twice", counts=metrics.one("CookieTwice"), cookies=".".join(sorted(purposes)))


def name(settings: Settings, purpose: str) -> str:
    """The cookie's name on this stage. Locally it ends in the port, as cookies do not keep ports apart."""
    return f"{_OURS}{purpose}{settings.cookie_suffix}"


def read(call: Call, purpose: str) -> str:
    """The cookie's value, or an empty string."""
    return call.cookies.get(name(call.wiring.settings, purpose), "")


def write(call: Call, purpose: str, value: str, max_age: int | None) -> Cookie:
    """The cookie to set."""
    return Cookie(name(call.wiring.settings, purpose), value, max_age)


def forget(call: Call, purpose: str) -> Cookie:
    """The cookie that removes this one from the browser: empty, with a `max_age` of 0."""
    return Cookie(name(call.wiring.settings, purpose), "", 0)


def started(call: Call, purpose: str) -> Started | None:
    """The secret and the ids in the `checkout`, `pending` or `known` cookie; None if it is missing or malformed."""
    return browser.read(read(call, purpose))


def all_of(call: Call, purposes: Sequence[str]) -> list[Cookie]:
    """The cookies that remove several, for signing out."""
    return [forget(call, purpose) for purpose in purposes]
