"""`GET /read/{id}` of a metered article: what is said before the text, and what in its place."""

import re

import pytest

from chalicelib.newsroom.rules import Meter
from chalicelib.supporters.rules.access import Standing
from testkit.calls import Reply
from testkit.harness import ADA, Harness
from testkit.people import MARIA, monthly
from testkit.visitor import Visitor
from tests.reading.metered import CANARY, newsroom, read

HARD_SPACE = "\xa0"


def said(reply: Reply) -> str:
    """The words of a page, in one line."""
    words = re.sub(r"<style>.*?</style>|<[^>]+>", " ", reply.text, flags=re.DOTALL)
    return " ".join(words.replace(HARD_SPACE, " ").split())


def page(visitor: Visitor, article: str, lang: str = "uk") -> str:
    reply = visitor.navigate(f"/read/{article}?lang={lang}")
    assert reply.headers["cache-control"] == "private, no-store"
    return said(reply)


def test_before_the_text_one_sentence_says_which_of_how_many_this_is(harness: Harness) -> None:
    newsroom(harness, *"abc")
    reader = Visitor()
    for article, nth in (("a", "перша"), ("b", "друга"), ("c", "третя")):
        text = page(reader, article)
        sentence = f"Це {nth} з трьох відкритих статей цього місяця. Нові — 1 жовтня. Що ми знаємо про ваше читання"
        assert text.index(sentence) < text.index(CANARY)
    assert 'href="http://127.0.0.1:8000/reading?lang=uk"' in reader.navigate("/read/a?lang=uk").text
    other = Visitor()
    assert "This is the first of three open articles this month. New ones: 1 October." in page(other, "a", "en")


def test_an_article_that_was_read_before_is_said_not_to_count(harness: Harness) -> None:
    newsroom(harness, *"abc")
    reader = Visitor()
    assert read(reader, "a") == "+"
    assert "вона не рахується знову. Лишилися ще 2; нові — 1 жовтня." in page(reader, "a")
    assert read(reader, *"bc") == "++"
    assert "вона не рахується знову. Нові — 1 жовтня." in page(reader, "a")


@pytest.mark.parametrize(
    ("meter", "sentence"),
    [
        (Meter(1, 5), "Це єдина відкрита стаття цього місяця. Нова — 1 жовтня."),
        (Meter(2, 5), "Це перша з двох відкритих статей цього місяця."),
        (Meter(6, 6), "Це перша із шести відкритих статей цього місяця."),
        (Meter(10, 10), "Це перша з десяти відкритих статей цього місяця."),
    ],
)
def test_each_number_has_its_words(harness: Harness, meter: Meter, sentence: str) -> None:
    newsroom(harness, "a", meter=meter)
    assert sentence in page(Visitor(), "a")


def test_more_than_ten_are_said_in_figures(harness: Harness) -> None:
    newsroom(harness, *"ab", meter=Meter(0, 21))
    harness.supporter(ADA)
    reader = Visitor()
    harness.sign_in(reader, ADA)
    assert read(reader, "a") == "+"
    assert "Відкритих статей цього місяця: 2 з 21. Нові — 1 жовтня." in page(reader, "b")


def test_what_is_used_up_is_said_with_the_price_the_way_in_and_the_next_date(harness: Harness) -> None:
    newsroom(harness, *"abcd")
    reader = Visitor()
    read(reader, *"abc")
    text = page(reader, "d")
    assert CANARY not in text
    for sentence in (
        "Відкриті статті цього місяця ви вже прочитали. Нові — 1 жовтня. Цю відкриває підтримка редакції.",
        "Підтримувати: 3 € щомісяця",
        "Увійдіть і читайте далі",
        "Хто ввійшов, має щомісяця 5 відкритих статей. Прочитані без входу до них не входять.",
        "Що ми знаємо про ваше читання",
    ):
        assert sentence in text
    harness.supporter(ADA)
    harness.sign_in(reader, ADA)
    assert CANARY in page(reader, "d"), "and so it is"


def test_who_is_signed_in_is_not_asked_to_sign_in(harness: Harness) -> None:
    newsroom(harness, *"ab", meter=Meter(1, 1))
    harness.supporter(ADA)
    reader = Visitor()
    harness.sign_in(reader, ADA)
    assert read(reader, *"ab") == "+-"
    text = page(reader, "b")
    assert "Відкриті статті цього місяця ви вже прочитали." in text
    assert "Хто ввійшов" not in text


def test_a_failed_payment_is_told_once_the_meter_is_used(harness: Harness) -> None:
    newsroom(harness, *"ab", meter=Meter(1, 1))
    harness.supporter(MARIA, Standing((), (monthly(days=-20, status="past_due"),)))
    reader = Visitor()
    harness.sign_in(reader, MARIA)
    assert "Це єдина відкрита стаття цього місяця." in page(reader, "a")
    text = page(reader, "b")
    assert "Останній внесок не пройшов" in text
    assert "Нові відкриті статті — 1 жовтня." in text


def test_where_only_signing_in_opens_something_the_page_says_how_much(harness: Harness) -> None:
    newsroom(harness, "a", meter=Meter(0, 1))
    text = page(Visitor(), "a")
    assert "Хто ввійшов, має щомісяця 1 відкриту статтю. Підтримуєте редакцію?" in text
    assert "вже прочитали" not in text


def fields(reply: Reply) -> dict[str, str]:
    """The hidden fields of the form that gives."""
    form = reply.text[reply.text.index('action="http://127.0.0.1:8000/donate"') :]
    found = re.findall(r'name="(\w+)" value="([^"]*)"', form[: form.index("</form>")])
    return dict(found)


@pytest.mark.parametrize("known", [True, False])
def test_a_double_tap_on_the_appeal_makes_one_gift_though_the_page_set_no_cookie(
    harness: Harness, *, known: bool
) -> None:
    """The browser's secret stands in the form; without it (the negative control) the second tap is a stranger's."""
    newsroom(harness, "a", access="members")
    reader = Visitor()
    reply = reader.navigate("/read/a")
    assert not any("checkout" in cookie for cookie in reply.set_cookies)
    sent = fields(reply)
    assert len(sent["browser"]) >= 32
    if not known:
        del sent["browser"]
    first, second = reader, Visitor(cookies=dict(reader.cookies))
    one, two = (tap.submit("/donate", sent) for tap in (first, second))
    assert one.status == 303
    assert (two.status == 303) is known
    if known:
        assert one.headers["location"] == two.headers["location"]
        assert first.cookies == second.cookies
