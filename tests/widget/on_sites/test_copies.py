"""P19 without a router: whatever copies, moves or saves an open wall gets no gated text with it."""

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.widget import looking
from tests.widget.conftest import Site
from tests.widget.fake_api import CANARY, TEASER, FakeApi
from tests.widget.test_wall import sign_in_by_cookie
from tests.widget.unmended import without_the_mend

pytestmark = pytest.mark.browser

# Each leaves something in `window.kept`, which a page puts back later: a node, or HTML as text.
CLONES = {
    "the wall": "wall.cloneNode(true)",
    "what is around it": "document.querySelector('main').cloneNode(true)",
    "the body": "document.body.cloneNode(true)",
    "imported": "document.importNode(document.querySelector('main'), true)",
    "a range": "(() => { const r = document.createRange(); r.selectNode(wall); return r.cloneContents(); })()",
    "a clone's clone": "wall.cloneNode(true).cloneNode(true)",
    "a clone's HTML": "document.querySelector('main').cloneNode(true).innerHTML",
}
# These see the page as it is, text and all, while it is open: the text must go when it is put back.
SERIALISED = {
    "outerHTML": "wall.outerHTML",
    "innerHTML around it": "document.querySelector('main').innerHTML",
    "XML": "new XMLSerializer().serializeToString(wall)",
    "another document": "document.implementation.createHTMLDocument().importNode(wall, true)",
    "a template": "Object.assign(document.createElement('template'), { innerHTML: wall.outerHTML }).content",
    "a parser": "new DOMParser().parseFromString(wall.outerHTML, 'text/html').body.firstChild",
}
PUT_BACK = """() => {
  const place = document.createElement("section");
  place.append(typeof kept === "string" ? document.createRange().createContextualFragment(kept) : kept);
  document.body.append(place);
}"""


@pytest.fixture
def opened(page: Page, context: BrowserContext, site: Site, api: FakeApi) -> Page:
    """A tab with the article open."""
    return open_it(page, context, site, api)


def open_it(page: Page, context: BrowserContext, site: Site, api: FakeApi) -> Page:
    sign_in_by_cookie(context, api)
    page.goto(site.wall())
    expect(page.get_by_text(CANARY)).to_be_visible()
    return page


def keep(page: Page, how: str) -> None:
    page.evaluate(f"() => {{ const wall = document.querySelector('spilno-wall'); window.kept = {how}; }}")


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Вийти").first.click()
    expect(page.get_by_text("Уже підтримуєте?").first).to_be_visible()


def nowhere(page: Page) -> None:
    assert looking.in_page(page, CANARY) + looking.in_storage(page, CANARY) == []


@pytest.mark.parametrize("how", CLONES)
def test_a_clone_never_has_the_text(opened: Page, how: str) -> None:
    keep(opened, CLONES[how])
    kept = opened.evaluate("typeof kept === 'string' ? kept : kept.textContent")
    assert CANARY not in kept
    expect(opened.get_by_text(CANARY)).to_be_visible()
    sign_out(opened)
    opened.evaluate(PUT_BACK)
    expect(opened.locator("body > section spilno-wall[state=closed]")).to_have_count(1)
    expect(opened.locator("body > section").get_by_text(TEASER)).to_be_visible()
    nowhere(opened)


@pytest.mark.parametrize("how", SERIALISED)
def test_what_was_saved_with_the_text_loses_it_when_it_is_put_back(opened: Page, how: str) -> None:
    keep(opened, SERIALISED[how])
    sign_out(opened)
    opened.evaluate(PUT_BACK)
    nowhere(opened)
    expect(opened.locator("body > section spilno-wall[state=closed]")).to_have_count(1)
    expect(opened.locator("body > section").get_by_text(TEASER)).to_be_visible()
    nowhere(opened)


def test_a_supporter_who_gets_a_copy_back_reads_on(opened: Page) -> None:
    keep(opened, CLONES["what is around it"])
    opened.evaluate("document.querySelector('main').replaceWith(kept)")
    expect(opened.get_by_text(CANARY)).to_be_visible()
    sign_out(opened)
    expect(opened.locator("spilno-wall > p")).to_have_text([TEASER])
    nowhere(opened)


def test_a_page_that_was_saved_while_open_shows_the_teaser_of_the_api(page: Page, site: Site) -> None:
    """Somebody's cache, or "Save page as": the parser meets the open wall before the script is there."""
    site.wall()
    site.body = site.body.replace("<spilno-wall ", '<spilno-wall state="open" ').replace(TEASER, CANARY)
    page.goto(site.url())
    expect(page.locator("spilno-wall[state=closed] > p")).to_have_text([TEASER])
    nowhere(page)


@pytest.mark.parametrize("event", ["turbo:before-cache", "htmx:beforeHistorySave"])
def test_it_closes_before_it_is_copied_and_opens_again_if_nothing_replaced_it(opened: Page, event: str) -> None:
    html = opened.evaluate(
        f"() => {{ document.body.dispatchEvent(new Event('{event}', {{ bubbles: true }}));"
        " return document.body.innerHTML; }"
    )
    assert CANARY not in html
    assert TEASER in html
    expect(opened.get_by_text(CANARY)).to_be_visible()


def test_a_wall_kept_by_a_script_has_no_text_and_comes_back_closed(opened: Page) -> None:
    opened.evaluate("() => { window.kept = document.querySelector('main'); kept.remove(); }")
    assert CANARY not in opened.evaluate("kept.textContent")
    opened.context.clear_cookies()
    opened.evaluate(PUT_BACK)
    expect(opened.locator("spilno-wall[state=closed] > p")).to_have_text([TEASER])
    nowhere(opened)


def test_a_wall_that_is_only_moved_stays_open(opened: Page) -> None:
    opened.evaluate(
        "() => { const seen = window.seen = []; const wall = document.querySelector('spilno-wall');"
        " wall.addEventListener('spilno:closed', ({ detail }) => seen.push(detail.reason));"
        " document.body.append(wall); }"
    )
    expect(opened.get_by_text(CANARY)).to_be_visible()
    opened.wait_for_timeout(300)
    assert opened.evaluate("seen") == []


@pytest.mark.parametrize(
    "swap",
    {
        "children first": "wall.replaceChildren(teaser); wall.setAttribute('article', 'two');",
        "article first": "wall.setAttribute('article', 'two'); wall.replaceChildren(teaser);",
        "article only": "wall.setAttribute('article', 'two');",
        "morphed in place": (
            "wall.firstElementChild.textContent = teaser.textContent; wall.setAttribute('article', 'two');"
        ),
        "morphed, state too": (
            "wall.removeAttribute('state'); wall.setAttribute('article', 'two'); wall.replaceChildren(teaser);"
        ),
    }.items(),
    ids=lambda pair: pair[0],
)
@pytest.mark.parametrize("signed_in", [True, False])
def test_a_router_that_reuses_the_element_never_shows_the_old_teaser(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, swap: tuple[str, str], *, signed_in: bool
) -> None:
    if signed_in:
        sign_in_by_cookie(context, api)
    page.goto(site.wall())
    expect(page.locator(f"spilno-wall[state={'open' if signed_in else 'closed'}]")).to_have_count(1)
    expect(page.get_by_text(CANARY)).to_have_count(1 if signed_in else 0)
    api.article = {"html": "<p>Новий початок.</p>", "decision": {"open": False, "reason": "support"}}
    page.evaluate(
        "(swap) => { const wall = document.querySelector('spilno-wall');"
        " const teaser = Object.assign(document.createElement('p'), { textContent: 'Новий початок.' });"
        " new Function('wall', 'teaser', swap)(wall, teaser); }",
        swap[1],
    )
    if "only" not in swap[0]:
        nowhere(page)
    expect(page.locator("spilno-wall[state=closed] > p")).to_have_text(["Новий початок."])
    expect(page.get_by_text(TEASER)).to_have_count(0)
    nowhere(page)


def test_an_answer_that_comes_after_sign_out_opens_nothing(opened: Page) -> None:
    """The wall asked while the reader was signed in; the answer was on its way when they signed out."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    opened.route("**/v1/articles/*", hold)
    opened.evaluate("document.querySelector('spilno-wall').peek() && undefined")
    opened.wait_for_timeout(200)
    opened.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    held[0].continue_()
    opened.wait_for_timeout(300)
    nowhere(opened)


@pytest.mark.parametrize("how", ["the body", "a range", "a clone's HTML", "imported"])
def test_without_the_mend_the_clone_has_it(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, how: str
) -> None:
    """The negative control."""
    api.scripts = without_the_mend()
    open_it(page, context, site, api)
    keep(page, CLONES[how])
    assert CANARY in page.evaluate("typeof kept === 'string' ? kept : kept.textContent")
    sign_out(page)
    page.evaluate(PUT_BACK)
    assert looking.in_page(page, CANARY)
