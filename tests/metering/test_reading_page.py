"""`GET /reading`: what is kept of a reader's reading, and the buttons that delete it."""

import re

import pytest

from chalicelib.kernel import keys
from chalicelib.metering.rules.meter import month_at
from chalicelib.newsroom.rules import Meter
from testkit.calls import API
from testkit.harness import ADA, Harness
from testkit.people import member
from testkit.visitor import Visitor
from tests.reading.metered import marks, newsroom, read


def shown(visitor: Visitor, lang: str = "en", more: str = "") -> str:
    """The page's text, in one line."""
    reply = visitor.navigate(f"/reading?lang={lang}{more}")
    assert (reply.status, reply.headers["cache-control"]) == (200, "private, no-store")
    words = re.sub(r"<style>.*?</style>|<[^>]+>", " ", reply.text, flags=re.DOTALL)
    return " ".join(words.split()).replace("\xa0", " ")


def test_it_shows_every_mark_of_this_browser_and_deletes_them(harness: Harness) -> None:
    newsroom(harness, *"abcd")
    reader = Visitor()
    assert "There are no marks here." in shown(reader)
    assert read(reader, *"abcd") == "+++-"
    page = shown(reader)
    assert "There are 3 marks here. They will be gone on 1 October." in page
    for name in marks(reader):
        assert name.removeprefix("__Host-spilno-").removesuffix("-8000") in page
    assert "Counting begins again: 3 articles will be open until 1 October." in page
    reply = reader.submit("/reading", {"of": "browser", "lang": "en"})
    assert (reply.status, reply.headers["location"]) == (303, f"{API}/reading?deleted=browser&lang=en")
    assert not marks(reader)
    assert "The marks are deleted. Counting has begun again." in shown(reader, more="&deleted=browser")
    assert read(reader, *"dabc") == "+++-"


def test_in_ukrainian_it_counts_as_people_do(harness: Harness) -> None:
    newsroom(harness, *"ab")
    reader = Visitor()
    read(reader, "a")
    assert "Тут 1 позначка. Вона зникне 1 жовтня." in shown(reader, "uk")
    read(reader, "b")
    page = shown(reader, "uk")
    assert "Тут 2 позначки. Вони зникнуть 1 жовтня." in page
    assert "кожному відкрито 3 статті, а тим, хто ввійшов, — 5 статей" in page


def test_who_is_signed_in_sees_and_deletes_what_the_account_holds(harness: Harness) -> None:
    newsroom(harness, *"abcdefg")
    supporter = harness.supporter(ADA)
    reader = Visitor()
    read(reader, "a")
    harness.sign_in(reader, ADA)
    assert read(reader, *"bcdefg") == "+++++-"
    page = shown(reader)
    assert "There is 1 mark here." in page
    assert "There are 5 such marks there this month." in page
    key = keys.read_articles(supporter, month_at(harness.now(), harness.newsroom.zone).name)
    assert harness.table.get(key)
    assert reader.submit("/reading", {"of": "account", "lang": "en"}).status == 303
    assert harness.table.get(key) is None
    assert marks(reader), "what is in the browser is another matter"
    assert read(reader, "g") == "+"


def test_supporters_are_told_that_they_are_not_counted(harness: Harness) -> None:
    newsroom(harness, "a")
    reader = Visitor()
    member(harness, reader)
    assert "we do not count what you read at all" in shown(reader)


@pytest.mark.parametrize(
    ("meter", "said"), [(None, "Nothing. We do not count"), (Meter(0, 5), "5 articles are open to")]
)
def test_without_a_meter_or_without_marks_it_says_so(harness: Harness, meter: Meter | None, said: str) -> None:
    newsroom(harness, meter=meter)
    page = shown(Visitor())
    assert said in page
    assert "mark here" not in page


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": ""},
    ],
)
def test_no_other_site_deletes_anything(harness: Harness, headers: dict[str, str]) -> None:
    newsroom(harness, "a")
    harness.supporter(ADA)
    reader = Visitor()
    read(reader, "a")
    harness.sign_in(reader, ADA)
    before = dict(reader.cookies)
    form = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    for of in ("browser", "account"):
        assert reader.call("POST", "/reading", f"of={of}", form).status == 403
    assert reader.cookies == before


@pytest.mark.parametrize("body", ["", "of=all", "of=browser&of=account", "of=browser&more=1", "lang=uk"])
def test_a_form_that_is_none_of_ours_changes_nothing(harness: Harness, body: str) -> None:
    newsroom(harness, "a")
    reader = Visitor()
    read(reader, "a")
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": API}
    assert reader.call("POST", "/reading", body, form).status == 400
    assert marks(reader)


def test_whoever_deletes_over_and_over_has_to_wait(harness: Harness) -> None:
    """Each deletion begins a new allowance: an account is no way to read everything."""
    newsroom(harness, "a")
    harness.supporter(ADA)
    reader = Visitor()
    harness.sign_in(reader, ADA)
    said = [reader.submit("/reading", {"of": "account"}).status for _ in range(11)]
    assert said == [303] * 10 + [429]
    assert Visitor().submit("/reading", {"of": "account"}).status == 303, "a stranger has no account to delete from"


def test_marks_as_strangers_make_them_are_not_shown_and_deleted_all_the_same(harness: Harness) -> None:
    newsroom(harness, "a")
    reader = Visitor()
    reader.cookies = {"__Host-spilno-m-AAAAA-8000": "x", "__Host-spilno-m-<b>aa-8000": "x"}
    page = reader.navigate("/reading").text
    assert "AAAAA" not in page
    assert "<b>aa" not in page
    reader.submit("/reading", {"of": "browser"})
    assert set(reader.cookies) == {"__Host-spilno-m-<b>aa-8000"}


def test_the_month_is_that_of_the_business_clock(harness: Harness) -> None:
    """On the local stack it can be moved: what is shown and deleted is the month in which articles are opened."""
    newsroom(harness, *"ab")
    harness.supporter(ADA)
    reader = Visitor()
    harness.sign_in(reader, ADA)
    harness.clock.business += 40 * 86_400
    assert read(reader, *"ab") == "++"
    assert "There are 2 such marks there this month. They will be gone on 1 November." in shown(reader)
    reader.submit("/reading", {"of": "account"})
    assert "There is nothing there this month." in shown(reader)
