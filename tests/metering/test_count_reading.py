"""The meter counts: strangers by the marks in their browser, who is signed in by one row of the table."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from chalicelib.aws.secrets import SecretsUnavailable
from chalicelib.kernel import keys, marks
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import Table
from chalicelib.metering.actions.count_reading import METER, CountedReading, Opening, count_reading
from chalicelib.metering.rows import read_articles
from chalicelib.metering.rules.meter import MeterView, month_at
from chalicelib.newsroom.rules import Limits, Meter, Newsroom
from testkit.at_once import at_once
from testkit.clock import NOW
from testkit.harness import EMAIL_KEY, Harness
from testkit.people import watch
from testkit.tables import Around, Unguarded

pytestmark = pytest.mark.engine
MARIA = SupporterId("maria0000000")


class Browser:
    """A browser that keeps the marks it gets, or not (`keeps`); `supporter` is who is signed in there."""

    def __init__(self, harness: Harness, supporter: SupporterId | None = None, *, keeps: bool = True) -> None:
        self.harness, self.supporter, self.keeps = harness, supporter, keeps
        self.jar: dict[str, str] = {}
        self.newsroom: Newsroom = replace(harness.newsroom, meter=Meter(3, 5))
        self.client = "192.0.2.1"

    def asks(self, article: str, jar: Mapping[str, str] | None = None, at: int = NOW) -> CountedReading:
        opening = Opening(article, self.supporter, self.jar if jar is None else jar, lambda: self.client)
        return count_reading(
            opening,
            self.newsroom,
            self.harness.table,
            lambda: EMAIL_KEY,
            real_now=RealTime(at),
            now=BusinessTime(at),
        )

    def keep(self, counted: CountedReading) -> None:
        if counted.mark and self.keeps:
            self.jar[counted.mark[0].name] = counted.mark[0].value

    def opens(self, *articles: str, at: int = NOW) -> str:
        """`+` for each that opens, `-` for each that does not."""
        said = ""
        for article in articles:
            counted = self.asks(article, at=at)
            self.keep(counted)
            said += "+" if counted.view and counted.view.open else "-"
        return said


def test_a_stranger_opens_three_and_each_of_them_again(harness: Harness) -> None:
    reader = Browser(harness)
    assert reader.opens("a", "b", "a", "a", "c", "d", "e", "b", "c") == "+++++--++"
    assert len(reader.jar) == 3
    assert reader.opens("d", at=month_at(BusinessTime(NOW), harness.newsroom.zone).resets_at) == "+"


def test_what_is_left_is_said_and_when_new_ones_come(harness: Harness) -> None:
    reader = Browser(harness)
    ends = month_at(BusinessTime(NOW), harness.newsroom.zone).resets_at
    said = []
    for article in ("a", "b", "a", "c", "d"):
        counted = reader.asks(article)
        reader.keep(counted)
        assert counted.view
        said.append((counted.view.open, counted.view.left))
        assert (counted.view.limit, counted.view.resets_at) == (3, ends)
        assert counted.mark is None or counted.mark[1] == ends - NOW
    assert said == [(True, 2), (True, 1), (True, 1), (True, 0), (False, 0)]


@pytest.mark.parametrize("supporter", [None, MARIA])
def test_six_tabs_at_one_instant_may_open_all_and_afterwards_none_does(
    harness: Harness, supporter: SupporterId | None
) -> None:
    """P20. In the browser's marks, each of its own name, none of six is forgotten."""
    reader = Browser(harness, supporter)
    before = dict(reader.jar)
    six = [reader.asks(f"tab-{number}", before) for number in range(6)]
    opened = [one for one in six if one.view and one.view.open]
    assert len(opened) == (6 if supporter is None else 5)
    for one in six:
        reader.keep(one)
    assert reader.opens(*(f"later-{number}" for number in range(6))) == "------"
    assert reader.opens(*(f"tab-{number}" for number in range(5))) == "+++++"


def test_one_signed_cookie_with_a_list_would_forget_five_of_six(harness: Harness) -> None:
    """The negative control: marks that overwrite each other, as one cookie for all of them would."""
    reader = Browser(harness)
    for one in [reader.asks(f"tab-{number}", {}) for number in range(6)]:
        assert one.mark
        reader.jar = {one.mark[0].name: one.mark[0].value}
    assert reader.opens("x", "y", "z") == "++-"


def test_threads_of_one_supporter_open_five_and_never_six(harness: Harness) -> None:
    reader = Browser(harness, MARIA)
    views = at_once(24, lambda number: reader.asks(f"article-{number % 12}").view)
    assert all(isinstance(view, MeterView) for view in views)
    opened = {number % 12 for number, view in enumerate(views) if isinstance(view, MeterView) and view.open}
    assert len(opened) == 5
    assert len(read_articles.read(harness.table, MARIA, month_at(BusinessTime(NOW), harness.newsroom.zone))) == 5


@pytest.mark.parametrize("guarded", [True, False])
def test_what_was_refused_takes_no_place(harness: Harness, *, guarded: bool) -> None:
    """With its negative control: without the row's conditions, what was opened closes again."""
    if not guarded:
        harness.table = Unguarded(harness.table, keys.SUPPORTER_PREFIX, "METER#")
    assert Browser(harness, MARIA).opens(*"abcdefga") == ("+++++--+" if guarded else "+++++---")


def test_two_devices_of_one_supporter_share_an_allowance(harness: Harness) -> None:
    phone, computer = Browser(harness, MARIA), Browser(harness, MARIA)
    assert phone.opens("a", "b", "c") == "+++"
    assert computer.opens("c", "d", "e", "f", "a") == "+++-+"
    assert phone.opens("f", "e") == "-+"
    assert not phone.jar
    assert not computer.jar
    assert Browser(harness, SupporterId("ben000000000")).opens("f") == "+"


def test_what_was_read_before_signing_in_is_free_and_takes_nothing_away(harness: Harness) -> None:
    reader = Browser(harness)
    assert reader.opens("a", "b", "c", "d") == "+++-"
    reader.supporter = MARIA
    assert reader.opens("a", "d", "e", "f", "g", "h", "i", "b") == "++++++-+"
    counted = reader.asks("a")
    assert counted.view
    assert counted.view.left == 0
    reader.supporter = None
    assert reader.opens("a", "d", "z") == "+--", "and who signs out has what the browser had"


def test_forged_and_copied_marks_and_two_hundred_of_them(harness: Harness) -> None:
    reader, other = Browser(harness), Browser(harness)
    reader.opens("a")
    name, value = next(iter(reader.jar.items()))
    forged = {
        "altered": {name: value[:-2] + "AA"},
        "cut": {name: value[:-1]},
        "empty": {name: ""},
        "longer": {name: value + "A"},
        "of another name": {"m-AAAAA": value},
        "no name": {"m-": value, "m": value, "": value},
        "not ASCII": {name: "п" * 22},
        "of a gift": {f"g-{name[2:]}": value},
        "many": {f"m-{number:05}": value for number in range(200)},
    }
    for why, jar in forged.items():
        counted = other.asks("a", jar)
        assert counted.view == MeterView(True, 2, 3, counted.view.resets_at, True), why  # type: ignore[union-attr]
        assert counted.mark is not None, why
    # A mark says nothing of its reader: in another browser it opens the one article that it is for, and counts there.
    copied = other.asks("a", reader.jar)
    assert (copied.view, copied.mark) == (MeterView(True, 2, 3, copied.view.resets_at), None)  # type: ignore[union-attr]
    month = month_at(BusinessTime(NOW), harness.newsroom.zone).name
    many = dict(marks.make(METER, month, f"article-{number}", EMAIL_KEY) for number in range(200))
    assert other.asks("x", many).view == MeterView(False, 0, 3, copied.view.resets_at)  # type: ignore[union-attr]


def test_marks_of_another_month_or_another_newsroom_are_worth_nothing(harness: Harness) -> None:
    reader = Browser(harness)
    ends = month_at(BusinessTime(NOW), harness.newsroom.zone).resets_at
    reader.opens("a", "b", "c")
    assert reader.opens("d", at=ends - 1) == "-"
    assert reader.opens("a", at=ends) == "+"
    assert len(reader.jar) == 4, "the same article leaves another mark in another month"
    assert reader.opens("d", at=ends - 1) == "-", "a clock set back finds the marks of its month"
    elsewhere = dict(marks.make(METER, "2026-09", one, EMAIL_KEY + "x") for one in "abc")
    assert Browser(harness).asks("a", elsewhere).mark is not None


def test_the_last_second_of_a_month_leaves_a_mark_for_a_second(harness: Harness) -> None:
    ends = month_at(BusinessTime(NOW), harness.newsroom.zone).resets_at
    counted = Browser(harness).asks("a", at=ends - 1)
    assert counted.mark
    assert counted.mark[1] == 1


def test_a_browser_that_keeps_no_cookies_opens_so_many_an_hour_and_then_is_asked_to_sign_in(harness: Harness) -> None:
    reader = Browser(harness, keeps=False)
    reader.newsroom = replace(reader.newsroom, limits=Limits(metered=7))
    assert reader.opens(*"abcdefghij") == "+++++++---"
    assert reader.asks("k") == CountedReading(), "nothing is said of the meter"
    kept = Browser(harness)
    kept.newsroom = reader.newsroom
    kept.jar = {"m-AAAAA": "x"}
    assert kept.opens("a") == "-"
    kept.client = "192.0.2.2"
    assert kept.opens("a", "b") == "++", "another client is counted by itself"
    kept.client = reader.client
    assert kept.opens("a", "b", "c") == "++-", "again is no first opening"
    signed_in = Browser(harness, MARIA)
    signed_in.newsroom = reader.newsroom
    assert signed_in.opens("a") == "+", "who is signed in is not counted by address"
    assert reader.opens("a", at=NOW + 4 * 3600) == "+"


def test_without_a_meter_or_an_allowance_nothing_is_opened_nor_written(harness: Harness) -> None:
    for meter, supporter, opens in ((None, None, "-"), (None, MARIA, "-"), (Meter(0, 5), None, "-")):
        reader = Browser(harness, supporter)
        reader.newsroom = replace(reader.newsroom, meter=meter)
        assert reader.opens("a") == opens
    assert not harness.items()
    reader = Browser(harness, MARIA)
    reader.newsroom = replace(reader.newsroom, meter=Meter(0, 5))
    assert reader.opens("a") == "+"


@pytest.mark.parametrize("supporter", [None, MARIA])
def test_a_table_that_is_down_opens_nothing_new_and_fails_nobody(
    harness: Harness, supporter: SupporterId | None
) -> None:
    """P15."""
    reader = Browser(harness, supporter)
    reader.opens("a")
    watched = watch(harness, down=True)
    assert reader.opens("b") == "-"
    assert reader.opens("a") == ("+" if supporter is None else "-"), "a stranger's mark needs no table"
    watched.down = False
    assert reader.opens("b", "a") == "++"


def test_an_answer_that_was_lost_counts_once(harness: Harness) -> None:
    """The row was written and nobody heard of it: asked again, the article is open and counts no second time."""
    month = month_at(BusinessTime(NOW), harness.newsroom.zone)
    mark = marks.make(METER, month.name, "a", EMAIL_KEY).name
    table: Table = harness.table
    assert read_articles.add(table, MARIA, month, mark, 1) == set()
    assert read_articles.add(table, MARIA, month, mark, 1) == {mark}
    row = table.get(keys.read_articles(MARIA, month.name))
    assert row
    assert (row["count"], row["expires"]) == (1, month.resets_at)


@pytest.mark.parametrize("supporter", [None, MARIA])
def test_without_its_secret_the_meter_opens_nothing(harness: Harness, supporter: SupporterId | None) -> None:
    """P15: the parameter store does not answer, and this process has not read the key before."""

    def key() -> str:
        raise SecretsUnavailable

    opening = Opening("a", supporter, {}, lambda: "192.0.2.1")
    newsroom = replace(harness.newsroom, meter=Meter(3, 5))
    asked = count_reading(opening, newsroom, harness.table, key, real_now=harness.real_now(), now=harness.now())
    assert asked == CountedReading()
    assert not harness.items()


@pytest.mark.parametrize("same", [True, False])
def test_two_devices_that_make_the_months_row_at_once_both_count(harness: Harness, *, same: bool) -> None:
    """The other one is first, between this one's look whether there is a row and its making of one."""
    month = month_at(BusinessTime(NOW), harness.newsroom.zone)
    inner, writes = harness.table, [0]

    def meanwhile(call: str, _what: object) -> None:
        writes[0] += call == "write"
        if writes[0] == 2:
            writes[0] += 1
            read_articles.add(inner, MARIA, month, "m-here1" if same else "m-other", 5)

    before = read_articles.add(Around(inner, meanwhile), MARIA, month, "m-here1", 5)
    assert before == ({"m-here1"} if same else {"m-other"})
    assert read_articles.read(inner, MARIA, month) == {"m-here1"} | (set() if same else {"m-other"})
    row = inner.get(keys.read_articles(MARIA, month.name))
    assert row
    assert row["count"] == (1 if same else 2)
