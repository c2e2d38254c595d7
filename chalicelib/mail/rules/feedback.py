"""Which addresses to suppress after the mail service reports a bounce or a complaint.

    Bounce, Permanent                   the address does not exist, or refuses for good: suppressed. So is one that is
                                        on the service's own list (`OnAccountSuppressionList`, `Suppressed`)
    Bounce, Transient or Undetermined   full, away, too large: nothing. The service has tried for hours by then
    Complaint                           the reader said no: suppressed; but "not-spam", which says the opposite
    anything else                       nothing

Source: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.moments import RealTime

Kind = Literal["bounce", "complaint"]

# The words that may be kept and logged. A complaint's type is copied from what the reader's provider wrote, so
# anything could stand in it, an address too.
BOUNCES = frozenset({"Permanent", "Transient", "Undetermined"})
REASONS = frozenset(
    {
        *("General", "NoEmail", "Suppressed", "OnAccountSuppressionList", "UnsubscribedRecipient"),
        *("MailboxFull", "MessageTooLarge", "ContentRejected", "AttachmentRejected", "Undetermined"),
        *("abuse", "auth-failure", "fraud", "not-spam", "other", "virus"),
    }
)
_NOT_SPAM = "not-spam"
OTHER = "other"


@dataclass(frozen=True)
class Feedback:
    """What the mail service reports of one mail, in its own words.

    `type` is the kind of bounce or of complaint, `subtype` says more. `sent_to` are the recipients of the mail,
    `named` those that the feedback names; `sent_at`: when the mail was sent, in seconds, where that is known.
    """

    event: str
    type: str
    subtype: str
    sent_to: tuple[EmailAddress, ...]
    named: tuple[EmailAddress, ...]
    sent_at: int | None

    @property
    def recipients(self) -> tuple[EmailAddress, ...]:
        """Whom the feedback is about: only recipients of the mail, where those are known.

        A bounce is written by a stranger's server and may name anybody. So only the named recipients of our mail
        count, and of a mail with one recipient, as all of ours are, that one. Otherwise somebody who asks for a code
        to an address on their own server could have another reader suppressed.
        """
        if not self.sent_to:
            return self.named
        if len(self.sent_to) == 1:
            return self.sent_to
        return tuple(address for address in self.sent_to if address in self.named)


@dataclass(frozen=True)
class Suppression:
    """Why an address gets no mail, since `since`. `sent_at`: when the mail was sent that the feedback is about.

    Both in seconds.
    """

    kind: Kind
    reason: str
    since: int
    sent_at: int


def decide(feedback: Feedback, now: RealTime) -> tuple[tuple[EmailAddress, Suppression], ...]:
    """Which addresses to suppress, and why."""
    kind = _kind(feedback)
    if kind is None:
        return ()
    first, second = (feedback.subtype, feedback.type) if kind == "bounce" else (feedback.type, feedback.subtype)
    reason = known(first or second, REASONS)
    suppression = Suppression(kind, reason, now, now if feedback.sent_at is None else feedback.sent_at)
    return tuple((address, suppression) for address in dict.fromkeys(feedback.recipients) if address)


def _kind(feedback: Feedback) -> Kind | None:
    if feedback.event == "Bounce":
        on_a_list = feedback.subtype == "OnAccountSuppressionList"
        return "bounce" if feedback.type == "Permanent" or on_a_list else None
    if feedback.event == "Complaint":
        return None if feedback.type.lower() == _NOT_SPAM else "complaint"
    return None


def known(word: str, words: Collection[str]) -> str:
    """The word if it is one of these, else "other"."""
    return word if word in words else OTHER


def joined(held: Suppression | None, allowed_at: int | None, newer: Suppression) -> Suppression | None:
    """The suppression after one more feedback; the result depends neither on the order nor on repetitions.

    :param held: the suppression until now; None: mail may go.
    :param allowed_at: when an operator last allowed mail again, in seconds. Feedback about a mail sent before that
        changes nothing: the service may report it twice, and days later.
    """
    if allowed_at is not None and newer.sent_at <= allowed_at:
        return held
    if held is None:
        return newer
    # A complaint, which is the reader's own wish, outranks a mailbox that is gone.
    chosen = min(held, newer, key=lambda one: (one.kind != "complaint", one.sent_at, one.reason))
    return replace(chosen, since=min(held.since, newer.since))
