"""In which currency a reader is asked first: the page's word, else their country's, else the newsroom's."""

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.widget.conftest import Site
from tests.widget.fake_api import FakeApi

pytestmark = pytest.mark.browser
COUNTRIES = {"UA": "uah", "JP": "jpy", "PL": "eur"}
# Which languages the browser speaks, said by the address of the page.
SPEAKS = """
const languages = JSON.parse(new URLSearchParams(location.search).get("languages"));
Object.defineProperty(Navigator.prototype, "languages", { get: () => languages });
"""


@pytest.fixture(scope="module")
def abroad(browser: Browser) -> Iterator[Page]:
    """A tab in a browser that speaks as each page's address says."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(SPEAKS)
    yield page
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
    abroad: Page, site: Site, api: FakeApi, languages: list[str], attributes: str, currency: str
) -> None:
    api.newsroom["countries"] = COUNTRIES
    abroad.goto(f"{site.donate(attributes)}?languages={quote(json.dumps(languages))}")
    assert abroad.evaluate("navigator.languages") == languages
    expect(abroad.get_by_label("Валюта")).to_be_visible()
    assert abroad.get_by_label("Валюта").input_value() == currency
    assert abroad.evaluate("document.cookie.length + localStorage.length + sessionStorage.length") == 0
