"""The mail service on Amazon SES; on the local stack on a stand-in that only shows the mails.

Most mails here are ones that their reader caused: a code, a receipt, news of their own gift. They have no
List-Unsubscribe header: a reader who unsubscribed from codes could not sign in any more. Those that can be switched
off have it with one click (RFC 8058): `mail/rules/classes.py` says which.
"""

import re
import time
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import Policy
from email.utils import format_datetime, localtime
from typing import Any, Self

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from chalicelib.aws import clients
from chalicelib.kernel import email_address
from chalicelib.mail.port import MailRefused, MailStopped, MailUnavailable
from chalicelib.newsroom.sender import Sender, SenderWrong
from chalicelib.newsroom.sender import read as read_sender

# Errors after which no mail goes until somebody repairs the cause:
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors. Those not named here
# are temporary: too many mails a second, the day's quota used up, a fault of the service.
_STOPPED = frozenset(
    {
        *("AccountSuspendedException", "SendingPausedException", "MailFromDomainNotVerifiedException"),
        "NotFoundException",  # the configuration set is not there
        *("AccessDeniedException", "UnrecognizedClientException", "InvalidClientTokenId"),  # the function's role
    }
)
_REFUSED = frozenset({"MessageRejected", "BadRequestException"})
# What SES says of a rejected message when it is not the message's fault: the sender's domain is not verified, or the
# account is still in SES's sandbox and the reader's address is not; or the account may not send.
# https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html
_OURS = {"not verified": "not_verified", "suspended": "suspended", "paused": "paused"}
_PLAIN = re.compile(r"[A-Za-z0-9'_ -]{1,40}")  # a name that needs no encoding
_FIRST_GUESS = 0.12  # seconds that a sending takes, until one has been measured


class SesMailer:
    """Implements `mail.port.Mailer` on SES. `mail_set`: the configuration set that reports bounces; empty: none."""

    def __init__(self, endpoint: str | None, *, local: bool, mail_set: str = "") -> None:
        config = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "max_attempts": 2})
        self._ses = clients.client("sesv2", endpoint, config, local=local)
        self._mail_set = {"ConfigurationSetName": mail_set} if mail_set else {}
        self._takes = _FIRST_GUESS

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
        """Implements `Mailer.send`."""
        mailbox = _mailbox(sender)
        message = _message(mailbox, to, subject, message_id)
        if unsubscribe:
            message["List-Unsubscribe"] = _Whole("List-Unsubscribe", f"<{unsubscribe}>")
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(text)
        message.add_alternative(html, subtype="html")
        message["Content-Language"] = lang  # last, as contents take such headers of the whole away
        started = time.perf_counter()
        try:
            self._ses.send_email(
                FromEmailAddress="".join(_from(mailbox).splitlines()),
                Destination={"ToAddresses": [to]},
                Content={"Raw": {"Data": _bytes(message)}},
                # Comes back with SES's feedback about this mail; it holds nothing about the reader.
                EmailTags=[{"Name": "kind", "Value": kind}],
                **self._mail_set,
            )
        except (ClientError, BotoCoreError) as error:
            # The service's message may quote the address; only the kind of failure is passed on.
            raise _failure(error) from None
        self._takes = (self._takes + time.perf_counter() - started) / 2

    def pretend(self) -> None:
        """Implements `Mailer.pretend`: takes as long as this process's last sendings, newer ones weighing more."""
        time.sleep(self._takes)


def _mailbox(written: str) -> Sender:
    try:
        return read_sender(written)
    except SenderWrong:
        raise MailRefused("bad_header") from None


def _message(mailbox: Sender, to: str, subject: str, message_id: str) -> EmailMessage:
    """The headers of a mail. Addresses are set as values, not as text, so that none can become two or a header.

    An address that is not normalised comes from a row of an earlier release: it is refused here, not repaired.
    """
    if email_address.usable(to) != to:
        raise MailRefused("bad_address")
    message = EmailMessage()
    try:
        message["From"] = _from(mailbox)
        message["To"] = Address("", *to.split("@"))
        message["Subject"] = subject if subject.isascii() else _Encoded("Subject", subject)
        message["Date"] = format_datetime(localtime())
        message["Message-ID"] = f"<{message_id}@{mailbox.address.partition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
    except (ValueError, IndexError, AttributeError):  # a line break, or what cannot be parsed
        raise MailRefused("bad_header") from None
    return message


class _Encoded(str):
    """A header's value as encoded words (RFC 2047), on as many lines as it needs.

    The standard library's own folding loses what stands between two lines: the quotes of a long name, so that each
    comma in it begins another mailbox, and the space before the first word of a new line (`200 ₴` came as `200₴`).
    """

    __slots__ = ("name",)
    name: str  # with a `name`, the message takes the value as a header that was parsed already

    def __new__(cls, name: str, text: str, after: str = "") -> Self:
        """Encode `text`, and put `after` behind it as it is.

        :raises ValueError: for a line break, with which another header would begin.
        """
        if len(text.splitlines()) > 1 or text.endswith(("\r", "\n")):
            raise ValueError("A header holds a line break.")
        value = super().__new__(cls, f"{Header(text, 'utf-8', header_name=name).encode()}{after}")
        value.name = name
        return value

    def fold(self, *, policy: Policy) -> str:
        """The header's lines in the mail."""
        return f"{self.name}: {policy.linesep.join(self.splitlines())}{policy.linesep}"


class _Whole(str):
    """A header's value on one line, as it is: an address that was folded in the middle is none."""

    __slots__ = ("name",)
    name: str

    def __new__(cls, name: str, text: str) -> Self:
        """The value.

        :raises ValueError: for a line break, with which another header would begin, or what is beyond ASCII.
        """
        if len(text.splitlines()) != 1 or not text.isascii():
            raise ValueError("A header holds what it must not.")
        value = super().__new__(cls, text)
        value.name = name
        return value

    def fold(self, *, policy: Policy) -> str:
        """The header's line in the mail."""
        return f"{self.name}: {self}{policy.linesep}"


def _from(mailbox: Sender) -> _Encoded | str:
    """The From header of a sender: SES wants a name beyond ASCII encoded."""
    if not mailbox.name or _PLAIN.fullmatch(mailbox.name):
        return f"{mailbox.name} <{mailbox.address}>" if mailbox.name else mailbox.address
    return _Encoded("From", mailbox.name, f" <{mailbox.address}>")


def _bytes(message: EmailMessage) -> bytes:
    try:
        return message.as_bytes()
    except UnicodeError:  # a lone surrogate
        raise MailRefused("bad_header") from None


def _failure(error: ClientError | BotoCoreError) -> Exception:
    if isinstance(error, ParamValidationError):
        return MailRefused("ParamValidationError")
    if not isinstance(error, ClientError):
        return MailUnavailable(type(error).__name__)
    answer: Any = error.response.get("Error", {})
    code = str(answer.get("Code", ""))
    if code in _STOPPED:
        return MailStopped(code)
    if code in _REFUSED:
        ours = [word for said, word in _OURS.items() if said in str(answer.get("Message", "")).partition(":")[0]]
        return MailStopped(ours[0]) if ours else MailRefused(code)
    return MailUnavailable(code or "ClientError")
