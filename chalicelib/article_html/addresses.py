"""Addresses in an article, resolved against the article's own address as a browser would."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from chalicelib.kernel.plain_url import plain

WEB = frozenset({"http", "https"})
# What a link may open beside pages: writing, calling, and the messengers that Ukrainian newsrooms link to.
LINKS = WEB | {"mailto", "tel", "sms", "geo", "tg", "viber", "whatsapp", "xmpp"}

_AROUND = "".join(map(chr, range(0x21)))
_WITHIN = str.maketrans("", "", "\t\r\n")  # browsers take them out: `java\nscript:` is `javascript:`
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_BEFORE_QUERY = re.compile(r"[^?#]*")
_NO_HOST = re.compile(r"(?:https?:)?[/\\]{2,}", re.IGNORECASE)  # what editors put into an empty field for links
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|avif|svg\+xml)[;,]", re.IGNORECASE | re.ASCII)
_CANDIDATE = re.compile(r"[\s,]*(\S+)([^,(]*(?:\([^)]*\)[^,(]*)*),?")


def meant(address: str) -> str:
    """The address as a browser reads it: without controls and spaces around it, and tabs and line ends within."""
    return address.strip(_AROUND).translate(_WITHIN)


def scheme_of(address: str) -> str:
    """The scheme of an address in lower case (`https`, `javascript`); empty if it is relative."""
    found = _SCHEME.match(meant(address))
    return found[1].lower() if found else ""


def is_relative(address: str) -> bool:
    """Whether an address means something else on another page. A mere fragment (`#notes`) does not count."""
    bare = meant(address)
    return bool(bare) and not bare.startswith("#") and not scheme_of(bare)


def resolved(address: str, base: str, schemes: frozenset[str] = WEB) -> str | None:
    """The absolute address; None if it is empty, invalid or of another scheme (`javascript:`)."""
    bare, scheme = meant(address), scheme_of(address)
    if not bare or (scheme and scheme not in schemes) or _NO_HOST.fullmatch(bare):
        return None
    if scheme and scheme not in WEB:
        return plain(bare)
    slashes = _BEFORE_QUERY.sub(lambda found: found[0].replace("\\", "/"), bare, count=1)
    try:
        whole = plain(urljoin(base, slashes))
        parts = urlsplit(whole)
        return f"{parts.scheme}{whole[len(parts.scheme) :]}" if parts.scheme in WEB and parts.hostname else None
    except ValueError:
        return None


def picture(address: str, base: str) -> str | None:
    """The absolute address of a picture, or the picture itself (`data:image/…`); None as in `resolved`."""
    bare = meant(address)
    return bare if _PICTURE.match(bare) else resolved(bare, base)


def pictures(srcset: str, base: str) -> str:
    """A `srcset` with absolute addresses; those that `resolved` refuses are left out."""
    return ", ".join(f"{whole}{size}" for one, size in _candidates(srcset) if (whole := resolved(one, base)))


def addresses_of(srcset: str) -> list[str]:
    """The addresses in a `srcset`, as they are written."""
    return [address for address, _ in _candidates(srcset)]


def _candidates(srcset: str) -> Iterator[tuple[str, str]]:
    """Address and size of each picture. An address may have commas within (`/w_300,h_200/a.jpg`), not at its end."""
    at = 0
    while found := _CANDIDATE.match(srcset, at):
        address, at = found[1], found.end()
        size = found[2].strip()
        if address.endswith(","):  # no size: what follows is the next picture already
            address, size, at = address.rstrip(","), "", found.end(1)
        yield address, f" {size}" if size else ""


def host_of(address: str) -> str:
    """The host of an absolute address, in lower case; empty if it has none."""
    return urlsplit(address).hostname or ""
