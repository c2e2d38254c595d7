"""A first payment from a bank account takes days: until then, and where it fails, nobody is asked to pay again."""

import re

import pytest

from testkit.calls import API
from testkit.harness import ADA, Harness
from testkit.visitor import Visitor
from tests.reading.test_articles import put

DAY = 86_400


def begins(harness: Harness, amount: int = 500) -> tuple[Visitor, str]:
    """Ada begins a monthly gift by a debit, and signs in; answers her browser, and the checkout."""
    visitor = Visitor()
    wish = {"amount": amount, "currency": "eur", "interval": "month", "attempt": "attempt-0123456789"}
    session = visitor.post("/v1/checkouts", wish).json["id"]
    harness.tell(harness.stripe.pay(session, ADA, delayed=True))
    harness.sign_in(visitor, ADA)
    return visitor, session


def read(visitor: Visitor, path: str) -> str:
    return visitor.navigate(f"{path}?lang=uk").text.replace("\N{NO-BREAK SPACE}", " ")


def gift_of(harness: Harness) -> str:
    return str(harness.stripe.of("subscription")[-1]["id"])


@pytest.mark.parametrize("days", [0, 4, 13])
def test_while_it_is_on_its_way_every_asking_place_says_so(harness: Harness, days: int) -> None:
    put(harness)
    visitor, _ = begins(harness)
    harness.pass_time(days * DAY)
    wall = visitor.get("/v1/articles/mist").json
    assert (wall["decision"]["reason"], wall["gives"]["pending"]) == ("support", True)
    article = read(visitor, "/read/mist")
    assert "Не платіть удруге: щойно гроші надійдуть, стаття відкриється." in article
    assert 'action="' + API + '/donate"' not in article
    account = read(visitor, "/account")
    assert "Щойно гроші надійдуть, він відкриє всі статті для спільноти. Платити вдруге не треба." in account
    assert "Перший внесок ще в дорозі. Наступний внесок — 21 жовтня 2026 року." in account
    assert "відкриє всі статті для спільноти." in account
    assert "Наступний внесок, 21 жовтня" not in account, "it is the first one that opens"
    assert "закриті" not in account
    donate = read(visitor, "/donate")
    assert "Банк ще підтверджує перший внесок; платити вдруге не треба." in donate
    assert f"/account/gifts/{gift_of(harness)}" not in donate, "what is not paid for yet is not raised"
    assert visitor.navigate("/account/raise?tier=patron&lang=uk").headers["location"].startswith(f"{API}/account?")


def test_once_it_is_there_nothing_is_said_of_it_any_more(harness: Harness) -> None:
    put(harness)
    visitor, session = begins(harness)
    harness.pass_time(4 * DAY)
    harness.tell(harness.stripe.settle(session))
    assert visitor.get("/v1/articles/mist").json["decision"]["open"] is True
    for path in ("/account", "/donate"):
        assert "Банк ще" not in read(visitor, path)
        assert "в дорозі" not in read(visitor, path)
    way = visitor.navigate("/account/raise?tier=patron&lang=uk").headers["location"]
    assert way.startswith(f"{API}/account/gifts/{gift_of(harness)}?")


def test_where_it_fails_there_is_one_button_which_mends_it(harness: Harness) -> None:
    put(harness)
    visitor, session = begins(harness)
    harness.tell(harness.stripe.settle(session, succeeds=False))
    donate = read(visitor, "/donate")
    assert "Внесок не пройшов: 5 € щомісяця." in donate
    assert "Дякуємо" not in donate
    primary = re.findall(r'class="button primary" href="([^"?]*)', donate)
    assert primary == [f"{API}/account/gifts/{gift_of(harness)}/card"]
    assert "Підняти" not in donate
    assert "data-giving" not in donate, "nobody asked for a form"
    form = visitor.navigate("/donate?lang=uk&interval=month").text
    assert "data-giving" in form
    assert "Починати нову не треба." in form
    assert 'name="second"' in form, "a second one needs a deliberate yes"


def test_a_payment_that_opens_less_than_the_article_is_not_said_to_open_it(harness: Harness) -> None:
    put(harness, "tier:patron")
    visitor, _ = begins(harness)
    article = read(visitor, "/read/mist")
    assert "стаття відкриється" not in article
    assert "Моя підтримка" in article


def test_a_month_later_nothing_is_called_on_its_way(harness: Harness) -> None:
    """What was imported, or lost its payments, is no payment on its way: no bank takes a month."""
    visitor, _ = begins(harness)
    harness.pass_time(31 * DAY)
    assert "Банк ще" not in read(visitor, "/account")


def test_who_gives_too_little_is_asked_to_raise_it_and_not_like_a_stranger(harness: Harness) -> None:
    put(harness)
    harness.tell(harness.gives(100, "month"))
    visitor = Visitor()
    harness.sign_in(visitor, ADA)
    wall = visitor.get("/v1/articles/mist").json
    assert (wall["decision"]["reason"], wall["gives"]["amount"], wall["gives"]["pending"]) == ("support", 100, False)
    article = read(visitor, "/read/mist")
    assert "Зараз ви підтримуєте нас на 1 € щомісяця." in article
    assert "Підняти до 3 € щомісяця" in article
    assert 'action="' + API + '/donate"' not in article
