"""Handle feedback of the mail service: suppress an address whose mail bounced for good, or whose reader complained.

Feedback comes through an SNS topic, at least once and in any order; the result depends on neither.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from chalicelib.kernel import email_address
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Table
from chalicelib.mail.actions import budget as mail_budget
from chalicelib.mail.rows import suppressed
from chalicelib.mail.rules.feedback import BOUNCES, REASONS, Feedback, decide, known
from chalicelib.observing.log import alarm, log
from chalicelib.supporters.rows import supporters

_EVENTS = frozenset(
    {
        *("Bounce", "Complaint", "Delivery", "Send", "Reject", "Open", "Click"),
        *("Rendering Failure", "DeliveryDelay", "Subscription", "AmazonSnsSubscriptionSucceeded"),
    }
)
_TYPES = BOUNCES | REASONS
_KIND = re.compile(r"[a-z_]{1,40}")
# The plain text that the service sends when the topic is first connected.
_GREETING = "Successfully validated SNS topic"


class _Recipient(BaseModel):
    emailAddress: str = ""  # noqa: N815 - the service's word


class _Bounce(BaseModel):
    bounceType: str | None = None  # noqa: N815 - the same
    bounceSubType: str | None = None  # noqa: N815 - the same
    bouncedRecipients: list[_Recipient] = []  # noqa: N815 - the same


class _Complaint(BaseModel):
    complaintFeedbackType: str | None = None  # noqa: N815 - the same
    complaintSubType: str | None = None  # noqa: N815 - the same
    complainedRecipients: list[_Recipient] = []  # noqa: N815 - the same


class _Mail(BaseModel):
    timestamp: str = ""
    destination: list[str] = []
    tags: dict[str, list[str]] = {}


class _FeedbackMessage(BaseModel):
    """The fields of SES's event record that we read. If feedback is set up per sender, it has `notificationType`."""

    eventType: str = Field("", max_length=100)  # noqa: N815 - the same
    notificationType: str = Field("", max_length=100)  # noqa: N815 - the same
    mail: _Mail = _Mail()
    bounce: _Bounce = _Bounce()
    complaint: _Complaint = _Complaint()


def handle_mail_feedback(message: str, table: Table, *, email_key: str, now: RealTime) -> Mapping[str, Any]:
    """Suppress whom the feedback is about; answers `{event, suppressed}`, the number of newly suppressed addresses.

    What cannot be parsed raises an alarm and is dropped: trying it again would change nothing.

    :param message: the event record, JSON.
    :param now: real time, as the service's own times are.
    :raises TableUnavailable, Contended: try again.
    """
    if message.startswith(_GREETING):
        log.info("mail feedback greets")
        return {"event": "greeting", "suppressed": 0}
    feedback, about = _read(message)
    if feedback is None:
        alarm("mail_feedback_unreadable", length=len(message))
        return {"event": "unreadable", "suppressed": 0}
    decided = decide(feedback, now)
    hashed = [(supporters.email_hash(address, email_key), why) for address, why in decided]
    taken = [(each, why) for each, why in hashed if suppressed.suppress(table, each, why)]
    for each, why in taken:
        if why.kind == "bounce":
            mail_budget.came_back(table, each, now)
        else:
            mail_budget.complained(table, now)
    new = len(taken)
    event = known(feedback.event, _EVENTS)
    type_, subtype = (known(word, _TYPES) if word else "none" for word in (feedback.type, feedback.subtype))
    log.info("mail feedback", event=event, type=type_, subtype=subtype, kind=about, suppressed=new)
    return {"event": event, "suppressed": new}


def _read(message: str) -> tuple[Feedback | None, str]:
    """The feedback (None: it is none), and the kind of mail that it is about."""
    try:
        said = _FeedbackMessage.model_validate_json(message.encode("utf-8", "replace"))
    except ValidationError:
        return None, ""
    event = said.eventType or said.notificationType
    if not event:
        return None, ""
    type_, subtype, named = _more(said, event)
    about = said.mail.tags.get("kind", ["?"])[:1]
    return (
        Feedback(
            event=event,
            type=type_ or "",
            subtype=subtype or "",
            sent_to=_addresses(said.mail.destination),
            named=_addresses([recipient.emailAddress for recipient in named]),
            sent_at=_seconds(said.mail.timestamp),
        ),
        about[0] if about and _KIND.fullmatch(about[0]) else "unknown",
    )


def _more(message: _FeedbackMessage, event: str) -> tuple[str | None, str | None, list[_Recipient]]:
    if event == "Bounce":
        return (
            message.bounce.bounceType,
            message.bounce.bounceSubType,
            message.bounce.bouncedRecipients,
        )
    if event == "Complaint":
        complaint = message.complaint
        return complaint.complaintFeedbackType, complaint.complaintSubType, complaint.complainedRecipients
    return None, None, []


def _addresses(written: list[str]) -> tuple[EmailAddress, ...]:
    """The bare addresses, normalised for look-up; each may come with a name beside it.

    One that is not valid by today's rules stays as it is: dropping it would change how many recipients the mail had,
    which `Feedback.recipients` goes by.
    """
    bare = (parseaddr(text)[1] or text for text in written)
    return tuple(email_address.usable(text) or email_address.as_before(text) for text in bare if "@" in text)


def _seconds(timestamp: str) -> int | None:
    """`2017-08-05T00:40:02.012Z` in whole seconds since 1970."""
    try:
        return int(datetime.fromisoformat(timestamp).timestamp())
    except (ValueError, OverflowError):
        return None
