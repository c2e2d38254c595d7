r"""Normalise an e-mail address: what a person typed, or Stripe sent, becomes the one form in which it is stored.

In that form it is looked up, mailed to and shown, so it may be a key, a recipient and a cell of a spreadsheet:

    local part   ASCII, lower case; letters, digits and .!#$%&'*+/=?^_{}~-, first a letter, a digit or _; no dot at
                 its end nor two in a row; at most 64. SES carries no other letters (SMTPUTF8) and none of these dots
    domain       its ASCII form (IDNA 2008): `bücher.de` is `xn--bcher-kva.de`; two labels or more, no IP address
    whole        at most 254 (RFC 5321, 4.5.3.1.3, without the angle brackets)

What is not part of the address is removed: white space and punctuation around it, `mailto:` with its
percent-encoding and its `?subject=…`, invisible characters. Text that could be two addresses is refused. Decision
0027.
"""

import re
from typing import NewType
from urllib.parse import unquote

from chalicelib.kernel.errors import BadInput

EmailAddress = NewType("EmailAddress", str)
"""An address in its normalised form. Those in the table are taken to be normalised; rows from before this rule may
hold others, and `usable` checks each before mail goes there."""

NONE = EmailAddress("")  # of a supporter whose address is not known

# Default_Ignorable_Code_Point but for the two joiners: soft hyphens, zero-width spaces, byte order marks, marks of
# direction. https://www.unicode.org/Public/17.0.0/ucd/DerivedCoreProperties.txt
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINERS = re.compile("[\u200c\u200d]")  # they matter in Persian and Indian domains only
_SPACE = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
_SPACE += "\u2028\u2029\u202f\u205f\u3000"
_BEFORE = _SPACE + "<([{\"'«“„‹‘‚"
_AFTER = _SPACE + ">)]}\"'»”“›’‘.,;:!?。、，；"  # a full stop of a sentence, or of a domain's root
_BESIDE_AT = re.compile("[ \xa0]*@[ \xa0]*")  # a phone's keyboard puts spaces after a word
_MAILTO = re.compile("mailto:", re.IGNORECASE | re.ASCII)

_LONGEST_TYPED = 1000
_LONGEST, _LONGEST_LOCAL = 254, 64
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_{}~-]+"
_LOCAL = re.compile(rf"(?=[A-Za-z0-9_]){_ATOM}(?:\.{_ATOM})*")
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z]){_LABEL}")  # what ends in a number would be an IP address


def read(typed: str) -> EmailAddress:
    """Normalise an address.

    :raises BadInput: `bad_email`: it is no address that mail can go to; the sentence does not quote it.
    """
    address = usable(typed)
    if address is None:
        raise BadInput("This does not look like an email address.", code="bad_email", field="email")
    return address


def usable(typed: str | None) -> EmailAddress | None:
    """Normalise an address; None if there is none, or none that mail can go to."""
    if not typed or len(typed) > _LONGEST_TYPED:
        return None
    bare = _bare(typed)
    if bare is None:
        return None
    local, at, domain = _BESIDE_AT.sub("@", bare).partition("@")
    local = _JOINERS.sub("", local)
    # In lower case only once it is ASCII: the Kelvin sign would become a `k`, and the address somebody else's.
    if not at or len(local) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        return None
    where = host(domain)
    address = f"{local.lower()}@{where}"
    return EmailAddress(address) if where and len(address) <= _LONGEST else None


def as_before(typed: str) -> EmailAddress:
    """The form in which addresses were stored before this rule, to find rows of that time.

    No mail goes to an address that `usable` refuses.
    """
    return EmailAddress(typed.strip().lower())


def older_form(address: EmailAddress) -> EmailAddress | None:
    """The form in which this address was stored before domains were stored in ASCII; None if it is the same."""
    local, _, domain = address.partition("@")
    unicode = _in_unicode(domain)
    return EmailAddress(f"{local}@{unicode}") if unicode != domain else None


def shown(address: str) -> str:
    """An address as its owner reads it: `olena@bücher.de`. A domain that looks like another one stays in ASCII."""
    local, at, domain = address.partition("@")
    unicode = _in_unicode(domain)
    return f"{local}{at}{unicode if _looks_like_itself(unicode) else domain}"


def _bare(typed: str) -> str | None:
    """The text without what surrounds the address (punctuation, `mailto:`); None if encoded, and not as UTF-8."""
    bare = _UNSEEN.sub("", typed).lstrip(_BEFORE).rstrip(_AFTER)
    link = _MAILTO.match(bare)
    if link is None:
        return bare
    try:
        meant = unquote(bare[link.end() :].partition("?")[0], errors="strict")
    except UnicodeDecodeError:
        return None
    return _UNSEEN.sub("", meant).lstrip(_BEFORE).rstrip(_AFTER)


def host(domain: str) -> str | None:
    """A domain's ASCII form (IDNA 2008), in lower case; None if mail cannot go there.

    One that is ASCII already is not encoded again: that is the form which the DNS knows.
    """
    for written in dict.fromkeys((domain, _JOINERS.sub("", domain))):
        found = written.lower() if written.isascii() else _in_ascii(written)
        if found and _DOMAIN.fullmatch(found):
            return found
    return None


def _in_ascii(domain: str) -> str | None:
    # Imported here: its tables of all scripts cost 15 ms, which only such addresses need.
    import idna

    try:
        return idna.encode(domain, uts46=True, std3_rules=True).decode()
    except UnicodeError:  # of which `IDNAError` is one
        return None


def _in_unicode(domain: str) -> str:
    if "xn--" not in domain:
        return domain
    import idna

    try:
        return idna.decode(domain)
    except UnicodeError:
        return domain


# Latin letters of Western and Central Europe, without those that are easily taken for others (`ı`, `ĸ`); Cyrillic
# letters of Ukrainian and its neighbours; and those among them that look like no Latin letter.
_LATIN = re.compile("[a-z0-9ß-öø-žſ-]+")
_TOO_ALIKE = re.compile("[ıĸŀŉſ]")
_CYRILLIC = re.compile("[0-9а-яёђ-џґ-]+")
_CYRILLIC_ONLY = re.compile("[бджзийлфцчшщыэюяєїґђћљњ]")


def _looks_like_itself(domain: str) -> bool:
    """Whether no label can be taken for another: each is in one script, and Cyrillic does not look like Latin."""
    labels = domain.split(".")
    top_is_cyrillic = not labels[-1].isascii()

    def clear(label: str) -> bool:
        if _LATIN.fullmatch(label):
            return not _TOO_ALIKE.search(label)
        unlike = top_is_cyrillic or _CYRILLIC_ONLY.search(label)
        return bool(_CYRILLIC.fullmatch(label) and unlike)

    return all(map(clear, labels))
