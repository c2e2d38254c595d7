"""A reader's whole way, in Ukrainian and at a phone's width, in the engines that are not Chromium."""

import pytest

from testkit import firefox
from tests.sites.browsers.conftest import NewReader
from tests.sites.browsers.reader import Origins, Reader
from tests.stories.hidden import first_words, sentences

pytestmark = [pytest.mark.stack, pytest.mark.browser]
HIDDEN = first_words("demo-members")


def sees_one_appeal(reader: Reader) -> None:
    """The wall's own appeal, and not the page's below it."""
    reader.wall_is("closed")
    reader.sees("Уже підтримуєте?")
    assert len(reader.seen(".appeal, [part~=appeal]")) == 1


def sees_nothing_gated(reader: Reader) -> None:
    """Not one sentence of it stands in the page, seen or not."""
    light = reader.light_text()
    assert "Пішохідний міст на Заріччя мали відкрити ще позаминулої весни." in light
    assert [one for one in sentences("demo-members") if one in light] == []


def test_a_reader_gives_reads_signs_in_and_leaves(new_reader: NewReader, secure: Origins) -> None:
    """From a closed article to the payment, back, in with the code from the mail, out again, and Back."""
    reader = new_reader(secure)
    reader.opens_article()
    sees_one_appeal(reader)
    sees_nothing_gated(reader)
    reader.takes_a_picture("closed")
    # When they give monthly, the article opens in the browser that paid
    reader.gives()
    reader.takes_a_picture("thanks")
    reader.opens_article()
    reader.wall_is("open")
    reader.sees(HIDDEN)
    assert reader.session()["signed_in"] is False, "paying signs nobody in"
    # When they sign in with the code from the mail, it is open for a year
    reader.signs_in()
    reader.sees("Моя підтримка", "h1")
    reader.takes_a_picture("account")
    reader.opens_article()
    reader.sees(HIDDEN)
    assert [one for one in sentences("demo-members") if one not in reader.light_text()] == []
    assert reader.seen("spilno-wall [part~=appeal], [part~=sign-in]") == []
    reader.takes_a_picture("open")
    # When they sign out elsewhere and go back, nothing of it is left
    reader.opens_hosted("/account?lang=uk")
    reader.presses("Вийти$", "button")
    reader.sees("Вхід", "h1")
    reader.goes_back("/articles/demo-members", pages=2)
    sees_one_appeal(reader)
    sees_nothing_gated(reader)


def test_signing_out_under_the_text_closes_it(new_reader: NewReader, secure: Origins) -> None:
    """There and then, with one appeal where the text was."""
    reader = new_reader(secure)
    reader.gives()
    reader.signs_in()
    reader.sees("Моя підтримка", "h1")
    reader.opens_article()
    reader.sees(HIDDEN)
    reader.presses("Вийти", "button")
    sees_one_appeal(reader)
    sees_nothing_gated(reader)
    assert reader.session() == {"signed_in": False}


def test_an_own_amount_is_paid_with_one_tap(new_reader: NewReader, secure: Origins) -> None:
    """The tap that ends the writing in the field is the tap on the button."""
    reader = new_reader(secure)
    reader.opens_article()
    reader.wall_is("closed")
    reader.presses("Інша", "label")
    field = reader.seen("input[part=own]")[0]
    field.send_keys("75")  # which may be given in the currency of whatever country the browser says
    reader.presses("Підтримувати: 75", "button")
    reader.is_at("/c/pay/cs_")
    reader.sees("75.00")


@pytest.mark.parametrize("browser_engine", ["firefox"], indirect=True)
def test_what_is_open_can_be_printed(new_reader: NewReader, secure: Origins) -> None:
    """On paper the text is there, and nothing to press. WebKit's driver cannot ask for the look on paper."""
    reader = new_reader(secure)
    reader.gives()
    reader.opens_article()
    reader.sees(HIDDEN)
    firefox.lays_out_as_printed(reader.driver)
    reader.sees(HIDDEN)
    assert reader.seen("button") == []
