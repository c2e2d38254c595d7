"""Who is asked about: a stranger who only reads makes no call but those that any cache may answer."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.widget.conftest import Site
from tests.widget.fake_api import CANARY, TEASER, FakeApi
from tests.widget.test_wall import ARTICLE, sign_in_by_cookie
from tests.widget.unmended import without

pytestmark = pytest.mark.browser
SEAL = f"{ARTICLE}/seal"
CACHED = {"/widget.js", "/v1/newsroom", SEAL}
OPEN = {"decision": {"open": True, "reason": "open"}, "html": f"<p>{CANARY}</p>", "requires": None}
STRANGERS_WAY = "Цей матеріал — для тих, хто підтримує редакцію."


def leave(context: BrowserContext, api: FakeApi, **cookies: str) -> None:
    """Cookies of the API's host, names written with an underscore for each dash."""
    for name, value in cookies.items():
        context.add_cookies([{"name": name.replace("_", "-"), "value": value, "url": api.url}])


def uncached(api: FakeApi) -> list[str]:
    """The calls that no cache may answer."""
    return [call.path for call in api.calls if call.path not in CACHED and not call.path.startswith("/widget/")]


def settles(page: Page, site: Site, state: str) -> None:
    page.goto(site.wall())
    expect(page.locator(f"spilno-wall[state={state}]")).to_have_count(1)
    page.wait_for_load_state("networkidle")


@pytest.mark.own_tab
def test_a_stranger_makes_no_call_that_is_not_cached(page: Page, site: Site, api: FakeApi) -> None:
    preflights: list[str] = []
    page.on("request", lambda request: preflights.append(request.url) if request.method == "OPTIONS" else None)
    settles(page, site, "closed")
    expect(page.get_by_text(STRANGERS_WAY)).to_be_visible()
    expect(page.get_by_role("button", name="Підтримувати: 3 € щомісяця")).to_be_visible()
    assert uncached(api) == []
    assert [api.asked("/v1/newsroom"), api.asked(SEAL)] == [1, 1]
    assert not [call for call in api.calls if call.cookie and call.path.startswith("/v1/")], "without cookies, too"
    assert preflights == []


@pytest.mark.parametrize(
    "seal",
    [{"access": "open", "requires": None}, {"access": "members", "requires": None}, {"access": "metered"}],
    ids=["open", "open for a while", "metered"],
)
def test_what_is_open_or_metered_makes_one(page: Page, site: Site, api: FakeApi, seal: dict[str, str | None]) -> None:
    api.seal, api.article = seal, OPEN
    settles(page, site, "open")
    assert uncached(api) == [ARTICLE]


def test_a_supporter_makes_one_beside_what_is_cached(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    sign_in_by_cookie(context, api)
    settles(page, site, "open")
    expect(page.get_by_text(CANARY)).to_be_visible()
    assert uncached(api) == [ARTICLE]
    assert [api.asked("/v1/newsroom"), api.asked(SEAL)] == [1, 0]
    parts = [call.path.rpartition("-")[0] for call in api.calls if call.path.startswith("/widget/")]
    assert parts == ["/widget/wall"], "and fetches what it needs alone"


@pytest.mark.own_tab
def test_a_supporters_calls_and_part_leave_together(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    """No second round trip: none of the three waits for another's answer."""
    sign_in_by_cookie(context, api)
    started: list[str] = []
    page.on("request", lambda request: started.append(urlsplit(request.url).path))
    page.route("**/v1/**", lambda _route: None)
    page.route("**/widget/*", lambda _route: None)  # nobody answers
    page.goto(site.wall())
    page.wait_for_timeout(400)
    asked = {path.rpartition("-")[0] if path.startswith("/widget/") else path for path in started}
    assert {"/v1/newsroom", ARTICLE, "/widget/wall"} <= asked


def test_a_session_of_the_release_before_is_asked_about_once(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    context.clear_cookies()
    leave(context, api, session="yes")
    settles(page, site, "open")
    expect(page.get_by_text(CANARY)).to_be_visible()
    assert uncached(api) == [ARTICLE]
    assert {cookie.get("name") for cookie in context.cookies()} == {"session", f"spilno-ask-{urlsplit(api.url).port}"}


def test_a_stranger_without_any_mark_is_asked_about_once_and_never_again(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    context.clear_cookies()
    settles(page, site, "closed")
    assert uncached(api) == [ARTICLE]
    api.calls.clear()
    settles(page, site, "closed")
    assert uncached(api) == []


@pytest.mark.own_tab
def test_after_400_days_nobody_is_asked_about_without_a_hint(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    context.clear_cookies()
    page.clock.install(time="2028-01-05T00:00:00Z")
    page.goto(site.wall())
    page.clock.run_for(2000)
    expect(page.locator("spilno-wall[state=closed]")).to_have_count(1)
    assert uncached(api) == []


def test_a_hint_that_was_deleted_leaves_the_way_by_signing_in(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    leave(context, api, session="yes")
    settles(page, site, "closed")
    assert uncached(api) == []
    page.get_by_role("link", name="Увійти").click()
    page.wait_for_url(f"{api.url}/sign-in?return_to=**")


def test_a_forged_hint_makes_one_call_and_opens_nothing(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    leave(context, api, spilno_ask="1")
    settles(page, site, "closed")
    expect(page.get_by_text(STRANGERS_WAY)).to_be_visible()
    assert uncached(api) == [ARTICLE]
    assert CANARY not in page.content()


@pytest.mark.parametrize("value", ["0", "", "01", "x1"])
def test_only_the_hint_itself_hints(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, value: str
) -> None:
    """What begins with 1 does: 1 itself, and 1-gift. A value that only looks like it costs one call."""
    leave(context, api, spilno_ask=value, x_spilno_ask="1", spilno_ask_1="1")
    settles(page, site, "closed")
    assert uncached(api) == []


@pytest.mark.parametrize("hint", [None, {"name": "spilno-ask", "domain": "support.news.example"}])
def test_where_this_site_cannot_see_the_hint_it_asks_as_before(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, hint: dict[str, str] | None
) -> None:
    api.hint = hint
    leave(context, api, session="yes")
    settles(page, site, "open")
    assert uncached(api) == [ARTICLE]


def test_a_wall_that_stands_empty_asks_for_the_teaser(page: Page, site: Site, api: FakeApi) -> None:
    site.wall()
    site.body = f'<spilno-wall api="{api.url}" article="demo-members"></spilno-wall>'
    page.goto(site.url())
    expect(page.get_by_text(TEASER)).to_be_visible()
    assert uncached(api) == [ARTICLE]


def test_an_api_without_seals_is_asked_as_before(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    """The script of one release and an API, or a cache before it, of the other."""
    leave(context, api, session="yes")
    api.problems[SEAL] = [(404, {"title": "Nothing here.", "code": "not_found"})]
    settles(page, site, "open")
    assert uncached(api) == [ARTICLE]


def test_where_cookies_do_not_reach_only_the_list_of_the_newsroom_says(page: Page, site: Site, api: FakeApi) -> None:
    api.newsroom["cookie_origins"] = ["https://news.example"]
    page.goto(site.wall())
    expect(page.locator("spilno-wall[state=hosted]")).to_have_count(1)
    assert uncached(api) == []


def test_who_would_be_asked_about_without_the_mend(page: Page, site: Site, api: FakeApi) -> None:
    """The negative control: the wall of before asked about everybody."""
    api.scripts = without("if (!gift && closed && news &&", instead="if (false && closed && news &&")
    settles(page, site, "closed")
    assert uncached(api) == [ARTICLE]


# ---- A page that is only prepared


PRERENDERING = """
let prepared = true;
Object.defineProperty(Document.prototype, "prerendering", { get: () => prepared, configurable: true });
window.look = () => { prepared = false; document.dispatchEvent(new Event("prerenderingchange")); };
"""


@pytest.fixture
def prepared(page: Page) -> Callable[[], None]:
    """A page that the browser prepares before anybody looks at it; called, somebody looks."""
    page.add_init_script(PRERENDERING)
    return lambda: page.evaluate("look()")


@pytest.mark.own_tab
def test_a_page_that_is_only_prepared_asks_nothing_about_its_reader(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, prepared: Callable[[], None]
) -> None:
    sign_in_by_cookie(context, api)
    page.goto(site.wall())
    page.wait_for_load_state("networkidle")
    assert uncached(api) == []
    assert api.asked("/v1/newsroom") == 1, "what is the same for everybody may come before"
    prepared()
    expect(page.get_by_text(CANARY)).to_be_visible()
    assert uncached(api) == [ARTICLE]
