"""What is told of a gift: how it stands, how often it was given, and the sums of a year."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.kernel.ids import SupporterId
from chalicelib.ledger.rows import codec
from chalicelib.ledger.rules.movements import Entry, Kind, Movement, Period
from chalicelib.ledger.rules.stored import StoredEntry
from chalicelib.receipts.rules import cursors
from chalicelib.receipts.rules.donations import Donation, YearSum, donations, interval_of, statement, years_of
from testkit.people import monthly

DAY = 86_400
AT = 1_790_000_000
GIFT = Movement("pi_1", "gift", "pi_1", 1000, "eur", AT, livemode=False, payer="Марія", rail="stripe")
KYIV = ZoneInfo("Europe/Kyiv")


def stored(moved: Movement) -> StoredEntry:
    found = codec.read_entry(codec.write_entry(Entry(moved), SupporterId("ada")))
    assert isinstance(found, StoredEntry)
    return found


def back(name: str, amount: int, kind: Kind = "refund", days: int = 1) -> Movement:
    return replace(GIFT, id=name, kind=kind, amount=amount, occurred_at=AT + days * DAY, payer=None)


@pytest.mark.parametrize(
    ("reversals", "status", "refunded", "left"),
    [
        ([], "paid", 0, 1000),
        ([back("re_1", -400)], "partly_refunded", 400, 600),
        ([back("re_1", -400), back("re_2", -600)], "refunded", 1000, 0),
        ([back("re_1", -1000), back("re_1:failed", 1000)], "paid", 0, 1000),
        ([back("re_1", -1000), back("re_1:failed", 1000), back("re_2", -1000)], "refunded", 1000, 0),
        ([back("txn_1", -1000, "dispute")], "disputed", 0, 0),
        ([back("txn_1", -1000, "dispute"), back("txn_2", 1000, "dispute")], "paid", 0, 1000),
        ([back("txn_1", -1000, "dispute"), back("txn_2", 600, "dispute")], "disputed", 0, 600),
        ([back("re_1", -400), back("txn_1", -600, "dispute")], "disputed", 400, 0),
        ([back("txn_1", 1000, "dispute")], "paid", 0, 1000),
    ],
)
def test_how_a_gift_stands(reversals: list[Movement], status: str, refunded: int, left: int) -> None:
    entries = [stored(one) for one in (GIFT, *reversals)]
    for order in (entries, entries[::-1]):
        (found,) = donations(order, livemode=False)
        assert (found.status, found.refunded, found.left) == (status, refunded, left)
        assert list(found.reversals) == sorted(reversals, key=lambda one: (one.occurred_at, one.id))


def test_they_stand_newest_first_and_test_money_is_not_real_money() -> None:
    later = replace(GIFT, id="pi_2", gift="pi_2", occurred_at=AT + DAY)
    real = replace(GIFT, id="pi_3", gift="pi_3", livemode=True)
    entries = [stored(one) for one in (GIFT, later, real, back("re_9", -5))]
    assert [one.gift.id for one in donations(entries, livemode=False)] == ["pi_2", "pi_1"]
    assert [one.gift.id for one in donations(entries, livemode=True)] == ["pi_3"]


@pytest.mark.parametrize(
    ("days", "interval"),
    [(28, "month"), (31, "month"), (365, "year"), (366, "year"), (7, "week"), (1, "day"), (14, "year"), (90, "year")],
)
def test_how_often_it_was_given_is_said_by_the_time_it_paid_for(days: int, interval: str) -> None:
    """The recurring gift has been changed to a yearly one since; of a part of a period it is the one that helps."""
    now = replace(monthly(), id="sub_1", interval="year")

    def given(**more: Any) -> Donation:
        (found,) = donations([stored(replace(GIFT, recurring="sub_1", **more))], livemode=False)
        return found

    period = Period(AT, AT + days * DAY)
    assert interval_of(given(period=period), [now]) == interval
    assert interval_of(given(), [now]) == "year"
    assert interval_of(given(), []) == "month"
    assert interval_of(replace(given(period=period), stored=stored(GIFT)), [now]) == "once"


@pytest.mark.parametrize(("days", "left", "interval"), [(30, 7, "month"), (30, 1, "month"), (365, 30, "year")])
def test_the_difference_of_a_raise_is_given_as_often_as_what_it_adds_to(days: int, left: int, interval: str) -> None:
    """Charged at once for the rest of the paid time, which may be as long as a week or a month."""
    paid = replace(GIFT, recurring="sub_1", period=Period(AT, AT + days * DAY))
    end = AT + days * DAY
    more = [replace(paid, id="pi_2", gift="pi_2", period=Period(end - left * DAY, end))]
    more.append(replace(paid, id="pi_3", gift="pi_3", period=Period(end, end + days * DAY)))
    for order in ([paid, *more], [*more, paid]):
        found = donations([stored(one) for one in order], livemode=False)
        assert {interval_of(one, [monthly()]) for one in found} == {interval}


def test_what_was_given_after_a_year_went_back_is_given_as_often_as_it_is() -> None:
    year = replace(GIFT, recurring="sub_1", period=Period(AT, AT + 365 * DAY))
    month = replace(year, id="pi_2", gift="pi_2", period=Period(AT + DAY, AT + 31 * DAY))
    several = [stored(one) for one in (year, month)]
    assert [interval_of(one, []) for one in donations(several, livemode=False)] == ["year", "year"]
    found = donations([*several, stored(back("re_1", -year.amount))], livemode=False)
    assert {one.gift.id: interval_of(one, []) for one in found} == {"pi_1": "year", "pi_2": "month"}


def test_a_statement_is_of_the_newsrooms_year_with_what_went_back_by_now() -> None:
    """A gift at 22:30 UTC on 31 December is of the next year in Kyiv; its refund belongs to it whenever it came."""
    eve = int(datetime.fromisoformat("2026-12-31T21:59:59Z").timestamp())
    several = [
        replace(GIFT, id="pi_a", gift="pi_a", occurred_at=eve - 40 * DAY, amount=500),
        replace(GIFT, id="pi_b", gift="pi_b", occurred_at=eve, payer="M. K."),
        replace(GIFT, id="pi_c", gift="pi_c", occurred_at=eve + 1, currency="uah"),
        replace(GIFT, id="re_b", kind="refund", gift="pi_b", amount=-300, occurred_at=eve + 60 * DAY),
        replace(GIFT, id="pi_d", gift="pi_d", occurred_at=eve - 1, currency="uah"),
    ]
    gifts = donations([stored(one) for one in several], livemode=False)
    old = statement(gifts, 2026, KYIV)
    assert [one.gift.id for one in old.donations] == ["pi_a", "pi_d", "pi_b"]
    assert old.sums == [YearSum("eur", 1500, 300), YearSum("uah", 1000, 0)]
    assert [one.left for one in old.sums] == [1200, 1000]
    assert old.something_left
    assert [one.gift.id for one in statement(gifts, 2027, KYIV).donations] == ["pi_c"]
    assert years_of(gifts, KYIV) == [2027, 2026]
    gone = donations([stored(GIFT), stored(back("re_1", -1000))], livemode=False)
    assert not statement(gone, 2026, KYIV).something_left


def test_a_cursor_is_what_we_gave_and_nothing_else() -> None:
    place = stored(GIFT).place
    assert cursors.place_of(cursors.cursor(place)) == place
    for text in ("", "x", "%%%", cursors.cursor(place)[:-1], cursors.cursor(place) + "=", cursors.cursor("PROFILE")):
        assert cursors.place_of(text) is None
    assert cursors.place_of("A" * 500) is None
    assert cursors.place_of(cursors.cursor("MONEY#2026-01-01T00:00:00Z#" + "x" * 129)) is None
