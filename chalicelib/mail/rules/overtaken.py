"""Whether a mail that had to wait says what is over by now: it would ask for a payment that was made, say.

Only what is about something to come can be overtaken. What has happened is told, however late.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.kernel.moments import BusinessTime
from chalicelib.supporters.rules.access import DAY, Standing

KINDS = ("payment_failed", "yearly_ahead", "card_expires", "reminder")


def overtaken(mail_id: str, kind: str, values: Mapping[str, Any], standing: Standing, now: BusinessTime) -> bool:
    """Whether it must not go out any more. `standing`: of its reader, as it is now."""
    match kind:
        case "payment_failed":
            return _paid(mail_id, standing) or _tried_again(values, now)
        case "yearly_ahead" | "card_expires":
            return values["next_payment_at"] <= now or not _will_be_charged(values, standing)
        case "reminder":
            return any(gift.goes_on for gift in standing.recurring)
        case _:
            return False


def _paid(mail_id: str, standing: Standing) -> bool:
    """Whether the payment that failed has arrived since: its invoice stands in the mail's name."""
    invoice = mail_id.partition(":")[0]
    return any(period.invoice == invoice for gift in standing.recurring for period in gift.periods)


def _tried_again(values: Mapping[str, Any], now: BusinessTime) -> bool:
    """Whether the next try that it announces was made: what came of it has a mail of its own."""
    at = values.get("next_attempt_at")
    return at is not None and at + DAY <= now


def _will_be_charged(values: Mapping[str, Any], standing: Standing) -> bool:
    """Whether the gift still takes the payment of that day; one that nobody knows any more is left to its mail."""
    gifts = [gift for gift in standing.recurring if gift.id == values.get("recurring")]
    at = values["next_payment_at"]
    return all(
        one.will_renew and one.next_payment_at is not None and abs(one.next_payment_at - at) < DAY for one in gifts
    )
