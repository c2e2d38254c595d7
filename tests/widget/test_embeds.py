"""Other sites' scripts in an opened text: those that the newsroom lists run, once each; nothing else ever does."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from chalicelib.newsroom.frames import SCRIPT
from tests.widget.conftest import Site
from tests.widget.fake_api import CANARY, FakeApi
from tests.widget.test_wall import sign_in_by_cookie

pytestmark = [pytest.mark.browser, pytest.mark.own_tab]

INSTAGRAM, TELEGRAM = "https://www.instagram.com/embed.js", "https://telegram.org/js/telegram-widget.js"
CHARTS = "datawrapper.dwcdn.net"
LISTED = [INSTAGRAM, TELEGRAM, CHARTS, "*.charts.example"]
POST = f'<blockquote class="instagram-media">Світлина</blockquote><script async src="{INSTAGRAM}"></script>'
CHANNEL = f'<script async src="{TELEGRAM}?22" data-telegram-post="gazeta/{{}}" data-width="100%"></script>'
CHART = (
    '<div id="c{0}"></div>'
    '<script defer src="https://datawrapper.dwcdn.net/{0}/embed.js" data-target="#c{0}"></script>'
)
NEVER = """
<script>window.bad = "inline"</script>
<script src="data:text/javascript,window.bad='data'"></script>
<script src="http://www.instagram.com/embed.php"></script>
<script src="https://www.instagram.com/embed.js.evil.example/embed.js"></script>
<script src="https://www.instagram.com/other.js"></script>
<script src="https://user@evil.example/embed.js"></script>
<script src="https://charts.example/a.js"></script>
<script src="https://evilcharts.example/a.js"></script>
<script src="https://www.instagram.com:8443/embed.js"></script>
"""


@pytest.fixture(autouse=True)
def outside(page: Page) -> list[str]:
    """What is asked of other sites; each script says that it ran, and what it was told."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        ran = (
            "(window.ran ||= []).push([document.currentScript.src, {...document.currentScript.dataset},"
            " document.currentScript.closest('spilno-wall') !== null]);"
        )
        more = (
            "window.instgrm = {Embeds: {process() { (window.again ||= []).push(1) }}};"
            if "insta" in asked[-1]
            else ""
        )
        route.fulfill(content_type="text/javascript", body=ran + more)

    page.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), answer)
    return asked


@pytest.fixture
def opens(page: Page, context: BrowserContext, site: Site, api: FakeApi) -> Callable[..., Any]:
    """Opens a text that ends with this, where the newsroom lists these; answers what ran."""

    def opened(html: str, listed: list[str] | None = LISTED, *, signed_in: bool = True) -> Any:
        if signed_in:
            sign_in_by_cookie(context, api)
        api.newsroom = {**api.newsroom, **({} if listed is None else {"embeds": listed})}
        whole = re.compile(re.escape(f"{api.url}/v1/articles/demo-members") + r"(\?.*)?$")

        def add(route: Route) -> None:
            answer = route.fetch()
            body = answer.json()
            if CANARY in body.get("html", ""):
                body["html"] += html
            route.fulfill(response=answer, body=json.dumps(body))

        page.route(whole, add)
        page.goto(site.wall())
        if signed_in:
            expect(page.get_by_text(CANARY)).to_be_visible()
            expect(page.get_by_role("button", name="Вийти")).to_be_visible()
            page.wait_for_timeout(400)
        return page.evaluate("window.ran || []")

    return opened


def test_listed_scripts_run_where_they_stand_with_what_they_are_told(
    opens: Callable[..., Any], outside: list[str]
) -> None:
    ran = opens(POST + POST + CHANNEL.format(1) + CHANNEL.format(2) + CHANNEL.format(2) + CHART.format("abc1"))
    assert sorted(ran, key=str) == sorted(
        [
            [INSTAGRAM, {}, True],
            [f"{TELEGRAM}?22", {"telegramPost": "gazeta/1", "width": "100%"}, True],
            [f"{TELEGRAM}?22", {"telegramPost": "gazeta/2", "width": "100%"}, True],
            ["https://datawrapper.dwcdn.net/abc1/embed.js", {"target": "#cabc1"}, True],
        ],
        key=str,
    )
    assert outside.count(INSTAGRAM) == 1


@pytest.mark.parametrize("listed", [LISTED, [], None], ids=["a list", "an empty one", "an older API"])
def test_nothing_else_ever_runs(
    page: Page, opens: Callable[..., Any], outside: list[str], listed: list[str] | None
) -> None:
    posts = "" if listed else POST
    assert opens(NEVER + posts + '<img src="x:" onerror="void 0">', listed) == []
    assert outside == []
    assert page.evaluate("window.bad") is None


@pytest.mark.parametrize("scheme", ["", "http:"])
def test_old_snippets_are_asked_for_over_https(opens: Callable[..., Any], outside: list[str], scheme: str) -> None:
    assert len(opens(POST.replace("https:", scheme))) == 1
    assert outside == [INSTAGRAM]


def test_the_same_scripts_run_where_they_are_listed(opens: Callable[..., Any]) -> None:
    """The negative control: it is the list that keeps them out."""
    ran = opens(
        '<script src="https://www.instagram.com/other.js"></script><script src="https://a.charts.example/a.js"></script>',
        ["www.instagram.com", "*.charts.example"],
    )
    assert len(ran) == 2


def test_of_what_is_not_listed_there_is_a_link_where_one_is_known(page: Page, opens: Callable[..., Any]) -> None:
    gist = '<script src="https://gist.github.com/somebody/0a1b2c.js"></script>'
    opens(CHANNEL.format("12") + CHART.format("abc1") + gist + CHANNEL.format("1'><img>"), [])
    links = page.locator("spilno-wall > p > a[href^='https:']").evaluate_all("links => links.map((one) => one.href)")
    assert links == [
        "https://t.me/gazeta/12",
        "https://datawrapper.dwcdn.net/abc1",
        "https://gist.github.com/somebody/0a1b2c",
    ]


def test_nothing_is_loaded_before_the_text_opens(opens: Callable[..., Any], outside: list[str], page: Page) -> None:
    opens(POST, signed_in=False)
    expect(page.get_by_text("Уже підтримуєте?")).to_be_visible()
    assert outside == []
    assert (
        page.evaluate("performance.getEntriesByType('resource').filter((one) => /embeds-/.test(one.name)).length")
        == 0
    )


def test_a_text_without_scripts_asks_for_no_part_of_theirs(opens: Callable[..., Any], page: Page) -> None:
    opens("<p>Лише текст.</p>")
    assert (
        page.evaluate("performance.getEntriesByType('resource').filter((one) => /embeds-/.test(one.name)).length")
        == 0
    )


def test_opened_again_the_posts_are_looked_for_and_nothing_is_loaded_twice(
    opens: Callable[..., Any], outside: list[str], page: Page
) -> None:
    opens(POST)
    for _ in range(2):
        page.evaluate("document.querySelector('spilno-wall').setAttribute('lang', Math.random() > .5 ? 'en' : 'uk')")
        page.evaluate("document.querySelector('spilno-wall').setAttribute('state', 'closed')")
        expect(page.get_by_text(CANARY)).to_be_visible()
        page.wait_for_timeout(300)
    assert page.evaluate("window.again.length") >= 1
    assert outside.count(INSTAGRAM) == 1


def test_scripts_keep_the_order_of_the_text_unless_it_says_otherwise(opens: Callable[..., Any], page: Page) -> None:
    """The first one takes longer."""
    slow, quick, aside = (f"https://a.charts.example/{name}.js" for name in ("slow", "quick", "aside"))

    def late(route: Route) -> None:
        page.wait_for_timeout(150)
        route.fallback()

    page.route(slow, late)
    ran = opens(f'<script src="{slow}"></script><script src="{quick}"></script><script async src="{aside}"></script>')
    order = [src for src, *_ in ran]
    assert order.index(slow) < order.index(quick)
    assert sorted(order) == sorted([slow, quick, aside])


def test_a_script_within_a_drawing_is_in_nobodys_way(opens: Callable[..., Any], site: Site, api: FakeApi) -> None:
    """Nor does it run: it is no script of HTML, and has no `src`."""
    drawing = f'<svg><script href="{INSTAGRAM}">0</script></svg>'
    site.head = f'{drawing}<script src="{api.url}/widget.js" async></script>'
    assert len(opens(drawing + POST)) == 1


def test_no_handler_comes_along(opens: Callable[..., Any], page: Page) -> None:
    handler = "window.bad = 'handler'"
    ran = opens(f'<script src="{INSTAGRAM}" onload="{handler}" onerror="{handler}" data-x="1" nonce="n"></script>')
    assert [told for _, told, _ in ran] == [{"x": "1"}]
    assert page.evaluate("window.bad") is None


@pytest.mark.parametrize(
    ("policy", "runs"),
    [
        ("script-src 'nonce-abc' 'strict-dynamic'", True),
        ("script-src 'nonce-abc' {api}", True),
        ("script-src {api}", False),
        ("require-trusted-types-for 'script'; trusted-types spilno", True),
        ("require-trusted-types-for 'script'", True),
    ],
)
def test_the_pages_own_policy_stays_in_force(
    opens: Callable[..., Any], site: Site, api: FakeApi, *, policy: str, runs: bool
) -> None:
    site.headers = {"Content-Security-Policy": policy.format(api=api.url)}
    site.head = f'<script nonce="abc" src="{api.url}/widget.js" async></script>'
    assert bool(opens(POST)) is runs


def test_where_the_page_lets_no_script_run_links_stand_all_the_same(
    page: Page, opens: Callable[..., Any], site: Site, api: FakeApi
) -> None:
    """The page's own policy takes our HTML, and no script's address."""
    site.headers = {"Content-Security-Policy": "require-trusted-types-for 'script'; trusted-types default"}
    site.head = (
        '<script>trustedTypes.createPolicy("default", {createHTML: (html) => html})</script>'
        f'<script src="{api.url}/widget.js" async></script>'
    )
    assert opens(POST + CHART.format("abc1") + CHANNEL.format(12), [INSTAGRAM]) == []
    links = page.locator("spilno-wall > p > a[href^='https:']").evaluate_all("links => links.map((one) => one.href)")
    assert links == ["https://datawrapper.dwcdn.net/abc1", "https://t.me/gazeta/12"]


def test_scripts_of_another_api_never_run(
    opens: Callable[..., Any], page: Page, site: Site, api: FakeApi, outside: list[str]
) -> None:
    """Somebody who gets a `spilno-wall` of their own past a sanitiser gets no script in."""
    site.wall()
    site.head = f'<script src="{site.url()}widget.js" async></script>'
    page.route("**/widget.js", lambda route: route.fulfill(response=route.fetch(url=f"{api.url}/widget.js")))
    page.route(
        re.compile(re.escape(site.url()) + "widget/.*"),
        lambda route: route.fulfill(response=route.fetch(url=route.request.url.replace(site.url(), f"{api.url}/"))),
    )
    assert opens(POST) == []
    assert outside == []


@pytest.mark.parametrize("entry", [*LISTED, "https://platform.twitter.com/widgets.js"])
def test_the_newsrooms_file_takes_these(entry: str) -> None:
    assert re.fullmatch(SCRIPT.strip("^$"), entry)
