"""Whose new card it is: the gift it was asked for, or what nobody could have meant otherwise."""

import pytest

from chalicelib.supporters.rules.access import RecurringGift, SubscriptionStatus
from chalicelib.supporters.rules.new_card import gifts_of_customer, takers
from testkit.gifts import recurring_gift


def gift(name: str, status: SubscriptionStatus = "active", customer: str = "cus_1") -> RecurringGift:
    return recurring_gift(name, "member", 0, 100, status, customer=customer)


def taking(
    *gifts: RecurringGift, asked: str | None = None, before: str | None = None, **own: str | None
) -> list[str]:
    return [one.id for one in takers(gifts, own, asked=asked, before=before)]


def test_the_gift_that_it_was_asked_for_takes_it_and_no_other() -> None:
    assert taking(gift("a"), gift("b", "past_due"), asked="a", a="pm_1", b="pm_2") == ["a"]


def test_a_wish_for_a_gift_that_is_over_counts_no_more() -> None:
    assert taking(gift("b"), asked="a", b="pm_2") == ["b"]


@pytest.mark.parametrize("status", ["past_due", "unpaid"])
def test_what_is_overdue_takes_it(status: SubscriptionStatus) -> None:
    assert taking(gift("a", status), gift("b"), a="pm_1", b="pm_2") == ["a"]


def test_the_only_gift_takes_it() -> None:
    assert taking(gift("a"), a="pm_1") == ["a"]


def test_what_was_charged_to_the_default_of_before_takes_it() -> None:
    assert taking(gift("a"), gift("b"), before="pm_1", a="pm_1", b="pm_2") == ["a"]


def test_of_two_with_cards_of_their_own_none_takes_what_nobody_asked_for() -> None:
    assert taking(gift("a"), gift("b"), a="pm_1", b="pm_2") == []


def test_what_is_charged_to_another_customer_or_to_none_any_more_is_not_among_them() -> None:
    gifts = [gift("a"), gift("b", "canceled"), gift("c", customer="cus_2")]
    assert [one.id for one in gifts_of_customer(gifts, "cus_1")] == ["a"]
