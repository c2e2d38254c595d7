"""Which hosts browsers call one site, by the Public Suffix List as its library carries it; nothing is fetched.

Reading the list takes some fifteen milliseconds, so it is read where an answer depends on it, once in a process, and
never for a gate check that a pass answers.
"""

import re
from collections.abc import Iterable
from functools import cache
from ipaddress import ip_address
from itertools import takewhile
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


@cache
def _list() -> PublicSuffixList:
    # With its private part, as in browsers: two newsrooms on github.io are not one site. Names beyond ASCII stand in
    # it as people write them; to have both forms would take three times as long.
    return PublicSuffixList(accept_encoded_idn=False)


def registrable(host: str) -> str:
    """`news.com.ua` of `www.news.com.ua`; an empty string for an IP address, a bare suffix or a single name."""
    found = _list().privatesuffix(_readable(host)) if _is_name(host) else None
    return _last(host, len(found.split("."))) if found else ""


def is_suffix(host: str) -> bool:
    """Whether everybody may register below this host, so that it is nobody's own."""
    return "." in host and _is_name(host) and not registrable(host)


def same_site(one: str, other: str) -> bool:
    """Whether browsers call two addresses one site: equal scheme, and the same host or registrable domain.

    Ports do not count.
    """
    first, second = urlsplit(one), urlsplit(other)
    here, there = first.hostname or "", second.hostname or ""
    return first.scheme == second.scheme and (here == there or registrable(here) == registrable(there) != "")


def shared_suffix(hosts: Iterable[str]) -> str:
    """The longest domain that all of these hosts end in, whoever may have names below it; empty if there is none."""
    from_the_end = zip(*(reversed(host.split(".")) for host in hosts), strict=False)
    shared = [labels[0] for labels in takewhile(lambda labels: len(set(labels)) == 1, from_the_end)]
    return ".".join(reversed(shared))


@cache
def cookie_domain(public_url: str, site_origins: tuple[str, ...]) -> str | None:
    """The `Domain` of a cookie that we and the newsroom's websites both see; None: of the API's host alone.

    It is the longest domain that the API shares with every listed website of its own site; one for all of them, so
    that a cookie set on one is removed on another. None where they share a host, an IP address or a public suffix.
    """
    origins = (public_url, *(origin for origin in site_origins if same_site(origin, public_url)))
    hosts = {urlsplit(origin).hostname or "" for origin in origins}
    shared = shared_suffix(hosts)
    # A domain goes into a header as it stands: only what is certainly a host's name does.
    return shared if len(hosts) > 1 and _HOST.fullmatch(shared) else None


def _is_name(host: str) -> bool:
    """Whether it is a name rather than an IP address or nothing at all."""
    try:
        ip_address(host)
    except ValueError:
        return all(host.split("."))
    return False


def _readable(host: str) -> str:
    """The host as the list writes names: `підтримка.укр` of `xn--…`."""
    try:
        return host.encode("ascii").decode("idna") if "xn--" in host else host
    except UnicodeError:
        return host


def _last(host: str, labels: int) -> str:
    return ".".join(host.split(".")[-labels:])
