"""Registrable domains by the Public Suffix List, from the snapshot that the library carries: nothing is fetched."""

from functools import cache
from urllib.parse import urlsplit

import tldextract


@cache
def _extract() -> tldextract.TLDExtract:
    # With the private part of the list, as in browsers: two sites on github.io are not the same site.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def registrable(host: str) -> str:
    """`news.com.ua` of `www.news.com.ua`; an empty string for an address or a bare suffix."""
    found = _extract()(host)
    if found.suffix or found.ipv4 or found.ipv6:
        return str(found.top_domain_under_public_suffix)
    # The list's own default rule: a top domain that is not in it is a suffix of one label.
    return ".".join(host.rsplit(".", 2)[-2:]) if "." in host else ""


def is_suffix(host: str) -> bool:
    """Whether everybody may register below this host, so that it is nobody's own."""
    found = _extract()(host)
    return bool(found.suffix) and not found.domain


def same_site(one: str, other: str) -> bool:
    """Whether browsers call two origins the same site: equal scheme and registrable domain, or the same host."""
    first, second = urlsplit(one), urlsplit(other)
    if first.scheme != second.scheme:
        return False
    here, there = first.hostname or "", second.hostname or ""
    return here == there or (bool(registrable(here)) and registrable(here) == registrable(there))
