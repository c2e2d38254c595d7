"""Percent-encode an address as people paste it, so that it holds only characters that a URL may hold.

Browsers show `https://news.example/новини?q=a|b` and understand it; headers, mails and Stripe want
`https://news.example/%D0%BD…?q=a%7Cb`. Both name the same page. Whether a reader may be sent there is checked
elsewhere (`kernel/urls.py`), and always on the encoded address, never on the one that was given.
"""

import re
from urllib.parse import quote, unquote

_PARTS = re.compile(r"(?s)((?:[A-Za-z][A-Za-z0-9+.-]*:)?)((?://[^/?#]*)?)(.*)")
_AUTHORITY = re.compile(r"(?s)(//(?:.*@)?)([^@]*?)((?::[0-9]*)?)")
# All but what RFC 3986 allows, and what is percent-encoded already. `[` and `]` are allowed outside of a host as
# well: every browser sends `?tag[]=1` so.
_NOT_ALLOWED = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]")
_HOST = re.compile(r"[a-z0-9._-]+")
_BEYOND_ASCII = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_AROUND = "".join(map(chr, range(0x21)))  # controls and the space, which browsers remove around an address


def plain(address: str) -> str:
    """Percent-encode an address where needed. What is encoded already stays, so that doing it twice changes nothing.

    Letters beyond ASCII are encoded as UTF-8, in a host by IDNA (`новини.example` is `xn--b1amarcd.example`).
    """
    found = _PARTS.fullmatch(address.strip(_AROUND))
    assert found is not None, "the last part takes whatever is left"
    scheme, authority, rest = found.groups()
    return scheme + _encoded(_with_plain_host(authority)) + _encoded(rest)


def readable(address: str) -> str:
    """An encoded address as browsers show it, for people to read and to paste: `/новини` for `/%D0%BD…`.

    Only letters and digits beyond ASCII are decoded, so that what `plain` makes of it names the same page again, and
    nothing in it looks like something else. A host stays as it is.
    """
    return _BEYOND_ASCII.sub(lambda found: _letters(found[0]), address)


def _letters(escapes: str) -> str:
    text = unquote(escapes, errors="replace")
    return text if text.isalnum() else escapes


def _encoded(text: str) -> str:
    # UTF-8 cannot encode half a character (a lone surrogate); it becomes an encoded question mark.
    return _NOT_ALLOWED.sub(lambda found: quote(found[0], safe="", errors="replace"), text)


def _with_plain_host(authority: str) -> str:
    found = _AUTHORITY.fullmatch(authority)
    if found is None or found[2].isascii():
        return authority
    before, host, port = found.groups()
    return before + _in_ascii(host) + port


def _in_ascii(host: str) -> str:
    # Imported here: its tables take 10 ms, and few hosts need them.
    import idna

    try:
        ascii_host = idna.encode(host, uts46=True, std3_rules=True).decode()
    except ValueError:  # idna.IDNAError, and UnicodeError from deeper down
        return host
    return ascii_host if _HOST.fullmatch(ascii_host) else host
