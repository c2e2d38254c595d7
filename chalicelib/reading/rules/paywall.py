"""Whether a reader may see an article. Decided here alone, and only on the server."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from chalicelib.articles.rules.policy import OPEN, Needed, satisfies

Reason = Literal[
    "open", "supporter", "gift", "sign_in", "support", "higher_tier", "payment_failed", "metered", "meter_used"
]


class Viewer(NamedTuple):
    """What the gate knows of a reader: `tiers` are all tiers that they hold, a higher one with those below it."""

    signed_in: bool = False
    tiers: Sequence[str] = ()
    payment_failed: bool = False


class GateDecision(NamedTuple):
    """The gate's decision, and why. By the reason the website chooses the words to show."""

    open: bool
    reason: Reason


def metered(decision: GateDecision, *, opens: bool) -> GateDecision:
    """The decision on a metered article for a reader who holds no tier, once the meter has said whether it opens it.

    Whose payment failed reads by the meter like everybody, and is told of the failure once it opens nothing more.
    """
    if opens:
        return GateDecision(open=True, reason="metered")
    return decision if decision.reason == "payment_failed" else GateDecision(open=False, reason="meter_used")


def decide(needs: Needed, viewer: Viewer) -> GateDecision:
    """Whether this viewer may read what needs this (see `Policy.needs`)."""
    if needs is OPEN:
        return GateDecision(open=True, reason="open")
    if satisfies(needs, viewer.tiers):
        return GateDecision(open=True, reason="supporter")
    if viewer.payment_failed:
        return GateDecision(open=False, reason="payment_failed")
    if viewer.tiers:
        return GateDecision(open=False, reason="higher_tier")
    return GateDecision(open=False, reason="support" if viewer.signed_in else "sign_in")
