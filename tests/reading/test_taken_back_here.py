"""The browser that paid, and the supporter signed in, when the payment is taken back: what stays opens (P10, P16)."""

from typing import Any

import pytest

from chalicelib.supporters.rules.access import DAY, Grant, Standing
from chalicelib.supporters.rules.reversals import Reversal
from testkit.clock import NOW
from testkit.harness import Harness
from testkit.people import MARIA, monthly
from testkit.visitor import Visitor
from tests.reading.test_paid_here import paid_here

ONCE, OTHER = Grant("pi_1", "member", NOW, days=60), Grant("pi_2", "member", NOW, days=60)
BACK = [
    pytest.param({"refunds": {"re_1": 1000}}, False, id="refunded"),
    pytest.param({"refunds": {"re_1": 999}}, True, id="refunded in part"),
    pytest.param({"refunds": {"re_1": 0}}, True, id="a refund that failed"),
    pytest.param({"disputes": {"dp_1": 1000}}, False, id="withdrawn or lost"),
    pytest.param({"disputes": {"dp_1": 0}}, True, id="won"),
]


def opens(visitor: Visitor) -> bool:
    return bool(visitor.get("/v1/access?needs=members").json["open"])


@pytest.mark.parametrize(("back", "still_open"), BACK)
def test_the_browser_that_paid_reads_by_what_is_left_of_its_payment(
    harness: Harness, back: dict[str, Any], still_open: bool
) -> None:
    standing = Standing((ONCE, OTHER), (monthly(),), (Reversal("pi_1", 1000, **back),))
    assert opens(paid_here(harness, standing=standing)) is still_open, "whatever else this supporter gave"


@pytest.mark.parametrize(("back", "still_open"), BACK)
def test_the_supporter_reads_by_what_is_left_of_all(harness: Harness, back: dict[str, Any], still_open: bool) -> None:
    reversals = (Reversal("pi_1", 1000, **back),)
    visitor = Visitor()
    harness.supporter(MARIA, Standing((ONCE,), (), reversals))
    harness.sign_in(visitor, MARIA)
    assert opens(visitor) is still_open
    other = Visitor()
    harness.supporter("olha@reader.example", Standing((ONCE, OTHER), (), reversals))
    harness.sign_in(other, "olha@reader.example")
    assert opens(other), "the other gift stays"


def test_grace_ends_when_it_is_over_without_anything_being_told(harness: Harness) -> None:
    visitor = Visitor()
    harness.supporter(MARIA, Standing((), (monthly(days=1, status="past_due"),)))
    harness.sign_in(visitor, MARIA)
    harness.pass_time(2 * DAY)
    assert opens(visitor), "overdue, but within the week"
    harness.pass_time(7 * DAY)
    assert visitor.get("/v1/access?needs=members").json["reason"] == "payment_failed"
