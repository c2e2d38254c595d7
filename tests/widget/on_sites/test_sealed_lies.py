"""Whoever can write a wall's attributes, or a file that it reads, gets nothing into the page and nothing out."""

import json
from html import escape
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.widget import looking
from tests.widget.conftest import Site
from tests.widget.fake_api import CANARY, TEASER, FakeApi
from tests.widget.fake_seal import b64url, file_of, key_of
from tests.widget.sealing import SEAL, TEXT, asked, sealed, wall
from tests.widget.test_wall import sign_in_by_cookie
from tests.widget.unmended import without

pytestmark = pytest.mark.browser
EVIL = "https://evil.example"
OWNED = "<p>Ваша картка прострочена.</p><img src=x onerror='window.owned = 1'>"
ITS_KEY = b"e" * 32
V1 = "k1." + "1".rjust(24, "v")
IN_AN_HOUR = "4102444800." + "A" * 24


def of_an_attacker(page: Page, api: FakeApi, file: str | None = None, **seal: Any) -> dict[str, Any]:
    """A seal in which everything is somebody else's: the file, its key, an endless ticket."""
    text = file or file_of("demo-members", V1, OWNED, key=ITS_KEY)
    page.route(f"{EVIL}/**", lambda route: route.fulfill(body=text, headers={"Access-Control-Allow-Origin": "*"}))
    at = f"{EVIL}/v1/articles/demo-members/sealed/{V1}"
    return {**sealed(api), "sealed": at, "ticket": IN_AN_HOUR, "key": b64url(ITS_KEY), **seal}


def reads_the_true_text(page: Page) -> None:
    expect(page.get_by_text(CANARY)).to_be_visible()
    page.wait_for_timeout(100)
    assert not page.evaluate("window.owned")
    assert "прострочена" not in page.content()


@pytest.mark.parametrize("ticket", [IN_AN_HOUR, None], ids=["with a ticket", "as if open to all"])
def test_a_key_that_stands_in_the_page_is_never_used(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, ticket: str | None
) -> None:
    sign_in_by_cookie(context, api)
    page.goto(wall(site, of_an_attacker(page, api, ticket=ticket)))
    reads_the_true_text(page)


def test_a_stranger_is_shown_nothing_of_it_either(page: Page, site: Site, api: FakeApi) -> None:
    for access in ("members", "metered", "open"):
        page.goto(
            wall(site, of_an_attacker(page, api, access=access, requires=None if access == "open" else "members"))
        )
        expect(page.locator("spilno-wall[state=closed]")).to_have_count(1)
        assert not page.evaluate("window.owned")
        assert CANARY not in page.content()


def test_a_wall_that_took_keys_from_the_page_would_be_owned(
    context: BrowserContext, site: Site, api: FakeApi
) -> None:
    """The negative control."""
    api.scripts = without("ticket ? await", instead="!known.key ? await")
    sign_in_by_cookie(context, api)
    page = context.new_page()
    page.goto(wall(site, of_an_attacker(page, api)))
    page.wait_for_function("window.owned")


@pytest.mark.parametrize(
    "lie",
    [
        {"article": "another"},
        {"version": "k1." + "2".rjust(24, "v")},
        {"needs": "tier:patron"},
        {"spl": 2},
        {"alg": "none"},
        {"iv": "AAAAAAAAAAAAAAAA"},
        {"iv": ""},
        {"__proto__": {"article": "demo-members"}},
        {"more": "x"},
    ],
    ids=str,
)
def test_a_header_that_lies_opens_nothing(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, lie: dict[str, Any]
) -> None:
    """The true key, a true text, a first line that was changed after it was sealed."""
    sign_in_by_cookie(context, api)
    line, rest = file_of("demo-members", V1, OWNED).split("\n")
    file = json.dumps({**json.loads(line), **lie}, separators=(",", ":")) + "\n" + rest
    page.goto(wall(site, of_an_attacker(page, api, file)))
    reads_the_true_text(page)


def test_a_first_line_that_was_sealed_as_another_articles_is_looked_at(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    """Its tag is right, as for whoever holds this article's key and seals with it: the names are compared, too."""
    sign_in_by_cookie(context, api)
    file = file_of("another", V1, OWNED, key=key_of("demo-members", V1))
    page.goto(wall(site, of_an_attacker(page, api, file)))
    reads_the_true_text(page)


@pytest.mark.parametrize("change", ["cut", "doubled", "one sign", "no line", "null", "empty line", "signs"])
def test_a_file_that_was_altered_opens_nothing(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, change: str
) -> None:
    sign_in_by_cookie(context, api)
    whole = file_of("demo-members", V1, OWNED)
    line, rest = whole.split("\n")
    other = "B" if rest[40] == "A" else "A"
    altered = {
        "cut": whole[:-8],
        "doubled": f"{whole}\n{whole}",
        "one sign": f"{line}\n{rest[:40]}{other}{rest[41:]}",
        "no line": rest,
        "null": f"null\n{rest}",
        "empty line": f"\n{whole}",
        "signs": f"{line}\n%00\N{SNOWMAN}",
    }[change]
    page.goto(wall(site, of_an_attacker(page, api, altered)))
    reads_the_true_text(page)


MALFORMED = [
    "",
    "{",
    "null",
    "5",
    '"text"',
    "[]",
    "{}",
    '{"__proto__": {"sealed": "x"}}',
    '{"sealed": {"includes": 1}, "ticket": "9999999999.x"}',
    '{"sealed": {"toString": 1}}',
    '{"sealed": "/v1/articles/demo-members/", "ticket": {"toString": 1, "valueOf": 1}}',
    '{"sealed": "/v1/articles/demo-members/", "ticket": "9999999999.x", "version": {"toString": 1}}',
    '{"sealed": "/v1/articles/demo-members/", "ticket": "9999999999.x", "version": "toString", "needs": "a&gift=b#"}',
    '{"sealed": "/v1/articles/demo-members/", "ticket": "1\\n2", "version": "%00%", "needs": "\\n"}',
    '{"sealed": "javascript:/v1/articles/demo-members/alert(1)", "ticket": "9999999999.x", "version": "k"}',
    '{"sealed": "http://[/v1/articles/demo-members/", "ticket": "9999999999.x", "version": "k"}',
    '{"sealed": "https://evil.example/other/", "ticket": "9999999999.x"}',
    '{"sealed": "https://u:p@evil.example/v1/articles/demo-members/", "ticket": "9999999999.x", "version": "k"}',
]


@pytest.mark.parametrize("seal", MALFORMED)
def test_a_malformed_seal_never_throws_and_the_reader_reads(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, seal: str
) -> None:
    """Any error of the page fails this, by the `page` fixture."""
    sealed(api)
    sign_in_by_cookie(context, api)
    page.goto(wall(site, seal))
    expect(page.get_by_text(CANARY)).to_be_visible()
    context.clear_cookies()
    page.reload()
    expect(page.locator("spilno-wall[state=closed]")).to_have_count(1)


@pytest.mark.parametrize("seal", [one for one in MALFORMED if "/v1/articles/demo-members/" in one])
def test_nor_does_it_while_nobody_says_what_is_current(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, seal: str
) -> None:
    """Then the page's own seal is all there is, whatever it is."""
    sealed(api)
    api.problems[SEAL] = [(503, {"code": "table_down"})] * 2
    sign_in_by_cookie(context, api)
    page.goto(wall(site, seal.replace("9999999999", "1700000000")))
    expect(page.get_by_text(CANARY)).to_be_visible()


@pytest.mark.parametrize(
    "copy", ["javascript:alert(1)", "data:text/plain,x", "http://[", "#", "/", "//evil.example/x", "%"]
)
def test_a_malformed_address_of_a_copy_never_throws(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, copy: str
) -> None:
    page.route("**://evil.example/**", lambda route: route.abort())
    sign_in_by_cookie(context, api)
    sealed(api)
    page.goto(site.wall(f'article="demo-members" sealed="{escape(copy)}"'))
    expect(page.get_by_text(CANARY)).to_be_visible()


# ---- P19: nothing stays


def test_neither_text_nor_key_is_in_any_storage_and_both_go_with_the_reader(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    sign_in_by_cookie(context, api)
    seal = sealed(api, fast=True)
    key = b64url(key_of("demo-members", V1))
    page.goto(wall(site, seal))
    expect(page.get_by_text(CANARY)).to_be_visible()
    for secret in (CANARY, key):
        assert looking.in_storage(page, secret) == []
    assert looking.in_page(page, key) == [], "and the key not in the page either"
    page.get_by_role("button", name="Вийти").click()
    expect(page.get_by_text("Уже підтримуєте?")).to_be_visible()
    assert looking.in_page(page, CANARY) + looking.in_storage(page, CANARY) == []
    assert looking.in_memory(page, CANARY) == []


@pytest.mark.parametrize("event", ["turbo:before-cache", "htmx:beforeHistorySave", "pagehide"])
def test_it_closes_before_the_page_is_kept_and_opens_again(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, event: str
) -> None:
    sign_in_by_cookie(context, api)
    page.goto(wall(site, sealed(api)))
    expect(page.get_by_text(CANARY)).to_be_visible()
    made = "new PageTransitionEvent('pagehide', { persisted: true })"
    html = page.evaluate(
        f"() => {{ const event = {made if event == 'pagehide' else f'new Event({event!r}, {{ bubbles: true }})'};"
        " (event.type === 'pagehide' ? window : document.body).dispatchEvent(event);"
        " return document.documentElement.outerHTML; }"
    )
    assert CANARY not in html
    assert TEASER in html
    if event == "pagehide":
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.get_by_text(CANARY)).to_be_visible()


def test_a_clone_has_no_text_and_opens_for_itself(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    sign_in_by_cookie(context, api)
    page.goto(wall(site, sealed(api)))
    expect(page.get_by_text(CANARY)).to_be_visible()
    copy = page.evaluate("(window.copy = document.querySelector('spilno-wall').cloneNode(true)).outerHTML")
    assert CANARY not in copy
    page.evaluate("document.querySelector('main').replaceChildren(copy)")
    expect(page.get_by_text(CANARY)).to_be_visible()
    assert set(asked(api)) == {"file", "key"}


def test_a_key_that_comes_after_sign_out_opens_nothing(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    sign_in_by_cookie(context, api)
    held: list[Any] = []
    page.route("**/key?*", lambda route: held.append(route))  # noqa: PLW0108 - playwright marks its handlers
    page.goto(wall(site, sealed(api)))
    page.wait_for_timeout(300)
    context.clear_cookies()
    page.evaluate("dispatchEvent(new Event('spilno:signed-out'))")
    held[0].fulfill(
        json={"key": b64url(key_of("demo-members", V1))},
        headers={
            "Access-Control-Allow-Origin": site.url()[:-1],
            "Access-Control-Allow-Credentials": "true",
        },
    )
    page.wait_for_timeout(300)
    assert looking.in_page(page, CANARY) == []
    assert TEXT not in page.content()
