"""Back from the payment page to `/donate`: what was chosen is still chosen, and nothing is pressed."""

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from tests.browsers.conftest import Visit
from tests.browsers.visitor import Newsroom

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def attempt(driver: WebDriver) -> str:
    """The wish that this form would start."""
    return str(driver.execute_script("return document.querySelector('[name=attempt]').value"))


@pytest.mark.parametrize("way", ["own", "preset"])
def test_back_from_paying_finds_the_choice(visit: Visit, secure: Newsroom, way: str) -> None:
    """Amount, rhythm and currency as chosen, a fresh attempt, and a button that works."""
    visitor = visit(secure)
    visitor.opens_hosted("/donate?lang=uk")
    visitor.presses("Одноразово", "a")
    visitor.is_at("interval=once")
    if way == "own":
        visitor.presses("Інша сума", "label")
        visitor.writes("own_amount", "17,50")
        button = "Підтримати: 17,50 €"
    else:
        visitor.presses("50 €", "label")
        button = "Підтримати: 50 €"
    first = attempt(visitor.driver)
    visitor.presses(button, "button")
    visitor.is_at("/c/pay/cs_")
    visitor.goes_back("/donate")
    visitor.sees(button, "button")
    told = {name: visitor.reads_off(name) for name in ("amount", "own_amount", "interval", "currency")}
    chosen = {"amount": "own", "own_amount": "17,50"} if way == "own" else {"amount": "5000", "own_amount": ""}
    assert told == {**chosen, "interval": "once", "currency": "eur"}
    assert attempt(visitor.driver) not in ("", first)
    assert visitor.seen("button[aria-disabled]") == []
    visitor.takes_a_picture("back")
    # When they press again, they pay what the button says
    visitor.presses(button, "button")
    visitor.is_at("/c/pay/cs_")
    visitor.sees("17.50" if way == "own" else "50", "p, h1, button")
