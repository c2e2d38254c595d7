"""Back from the payment page to `/donate`: what was chosen is still chosen, and nothing is pressed."""

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from tests.sites.browsers.conftest import NewReader
from tests.sites.browsers.reader import Origins

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def attempt(driver: WebDriver) -> str:
    """The wish that this form would start."""
    return str(driver.execute_script("return document.querySelector('[name=attempt]').value"))


@pytest.mark.parametrize("way", ["own", "preset"])
def test_back_from_paying_finds_the_choice(new_reader: NewReader, secure: Origins, way: str) -> None:
    """Amount, rhythm and currency as chosen, a fresh attempt, and a button that works."""
    reader = new_reader(secure)
    reader.opens_hosted("/donate?lang=uk&currency=eur")  # browsers bring regions of their own
    reader.presses("Одноразово", "button")
    reader.is_at("interval=once")
    if way == "own":
        reader.presses("Інша сума", "label")
        reader.writes("own_amount", "17,50")
        button = "Підтримати: 17,50 €"
    else:
        reader.presses("50 €", "label")
        button = "Підтримати: 50 €"
    first = attempt(reader.driver)
    reader.presses(button, "button")
    reader.is_at("/c/pay/cs_")
    reader.goes_back("/donate")
    reader.sees(button, "button")
    told = {name: reader.reads_off(name) for name in ("amount", "own_amount", "interval", "currency")}
    chosen = {"amount": "own", "own_amount": "17,50"} if way == "own" else {"amount": "5000", "own_amount": ""}
    assert told == {**chosen, "interval": "once", "currency": "eur"}
    assert attempt(reader.driver) not in ("", first)
    assert reader.seen("button[aria-disabled]") == []
    reader.takes_a_picture("back")
    # When they press again, they pay what the button says
    reader.presses(button, "button")
    reader.is_at("/c/pay/cs_")
    reader.sees("17.50" if way == "own" else "50", "p, h1, button")
