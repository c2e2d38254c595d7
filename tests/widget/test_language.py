"""Which language the elements speak: the page's as people write it, else the newsroom's first."""

import pytest
from playwright.sync_api import Page, Request, expect

from tests.widget.conftest import Site
from tests.widget.fake_api import FakeApi

pytestmark = pytest.mark.browser
HEADINGS = {"uk": "Цю редакцію тримають читачі", "en": "Readers keep this newsroom going"}
UKRAINIAN = ["uk", "uk-UA", "uk_UA", "UK", " uk", "ukr", "ua", "ua-UA", "UA ", "uk-Cyrl-UA", "укр"]
ENGLISH = ["en", "en-GB", "en_US", "EN", " en ", "eng"]
NEITHER = [None, "", "ru", "de", "pl-PL", "uz", "un", "uкр", "constructor", "x-default", "und", "*"]


def speaks(page: Page, lang: str) -> None:
    expect(page.get_by_role("heading", name=HEADINGS[lang])).to_be_visible()
    give = {"uk": "Підтримувати: 3 € щомісяця", "en": "Support us: €3 a month"}[lang]
    expect(page.get_by_role("button", name=give)).to_be_visible()


@pytest.mark.parametrize("written", UKRAINIAN)
def test_ukrainian_as_people_write_it(page: Page, site: Site, api: FakeApi, written: str) -> None:
    api.newsroom = {**api.newsroom, "languages": ["en", "uk"]}
    site.lang = written
    page.goto(site.wall())
    speaks(page, "uk")


@pytest.mark.parametrize("written", ENGLISH)
def test_english_as_people_write_it(page: Page, site: Site, written: str) -> None:
    site.lang = written
    page.goto(site.wall())
    speaks(page, "en")


@pytest.mark.parametrize("first", ["uk", "en"])
@pytest.mark.parametrize("written", NEITHER)
def test_anything_else_is_the_newsrooms_first_language(
    page: Page, site: Site, api: FakeApi, written: str | None, first: str
) -> None:
    api.newsroom = {**api.newsroom, "languages": sorted(HEADINGS, key=lambda one: one != first)}
    site.lang = written
    page.goto(site.wall())
    speaks(page, first)


def test_the_elements_own_attribute_comes_first_and_is_read_as_kindly(page: Page, site: Site) -> None:
    site.lang = "en"
    page.goto(site.wall('article="demo-members" lang="ua"'))
    speaks(page, "uk")


@pytest.mark.own_tab
def test_the_api_is_asked_in_the_language_that_is_known_and_in_any_before(
    page: Page, site: Site, api: FakeApi
) -> None:
    asked: dict[str, str] = {}

    def note(request: Request) -> None:
        asked[request.url.removeprefix(api.url)] = request.headers.get("accept-language", "")

    page.on("request", note)
    site.lang = None
    page.goto(site.donate())
    page.get_by_role("button", name="Підтримувати: 5 € щомісяця").click()
    page.wait_for_url("**/pay")
    assert (asked["/v1/newsroom"], asked["/v1/checkouts"]) == ("*", "uk")
    assert api.bodies("/v1/checkouts")[0]["locale"] == "uk"


@pytest.mark.own_tab
@pytest.mark.parametrize("lang", ["uk", None])
def test_with_the_api_down_it_still_finds_words(page: Page, site: Site, lang: str | None) -> None:
    """Without a word from page or newsroom it speaks as the browser does."""
    page.route("**/v1/**", lambda route: route.abort())
    site.lang = lang
    page.goto(site.wall())
    expect(page.get_by_role("alert")).to_contain_text("Немає зв’язку із сервером.")
