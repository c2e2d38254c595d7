"""An address as people paste it and programs write it becomes one that holds only what a URL may hold.

Browsers show `https://news.example/новини?q=a|b` and understand it; headers, mails and Stripe want
`https://news.example/%D0%BD…?q=a%7Cb`. Both name the same page. Whether anybody may be sent there is another
question: ask it of what comes out here, never of what went in.
"""

import re
from urllib.parse import quote

_PARTS = re.compile(r"(?s)((?:[A-Za-z][A-Za-z0-9+.-]*:)?)((?://[^/?#]*)?)(.*)")
_AUTHORITY = re.compile(r"(?s)(//(?:.*@)?)([^@]*?)((?::[0-9]*)?)")
# What RFC 3986 lets stand as it is, and whatever is percent-encoded already. `[` and `]` too, outside of a host as
# well: every browser sends `?tag[]=1` so.
_NOT_ALLOWED = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]")
_HOST = re.compile(r"[a-z0-9._-]+")
_AROUND = "".join(map(chr, range(0x21)))  # controls and the space: what browsers take away around an address


def plain(address: str) -> str:
    """The same address, percent-encoded where it must be; what is encoded already stays, and twice is as once.

    Letters beyond ASCII are encoded as UTF-8, in a host by IDNA (`новини.example` is `xn--b1amarcd.example`).
    """
    found = _PARTS.fullmatch(address.strip(_AROUND))
    assert found is not None, "the last part takes whatever is left"
    scheme, authority, rest = found.groups()
    return scheme + _encoded(_with_plain_host(authority)) + _encoded(rest)


def _encoded(text: str) -> str:
    # Half a character (a lone surrogate) is nothing that UTF-8 can say; it becomes an encoded question mark.
    return _NOT_ALLOWED.sub(lambda found: quote(found[0], safe="", errors="replace"), text)


def _with_plain_host(authority: str) -> str:
    found = _AUTHORITY.fullmatch(authority)
    if found is None or found[2].isascii():
        return authority
    before, host, port = found.groups()
    return before + _in_ascii(host) + port


def _in_ascii(host: str) -> str:
    # 10 ms of tables, for the few hosts that need them.
    import idna

    try:
        ascii_host = idna.encode(host, uts46=True, std3_rules=True).decode()
    except ValueError:  # idna.IDNAError, and UnicodeError from deeper down
        return host
    return ascii_host if _HOST.fullmatch(ascii_host) else host
