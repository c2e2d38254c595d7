"""`<spilno-wall seal>`: the text from a sealed file, and a key from the API; each asked for once, side by side."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.widget.conftest import Site
from tests.widget.fake_api import CANARY, TEASER, FakeApi
from tests.widget.fake_seal import NEVER_OPENS, file_of
from tests.widget.sealing import ASKS, KEY, SEAL, TEXT, asked, older, sealed, wall
from tests.widget.test_calls import PRERENDERING
from tests.widget.test_wall import sign_in_by_cookie

pytestmark = pytest.mark.browser
STRANGERS_WAY = "Цей матеріал — для тих, хто підтримує редакцію."
MIRROR = "https://mirror.example/bridge.txt"
NO_WEBCRYPTO = "Object.defineProperty(window, 'isSecureContext', { value: false });"


@pytest.fixture
def supporter(context: BrowserContext, api: FakeApi) -> None:
    """Whoever opens the page is signed in and supports."""
    sign_in_by_cookie(context, api)


def reads(page: Page, *paragraphs: str) -> None:
    """These stand in the page itself, around which the site's own styles are; and nothing is on its way any more."""
    there = "(texts) => JSON.stringify([...document.querySelectorAll('spilno-wall[state=open] > p')]"
    wanted = json.dumps(paragraphs or (TEASER, CANARY), ensure_ascii=False, separators=(",", ":"))
    page.wait_for_function(f"{there}.map((one) => one.textContent)) === texts", arg=wanted)
    page.wait_for_load_state("networkidle")


def mirrored(page: Page, file: str, status: int = 200) -> list[str]:
    """Somebody else's server has this file; answers what it was asked for."""
    asked: list[str] = []

    def answer(route: Any) -> None:
        asked.append(route.request.url)
        route.fulfill(status=status, body=file, headers={"Access-Control-Allow-Origin": "*"})

    page.route("https://mirror.example/**", answer)
    return asked


# ---- What is asked


@pytest.mark.usefixtures("supporter")
def test_a_supporter_asks_for_file_and_key_and_nothing_else(page: Page, site: Site, api: FakeApi) -> None:
    page.goto(wall(site, sealed(api)))
    reads(page)
    assert sorted(asked(api)) == ["file", "key"]
    call = next(call for call in api.calls if call.path == KEY)
    assert call.query == {"v": api.sealed and api.sealed.name, "needs": "members", "t": call.query["t"]}
    assert not [call for call in api.calls if "/sealed/" in call.path and call.cookie]
    parts = [call.path.rpartition("-")[0] for call in api.calls if call.path.startswith("/widget/")]
    assert parts == ["/widget/wall"]
    expect(page.get_by_text("Ваш рівень — «Друг редакції».")).to_be_visible()


@pytest.mark.own_tab
@pytest.mark.usefixtures("supporter")
def test_file_key_and_part_leave_together(page: Page, site: Site, api: FakeApi) -> None:
    started: list[str] = []
    page.on("request", lambda request: started.append(urlsplit(request.url).path))
    page.route("**/v1/**", lambda _route: None)
    page.route("**/widget/*", lambda _route: None)  # nobody answers
    seal = sealed(api)
    page.goto(wall(site, seal))
    page.wait_for_timeout(400)
    assert {KEY, urlsplit(seal["sealed"]).path, "/v1/newsroom"} <= set(started)


@pytest.mark.usefixtures("supporter")
def test_by_pass_and_ticket_alone_the_line_leads_to_the_account_and_out(page: Page, site: Site, api: FakeApi) -> None:
    page.goto(wall(site, sealed(api, fast=True)))
    reads(page)
    expect(page.get_by_role("link", name="Моя підтримка")).to_be_visible()
    page.get_by_role("button", name="Вийти").click()
    expect(page.get_by_text("Уже підтримуєте?")).to_be_visible()
    assert CANARY not in page.content()


@pytest.mark.usefixtures("supporter")
def test_the_manifest_is_asked_for_only_when_the_pages_seal_is_old(page: Page, site: Site, api: FakeApi) -> None:
    page.goto(wall(site, older(sealed(api))))
    reads(page)
    assert (asked(api)[0], sorted(asked(api))) == ("seal", ["file", "key", "seal"])


@pytest.mark.own_tab
@pytest.mark.usefixtures("supporter")
def test_a_copy_elsewhere_needs_no_seal_in_the_page(page: Page, site: Site, api: FakeApi) -> None:
    seal = sealed(api)
    at = mirrored(page, file_of("demo-members", seal["version"], TEXT))
    page.goto(site.wall(f'article="demo-members" sealed="{MIRROR}"'))
    reads(page)
    assert (at, sorted(asked(api))) == ([MIRROR], ["key", "seal"])


@pytest.mark.own_tab
@pytest.mark.usefixtures("supporter")
@pytest.mark.parametrize(
    ("file", "status"),
    [
        ("", 404),
        ("<!doctype html><title>Parked</title>", 200),
        (file_of("demo-members", "k1.old", "<p>Old.</p>"), 200),
        (file_of("another", "k1." + "1".rjust(24, "v"), TEXT), 200),
        (file_of("demo-members", "k1." + "1".rjust(24, "v"), "<p>Evil.</p>", key=b"e" * 32), 200),
    ],
    ids=["gone", "a page", "an older version", "another article's", "somebody's own"],
)
def test_a_copy_that_is_none_is_passed_over_with_the_same_key(
    page: Page, site: Site, api: FakeApi, file: str, status: int
) -> None:
    mirrored(page, file, status)
    page.goto(wall(site, sealed(api), f'sealed="{MIRROR}"'))
    reads(page)
    assert sorted(asked(api)) == ["file", "key"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"], ids=["the API's site", "another site"])
def test_what_is_open_to_all_needs_no_key_call_and_no_cookie_anywhere(
    page: Page, site: Site, api: FakeApi, host: str
) -> None:
    api.seal = {"access": "open", "requires": None}
    wall(site, sealed(api, open_to_all=True))
    page.goto(site.url(host))
    reads(page)
    assert sorted(asked(api)) == ["file", "seal"]
    assert not [call for call in api.calls if call.path.startswith("/v1/") and call.cookie]
    expect(page.locator("spilno-wall")).to_have_attribute("reason", "open")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"], ids=["the API's site", "another site"])
def test_what_is_open_for_a_while_has_no_key_in_the_page_and_is_read_all_the_same(
    page: Page, site: Site, api: FakeApi, host: str
) -> None:
    """Its seal has a ticket that was over when it was made: as long as it is open, any cache answers the key."""
    api.seal = {"access": "open", "requires": None, "closes_at": "2100-01-01T00:00:00Z"}
    wall(site, older(sealed(api)))
    assert api.sealed
    api.sealed.open_to_all = True
    page.goto(site.url(host))
    reads(page)
    assert sorted(asked(api)) == ["file", "seal"]


def test_a_stranger_with_a_fresh_seal_asks_nothing_about_the_article(page: Page, site: Site, api: FakeApi) -> None:
    page.goto(wall(site, sealed(api)))
    expect(page.get_by_text(STRANGERS_WAY)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert asked(api) == []
    page.goto(wall(site, older(sealed(api))))
    expect(page.get_by_text(STRANGERS_WAY)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert asked(api) == ["seal"], "which any cache may answer"


def test_what_has_opened_since_the_page_was_made_is_asked_for(page: Page, site: Site, api: FakeApi) -> None:
    seal = {**sealed(api), "opens_at": "2020-01-01T00:00:00Z"}
    api.article = {"decision": {"open": True, "reason": "open"}, "signed_in": False}
    page.goto(wall(site, seal))
    reads(page)


def test_who_is_refused_gets_the_appeal_from_the_one_call(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    sign_in_by_cookie(context, api)
    api.article = {"decision": {"open": False, "reason": "support"}, "signed_in": True}
    page.goto(wall(site, sealed(api)))
    expect(page.get_by_text("за цією адресою підтримки зараз немає")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert sorted(asked(api)) == ["file", "key"]
    expect(page.locator("spilno-wall > p")).to_have_text([TEASER])


def test_an_empty_wall_that_is_refused_gets_its_teaser(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    context.add_cookies([{"name": "spilno-ask", "value": "1", "url": api.url}])
    wall(site, sealed(api))
    site.body = site.body.replace(f"<p>{TEASER}</p>", "")
    page.goto(site.url())
    expect(page.locator("spilno-wall[state=closed] > p")).to_have_text([TEASER])


# ---- What is in the way


@pytest.mark.usefixtures("supporter")
def test_a_text_that_was_replaced_is_read_in_its_new_version(page: Page, site: Site, api: FakeApi) -> None:
    seal = sealed(api)
    sealed(api, version=2)
    page.goto(wall(site, seal))
    reads(page)
    assert asked(api).count("key") == 2
    assert not {"seal", "article"} & set(asked(api)), "the refusal brought the manifest"


@pytest.mark.usefixtures("supporter")
@pytest.mark.parametrize("answers", [1, 2], ids=["once", "twice"])
def test_a_file_that_is_gone_is_looked_for_once_more_and_then_the_text_comes_plainly(
    page: Page, site: Site, api: FakeApi, answers: int
) -> None:
    seal = sealed(api)
    old = {**seal, "version": "k0." + "x" * 24, "sealed": seal["sealed"].replace(seal["version"], "k0." + "x" * 24)}
    api.problems[KEY] = [(503, {"code": "table_down"})] * answers
    page.goto(wall(site, old))
    reads(page)
    assert asked(api).count("seal") == answers
    assert asked(api).count("article") == answers - 1


@pytest.mark.usefixtures("supporter")
@pytest.mark.parametrize(("status", "by_the_page"), [(503, True), (404, False)], ids=["away", "deleted"])
def test_where_nobody_says_what_is_current_the_seal_in_the_page_is_used_however_old(
    page: Page, site: Site, api: FakeApi, status: int, *, by_the_page: bool
) -> None:
    """P15: while the API's records are away, it hands keys out by old tickets. An article that is gone stays gone."""
    seal = older(sealed(api))
    api.problems[SEAL] = [(status, {"code": "table_down" if by_the_page else "unknown_article"})]
    page.goto(wall(site, seal))
    reads(page)
    call = next((call for call in api.calls if call.path == KEY), None)
    assert (call is not None and call.query["t"] == seal["ticket"]) is by_the_page
    assert ("article" in asked(api)) is not by_the_page


@pytest.mark.own_tab
@pytest.mark.usefixtures("supporter")
@pytest.mark.parametrize("key", [NEVER_OPENS, "", "?", None, 5, {}], ids=str)
def test_a_key_that_opens_nothing_leads_to_the_plain_call(page: Page, site: Site, api: FakeApi, key: object) -> None:
    """Whatever is wrong between file and key, the reader reads."""
    seal = sealed(api)
    cors = {"Access-Control-Allow-Origin": site.url()[:-1], "Access-Control-Allow-Credentials": "true"}
    page.route(
        f"**{KEY}?*",
        lambda route: route.fulfill(
            json={"key": key, "decision": {"open": True, "reason": "supporter"}}, headers=cors
        ),
    )
    page.goto(wall(site, seal))
    reads(page)
    assert asked(api)[-1] == "article"


@pytest.mark.own_tab
@pytest.mark.usefixtures("supporter")
def test_without_webcrypto_the_article_is_asked_for_at_once(page: Page, site: Site, api: FakeApi) -> None:
    page.add_init_script(NO_WEBCRYPTO)
    page.goto(wall(site, sealed(api)))
    reads(page)
    assert asked(api) == ["article"]


@pytest.mark.own_tab
@pytest.mark.usefixtures("supporter")
def test_a_browser_without_from_base64_reads_as_well(page: Page, site: Site, api: FakeApi) -> None:
    page.add_init_script("delete Uint8Array.fromBase64")
    page.goto(wall(site, sealed(api)))
    reads(page)
    assert "article" not in asked(api)


@pytest.mark.own_tab
@pytest.mark.usefixtures("supporter")
def test_the_text_opens_while_the_newsrooms_settings_do_not_come(page: Page, site: Site, api: FakeApi) -> None:
    page.route("**/v1/newsroom", lambda _route: None)
    page.goto(wall(site, sealed(api, fast=True)))
    expect(page.get_by_text(CANARY)).to_be_visible()


# ---- A page that is only prepared, and one that changes


@pytest.mark.own_tab
@pytest.mark.usefixtures("supporter")
@pytest.mark.parametrize("fresh", [True, False], ids=["a fresh seal", "an old one"])
def test_a_page_that_is_only_prepared_asks_for_no_key(page: Page, site: Site, api: FakeApi, *, fresh: bool) -> None:
    page.add_init_script(PRERENDERING)
    seal = sealed(api)
    page.goto(wall(site, seal if fresh else older(seal)))
    page.wait_for_load_state("networkidle")
    assert set(asked(api)) == ({"file"} if fresh else {"seal", "file"}), "what is the same for everybody"
    page.evaluate("look()")
    reads(page)
    assert asked(api).count("key") == 1


@pytest.mark.usefixtures("supporter")
@pytest.mark.parametrize("seal_too", [True, False], ids=["with its seal", "with the seal of the last one"])
def test_a_router_that_reuses_the_element_opens_the_new_article(
    page: Page, site: Site, api: FakeApi, *, seal_too: bool
) -> None:
    page.goto(wall(site, sealed(api)))
    reads(page)
    assert api.sealed
    api.sealed.text = f"<p>{TEASER}</p><p>Інша стаття.</p>"
    api.article = {"html": api.sealed.text}
    new = api.sealed.manifest(api.url, "two", ASKS) if seal_too else None
    page.evaluate(
        "(seal) => { const wall = document.querySelector('spilno-wall'); wall.setAttribute('article', 'two');"
        " if (seal) wall.setAttribute('seal', JSON.stringify(seal)); }",
        new,
    )
    reads(page, TEASER, "Інша стаття.")
    of_two = [call.path.replace("/v1/articles/two", "") for call in api.calls if "/two" in call.path]
    assert sorted(re.sub("/k1.*", "", path) for path in of_two) == (["/key", "/sealed"] if seal_too else [""])
