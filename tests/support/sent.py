"""Mails that a test reads instead of their reader."""

import re
from dataclasses import dataclass, field

_CODE = re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$", re.MULTILINE)
_LINK = re.compile(r"/v1/sign-in/(\S+)")


@dataclass(frozen=True)
class Mail:
    """A mail as it left."""

    to: str
    subject: str
    text: str
    html: str

    @property
    def code(self) -> str:
        """The sign-in code, which stands alone on a line."""
        found = _CODE.search(self.text)
        assert found, self.text
        return found.group()

    @property
    def token(self) -> str:
        """The end of the sign-in link."""
        found = _LINK.search(self.text)
        assert found, self.text
        return found.group(1)


@dataclass
class Outgoing:
    """`ports.Mailer` that keeps what is sent."""

    sent: list[Mail] = field(default_factory=list)

    pretended: int = 0

    def send(self, *, sender: str, to: str, subject: str, text: str, html: str, message_id: str, kind: str) -> None:
        """See the port."""
        assert sender
        assert message_id
        assert kind
        self.sent.append(Mail(to, subject, text, html))

    def pretend(self) -> None:
        """See the port; here only counted."""
        self.pretended += 1

    @property
    def last(self) -> Mail:
        """The newest."""
        return self.sent[-1]
