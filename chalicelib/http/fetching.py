"""How a browser fetches: whether anybody looks at the answer, and whether our cookies come along."""

import re

from chalicelib.http import origins
from chalicelib.http.call import Call

# `Sec-Purpose` is the standard's; the others are what browsers and proxies said before it.
_PURPOSE = ("sec-purpose", "purpose", "x-purpose", "x-moz")


def is_speculative(call: Call) -> bool:
    """Whether this is fetched in case somebody will look at it, or only its header is asked for."""
    said = ",".join(call.headers.get(name, "") for name in _PURPOSE)
    # `prefetch`, `prefetch;prerender`, `prefetch;anonymous-client-ip`
    return call.method == "HEAD" or "prefetch" in re.split(r"[;,\s]+", said.lower())


def is_read(call: Call) -> bool:
    """Whether somebody may read this answer: a page in a window, or a script; not a picture's or a frame's address.

    A browser that does not say for what it fetches is believed.
    """
    if call.headers.get("sec-fetch-mode") == "no-cors":
        return False  # no script sees the answer
    return call.headers.get("sec-fetch-dest", "") in _READ


_READ = ("", "document", "empty")


def keeps_cookies(call: Call) -> bool:
    """Whether cookies that we set come back with the calls of this page: those of another site leave them out.

    Our cookies are `SameSite=Lax`, so that of what another site begins only a link that is followed carries them.
    What a website's own server asks on a reader's behalf, with a pass, has no browser's cookies.
    """
    if "authorization" in call.headers:
        return False
    if "origin" in call.headers:
        return call.headers["origin"].lower() in origins.with_cookies(call.wiring.settings)
    return call.headers.get("sec-fetch-site") != "cross-site" or call.headers.get("sec-fetch-mode") == "navigate"
