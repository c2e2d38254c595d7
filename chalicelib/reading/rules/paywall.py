"""Whether a reader may see an article. Decided here alone, and only on the server."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

Reason = Literal["open", "supporter", "sign_in", "support", "higher_tier", "payment_failed", "metered", "meter_used"]
TIER_PREFIX = "tier:"
MEMBERS = "members"


class Policy(NamedTuple):
    """What the CMS asked for: `open`, `metered`, `members` or `tier:<name>`; times in seconds, UTC."""

    access: str
    opens_at: int | None = None
    closes_at: int | None = None

    def needs(self, now: int) -> str | None:
        """What a reader must hold now: None for open to all, else `members` or `tier:<name>`.

        From `opens_at` on it is open to all; from `closes_at` on it is not, whatever it was before. `metered`
        counts as `members` until readers are metered.
        """
        restricted = self.access if self.access.startswith(TIER_PREFIX) else MEMBERS
        if self.closes_at is not None and now >= self.closes_at:
            return restricted
        if self.access == "open" or (self.opens_at is not None and now >= self.opens_at):
            return None
        return restricted


class Viewer(NamedTuple):
    """A reader as far as the gate cares: `tiers` are all tiers they hold, a higher one brings the lower along."""

    signed_in: bool = False
    tiers: Sequence[str] = ()
    payment_failed: bool = False


class Decision(NamedTuple):
    """`open` and why. The reason tells the website which words to show."""

    open: bool
    reason: Reason


def decide(needs: str | None, viewer: Viewer) -> Decision:
    """Whether this viewer may read what needs this (see `Policy.needs`)."""
    if needs is None:
        return Decision(open=True, reason="open")
    if satisfies(needs, viewer.tiers):
        return Decision(open=True, reason="supporter")
    if viewer.payment_failed:
        return Decision(open=False, reason="payment_failed")
    if viewer.tiers:
        return Decision(open=False, reason="higher_tier")
    return Decision(open=False, reason="support" if viewer.signed_in else "sign_in")


def satisfies(needs: str, tiers: Sequence[str]) -> bool:
    """Whether these tiers are enough for `members` or `tier:<name>`."""
    return bool(tiers) if needs == MEMBERS else needs.removeprefix(TIER_PREFIX) in tiers
