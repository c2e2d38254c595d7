"""Mails that a test reads instead of their reader."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from chalicelib.mail.port import MailUnavailable

_CODE = re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$", re.MULTILINE)
_LINK = re.compile(r"/v1/sign-in/(\S+)")


@dataclass(frozen=True)
class Mail:
    """A mail as it left."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    kind: str = ""
    unsubscribe: str = ""

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
    """`Mailer` that keeps what is sent. A test may stop it with `down`; `on_send` may raise or do something first."""

    sent: list[Mail] = field(default_factory=list)
    pretended: int = 0
    down: bool = False
    on_send: Callable[[Mail], None] = lambda _mail: None

    def send(  # noqa: PLR0913 - as the port has it
        self,
        *,
        sender: str,
        to: str,
        subject: str,
        text: str,
        html: str,
        lang: str,
        message_id: str,
        kind: str,
        unsubscribe: str = "",
    ) -> None:
        """See the port."""
        assert sender
        assert message_id
        assert kind
        assert lang
        mail = Mail(to, subject, text, html, message_id, kind, unsubscribe)
        self.on_send(mail)
        if self.down:
            raise MailUnavailable("the post is on strike")
        self.sent.append(mail)

    def pretend(self) -> None:
        """See the port; here only counted."""
        self.pretended += 1

    @property
    def last(self) -> Mail:
        """The newest."""
        return self.sent[-1]


def raising(error: Exception) -> Callable[[Mail], None]:
    """For `on_send`: no mail goes, and this is why."""

    def send(_mail: Mail) -> None:
        raise error

    return send
