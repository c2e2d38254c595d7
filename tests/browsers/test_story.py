"""A reader's whole way, in Ukrainian and at a phone's width, in the engines that are not Chromium."""

import pytest

from tests.browsers.conftest import Visit
from tests.browsers.visitor import Newsroom, Visitor
from tests.stories.hidden import first_words, sentences
from tests.support import firefox

pytestmark = [pytest.mark.stack, pytest.mark.browser]
HIDDEN = first_words("demo-members")


def sees_one_appeal(visitor: Visitor) -> None:
    """The wall's own appeal, and not the page's below it."""
    visitor.wall_is("closed")
    visitor.sees("Уже підтримуєте?")
    assert len(visitor.seen(".appeal, [part~=appeal]")) == 1


def sees_nothing_gated(visitor: Visitor) -> None:
    """Not one sentence of it stands in the page, seen or not."""
    light = visitor.light_text()
    assert "Пішохідний міст на Заріччя мали відкрити ще позаминулої весни." in light
    assert [one for one in sentences("demo-members") if one in light] == []


def test_a_reader_gives_reads_signs_in_and_leaves(visit: Visit, secure: Newsroom) -> None:
    """From a closed article to the payment, back, in with the code from the mail, out again, and Back."""
    visitor = visit(secure)
    visitor.opens_article()
    sees_one_appeal(visitor)
    sees_nothing_gated(visitor)
    visitor.takes_a_picture("closed")
    # When they give monthly, the article opens in the browser that paid
    visitor.gives()
    visitor.takes_a_picture("thanks")
    visitor.opens_article()
    visitor.wall_is("open")
    visitor.sees(HIDDEN)
    assert visitor.session()["signed_in"] is False, "paying signs nobody in"
    # When they sign in with the code from the mail, it is open for a year
    visitor.signs_in()
    visitor.sees("Ваша підтримка", "h1")
    visitor.takes_a_picture("account")
    visitor.opens_article()
    visitor.sees(HIDDEN)
    assert [one for one in sentences("demo-members") if one not in visitor.light_text()] == []
    assert visitor.seen("spilno-wall [part~=appeal], [part~=sign-in]") == []
    visitor.takes_a_picture("open")
    # When they sign out elsewhere and go back, nothing of it is left
    visitor.opens_hosted("/account?lang=uk")
    visitor.presses("Вийти$", "button")
    visitor.sees("Вхід", "h1")
    visitor.goes_back("/articles/demo-members", pages=2)
    sees_one_appeal(visitor)
    sees_nothing_gated(visitor)


def test_signing_out_under_the_text_closes_it(visit: Visit, secure: Newsroom) -> None:
    """There and then, with one appeal where the text was."""
    visitor = visit(secure)
    visitor.gives()
    visitor.signs_in()
    visitor.sees("Ваша підтримка", "h1")
    visitor.opens_article()
    visitor.sees(HIDDEN)
    visitor.presses("Вийти", "button")
    sees_one_appeal(visitor)
    sees_nothing_gated(visitor)
    assert visitor.session() == {"signed_in": False}


def test_an_own_amount_is_paid_with_one_tap(visit: Visit, secure: Newsroom) -> None:
    """The tap that ends the writing in the field is the tap on the button."""
    visitor = visit(secure)
    visitor.opens_article()
    visitor.wall_is("closed")
    visitor.presses("Інша", "label")
    field = visitor.seen("input[part=own]")[0]
    field.send_keys("7,50")
    visitor.presses("Підтримати: 7,50 €", "button")
    visitor.is_at("/c/pay/cs_")
    visitor.sees("7.50")


@pytest.mark.parametrize("browser_engine", ["firefox"], indirect=True)
def test_what_is_open_can_be_printed(visit: Visit, secure: Newsroom) -> None:
    """On paper the text is there, and nothing to press. WebKit's driver cannot ask for the look on paper."""
    visitor = visit(secure)
    visitor.gives()
    visitor.opens_article()
    visitor.sees(HIDDEN)
    firefox.lays_out_as_printed(visitor.driver)
    visitor.sees(HIDDEN)
    assert visitor.seen("button") == []
