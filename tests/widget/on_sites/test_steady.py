"""Nothing jumps and nothing flashes: the room is kept from the first moment, and one appeal is shown, once."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

import chalicelib
from localdev.site.web import make_app
from tests.widget.conftest import Site
from tests.widget.fake_api import CANARY, TEASER, FakeApi, serve
from tests.widget.sealing import sealed, wall
from tests.widget.test_wall import sign_in_by_cookie
from tests.widget.unmended import without

pytestmark = pytest.mark.browser
LATENCY = 300  # milliseconds, of each answer
LONG = f"<p>{TEASER}</p>" + f"<p>{CANARY} {'Далі йде багато тексту. ' * 20}</p>" * 12
WATCH = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries())
    shifts.push({ value: one.value, of: one.sources.map(({ node }) => node?.outerHTML?.slice(0, 90)) });
}).observe({ type: "layout-shift", buffered: true });
window.seen = [];
const look = () => {
  const appeals = [...document.querySelectorAll(".appeal")];
  const visible = appeals.some((one) => one.checkVisibility({ visibilityProperty: true }));
  if (seen.at(-1) !== visible) seen.push(visible);
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


@pytest.fixture
def usual_words(api: FakeApi) -> None:
    """The words and amounts of a real newsroom, which is what the room is made for."""
    file = tomllib.loads(Path(chalicelib.__file__).with_name("newsroom.toml").read_text("utf-8"))
    api.newsroom["texts"] = {name: file["texts"][name] for name in ("appeal_title", "appeal")}
    for code, currency in api.newsroom["currencies"].items():
        real = file["currencies"].get(code, {})
        api.newsroom["currencies"] = {
            **api.newsroom["currencies"],
            code: {**currency, **{name: real[name] for name in ("presets", "earns") if real}},
        }
    api.newsroom["countries"] = file["countries"]


@pytest.fixture(scope="module")
def demo(running_api: FakeApi) -> Iterator[str]:
    """The demo site over the fake API; answers its origin."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SPILNO_PUBLIC_URL", running_api.url)
        server, port = serve(make_app())
        yield f"http://127.0.0.1:{port}"
        server.shutdown()
        server.server_close()


def shifts(page: Page) -> list[Any]:
    found: list[Any] = page.evaluate("shifts")
    return found


@pytest.mark.usefixtures("usual_words")
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    ("who", "scrolled"),
    [("stranger", False), ("stranger", True), ("supporter", True), ("paid here", True)],
    ids=["a stranger at the top", "a stranger at the teaser's end", "a supporter there", "who has just paid, there"],
)
def test_nothing_moves_on_an_article(
    page: Page, context: BrowserContext, demo: str, api: FakeApi, who: str, width: int, *, scrolled: bool
) -> None:
    api.slow_by = LATENCY / 1000
    api.article = {"html": LONG} if who != "stranger" else {}
    if who != "stranger":
        sign_in_by_cookie(context, api, "session" if who == "supporter" else "checkout")
    page.add_init_script(WATCH)
    page.set_viewport_size({"width": width, "height": 740 if width < 500 else 800})
    page.goto(f"{demo}/articles/demo-members", wait_until="commit")
    page.wait_for_selector(".more", state="attached")
    if scrolled:
        page.evaluate("document.querySelector('spilno-wall > p').scrollIntoView({ behavior: 'instant' })")
    state = "closed" if who == "stranger" else "open"
    expect(page.locator(f"spilno-wall[state={state}]")).to_have_count(1)
    if who == "stranger":
        expect(page.locator("spilno-donate form").first).to_be_visible()
    page.wait_for_timeout(300)
    assert sum(one["value"] for one in shifts(page)) == 0, json.dumps(shifts(page), ensure_ascii=False, indent=1)
    # Under a wall the page's own appeal is never shown to these, not even for a moment.
    assert page.evaluate("seen") == [False]


def test_without_the_room_things_move(page: Page, demo: str, api: FakeApi) -> None:
    """The negative control: the same page whose style sheet keeps no room."""
    api.slow_by = (
        2  # seconds: longer than a busy machine takes until the page is scrolled; nothing moves out of sight
    )
    page.add_init_script(WATCH)
    page.route(
        "**/site.css",
        lambda route: route.fulfill(
            response=(answer := route.fetch()),
            body=answer.text() + ":root { --spilno-wall-height: 0px !important }",
        ),
    )
    page.goto(f"{demo}/articles/demo-members", wait_until="commit")
    page.wait_for_selector(".more", state="attached")
    page.evaluate("document.querySelector('.more').scrollIntoView({ block: 'center', behavior: 'instant' })")
    expect(page.locator("spilno-wall[state=closed]")).to_have_count(1)
    page.wait_for_timeout(300)
    assert sum(one["value"] for one in shifts(page)) > 0.02


def test_where_the_script_never_comes_the_room_is_given_up(page: Page, demo: str) -> None:
    """The API is away, or a blocker keeps the script out: most of a screen would stay empty below the teaser."""
    page.route("**/widget.js", lambda route: route.abort())
    page.goto(f"{demo}/articles/demo-members")
    wall = page.locator("spilno-wall")
    delays = "(one) => one.getAnimations().map((each) => each.effect.getTiming().delay)"
    kept = wall.evaluate("(one) => one.offsetHeight")
    assert wall.evaluate(delays) == [8000], "milliseconds, while a slow line may still bring it"
    wall.evaluate("(one) => one.getAnimations().forEach((each) => each.finish())")
    assert kept - wall.evaluate("(one) => one.offsetHeight") > 300
    expect(page.locator(".read-on a")).to_be_visible()


def test_the_room_of_the_form_is_kept_too(page: Page, site: Site, api: FakeApi) -> None:
    api.slow_by = LATENCY / 1000
    page.add_init_script(WATCH)
    site.donate()
    site.body += "<p>Під кнопкою.</p>"
    page.goto(site.url(), wait_until="commit")
    page.wait_for_function("!!window.customElements?.get('spilno-donate')")
    before = page.get_by_text("Під кнопкою.").bounding_box()
    expect(page.locator("spilno-donate form")).to_be_visible()
    after = page.get_by_text("Під кнопкою.").bounding_box()
    assert before == after


# ---- One appeal


def beside(site: Site, attributes: str = "") -> str:
    """A wall, and under it an element of the page's own."""
    site.wall()
    site.body += (
        f'<spilno-donate id="own" api="{site.api.url}" {attributes}><a href="#">Підтримати</a></spilno-donate>'
    )
    return site.url()


OWN = """(() => {
  const { root } = document.querySelector("#own");
  return root.textContent.length > 0 || !!root.querySelector("slot");
})()"""


@pytest.mark.parametrize("who", ["session", "checkout"])
def test_below_a_text_that_their_own_gift_opened_nobody_is_asked_again(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, who: str
) -> None:
    sign_in_by_cookie(context, api, who)
    page.goto(beside(site))
    expect(page.get_by_text(CANARY)).to_be_visible()
    expect(page.locator("spilno-wall")).to_have_attribute("reason", "supporter")
    expect(page.locator("#own form")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    assert page.evaluate(OWN) is False
    box = page.locator("#own").bounding_box()
    assert box
    assert box["height"] == 0


def test_who_signs_out_may_be_asked_again(page: Page, context: BrowserContext, site: Site, api: FakeApi) -> None:
    sign_in_by_cookie(context, api)
    page.goto(beside(site))
    page.get_by_role("button", name="Вийти").click()
    expect(page.locator("#own form")).to_be_visible()
    expect(page.locator("spilno-wall")).to_have_attribute("reason", "sign_in")


@pytest.mark.parametrize("case", ["always", "stranger", "open to all", "unreachable", "broken"])
def test_everybody_else_is_asked(page: Page, context: BrowserContext, site: Site, api: FakeApi, case: str) -> None:
    if case in {"always", "unreachable", "broken"}:
        sign_in_by_cookie(context, api)
    if case == "open to all":
        api.seal, api.article = {"requires": None}, {"decision": {"open": True, "reason": "open"}}
    if case == "unreachable":
        page.route("**/v1/articles/*", lambda route: route.abort())
    if case == "broken":
        api.problems["/v1/articles/demo-members"] = [(503, {"title": "Таблиця не відповідає.", "code": "table_down"})]
    page.goto(beside(site, "always" if case == "always" else ""))
    expect(page.locator("#own form")).to_be_visible()


def test_a_supporter_is_not_asked_for_a_moment_either(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    """While the wall still asks about somebody who may have given, its neighbour waits."""
    sign_in_by_cookie(context, api)
    page.route("**/v1/articles/*", lambda _route: None)  # nobody answers
    page.goto(beside(site))
    page.wait_for_function("document.querySelector('#own').silent !== undefined")
    assert page.evaluate(OWN) is False


@pytest.mark.parametrize("lang", ["uk", "en"])
def test_the_mastheads_link_keeps_its_room_whatever_it_says(
    page: Page, context: BrowserContext, demo: str, api: FakeApi, lang: str
) -> None:
    """Its longest words come last, when the page has been drawn."""
    sign_in_by_cookie(context, api)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{demo}/{'en' if lang == 'en' else ''}")
    link = page.locator("spilno-account")
    expect(link).to_have_attribute("state", "supporter")
    widths = {
        state: link.evaluate("(it, state) => { it.draw(state); return it.getBoundingClientRect().width; }", state)
        for state in ("stranger", "known", "supporter", "late")
    }
    assert len(set(widths.values())) == 1, widths


def moves_when_the_settings_come(page: Page, context: BrowserContext, site: Site, api: FakeApi) -> float:
    """How much moves once a short sealed text stands there, and the newsroom's settings come at last."""
    sign_in_by_cookie(context, api)
    page.add_init_script(WATCH)
    held: list[Route] = []
    page.route("**/v1/newsroom", lambda route: held.append(route))  # noqa: PLW0108 - playwright marks its handlers
    wall(site, sealed(api))
    site.body += "<p>Далі на сторінці.</p>" * 3
    page.goto(site.url())
    expect(page.get_by_text(CANARY)).to_be_visible()
    page.wait_for_timeout(300)
    before = len(shifts(page))
    held[0].continue_()
    expect(page.get_by_text("Ваш рівень")).to_be_visible()
    page.wait_for_timeout(300)
    return float(sum(one["value"] for one in shifts(page)[before:]))


def test_the_line_under_a_text_finds_its_room(page: Page, context: BrowserContext, site: Site, api: FakeApi) -> None:
    assert moves_when_the_settings_come(page, context, site, api) < 0.02


def test_without_that_room_the_page_jumps_by_a_screen(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    """The negative control."""
    api.scripts = without('this.place.style.minHeight = "3em";')
    assert moves_when_the_settings_come(page, context, site, api) > 0.05


@pytest.mark.parametrize("width", [360, 1280])
def test_a_metered_text_moves_by_its_sentence_alone(page: Page, demo: str, api: FakeApi, width: int) -> None:
    """Room for a sentence that most readers never see would be a hole above every text."""
    api.slow_by = LATENCY / 1000
    api.seal = {"access": "metered"}
    decision = {"open": True, "reason": "metered", "left": 1, "limit": 3, "resets_at": "2026-11-30T22:00:00Z"}
    api.article = {"html": LONG, "decision": decision, "signed_in": False}
    page.add_init_script(WATCH)
    page.set_viewport_size({"width": width, "height": 740 if width < 500 else 800})
    page.goto(f"{demo}/articles/demo-metered", wait_until="commit")
    expect(page.locator("spilno-wall[state=open]")).to_have_count(1)
    page.wait_for_timeout(300)
    assert sum(one["value"] for one in shifts(page)) < 0.1, "good, as browsers' makers have it"
