"""Which websites may call the API with cookies, and which calls are refused as foreign.

A browser sends our cookies to us from any page of the same site, and keeps those that we answer with, whoever asked.
So a call that changes something is accepted from the newsroom's website and our own pages only.
"""

from collections.abc import Sequence
from functools import cache
from urllib.parse import urlsplit

from chalicelib.http.call import Call
from chalicelib.kernel.errors import Forbidden
from chalicelib.settings import Settings

# `none`: no page sent it, but the reader, such as by pressing reload.
_OUR_OWN = frozenset({"same-origin", "none"})


def own(settings: Settings) -> str:
    """The API's own origin."""
    return _origin(settings.public_url)


@cache
def _origin(address: str) -> str:
    # Every call asks, and reading an address takes a fifth of a gate check (measured).
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()


def with_cookies(settings: Settings) -> tuple[str, ...]:
    """Origins where cookies work: ours, and the listed ones that share scheme and registrable domain with us."""
    return (own(settings), *websites_with_cookies(settings))


def websites_with_cookies(settings: Settings) -> tuple[str, ...]:
    """The listed origins that share scheme and registrable domain with us."""
    return _same_site(settings.public_url, settings.site_origins)


@cache
def _same_site(public_url: str, site_origins: tuple[str, ...]) -> tuple[str, ...]:
    from chalicelib.http.sites import (
        same_site,  # imported here: a gate check has no time to read the list of suffixes
    )

    return tuple(origin for origin in site_origins if same_site(origin, public_url))


@cache
def _alike(one: str, other: str) -> bool:
    """Whether two origins may be one site, as far as their names alone say."""
    ends = [(parts.scheme, (parts.hostname or "").split(".")[-2:]) for parts in (urlsplit(one), urlsplit(other))]
    return ends[0] == ends[1]


def returnable(settings: Settings) -> tuple[str, ...]:
    """Origins a reader may be sent to: every listed one and our own."""
    return (own(settings), *settings.site_origins)


def refuse_foreign(call: Call, *, opaque_passes: bool = False) -> None:
    """Refuse a call that changes something, unless the newsroom's website or one of our own pages sent it.

    With or without cookies: a foreign page's call comes without them, but its answer sets new ones, which signs our
    reader out, or in as somebody else; and it counts against everybody behind one IP address. A browser always says
    where a call comes from (`Origin`, `Sec-Fetch-Site`); a call that says nothing comes from a program, and passes.

    :param opaque_passes: `Origin: null` passes too: the route reads no cookie.
    :raises Forbidden: `foreign_origin`.
    """
    origin, fetched = call.headers.get("origin"), call.headers.get("sec-fetch-site")
    if origin is None and fetched is None:
        return
    if fetched in _OUR_OWN or (origin or "").lower() in with_cookies(call.wiring.settings):
        return
    if opaque_passes and origin == "null":
        return
    raise Forbidden("This call does not come from the newsroom's website.", code="foreign_origin")


def cors_headers(call: Call, allowed_methods: Sequence[str]) -> dict[str, str]:
    """The CORS headers of an answer: always one origin, never `*`, and `Vary` so that no cache mixes them up."""
    headers = {"Vary": "Origin"}
    origin = call.headers.get("origin", "").lower()
    settings = call.wiring.settings
    if origin != own(settings) and origin not in settings.site_origins:
        return headers
    # A browser sends our cookies (SameSite=Lax) from pages of our own site only. Where one came along, and the names
    # do not speak against it, we need not ask the list of suffixes, which a gate check has no time to read.
    alike = _alike(origin, own(settings))
    if alike and (origin == own(settings) or call.cookies or origin in with_cookies(settings)):
        headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
    elif "GET" in allowed_methods:
        headers |= {"Access-Control-Allow-Origin": origin}
    return headers
