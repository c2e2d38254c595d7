"""Where the reader comes from and goes back to: nobody is turned away for the address of the page they read."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.widget.conftest import Site
from tests.widget.fake_api import FakeApi
from tests.widget.test_wall import EVERYWHERE, sign_in_by_cookie, type_code

pytestmark = pytest.mark.browser
PLAIN = re.compile(r"[A-Za-z0-9\-._~:/?#@!$&()*+,;=%]{1,2000}")  # RFC 3986, without brackets and the apostrophe
HEADLINE = "Міст-через-Надріччя-відкрили-після-ремонту-" * 6
TRACKED = "fbclid=" + "IwAR0" * 30 + "&utm_source=facebook&gclid=x&_ga=1"


def given_at(page: Page, site: Site, api: FakeApi, rest: str) -> dict[str, str]:
    """What the API is told by a gift from this address of the page."""
    page.goto(site.donate() + rest)
    page.get_by_role("button", name="Підтримувати: 5 € щомісяця").click()
    page.wait_for_url("**/pay")
    body: dict[str, str] = api.bodies("/v1/checkouts")[0]
    return body


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ("?a=1#end", ("?a=1", "?a=1#end")),
        ("?a=x|y{z}^w", ("?a=x%7Cy%7Bz%7D%5Ew", "?a=x%7Cy%7Bz%7D%5Ew")),
        ("?a[]='b'`c`", ("?a%5B%5D=%27b%27%60c%60", "?a%5B%5D=%27b%27%60c%60")),
        ("?a=%0A%5C", ("?a=%0A%5C", "?a=%0A%5C")),
        ("?a=\\b", ("?a=%5Cb", "?a=%5Cb")),
        ('?q="x y"<z>', ("?q=%22x%20y%22%3Cz%3E", "?q=%22x%20y%22%3Cz%3E")),
        ("?q=міст", ("?q=%D0%BC%D1%96%D1%81%D1%82", "?q=%D0%BC%D1%96%D1%81%D1%82")),
        ("?a=1#{x}|[y]", ("?a=1", "?a=1#%7Bx%7D%7C%5By%5D")),
        (f"?{TRACKED}", (f"?{TRACKED}", f"?{TRACKED}")),  # short enough: it is told as it is
    ],
)
def test_an_address_is_told_in_plain_characters(
    page: Page, site: Site, api: FakeApi, rest: str, told: tuple[str, str]
) -> None:
    body = given_at(page, site, api, rest)
    assert (body["source"], body["return_to"]) == (site.url() + told[0], site.url() + told[1])
    assert PLAIN.fullmatch(body["source"])
    assert PLAIN.fullmatch(body["return_to"])


def test_a_cyrillic_headline_with_facebooks_parameters_is_told_whole(page: Page, site: Site, api: FakeApi) -> None:
    """Six characters a letter: longer than 500, and nothing unusual."""
    body = given_at(page, site, api, f"?p={HEADLINE}&fbclid={'x' * 130}")
    assert 500 < len(body["source"]) <= 2000
    assert body["source"] == body["return_to"]
    assert "fbclid" in body["source"]


@pytest.mark.parametrize(
    ("rest", "kept"),
    [
        (f"?p=7&{TRACKED}&x={'y' * 1900}", f"?p=7&x={'y' * 1900}"),
        (f"?fbclid={'x' * 2500}", ""),
        (f"?p=7&fbclid={'x' * 2500}#end", "?p=7#end"),
        (f"?p=7#{'x' * 2500}", "?p=7"),
        (f"?p={'x' * 2500}#end", ""),
    ],
)
def test_what_is_too_long_loses_first_what_only_follows_readers_about(
    page: Page, site: Site, api: FakeApi, rest: str, kept: str
) -> None:
    body = given_at(page, site, api, rest)
    assert body["return_to"] == site.url() + kept
    assert body["source"] == site.url() + kept.partition("#")[0]


def test_a_path_that_is_too_long_is_left_out_and_the_gift_is_not(page: Page, site: Site, api: FakeApi) -> None:
    page.goto(f"{site.donate()}at/{'x' * 2100}")
    page.get_by_role("button", name="Підтримувати: 5 € щомісяця").click()
    page.wait_for_url("**/pay")
    assert not {"source", "return_to"} & set(api.bodies("/v1/checkouts")[0])


def test_signing_in_takes_the_same_address(page: Page, context: BrowserContext, site: Site, api: FakeApi) -> None:
    page.goto(site.wall() + "?a=x|y#{z}")
    href = page.get_by_role("link", name="Увійти").get_attribute("href") or ""
    assert parse_qs(urlsplit(href).query)["return_to"] == [f"{site.url()}?a=x%7Cy#%7Bz%7D"]
    sign_in_by_cookie(context, api, "checkout")
    page.reload()
    page.get_by_role("button", name=EVERYWHERE).click()
    type_code(page)
    assert api.bodies("/v1/sign-in")[0]["return_to"] == f"{site.url()}?a=x%7Cy#%7Bz%7D"


@pytest.mark.parametrize("element", ["wall", "donate"])
def test_so_do_the_links_to_the_newsrooms_own_pages(page: Page, site: Site, element: str) -> None:
    site.wall() if element == "wall" else site.donate('campaign="winter"')
    address = site.url("localhost")
    page.goto(f"{address}?a=x|y#{{z}}")
    link = page.get_by_role("link", name="Підтримати")
    expect(link).to_have_attribute("href", re.compile("source="))
    told = parse_qs(urlsplit(link.get_attribute("href") or "").query)
    assert told["source"] == [f"{address}?a=x%7Cy"]
    assert told["return_to"] == [f"{address}?a=x%7Cy#%7Bz%7D"]


def test_a_frame_without_an_address_tells_none(page: Page, site: Site, api: FakeApi) -> None:
    """`srcdoc` and the like: no source, and no `undefined` either."""
    site.donate()
    element, script = site.body, f'<script src="{api.url}/widget.js"></script>'
    site.body = ""
    page.goto(site.url())
    page.evaluate(
        "(html) => document.body.append(Object.assign(document.createElement('iframe'), { srcdoc: html }))",
        f'<html lang="uk">{element}{script}</html>',
    )
    link = page.frame_locator("iframe").get_by_role("link", name="Підтримати")
    expect(link).to_have_attribute("href", f"{api.url}/donate?lang=uk")
