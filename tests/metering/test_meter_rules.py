"""The meter's rules: what is open, what is left, and in which month."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.moments import BusinessTime, rfc3339, seconds_of
from chalicelib.metering.rules.meter import MeterView, decide, month_at

THEN = BusinessTime(1_800_000_000)


def at(moment: str) -> BusinessTime:
    seconds = seconds_of(moment)
    assert seconds is not None
    return BusinessTime(seconds)


@pytest.mark.parametrize(
    ("limit", "already_read", "count", "opens", "left", "counts"),
    [
        (3, False, 0, True, 2, True),
        (3, False, 1, True, 1, True),
        (3, False, 2, True, 0, True),
        (3, False, 3, False, 0, False),
        # The same article again, also the last one, and after more were opened at one instant than may be.
        (3, True, 1, True, 2, False),
        (3, True, 3, True, 0, False),
        (3, True, 6, True, 0, False),
        (3, False, 6, False, 0, False),
        (1, False, 0, True, 0, True),
        (0, False, 0, False, 0, False),
    ],
)
def test_an_article_opens_while_some_are_left(
    limit: int, count: int, left: int, *, already_read: bool, opens: bool, counts: bool
) -> None:
    view = decide(limit, already_read=already_read, count=count, resets_at=THEN)
    assert view == MeterView(opens, left, limit, THEN, counts)


@given(st.integers(1, 100), st.lists(st.integers(0, 30), max_size=200))
def test_whatever_is_read_in_a_row_so_many_articles_open_and_never_one_more(limit: int, asked: list[int]) -> None:
    """One after the other: the set of what opened is the first `limit` different ones, and they stay open."""
    read: set[int] = set()
    for article in asked:
        view = decide(limit, already_read=article in read, count=len(read), resets_at=THEN)
        assert view.open == (article in read or len(read) < limit)
        if view.counts:
            assert article not in read
            read.add(article)
        assert view.left == limit - len(read) if view.open else len(read) == limit
    assert list(dict.fromkeys(asked))[:limit] == list(dict.fromkeys(one for one in asked if one in read))


@pytest.mark.parametrize(
    ("moment", "zone", "month", "resets_at"),
    [
        ("2026-11-30T21:59:59Z", "Europe/Kyiv", "2026-11", "2026-11-30T22:00:00Z"),
        ("2026-11-30T22:00:00Z", "Europe/Kyiv", "2026-12", "2026-12-31T22:00:00Z"),
        # Summer time ends on the last Sunday of October, begins on that of March.
        ("2026-10-01T00:00:00Z", "Europe/Kyiv", "2026-10", "2026-10-31T22:00:00Z"),
        ("2027-03-02T00:00:00Z", "Europe/Kyiv", "2027-03", "2027-03-31T21:00:00Z"),
        # The first place on earth in which a month begins, and the last.
        ("2026-11-30T09:59:59Z", "Pacific/Kiritimati", "2026-11", "2026-11-30T10:00:00Z"),
        ("2026-11-30T10:00:00Z", "Pacific/Kiritimati", "2026-12", "2026-12-31T10:00:00Z"),
        ("2026-12-01T10:59:59Z", "Pacific/Pago_Pago", "2026-11", "2026-12-01T11:00:00Z"),
        ("2026-12-31T23:59:59Z", "UTC", "2026-12", "2027-01-01T00:00:00Z"),
        ("2028-02-29T12:00:00Z", "UTC", "2028-02", "2028-03-01T00:00:00Z"),
    ],
)
def test_a_month_is_the_newsrooms_and_ends_at_its_midnight(
    moment: str, zone: str, month: str, resets_at: str
) -> None:
    found = month_at(at(moment), ZoneInfo(zone))
    assert (found.name, rfc3339(found.resets_at)) == (month, resets_at)


@given(
    st.sampled_from(["Europe/Kyiv", "America/Havana", "Asia/Beirut", "Pacific/Apia", "Australia/Lord_Howe"]),
    st.integers(820_000_000, 2_050_000_000),  # 1996 to 2034
)
def test_the_next_month_begins_where_this_one_ends(zone: str, seconds: int) -> None:
    now = BusinessTime(seconds)
    month = month_at(now, ZoneInfo(zone))
    assert month.resets_at > now
    assert month_at(BusinessTime(month.resets_at - 1), ZoneInfo(zone)).name == month.name
    assert month_at(month.resets_at, ZoneInfo(zone)).name != month.name
