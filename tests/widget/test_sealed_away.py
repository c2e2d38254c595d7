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


@pytest.mark.own_tab
def test_a_key_that_is_lost_on_the_way_is_asked_for_again(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    """On a slow line: nobody said that the records are away."""
    sign_in_by_cookie(context, api)
    page.add_init_script("let passed = 0; performance.now = () => (passed += 1200)")
    page.route(f"**{KEY}?*", lambda route: route.abort(), times=1)
    page.goto(wall(site, sealed(api)))
    expect(page.get_by_text(CANARY)).to_be_visible()
    assert (asked(api).count("key"), "article" in asked(api)) == (1, False)


@pytest.mark.own_tab
def test_of_a_slow_line_the_keys_own_call_alone_is_counted(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    """The manifest takes more than a second; that the key could not be told came at once, both times."""
    sign_in_by_cookie(context, api)
    page.add_init_script(
        "let late = 0; const now = performance.now.bind(performance); performance.now = () => now() + late;"
        "const after = () => new Promise((done) => setTimeout(() => done(late += 1200), 300));"
        "const ask = fetch; fetch = (...call) => ask(...call).finally(/seal([?]|$)/.test(call[0]) && after)"
    )
    api.problems[KEY] = [(503, {"code": "table_down", "title": AWAY})] * 2
    page.goto(wall(site, sealed(api)))
    expect(page.get_by_text(CANARY)).to_be_visible()
    assert [one for one in asked(api) if one != "file"] == ["key", "seal", "key", "seal", "article"]


@pytest.mark.own_tab
def test_a_copy_that_comes_too_slowly_is_given_up(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    """Else it would take half of the line from the file that is fetched in its place."""
    sign_in_by_cookie(context, api)
    page.add_init_script(
        "const set = setTimeout; setTimeout = (act, ms) => set(act, ms === 2500 ? 50 : ms);"
        "const slow = { start: (sent) => sent.enqueue(new Uint8Array(9)), cancel: () => { window.givenUp = true } };"
        "const ask = fetch; fetch = (...call) =>"
        " /copy/.test(call[0]) ? Promise.resolve(new Response(new ReadableStream(slow))) : ask(...call)"
    )
    page.goto(wall(site, sealed(api), 'sealed="copy.txt"'))
    expect(page.get_by_text(CANARY)).to_be_visible()
    assert page.evaluate("window.givenUp") is True
