"""SES's mailbox simulator, for the local stack: addresses that answer in a known way.

Mail to one of them is told to the app's own function as SES, SNS and Lambda would, so that a person can see what
becomes of an address whose mail comes back. A label makes as many addresses as are needed: `bounce+olia@…`.
Source: https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html#send-test-email
"""

import json
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from localdev.gateway.context import REGION, LambdaContext
from localdev.gateway.event import ACCOUNT
from localdev.gateway.function import load
from localdev.mailbox.box import Mail

DOMAIN = "simulator.amazonses.com"
FUNCTION = "mail_feedback"
_TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:spilno-mail-feedback"
_log = logging.getLogger(__name__)

Function = Callable[[Any, Any], Any]


def of_the_app() -> Function:
    """The function that hears of feedback. Loaded when the first mail asks for it: most stacks never need it."""
    function: Function = load("app:app").handler_map[FUNCTION]
    return function


class Simulator:
    """Tells the app's function of every mail to the simulator's addresses."""

    def __init__(self, function: Callable[[], Function] = of_the_app) -> None:
        self._function = function

    def tell(self, mails: Iterable[Mail]) -> None:
        """One event for each recipient of the simulator's; an error of the function's is logged, as Lambda would."""
        for mail in mails:
            for recipient in mail.recipients:
                told = feedback(mail, recipient)
                if told is not None:
                    self._invoke(told)

    def _invoke(self, told: dict[str, Any]) -> None:
        try:
            answer = self._function()(sns_event(told), LambdaContext(FUNCTION))
        except Exception:  # noqa: BLE001 - one event's error must not end the mailbox
            _log.exception("%s failed", FUNCTION)
        else:
            _log.info("%s: %s", FUNCTION, answer)


def feedback(mail: Mail, recipient: str) -> dict[str, Any] | None:
    """What SES tells of a mail to this address; None for one that is not the simulator's.

    Shape: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html
    """
    name, _, domain = recipient.partition("@")
    what = _ANSWERS.get(name.partition("+")[0])
    if domain != DOMAIN or what is None:
        return None
    now = _moment(datetime.now(UTC))
    about = {
        "timestamp": _moment(mail.sent),
        "source": "support@nadrichchia.example",
        "sendingAccountId": ACCOUNT,
        "messageId": mail.id,
        "destination": [recipient],
        "headersTruncated": False,
        "tags": {"ses:operation": ["SendEmail"]},
    }
    return {"mail": about, **what(recipient, now)}


def _bounce(kind: str, subtype: str) -> Callable[[str, str], dict[str, Any]]:
    def bounce(recipient: str, now: str) -> dict[str, Any]:
        who = {"emailAddress": recipient, "action": "failed", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1"}
        detail = {"bounceType": kind, "bounceSubType": subtype, "bouncedRecipients": [who]}
        return {"eventType": "Bounce", "bounce": {**detail, "timestamp": now, "feedbackId": f"local-{now}"}}

    return bounce


def _complaint(recipient: str, now: str) -> dict[str, Any]:
    detail = {"complainedRecipients": [{"emailAddress": recipient}], "complaintFeedbackType": "abuse"}
    return {"eventType": "Complaint", "complaint": {**detail, "timestamp": now, "feedbackId": f"local-{now}"}}


def _delivery(recipient: str, now: str) -> dict[str, Any]:
    return {"eventType": "Delivery", "delivery": {"timestamp": now, "recipients": [recipient]}}


_ANSWERS: dict[str, Callable[[str, str], dict[str, Any]]] = {
    "success": _delivery,
    "bounce": _bounce("Permanent", "General"),
    "suppressionlist": _bounce("Permanent", "Suppressed"),
    "ooto": _bounce("Transient", "General"),
    "complaint": _complaint,
}


def sns_event(told: dict[str, Any]) -> dict[str, Any]:
    """As SNS hands a message to a function: https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html."""
    message = {
        "Type": "Notification",
        "MessageId": told["mail"]["messageId"],
        "TopicArn": _TOPIC,
        "Subject": "Amazon SES Email Event Notification",
        "Message": json.dumps(told),
        "Timestamp": _moment(datetime.now(UTC)),
        "MessageAttributes": {},
    }
    record = {"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": f"{_TOPIC}:local"}
    return {"Records": [{**record, "Sns": message}]}


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
