"""From the wall of a higher level to the change that opens it, and back to the article."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.supporters.rules.access import DAY, Standing
from testkit.harness import ADA, Harness
from testkit.people import member, monthly
from testkit.visitor import Visitor
from tests.reading.test_articles import put

WAY = "/account/raise?tier=patron&return_to=%2Fread%2F1&lang=uk"


def led(visitor: Visitor, way: str = WAY) -> tuple[str, dict[str, str]]:
    """Where it leads: the path, and the query."""
    reply = visitor.navigate(way)
    assert reply.status == 303
    parts = urlsplit(reply.headers["location"])
    return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}


def test_a_running_gift_is_raised_to_the_level_and_charged_now(harness: Harness) -> None:
    visitor = Visitor()
    member(harness, visitor, monthly())
    path, asked = led(visitor)
    assert path == "/account/gifts/sub_1"
    assert asked == {
        "amount": "1500",
        "interval": "month",
        "charge": "now",
        "see": "1",
        "return_to": "/read/1",
        "lang": "uk",
    }


@pytest.mark.parametrize("newest", ["month", "year"])
@pytest.mark.parametrize("amounts", [(300, 10000), (1000, 3000), (500, 6000)], ids=str)
def test_it_is_the_gift_that_the_wall_spoke_of(harness: Harness, newest: str, amounts: tuple[int, int]) -> None:
    """Of two gifts, whichever grows the least: the wall has said which one is raised, and to how much."""
    put(harness, "tier:patron")
    visitor = Visitor()
    month, year = monthly(amount=amounts[0]), replace(monthly(amount=amounts[1], interval="year"), id="sub_2")
    first, second = (month, year) if newest == "year" else (year, month)
    member(harness, visitor, replace(first, started_at=first.started_at - 5 * DAY), second)
    said = visitor.get("/v1/articles/mist").json["gives"]
    path, asked = led(visitor)
    assert path == f"/account/gifts/{said['id']}"
    assert (said["interval"], asked["interval"]) == (newest, newest)
    page = visitor.navigate("/read/mist?lang=uk").text.replace("\N{NO-BREAK SPACE}", " ")
    assert {"month": "Підняти до 15 € щомісяця", "year": "Підняти до 150 € щороку"}[newest] in page


def test_where_the_newest_cannot_be_raised_another_one_is(harness: Harness) -> None:
    visitor = Visitor()
    paused = replace(monthly(status="paused"), id="sub_2", started_at=monthly().started_at + 60)
    member(harness, visitor, monthly(), paused)
    assert led(visitor)[0] == "/account/gifts/sub_1"


def test_who_has_it_already_goes_back(harness: Harness) -> None:
    visitor = Visitor()
    member(harness, visitor, monthly(tier="patron", amount=1500))
    assert led(visitor)[0] == "/read/1"
    assert led(visitor, "/account/raise?tier=member")[0] == "/account"


def test_who_gives_nothing_goes_on_to_give(harness: Harness) -> None:
    visitor = Visitor()
    harness.sign_in(visitor, ADA)
    path, asked = led(visitor)
    assert path == "/donate"
    assert asked == {"currency": "eur", "interval": "month", "amount": "1500", "return_to": "/read/1", "lang": "uk"}


def test_what_must_be_mended_first_is_mended_first(harness: Harness) -> None:
    for status in ("past_due", "paused", "unpaid"):
        visitor = Visitor()
        gift = monthly(status=status, days=-20)
        email = f"{status}@reader.example"
        harness.supporter(email, Standing((), (gift,)))
        harness.sign_in(visitor, email)
        assert led(visitor)[0] == "/account", status


@pytest.mark.usefixtures("harness")
def test_who_is_not_signed_in_signs_in_and_comes_back_here() -> None:
    path, asked = led(Visitor())
    assert path == "/sign-in"
    back = urlsplit(asked["return_to"])
    assert (back.path, parse_qs(back.query)["tier"]) == ("/account/raise", ["patron"])


def test_an_address_elsewhere_and_a_level_that_is_not_are_left_out(harness: Harness) -> None:
    visitor = Visitor()
    member(harness, visitor, monthly(tier=None, amount=100))
    path, asked = led(visitor, "/account/raise?tier=nope&return_to=https%3A%2F%2Fevil.example%2F")
    assert (path, asked["amount"]) == ("/account/gifts/sub_1", "300"), "the lowest level"
    assert "return_to" not in asked
