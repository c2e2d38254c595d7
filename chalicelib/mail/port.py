"""What we ask of the mail service. `aws/ses.py` implements it."""

from typing import Protocol


class Mailer(Protocol):
    """Sends one mail.

    Raises `MailUnavailable` when it may be tried again (`MailStopped` when nobody's mail goes until somebody mends
    it), and `MailRefused` when this mail will never go.
    """

    def send(self, *, sender: str, to: str, subject: str, text: str, html: str, message_id: str, kind: str) -> None:
        """`message_id` is unique per mail and makes a repeated sending recognisable. `kind`: of the mail, no more."""

    def pretend(self) -> None:
        """Take as long as a sending, and send nothing: who waits shall not learn which of the two it was."""


class MailUnavailable(Exception):
    """The mail service did not take the mail."""


class MailStopped(MailUnavailable):
    """The mail service takes nobody's mail until somebody mends it. `code` is its own word for why, or ours."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class MailRefused(Exception):
    """The mail service will never take this mail. `code` is its own word for why, never one that quotes the mail."""

    def __init__(self, code: str) -> None:
        super().__init__(f"The mail service refused: {code}")
        self.code = code
