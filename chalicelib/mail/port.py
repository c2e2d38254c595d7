"""What we ask of the mail service. `aws/ses.py` implements it."""

from typing import Protocol


class Mailer(Protocol):
    """The mail service: sends one mail at a time.

    Raises `MailUnavailable` when it may be tried again (`MailStopped` when no mail at all goes until a person repairs
    the cause), and `MailRefused` when this mail will never go.
    """

    def send(  # noqa: PLR0913 - each is a part of the mail
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
        """Send one mail.

        `message_id` is unique per mail, so that a repeated sending is recognised. `kind`: the mail's kind; nothing
        about its reader. `lang`: the language that it is written in. `unsubscribe`: the address that ends mails of
        this class with one click, empty for those that nobody can end.
        """

    def pretend(self) -> None:
        """Take as long as a sending, but send nothing, so that the time does not reveal which of the two it was."""


class MailUnavailable(Exception):
    """The mail service did not take the mail."""


class MailStopped(MailUnavailable):
    """The mail service takes no mail at all until a person repairs the cause. `code`: its word for why, or ours."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class MailRefused(Exception):
    """The mail service will never take this mail. `code`: its own word for why; it never quotes the mail."""

    def __init__(self, code: str) -> None:
        super().__init__(f"The mail service refused: {code}")
        self.code = code
