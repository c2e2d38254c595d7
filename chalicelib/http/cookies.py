"""The cookies we set: their names on this stage, what they hold and how long they live.

    session    the secret of a signed-in browser (a year, or until the browser closes)
    pass       a pass (five minutes)
    checkout   this browser's secret, then the latest checkouts it started (a day)
    pending    this browser's secret, then the latest sign-ins it asked for (an hour after the last: a code works for
               ten minutes, and for the rest of the hour a new one can be sent without typing the address again)
    known      this browser's secret, once somebody signed in here (400 days): it opens nothing, and only keeps the
               reader's own budget of sign-in mails; signing out everywhere removes it, signing out here does not

The last three share one shape: `secret~id~id`, newest id last. These are `__Host-` cookies: ours alone. So are the
marks of what was read, which `http/mark_cookies.py` reads and writes.

    ask        1: this browser holds a session or a checkout, so that it is worth asking (as long as it holds that);
               1-gift: it holds no more than an article that a link gave (as long as the link lives)
    asked      1: an article was asked for, and this browser held nothing (400 days)

These two are for the scripts on the newsroom's pages, and hold nothing else. They decide nothing here, ever: anybody
may set or remove them, also a page of a sibling domain, and then a wall asks once too often or once too seldom.
"""

from collections.abc import Iterable, Sequence

from chalicelib.http.call import Call, Cookie
from chalicelib.kernel import browser
from chalicelib.kernel.browser import Started, new_browser
from chalicelib.settings import Settings

SESSION_AGE = 365 * 86_400
CHECKOUT_AGE = 86_400
PENDING_AGE = 3600
KNOWN_AGE = ASKED_AGE = 400 * 86_400
YES, GIFT = "1", "1-gift"

_PURPOSES = frozenset({"session", "pass", "checkout", "pending", "known"})
_OURS = "__Host-spilno-"
_FOR_SCRIPTS = frozenset({"ask", "asked"})
_SHARED = "spilno-"
# The characters that browsers strip around a cookie's name and value (RFC 6265, 5.2). Python's `strip` takes a dozen
# more; a name that begins with one of those is no `__Host-` name to a browser, so that any subdomain may set it.
_SPACE = " \t"

__all__ = ["Started", "all_of", "forget", "name", "new_browser", "parse", "read", "started", "write"]


def parse(lines: Iterable[str]) -> dict[str, str]:
    """Our cookies of a call, by name; a `__Host-` name that comes twice is left out.

    A browser holds each `__Host-` cookie once. If one is sent twice, somebody else set one of the two, and nothing
    says which. Those for scripts may come as often as sibling domains set them. That does no harm, as they decide
    nothing: of several the one counts that says yes.

    :param lines: the values of the `Cookie` headers; over HTTP/2 there may be several.
    """
    found: dict[str, str] = {}
    twice = set()
    for line in lines:
        for part in line.split(";"):
            name, _, value = part.partition("=")
            name, value = name.strip(_SPACE), value.strip(_SPACE)
            if name.startswith(_SHARED):
                found[name] = YES if YES in (value, found.get(name)) else value
                continue
            if not name.startswith(_OURS):
                continue
            if name in found:
                twice.add(name)
            found[name] = value if value.isascii() else ""  # we write no other
    if twice:
        _tell(twice)
        return {name: value for name, value in found.items() if name not in twice}
    return found


def _tell(twice: Iterable[str]) -> None:
    # Imported here, as a gate check does not need them.
    from chalicelib.observing import metrics
    from chalicelib.observing.log import log

    purposes = {name.removeprefix(_OURS).partition("-")[0] for name in twice} & _PURPOSES
    log.warning("a cookie came twice", counts=metrics.abuse("cookie_twice"), cookies=".".join(sorted(purposes)))


def name(settings: Settings, purpose: str) -> str:
    """The cookie's name on this stage. Locally it ends in the port, as cookies do not keep ports apart."""
    return f"{_SHARED if purpose in _FOR_SCRIPTS else _OURS}{purpose}{settings.cookie_suffix}"


def read(call: Call, purpose: str) -> str:
    """The cookie's value, or an empty string."""
    return call.cookies.get(name(call.wiring.settings, purpose), "")


def write(call: Call, purpose: str, value: str, max_age: int | None) -> Cookie:
    """The cookie to set."""
    settings = call.wiring.settings
    if purpose not in _FOR_SCRIPTS:
        return Cookie(name(settings, purpose), value, max_age)
    from chalicelib.http.sites import cookie_domain

    domain = cookie_domain(settings.public_url, settings.site_origins)
    return Cookie(name(settings, purpose), value, max_age, for_scripts=True, domain=domain)


def forget(call: Call, purpose: str) -> Cookie:
    """The cookie that removes this one from the browser: empty, with a `max_age` of 0."""
    return write(call, purpose, "", 0)


def started(call: Call, purpose: str) -> Started | None:
    """The secret and the ids in the `checkout`, `pending` or `known` cookie; None if it is missing or malformed."""
    return browser.read(read(call, purpose))


def all_of(call: Call, purposes: Sequence[str]) -> list[Cookie]:
    """The cookies that remove several, for signing out."""
    return [forget(call, purpose) for purpose in purposes]
