"""A refusal speaks the language that the caller asked for."""

from typing import Any

import pytest

from testkit.visitor import Visitor

pytestmark = pytest.mark.usefixtures("harness")

WISH: dict[str, Any] = {"amount": 1, "currency": "eur", "interval": "once", "attempt": "a" * 22}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("uk", "Найменша сума — 1 €."),
        ("uk-UA,uk;q=0.9,en;q=0.8", "Найменша сума — 1 €."),
        ("en", "The smallest amount we can take is 1.00 EUR."),
        ("", "The smallest amount we can take is 1.00 EUR."),
    ],
)
def test_a_website_reads_the_sentence_in_the_language_of_its_page(language: str, title: str) -> None:
    reply = Visitor().post("/v1/checkouts", WISH, **{"Accept-Language": language})
    assert (reply.status, reply.code) == (400, "amount_too_small")
    assert reply.json["title"].replace("\N{NO-BREAK SPACE}", " ") == title
    assert (reply.json["minimum"], reply.json["currency"]) == (100, "eur")


def test_what_only_a_developer_meets_stays_as_it_is() -> None:
    reply = Visitor().get("/v1/access?needs=nonsense", **{"Accept-Language": "uk"})
    assert reply.json["title"] == "Ask for 'members' or 'tier:<name>'."
