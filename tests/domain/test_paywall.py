"""Policies over time, and the decision with its reason."""

import pytest

from chalicelib.reading.rules.paywall import Policy, Viewer, decide

NOW = 1_790_000_000


@pytest.mark.parametrize(
    ("policy", "needs"),
    [
        (Policy("open"), None),
        (Policy("members"), "members"),
        (Policy("metered"), "members"),
        (Policy("tier:patron"), "tier:patron"),
        (Policy("members", opens_at=NOW), None),
        (Policy("members", opens_at=NOW + 1), "members"),
        (Policy("tier:patron", opens_at=NOW + 1), "tier:patron"),
        (Policy("open", closes_at=NOW), "members"),
        (Policy("open", closes_at=NOW + 1), None),
        (Policy("tier:patron", closes_at=NOW), "tier:patron"),
        # A window of openness: open from opens_at on, and from closes_at on no more.
        (Policy("members", opens_at=NOW - 5, closes_at=NOW), "members"),
        (Policy("members", opens_at=NOW - 5, closes_at=NOW + 1), None),
    ],
)
def test_what_a_policy_needs_now(policy: Policy, needs: str | None) -> None:
    assert policy.needs(NOW) == needs


@pytest.mark.parametrize(
    ("needs", "viewer", "opens", "reason"),
    [
        (None, Viewer(), True, "open"),
        ("members", Viewer(), False, "sign_in"),
        ("members", Viewer(signed_in=True), False, "support"),
        ("members", Viewer(tiers=("member",)), True, "supporter"),
        ("tier:patron", Viewer(tiers=("member",)), False, "higher_tier"),
        ("tier:patron", Viewer(tiers=("member", "patron")), True, "supporter"),
        ("tier:member", Viewer(tiers=("member", "patron")), True, "supporter"),
        ("members", Viewer(signed_in=True, payment_failed=True), False, "payment_failed"),
        ("members", Viewer(signed_in=True, tiers=("member",), payment_failed=True), True, "supporter"),
        ("tier:unknown", Viewer(tiers=("member", "patron")), False, "higher_tier"),
    ],
)
def test_the_decision_and_why(needs: str | None, viewer: Viewer, *, opens: bool, reason: str) -> None:
    decision = decide(needs, viewer)
    assert (decision.open, decision.reason) == (opens, reason)
