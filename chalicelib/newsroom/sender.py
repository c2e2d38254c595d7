"""The sender of the newsroom's mails: one mailbox, with a name or without (RFC 5322, 3.4: `mailbox`).

    support@news.example
    Вісті Надріччя <support@news.example>
    "Вісті, Надріччя" <support@news.example>        a name with characters that are special in a header is quoted

Anything else is refused: a comma without quotes would make two mailboxes of it.
"""

import json
import re
from dataclasses import dataclass

from chalicelib.kernel import email_address
from chalicelib.kernel.email_address import EmailAddress

LONGEST_NAME = 80  # letters: encoded, name and address stay within the 320 characters that SES takes
_NAMED = re.compile(r'\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^"<>]*))\s*<(?P<address>[^<>]*)>\s*')
_SPECIAL = re.compile(r"[()\[\]:;@\\,]")
_ENCODED = re.compile(r"=\?.*\?=")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_EXAMPLE = EmailAddress("support@news.example")


class SenderWrong(ValueError):
    """The sender is not exactly one mailbox; the message says what to write instead."""


@dataclass(frozen=True)
class Sender:
    """A mailbox: the name that readers see (may be empty), and the normalised address."""

    name: str
    address: EmailAddress

    def __str__(self) -> str:
        """The mailbox as text, which `read` accepts; the name in quotes, as they are always allowed."""
        if not self.name:
            return self.address
        quoted = self.name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{self.address}>'


def read(written: str) -> Sender:
    """Parse a mailbox.

    :raises SenderWrong: it is none, or more than one.
    """
    named = _NAMED.fullmatch(written)
    if named is None:
        return Sender("", _address(written))
    quoted, plain = named["quoted"], named["plain"]
    name = (plain if quoted is None else re.sub(r"\\(.)", r"\1", quoted)).strip()
    if _UNSEEN.search(name) or _ENCODED.search(name) or len(name) > LONGEST_NAME:
        raise SenderWrong(f"a name of at most {LONGEST_NAME} letters, as people read it, before the <address>")
    if quoted is None and (special := _SPECIAL.search(name)):
        right = Sender(name, email_address.usable(named["address"]) or _EXAMPLE)
        line = json.dumps(str(right), ensure_ascii=False)  # TOML's strings are written like JSON's
        raise SenderWrong(f"the name in quotes, as it has a {special[0]} in it: mail_from = {line}")
    return Sender(name, _address(named["address"]))


def _address(written: str) -> EmailAddress:
    address = email_address.usable(written)
    if address is None:
        raise SenderWrong(f"the sender's one address, such as {_EXAMPLE}, with Latin letters before the @")
    return address
