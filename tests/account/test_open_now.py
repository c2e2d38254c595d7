"""What the account page says of the end of access: no days of grace, and no longer than the next payment earns."""

from dataclasses import replace

from chalicelib.account.rules.open_now import OpenNow, next_tier, once_stopped, open_now
from chalicelib.kernel.moments import BusinessTime
from chalicelib.supporters.rules.access import DAY, Grant, RecurringGift, Standing, entitled
from testkit.clock import NOW
from testkit.people import monthly
from tests.pages import samples

NEWSROOM = samples.newsroom()
AT = BusinessTime(NOW)


def told(*gifts: RecurringGift, grants: tuple[Grant, ...] = ()) -> OpenNow:
    return open_now(Standing(grants, gifts), NEWSROOM, AT)


def test_a_level_lasts_as_long_as_the_support_only_if_the_next_payment_earns_it() -> None:
    assert told(monthly()) == OpenNow("member")
    lowered = told(monthly(tier="patron", amount=500))
    assert lowered == OpenNow("patron", BusinessTime(NOW + 30 * DAY), "member")
    to_nothing = told(monthly(tier="patron", amount=100))
    assert to_nothing == OpenNow("patron", BusinessTime(NOW + 30 * DAY))


def test_the_days_of_grace_are_told_only_once_a_payment_is_late() -> None:
    lowered = monthly(tier="patron", amount=500)
    grace = NEWSROOM.grace_days * DAY
    access = entitled(Standing((), (lowered,)), NEWSROOM, AT)
    assert access.until == NOW + 30 * DAY + grace, "the control: access itself holds them"
    assert told(lowered).until == NOW + 30 * DAY
    late = monthly(days=-1, status="past_due")
    assert told(late).until == NOW - DAY + grace


def test_what_the_next_payment_opens_beyond_that_has_its_day() -> None:
    raised = told(monthly(amount=1500))
    assert (raised.tier, raised.more, raised.more_at) == ("member", "patron", NOW + 30 * DAY)
    paused = told(monthly(days=-5, status="paused", next_payment_at=NOW + 30 * DAY))
    assert (paused.tier, paused.more, paused.more_at) == (None, "member", NOW + 30 * DAY)
    assert told(monthly(amount=1500, ends_at=NOW + 30 * DAY)).more is None, "no payment will come"
    assert told(monthly(days=-20, status="past_due", amount=1500)).more is None, "nobody knows whether it comes"


def test_a_gap_before_the_next_payment_is_not_called_lasting() -> None:
    """Days of a one-off gift end before a gift that opens nothing yet is charged at its new amount."""
    raised = monthly(tier=None, amount=500)
    grant = Grant("pi_1", "member", NOW - DAY, 11)
    assert told(raised, grants=(grant,)) == OpenNow("member", BusinessTime(NOW + 10 * DAY), None, None, None), (
        "it ends"
    )
    enough = Grant("pi_1", "member", NOW - DAY, 40)
    assert told(raised, grants=(enough,)).until is None, "the control: open until the payment comes"


def test_while_a_payment_is_on_its_way_nothing_is_called_ending() -> None:
    """Stripe's period has begun, the invoice is not paid yet."""
    on_its_way = monthly(days=0, next_payment_at=NOW + 30 * DAY)
    assert told(on_its_way) == OpenNow("member")
    assert told(monthly(days=-30, next_payment_at=NOW + 30 * DAY)).tier is None, "the control: grace is over"


def test_what_stays_open_once_it_is_stopped() -> None:
    gift = monthly()
    standing = Standing((), (gift,))
    assert once_stopped(standing, gift, NEWSROOM, AT) == OpenNow("member", BusinessTime(NOW + 30 * DAY))
    late = monthly(days=-1, status="past_due")
    assert once_stopped(Standing((), (late,)), late, NEWSROOM, AT).tier is None, "no grace without a payment to come"
    other = replace(gift, id="sub_2")
    assert once_stopped(Standing((), (gift, other)), gift, NEWSROOM, AT).until is None, "the other one goes on"


def test_the_tier_of_the_next_payment_follows_todays_rules() -> None:
    assert next_tier(monthly(amount=300), NEWSROOM) == "member"
    assert next_tier(monthly(amount=299), NEWSROOM) is None
    assert next_tier(monthly(amount=1500, interval_count=6), NEWSROOM) is None
    assert next_tier(monthly(currency="gbp"), NEWSROOM) is None
