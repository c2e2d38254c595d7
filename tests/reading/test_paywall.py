"""Policies over time, and the decision with its reason."""

import re

import pytest

from chalicelib.articles.rules import policy as policies
from chalicelib.articles.rules.policy import (
    MEMBERS,
    METERED,
    OPEN,
    AtLeast,
    Needed,
    Policy,
    Requirement,
    asked,
    parsed,
    written,
)
from chalicelib.kernel.moments import BusinessTime
from chalicelib.reading.rules.paywall import Viewer, decide

NOW = BusinessTime(1_790_000_000)
PATRON = AtLeast("patron")


@pytest.mark.parametrize(
    ("policy", "needs"),
    [
        (Policy(OPEN), OPEN),
        (Policy(MEMBERS), MEMBERS),
        (Policy(METERED), MEMBERS),
        (Policy(PATRON), PATRON),
        (Policy(MEMBERS, opens_at=NOW), OPEN),
        (Policy(MEMBERS, opens_at=NOW + 1), MEMBERS),
        (Policy(PATRON, opens_at=NOW + 1), PATRON),
        (Policy(OPEN, closes_at=NOW), MEMBERS),
        (Policy(OPEN, closes_at=NOW + 1), OPEN),
        (Policy(PATRON, closes_at=NOW), PATRON),
        # A window of openness: open from opens_at on, and from closes_at on no more.
        (Policy(MEMBERS, opens_at=NOW - 5, closes_at=NOW), MEMBERS),
        (Policy(MEMBERS, opens_at=NOW - 5, closes_at=NOW + 1), OPEN),
    ],
)
def test_what_a_policy_needs_now(policy: Policy, needs: Needed) -> None:
    assert policy.needs(NOW) == needs


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "change"),
    [
        (None, None, None),
        (NOW, None, None),
        (NOW + 1, None, NOW + 1),
        (None, NOW, None),
        (None, NOW + 9, NOW + 9),
        (NOW + 5, NOW + 9, NOW + 5),
        (NOW + 9, NOW + 5, NOW + 5),
        (NOW - 5, NOW + 9, NOW + 9),
        (NOW - 5, NOW, None),
    ],
)
def test_when_that_changes_next(opens_at: int | None, closes_at: int | None, change: int | None) -> None:
    assert Policy(MEMBERS, opens_at, closes_at).next_change(NOW) == change


@pytest.mark.parametrize(
    ("needs", "viewer", "opens", "reason"),
    [
        (OPEN, Viewer(), True, "open"),
        (MEMBERS, Viewer(), False, "sign_in"),
        (MEMBERS, Viewer(signed_in=True), False, "support"),
        (MEMBERS, Viewer(tiers=("member",)), True, "supporter"),
        (AtLeast("patron"), Viewer(tiers=("member",)), False, "higher_tier"),
        (AtLeast("patron"), Viewer(tiers=("member", "patron")), True, "supporter"),
        (AtLeast("member"), Viewer(tiers=("member", "patron")), True, "supporter"),
        (MEMBERS, Viewer(signed_in=True, payment_failed=True), False, "payment_failed"),
        (MEMBERS, Viewer(signed_in=True, tiers=("member",), payment_failed=True), True, "supporter"),
        (AtLeast("unknown"), Viewer(tiers=("member", "patron")), False, "higher_tier"),
    ],
)
def test_the_decision_and_why(needs: Needed, viewer: Viewer, *, opens: bool, reason: str) -> None:
    decision = decide(needs, viewer)
    assert (decision.open, decision.reason) == (opens, reason)


@pytest.mark.parametrize(
    ("text", "requirement", "may_be_asked"),
    [
        ("open", OPEN, False),
        ("metered", METERED, False),
        ("members", MEMBERS, True),
        ("tier:patron", PATRON, True),
        ("tier:open", AtLeast("open"), True),
        (f"tier:{'x' * 128}", AtLeast("x" * 128), True),
    ],
)
def test_a_requirement_is_read_as_it_is_written(text: str, requirement: Requirement, *, may_be_asked: bool) -> None:
    assert parsed(text) == requirement
    assert written(requirement) == text
    assert asked(text) == (requirement if may_be_asked else None)
    assert re.match(policies.PARSED_PATTERN, text)
    assert bool(re.match(policies.ASKED_PATTERN, text)) == may_be_asked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Open",
        "open ",
        "member",
        "tier",
        "tier:",
        "tier:два",
        "tier:a b",
        "tier:a\n",
        f"tier:{'x' * 129}",
        "tier:a:b",
    ],
)
def test_any_other_text_is_no_requirement(text: str) -> None:
    """The negative control of the test above, and of the pattern that tells websites what to send."""
    assert parsed(text) is None
    assert asked(text) is None
    assert not re.search(policies.PARSED_PATTERN.replace("$", r"\Z"), text)


def test_a_tier_by_the_name_of_an_audience_is_another_requirement() -> None:
    assert parsed("tier:open") is not OPEN
    assert decide(AtLeast("open"), Viewer()).reason == "sign_in"
