"""Mails through Amazon SES; on the local stack through the local one, which only shows them."""

from email.message import EmailMessage
from email.utils import format_datetime, localtime

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.ports import MailUnavailable


class SesMailer:
    """`ports.Mailer` on SES."""

    def __init__(self, endpoint: str | None, *, local: bool) -> None:
        dummy = {"aws_access_key_id": "local", "aws_secret_access_key": "local", "region_name": "us-east-1"}
        config = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "max_attempts": 2})
        self._ses = boto3.client("sesv2", endpoint_url=endpoint, config=config, **(dummy if local else {}))

    def send(self, *, sender: str, to: str, subject: str, text: str, html: str, message_id: str) -> None:
        """See the port."""
        message = EmailMessage()
        message["From"] = sender
        message["To"] = to
        message["Subject"] = subject
        message["Date"] = format_datetime(localtime())
        message["Message-ID"] = f"<{message_id}@{sender.rpartition('@')[2].rstrip('>')}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        message.add_alternative(html, subtype="html")
        try:
            self._ses.send_email(
                FromEmailAddress=sender,
                Destination={"ToAddresses": [to]},
                Content={"Raw": {"Data": message.as_bytes()}},
            )
        except (ClientError, BotoCoreError) as error:
            # The service's own words may quote the address; only the kind of failure goes on.
            raise MailUnavailable(type(error).__name__) from None
