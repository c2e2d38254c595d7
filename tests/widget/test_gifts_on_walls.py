"""Gift links: the token leaves the address bar before anybody reads it there; and supporters give an article."""

import re
from typing import Any

import pytest
from flask import Flask, Response, request
from playwright.sync_api import BrowserContext, Page, expect

from tests.widget.conftest import Site
from tests.widget.fake_api import CANARY, FakeApi, serve
from tests.widget.looking import in_page, in_storage
from tests.widget.sealing import ARTICLE, KEY, asked, older, sealed, wall
from tests.widget.test_wall import sign_in_by_cookie
from tests.widget.unmended import without

pytestmark = pytest.mark.browser
TOKEN = "g1.abcdefghijklmnop.0123456789abcdef0123456789abcdef"
GIVEN = "Цю статтю вам подарували. Приємного читання!"
ABOVE = "spilno-wall >> [part='line above']"


@pytest.mark.own_tab
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"?spilno={TOKEN}", ""),
        (f"?a=1&spilno={TOKEN}", "?a=1"),
        (f"?spilno={TOKEN}&a=%D0%B0+b&&c=$&$1", "?a=%D0%B0+b&&c=$&$1"),
        (f"?a&&spilno={TOKEN}&=b&#h?spilno=g1.x&y", "?a&&=b&#h?spilno=g1.x&y"),
        (f"?a=%zz&spilno={TOKEN}#%zz", "?a=%zz#%zz"),
        (f"?spilno={TOKEN}&spilno={TOKEN}", ""),
        ("?spilno=other&a=1", "?spilno=other&a=1"),
        (f"?xspilno={TOKEN}", f"?xspilno={TOKEN}"),
        ("?a=1#spilno=g1.x", "?a=1#spilno=g1.x"),
    ],
)
def test_only_the_token_is_taken_off_and_every_other_byte_stays(
    page: Page, site: Site, before: str, after: str
) -> None:
    page.add_init_script("history.replaceState({ kept: 1 }, '')")
    page.goto(site.wall() + before)
    expect(page.locator("spilno-wall[state=closed]")).to_have_count(1)
    assert page.url == site.url() + after
    assert page.evaluate("history.state") == {"kept": 1}, "a router's own"
    assert page.evaluate("history.length") == 2, "and no step more to go back"


@pytest.mark.parametrize("how", ["plain", "sealed", "an older seal"])
def test_a_gift_opens_and_is_sent_once_and_reload_needs_it_no_more(
    page: Page, site: Site, api: FakeApi, how: str
) -> None:
    api.gift = TOKEN
    seal = None if how == "plain" else sealed(api)
    address = wall(site, older(seal) if how == "an older seal" else seal) if seal else site.wall()
    page.goto(f"{address}?spilno={TOKEN}#part-2")
    expect(page.get_by_text(CANARY)).to_be_visible()
    expect(page.locator(ABOVE)).to_have_text(GIVEN)
    expect(page.get_by_text("Сподобалося?")).to_be_visible()
    assert page.url == f"{site.url()}#part-2"
    carried = [call.path for call in api.calls if TOKEN in call.query.values()]
    assert carried == [KEY if seal else ARTICLE]
    assert not in_page(page, TOKEN) + in_storage(page, TOKEN)
    api.calls.clear()
    page.reload()
    expect(page.locator(ABOVE)).to_have_text(GIVEN)
    assert not [call for call in api.calls if TOKEN in call.query.values()]


def test_a_supporter_reads_by_their_own_right_and_uses_up_nobodys_gift(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    api.gift = TOKEN
    sign_in_by_cookie(context, api)
    page.goto(f"{site.wall()}?spilno={TOKEN}")
    expect(page.get_by_text("Ваш рівень — «Друг редакції».")).to_be_visible()
    assert not [call for call in api.calls if TOKEN in call.query.values()]


@pytest.mark.own_tab
def test_the_masthead_takes_whoever_was_given_an_article_for_a_stranger(page: Page, site: Site, api: FakeApi) -> None:
    api.gift = TOKEN
    site.wall()
    site.body = f'<spilno-account api="{api.url}"></spilno-account>{site.body}'
    link = page.locator("spilno-account").get_by_role("link")
    page.goto(f"{site.url()}?spilno={TOKEN}")
    for _ in range(2):
        expect(page.locator(ABOVE)).to_have_text(GIVEN)
        page.wait_for_load_state("networkidle")
        expect(link).to_have_text("Увійти")
        page.reload()
    assert api.asked("/v1/session") == 0


@pytest.mark.parametrize("with_seal", [False, True])
def test_who_is_signed_in_without_support_reads_by_the_gift(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, *, with_seal: bool
) -> None:
    api.gift = TOKEN
    context.add_cookies([{"name": "spilno-ask", "value": "1", "url": api.url}])
    address = wall(site, sealed(api)) if with_seal else site.wall()
    page.goto(f"{address}?spilno={TOKEN}")
    expect(page.locator(ABOVE)).to_have_text(GIVEN)
    assert [TOKEN in call.query.values() for call in api.calls if call.path in (KEY, ARTICLE)] == [False, True]


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        ("used_up", "уже скористалося стільки людей, на скількох воно розраховане."),
        ("over", "вже не діє."),
        ("constructor", "вже не діє."),
    ],
)
def test_a_link_that_opens_nothing_any_more_is_told_so(
    page: Page, site: Site, api: FakeApi, ended: str, words: str
) -> None:
    api.article = {"decision": {"open": False, "reason": "sign_in", "gift": ended}}
    page.goto(f"{site.wall()}?spilno={TOKEN}")
    expect(page.locator("[part='text reason']")).to_contain_text(words)
    expect(page.locator("[part='text reason']")).to_contain_text("Цей матеріал — для тих, хто підтримує редакцію.")


def test_on_a_site_of_another_domain_the_gift_goes_on_to_our_page_unused(
    page: Page, site: Site, api: FakeApi
) -> None:
    api.gift = TOKEN
    site.wall()
    page.goto(f"{site.url('localhost')}?spilno={TOKEN}")
    read = page.get_by_role("link", name="Читати на нашій сторінці")
    expect(read).to_have_attribute("href", f"{api.url}/read/demo-members?gift={TOKEN}")
    page.wait_for_load_state("networkidle")
    assert not [call for call in api.calls if TOKEN in call.query.values()]


def goes_to(page: Page, article: str, query: str = "") -> None:
    """As a router does that swaps the article in place."""
    page.evaluate(
        "([article, query]) => { history.pushState({}, '', `/at/${article}${query}`);"
        " document.querySelector('spilno-wall').setAttribute('article', article); }",
        [article, query],
    )


@pytest.mark.own_tab
def test_the_next_article_of_a_soft_navigation_gets_no_token(page: Page, site: Site, api: FakeApi) -> None:
    api.gift = TOKEN
    page.goto(f"{site.wall()}?spilno={TOKEN}")
    expect(page.get_by_text(CANARY)).to_be_visible()
    api.calls.clear()
    goes_to(page, "two")
    page.wait_for_timeout(500)
    assert not [call for call in api.calls if TOKEN in call.query.values()]
    goes_to(page, "three", f"?spilno={TOKEN}")
    expect(page.locator(ABOVE)).to_have_text(GIVEN)
    assert page.url == f"{site.url()}at/three", "and a link that is followed in place is taken off, too"


def test_no_third_party_is_told_the_token_by_the_address_it_is_asked_from(
    page: Page, site: Site, api: FakeApi
) -> None:
    """By what is asked for once the script has run, even by a site that sends whole addresses to everybody."""
    told: list[str] = []
    app = Flask("third party")
    app.before_request(lambda: told.append(request.headers.get("Referer", "")))
    app.add_url_rule("/<path:path>", view_func=lambda path: Response(f"{path}."))
    server, port = serve(app)
    try:
        api.gift = TOKEN
        site.headers = {"Referrer-Policy": "unsafe-url"}
        page.goto(f"{site.wall()}?spilno={TOKEN}")
        expect(page.locator(ABOVE)).to_be_visible()
        page.evaluate(f"fetch('http://127.0.0.1:{port}/a', {{ mode: 'no-cors' }})")
        page.evaluate(f"document.body.append(Object.assign(new Image(), {{ src: 'http://127.0.0.1:{port}/b' }}))")
        page.wait_for_load_state("networkidle")
    finally:
        server.shutdown()
        server.server_close()
    assert told == [site.url()] * 2
    assert not [call for call in api.calls if TOKEN in call.referer and not call.path.startswith("/widget.js")]
    page.evaluate(f"location.assign('{api.url}/donate')")
    page.wait_for_url("**/donate")
    assert page.evaluate("document.referrer") == site.url()


@pytest.mark.own_tab
def test_without_taking_it_off_they_would_be_told(context: BrowserContext, site: Site, api: FakeApi) -> None:
    """The negative control."""
    api.scripts = without("if (plain !== href) history", instead="if (false) history")
    page = context.new_page()
    page.goto(f"{site.wall()}?spilno={TOKEN}")
    expect(page.locator("spilno-wall[state]")).to_have_count(1)
    assert TOKEN in page.url


# ---- Giving


def give(page: Page, context: BrowserContext, site: Site, api: FakeApi, share: str = "undefined") -> None:
    page.add_init_script(f"Object.defineProperty(Navigator.prototype, 'share', {{ value: {share} }})")
    sign_in_by_cookie(context, api)
    page.goto(site.wall())
    page.get_by_role("button", name="Подарувати статтю").click()


@pytest.mark.own_tab
def test_a_supporter_gives_the_article_by_a_link_that_is_copied(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    give(page, context, site, api)
    link = page.get_by_label("Посилання, яке можна надіслати")
    expect(link).to_have_value(f"{api.url}/read/demo-members?gift=g1.abc.def")
    status = page.get_by_role("status")
    expect(status).to_have_text(
        "Надішліть це посилання кому захочете: воно відкриває статтю до 10 грудня. Скопійовано."
    )
    assert page.evaluate("navigator.clipboard.readText()") == f"{api.url}/read/demo-members?gift=g1.abc.def"
    assert api.bodies("/v1/me/gift-links") == [{"article": "demo-members"}]
    page.get_by_role("button", name="Подарувати статтю").click()
    expect(page.get_by_role("status")).to_have_count(1)


@pytest.mark.own_tab
@pytest.mark.parametrize(
    "share",
    [
        "async (what) => { window.shared = what.url; }",
        "async () => { throw new DOMException('', 'AbortError'); }",
        "undefined",
    ],
    ids=["shared", "thought better of it", "nothing may be copied"],
)
def test_where_it_is_shared_or_cannot_be_copied_the_link_stands_there(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, share: str
) -> None:
    if share == "undefined":
        # Safari and Firefox, since the press that began it is long over when the link is there.
        page.add_init_script(
            "navigator.clipboard.writeText = async (url) => { if (window.fresh) window.copied = url; else throw 0; }"
        )
    give(page, context, site, api, share)
    expect(page.get_by_label("Посилання, яке можна надіслати")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text(re.compile(r"до 10\sгрудня\.$"))
    if share == "undefined":
        page.evaluate("window.fresh = true")
        page.get_by_role("button", name="Скопіювати").click()
        expect(page.get_by_role("status")).to_contain_text("Скопійовано.")
        assert page.evaluate("copied") == f"{api.url}/read/demo-members?gift=g1.abc.def"
    else:
        expect(page.get_by_role("button", name="Поділитися")).to_be_visible()
    if "shared" in share:
        assert page.evaluate("shared") == f"{api.url}/read/demo-members?gift=g1.abc.def"


@pytest.mark.own_tab
@pytest.mark.parametrize("code", ["too_many_gift_links", "sign_in_again"])
def test_a_refusal_is_told_in_the_apis_words(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, code: str
) -> None:
    title = "Цього місяця ви подарували стільки статей, скільки можна."
    api.problems["/v1/me/gift-links"] = [(403, {"title": title, "code": code})]
    give(page, context, site, api)
    expect(page.get_by_role("alert")).to_contain_text(title)
    way = page.get_by_role("link", name="Підтвердити вхід і подарувати")
    if code == "sign_in_again":
        expect(way).to_have_attribute("href", f"{api.url}/account/links?give=demo-members&lang=uk")
    else:
        expect(way).to_have_count(0)


@pytest.mark.parametrize(
    "decision", [{"open": True, "reason": "open"}, {"open": True, "reason": "metered", "left": 1, "limit": 3}]
)
def test_only_what_ones_own_support_opens_can_be_given(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, decision: dict[str, Any]
) -> None:
    sign_in_by_cookie(context, api)
    api.article = {"decision": decision}
    page.goto(site.wall())
    expect(page.get_by_role("button", name="Вийти")).to_be_visible()
    expect(page.get_by_role("button", name="Подарувати статтю")).to_have_count(0)
    assert "article" in asked(api)
