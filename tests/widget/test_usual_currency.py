"""In which currency a reader is asked first: the page's word, else their country's, else the newsroom's."""

import pytest
from playwright.sync_api import Browser, expect

from tests.widget.conftest import Site
from tests.widget.fake_api import FakeApi

pytestmark = pytest.mark.browser
LANGUAGES = "Object.defineProperty(Navigator.prototype, 'languages', {{ get: () => {languages} }})"
COUNTRIES = {"UA": "uah", "JP": "jpy", "PL": "eur"}


def first_currency(browser: Browser, site: Site, api: FakeApi, languages: list[str], attributes: str = "") -> str:
    api.newsroom["countries"] = COUNTRIES
    context = browser.new_context()
    try:
        page = context.new_page()
        page.add_init_script(LANGUAGES.format(languages=languages))
        page.goto(site.donate(attributes))
        expect(page.get_by_label("Валюта")).to_be_visible()
        chosen = page.get_by_label("Валюта").input_value()
        assert page.evaluate("document.cookie.length + localStorage.length + sessionStorage.length") == 0
        return chosen
    finally:
        context.close()


@pytest.mark.parametrize(
    ("languages", "attributes", "currency"),
    [
        (["uk-UA", "uk"], "", "uah"),
        (["en-US", "uk-UA"], "", "eur"),  # only the language that comes first says where somebody is
        (["uk", "ja-JP"], "", "eur"),
        (["pl", "en"], "", "eur"),  # a language is no country
        (["uk-Cyrl-ua"], "", "uah"),
        (["ja-JP-u-ca-japanese"], "", "jpy"),
        (["uk-UA"], 'currency="jpy"', "jpy"),
        (["uk-UA"], 'currency="xyz"', "uah"),
        (["uk-UA"], 'amount="500"', "eur"),  # minor units of the newsroom's own currency
        (["uk-UA"], 'amounts="300,500"', "eur"),
        (["uk-UA"], 'tier="member"', "uah"),
        (["uk-UA"], 'tier="patron"', "eur"),  # no gift in hryvnias opens it
        (["constructor-__", "x", "", "en-toString"], "", "eur"),
        ([], "", "eur"),
    ],
)
def test_the_first_currency(
    browser: Browser, site: Site, api: FakeApi, languages: list[str], attributes: str, currency: str
) -> None:
    assert first_currency(browser, site, api, languages, attributes) == currency
