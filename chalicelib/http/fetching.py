"""How a browser fetches: whether anybody looks at the answer, and whether our cookies come along."""

import re
from collections.abc import Iterable

from chalicelib.http import origins
from chalicelib.http.call import Call

# `Sec-Purpose` is the standard's. The others are what browsers and proxies said before it, and what scripts say, as
# they may not write it: Turbo, which fetches each link that a mouse rests on, and htmx's extension `preload`.
_PURPOSE = ("sec-purpose", "x-sec-purpose", "purpose", "x-purpose", "x-moz")
_PRELOADED = "hx-preloaded"
# Safari's Top Sites and Facebook's app fetch a page for its picture, or in case it will be tapped.
_PREVIEW = ("purpose", "x-purpose")
_ITS_PAGE = r"\+https?://"  # such a program's name holds a page about it: `+https://…`
# What else such programs call themselves. CUBOT is a maker of phones.
_MACHINE = re.compile(rf"(?<!cu)bot\b|crawl|spider|preview|externalhit|whatsapp/|scan|{_ITS_PAGE}", re.IGNORECASE)


# How a program that drives a whole browser says so all the same: by an address of its makers, or as what a page is to
# be compatible with. Of people's browsers only the oldest write the latter.
_NAMES_ITS_MAKERS = re.compile(rf"{_ITS_PAGE}|\+[\w.-]+@|\bcompatible;(?! *(?:msie|konqueror))", re.IGNORECASE)


def is_speculative(call: Call) -> bool:
    """Whether this is fetched in case somebody will look at it, or only its header is asked for."""
    # `prefetch`, `prefetch;prerender`, `prefetch;anonymous-client-ip`
    ahead = "prefetch" in _tokens(call, _PURPOSE) or "preview" in _tokens(call, _PREVIEW)
    return ahead or call.headers.get(_PRELOADED) == "true" or call.method == "HEAD"


def _tokens(call: Call, names: Iterable[str]) -> list[str]:
    return re.split(r"[;,\s]+", ",".join(call.headers.get(name, "") for name in names).lower())


def is_page_ahead(call: Call) -> bool:
    """Whether a browser fetches a page to show it at once when its link is followed, without asking again."""
    return is_speculative(call) and call.headers.get("sec-fetch-mode") == "navigate"


def is_read(call: Call) -> bool:
    """Whether somebody may read this answer: a page in a window, or a script; not a picture's or a frame's address.

    A browser that does not say for what it fetches is believed.
    """
    if call.headers.get("sec-fetch-mode") == "no-cors":
        return False  # no script sees the answer
    return call.headers.get("sec-fetch-dest", "") in _READ


_READ = ("", "document", "empty")


def opens_page(call: Call) -> bool:
    """Whether a browser goes to a page with this call; one that does not say how it fetches may be an older one."""
    said = call.headers.get("sec-fetch-mode", "navigate"), call.headers.get("sec-fetch-dest", "document")
    return said == ("navigate", "document") and not is_speculative(call)


def declares_machine(call: Call) -> bool:
    """Whether the caller says that it is a program that looks at pages for others: a preview, a crawler, a scanner.

    Anybody may say so, or not: this never opens anything, it only spares such a program what is for people. What
    fetches like a person's browser is one, whatever it calls itself.
    """
    says = _MACHINE.search(call.headers.get("user-agent", ""))
    return says is not None and call.headers.get("sec-fetch-mode") != "navigate"


def is_for_machines(call: Call) -> bool:
    """Whether what is answered is for a program that says so, also where it fetches like a person's browser.

    Like `declares_machine` it opens nothing. Who is taken for a machine gets the teaser of a metered article.
    """
    return declares_machine(call) or _NAMES_ITS_MAKERS.search(call.headers.get("user-agent", "")) is not None


def keeps_cookies(call: Call) -> bool:
    """Whether cookies that we set come back with the calls of this page: those of another site leave them out.

    Our cookies are `SameSite=Lax`, so that of what another site begins only a link that is followed carries them.
    What a website's own server asks on a reader's behalf, with a pass, has no browser's cookies. A browser does send
    `Authorization: Basic`, on a website that is being tried behind a password.
    """
    if call.bearer:
        return False
    if "origin" in call.headers:
        return call.headers["origin"].lower() in origins.with_cookies(call.wiring.settings)
    return call.headers.get("sec-fetch-site") != "cross-site" or call.headers.get("sec-fetch-mode") == "navigate"
