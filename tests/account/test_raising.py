"""Which gift is raised to open a level, and what else there is than to stop."""

from dataclasses import replace

from chalicelib.account.rules.raising import LeastRaise, least_raise
from chalicelib.account.rules.ways_out import as_often, once_a_year, smaller
from testkit.people import monthly
from tests.pages import samples

NEWSROOM = samples.newsroom()


def test_a_gift_is_raised_to_the_least_that_opens_the_level() -> None:
    gift = monthly()
    assert least_raise([gift], "patron", NEWSROOM) == LeastRaise(gift, 1500, "month")
    yearly = monthly(interval="year", amount=6000)
    assert least_raise([yearly], "patron", NEWSROOM) == LeastRaise(yearly, 15000, "year")
    odd = monthly(interval_count=6, amount=1800)
    assert least_raise([odd], "patron", NEWSROOM) == LeastRaise(odd, 1500, "month")


def test_of_several_the_one_that_grows_the_least_is_raised() -> None:
    small, large = monthly(amount=300), replace(monthly(amount=1000), id="sub_2")
    found = least_raise([small, large], "patron", NEWSROOM)
    assert found is not None
    assert found.gift == large
    hryvnias = replace(monthly(amount=60000, currency="uah"), id="sub_3")
    found = least_raise([small, large, hryvnias], "patron", NEWSROOM)
    assert found is not None
    assert (found.gift, found.amount) == (hryvnias, 70000)


def test_what_cannot_be_raised_to_it_is_not() -> None:
    assert least_raise([], "patron", NEWSROOM) is None
    assert least_raise([monthly(amount=1500)], "patron", NEWSROOM) is None, "it is enough already"
    assert least_raise([monthly(currency="gbp")], "patron", NEWSROOM) is None
    assert least_raise([monthly()], "no such level", NEWSROOM) is None


def test_ways_out_are_smaller_offers_and_the_same_once_a_year() -> None:
    assert list(smaller(monthly(amount=1000), NEWSROOM)) == [500, 300]
    assert list(smaller(monthly(amount=300), NEWSROOM)) == []
    assert list(smaller(monthly(interval_count=6), NEWSROOM)) == []
    assert list(smaller(monthly(currency="gbp"), NEWSROOM)) == []
    assert once_a_year(monthly(amount=500), NEWSROOM) == 6000
    assert once_a_year(monthly(interval="year", amount=6000), NEWSROOM) is None, "it is yearly already"
    assert once_a_year(monthly(amount=500_000), NEWSROOM) is None, "more than is taken at once"


def test_the_same_support_at_another_rhythm() -> None:
    assert as_often(monthly(amount=500), "year") == 6000
    assert as_often(monthly(interval="year", amount=6000), "month") == 500
    assert as_often(monthly(amount=500), "month") == 500
