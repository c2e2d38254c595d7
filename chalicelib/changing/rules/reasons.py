"""The reasons that a supporter may give for stopping: our keys, and Stripe's word for each.

Their words are `stopping.reason.<key>` of the texts. Stripe's list is fixed; our key goes into its comment too, so
that its dashboard shows it. https://docs.stripe.com/api/subscriptions/update#update_subscription-cancellation_details
"""

from collections.abc import Mapping
from typing import Literal, get_args

Reason = Literal[
    "money", "enough", "reading", "topics", "quality", "trouble", "service", "elsewhere", "something_else"
]
REASONS: tuple[Reason, ...] = get_args(Reason)

_FEEDBACK: Mapping[Reason, str] = {
    "money": "too_expensive",
    "enough": "other",  # they gave as long as they meant to
    "reading": "unused",
    "topics": "missing_features",
    "quality": "low_quality",
    "trouble": "too_complex",
    "service": "customer_service",
    "elsewhere": "switched_service",
    "something_else": "other",
}


def cancellation_details(reason: Reason | None, comment: str | None) -> dict[str, str]:
    """What Stripe is told of a reason and a comment; empty where neither was given."""
    told = ": ".join(filter(None, (reason, comment)))
    feedback = {"feedback": _FEEDBACK[reason]} if reason else {}
    return {**feedback, "comment": told} if told else {}
