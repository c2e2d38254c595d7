"""A sealed text while the API's records are away, and it takes its time to say so."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

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
    """DynamoDB that hangs costs twenty seconds a call; three in a row left readers a minute with nothing."""
    sign_in_by_cookie(context, api)
    page.add_init_script("let passed = 0; performance.now = () => (passed += 5000)")
    api.problems[KEY] = [(503, {"code": "table_down", "title": AWAY})]
    page.goto(wall(site, sealed(api)))
    expect(page.get_by_role("alert")).to_have_text(AWAY)
    assert sorted(asked(api)) == ["file", "key"], "neither the manifest nor the plain text, which would take as long"
    page.get_by_role("button", name="Спробувати ще раз").click()
    expect(page.get_by_text(CANARY)).to_be_visible()
