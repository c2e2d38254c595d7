"""What SES tells of a mail, as it tells it.

Shapes: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html
"""

import json
from datetime import UTC, datetime
from typing import Any

from testkit.clock import NOW

Feedback = dict[str, Any]


def moment(seconds: int) -> str:
    """`2026-09-21T14:13:20.000Z`."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def about(email: str, sent_at: int = NOW, **more: Any) -> Feedback:
    """The mail that the feedback is about."""
    return {
        "timestamp": moment(sent_at),
        "source": "support@nadrichchia.example",
        "sourceArn": "arn:aws:ses:eu-central-1:123456789012:identity/nadrichchia.example",
        "sendingAccountId": "123456789012",
        "messageId": "EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000",
        "destination": [email],
        "headersTruncated": False,
        "headers": [{"name": "To", "value": email}, {"name": "Subject", "value": "Ваш код"}],
        "commonHeaders": {"to": [email], "subject": "Ваш код"},
        "tags": {"ses:configuration-set": ["spilno-prod"], "kind": ["sign_in"]},
        **more,
    }


def bounce(
    email: str, kind: str = "Permanent", subtype: str = "General", sent_at: int = NOW, **more: Any
) -> Feedback:
    """It came back. `named`: whom the bounce names, when it is somebody else."""
    named = more.pop("named", email)
    who = {"emailAddress": named, "action": "failed", "status": "5.1.1", "diagnosticCode": f"smtp; 550 <{named}>"}
    detail = {
        "bounceType": kind,
        "bounceSubType": subtype,
        "bouncedRecipients": [who],
        "timestamp": moment(sent_at + 1),
        "feedbackId": "01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000",
        "reportingMTA": "dsn; mta.example.com",
    }
    return {"eventType": "Bounce", "bounce": detail, "mail": about(email, sent_at, **more)}


def complaint(email: str, kind: str | None = "abuse", sent_at: int = NOW, **more: Any) -> Feedback:
    """Its reader called it spam."""
    detail: Feedback = {
        "complainedRecipients": [{"emailAddress": email}],
        "timestamp": moment(sent_at + 1),
        "feedbackId": "01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000",
        "complaintSubType": None,
        "userAgent": "ExampleCorp Feedback Loop (V0.01)",
    }
    detail |= {"complaintFeedbackType": kind} if kind else {}
    return {"eventType": "Complaint", "complaint": detail, "mail": about(email, sent_at, **more)}


def sns(message: str | Feedback) -> Feedback:
    """As SNS hands it to a function."""
    text = message if isinstance(message, str) else json.dumps(message)
    inner: Feedback = {
        "Type": "Notification",
        "Message": text,
        "Subject": None,
        "MessageAttributes": {},
        "MessageId": "1",
    }
    return {"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": inner}]}
