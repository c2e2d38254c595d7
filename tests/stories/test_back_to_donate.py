"""Back from the payment page to `/donate` in Chromium, with its back-forward cache and without."""

import pytest
from playwright.sync_api import expect

from testkit.chromium import ARGUMENTS, executable
from tests.stories.conftest import NewReader
from tests.stories.reader import Reader

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def goes_to_pay_and_back(reader: Reader) -> None:
    """Nothing of the choice is lost, and the button works again, for a new wish."""
    reader.opens_hosted("/donate?lang=uk&campaign=&interval=once")
    reader.page.get_by_text("Інша сума").click()
    reader.page.get_by_label("Ваша сума").fill("17,50")
    attempt = reader.page.locator("[name=attempt]")
    first = attempt.input_value()
    checkout = reader.goes_to_pay()
    reader.page.go_back()
    reader.page.wait_for_url("**/donate?**")
    expect(reader.button).to_have_text("Підтримати: 17,50 €")
    expect(reader.page.get_by_label("Ваша сума")).to_have_value("17,50")
    expect(reader.page.locator("[name=interval]")).to_have_value("once")
    expect(reader.button).not_to_have_attribute("aria-disabled", "true")
    expect(attempt).not_to_have_value(first)
    assert "attempt" not in reader.page.url
    assert reader.goes_to_pay() != checkout
    reader.sees("€17.50")


def test_without_the_cache(reader: Reader) -> None:
    """As Playwright drives it."""
    goes_to_pay_and_back(reader)


def test_with_the_cache(new_reader: NewReader, reader: Reader) -> None:
    """As people have it."""
    chromium = reader.context.browser
    assert chromium
    launched = chromium.browser_type.launch(
        executable_path=executable(), args=list(ARGUMENTS), ignore_default_args=["--disable-back-forward-cache"]
    )
    try:
        goes_to_pay_and_back(new_reader(inside=launched))
    finally:
        launched.close()
