"""A sealed text while the API's records are away, and it takes its time to say so."""

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.widget.conftest import Site
from tests.widget.fake_api import CANARY, FakeApi
from tests.widget.sealing import KEY, asked, sealed, wall
from tests.widget.test_wall import sign_in_by_cookie

pytestmark = pytest.mark.browser
AWAY = "Наш сервіс зараз не відповідає."


@pytest.mark.own_tab
def test_who_is_slow_to_say_that_the_records_are_away_is_not_asked_again(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    """A table that is silent costs a second and more a call; each further question would cost as much again."""
    sign_in_by_cookie(context, api)
    page.add_init_script("let passed = 0; performance.now = () => (passed += 1200)")
    api.problems[KEY] = [(503, {"code": "table_down", "title": AWAY})]
    page.goto(wall(site, sealed(api)))
    expect(page.get_by_role("alert")).to_have_text(AWAY)
    assert sorted(asked(api)) == ["file", "key"], "neither the manifest nor the plain text, which would take as long"
    page.get_by_role("button", name="Спробувати ще раз").click()
    expect(page.get_by_text(CANARY)).to_be_visible()


@pytest.mark.own_tab
def test_a_copy_that_does_not_answer_is_waited_for_shortly(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    """Two and a half seconds, which are over at once here; then the file comes from where the seal says."""
    sign_in_by_cookie(context, api)
    page.add_init_script("const set = setTimeout; setTimeout = (act, ms) => set(act, ms === 2500 ? 0 : ms)")
    silent: list[Route] = []

    def never(route: Route) -> None:
        silent.append(route)

    page.route("**/copy.txt", never)
    page.goto(wall(site, sealed(api), 'sealed="copy.txt"'))
    expect(page.get_by_text(CANARY)).to_be_visible()
    assert silent
    assert sorted(asked(api)) == ["file", "key"]
