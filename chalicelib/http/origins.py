"""Which websites may call the API with cookies, and which calls are refused as foreign.

A browser sends our cookies to us from any page of the same site, and keeps those that we answer with, whoever asked.
So a call that changes something is accepted from the newsroom's website and our own pages only.
"""

import ipaddress
from collections.abc import Sequence
from functools import cache
from urllib.parse import urlsplit

from chalicelib.http.call import Call
from chalicelib.kernel.errors import Forbidden
from chalicelib.settings import Settings

# Under these, newsrooms register one level further down: news.com.ua, news.if.ua, news.github.io. Listed for what our
# readers' countries use, and for hosts where everybody is a site of their own; `doctor` asks the whole public list.
_SECOND_LEVEL = frozenset("ac biz co com edu gov in net org".split())
_OF_UKRAINE = frozenset(
    "cherkasy ck chernihiv cn chernivtsi cv dnipro dp donetsk dn if ivano-frankivsk kharkiv kh kherson ks"
    " khmelnytskyi km kiev kyiv kr kropyvnytskyi lg luhansk lt lutsk lviv mk mykolaiv od odesa odessa pl poltava"
    " rivne rv sb sebastopol sm sumy te ternopil uz uzhgorod vinnica vinnytsia vn volyn yalta zaporizhzhia zp"
    " zhytomyr zt".split()
)
_SHARED_HOSTS = frozenset("github.io gitlab.io netlify.app pages.dev vercel.app workers.dev blogspot.com".split())
# `none`: no page sent it, but the reader, such as by pressing reload.
_OUR_OWN = frozenset({"same-origin", "none"})


def own(settings: Settings) -> str:
    """The API's own origin."""
    return _origin(settings.public_url)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()


def with_cookies(settings: Settings) -> tuple[str, ...]:
    """Origins where cookies work: ours, and the listed ones that share scheme and registrable domain with us."""
    return _with_cookies(settings.public_url, settings.site_origins)


@cache
def _with_cookies(public_url: str, site_origins: tuple[str, ...]) -> tuple[str, ...]:
    # Every call asks, the settings never change, and reading addresses takes a fifth of a gate check (measured).
    here = _origin(public_url)
    return (here, *(origin for origin in site_origins if same_site(origin, here)))


def returnable(settings: Settings) -> tuple[str, ...]:
    """Origins a reader may be sent to: every listed one and our own."""
    return (own(settings), *settings.site_origins)


def same_site(one: str, other: str) -> bool:
    """Whether browsers call two origins the same site: equal scheme and registrable domain; ports do not count."""
    first, second = urlsplit(one), urlsplit(other)
    return first.scheme == second.scheme and _registrable(first.hostname or "") == _registrable(second.hostname or "")


def _registrable(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        labels = host.split(".")
    country, below = labels[-1], ".".join(labels[-2:-1])
    further = below in _SECOND_LEVEL and len(country) == 2  # noqa: PLR2004 - letters
    further = further or (country == "ua" and below in _OF_UKRAINE) or ".".join(labels[-2:]) in _SHARED_HOSTS
    depth = 3 if further else 2
    return ".".join(labels[-depth:])


def refuse_foreign(call: Call) -> None:
    """Refuse a call that changes something, unless the newsroom's website or one of our own pages sent it.

    With or without cookies: a foreign page's call comes without them, but its answer sets new ones, which signs our
    reader out, or in as somebody else; and it counts against everybody behind one IP address. A browser always says
    where a call comes from (`Origin`, `Sec-Fetch-Site`); a call that says nothing comes from a program, and passes.

    :raises Forbidden: `foreign_origin`.
    """
    origin, fetched = call.headers.get("origin"), call.headers.get("sec-fetch-site")
    if origin is None and fetched is None:
        return
    if fetched in _OUR_OWN or (origin or "").lower() in with_cookies(call.wiring.settings):
        return
    raise Forbidden("This call does not come from the newsroom's website.", code="foreign_origin")


def cors_headers(call: Call, allowed_methods: Sequence[str]) -> dict[str, str]:
    """The CORS headers of an answer: always one origin, never `*`, and `Vary` so that no cache mixes them up."""
    headers = {"Vary": "Origin"}
    origin = call.headers.get("origin", "").lower()
    settings = call.wiring.settings
    if origin in with_cookies(settings):
        headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
    elif origin in settings.site_origins and "GET" in allowed_methods:
        headers |= {"Access-Control-Allow-Origin": origin}
    return headers
