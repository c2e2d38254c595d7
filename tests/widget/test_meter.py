"""What a wall says of the meter: before the text, in one sentence, and where the text stays closed."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.widget.conftest import Site
from tests.widget.fake_api import CANARY, TEASER, FakeApi
from tests.widget.sealing import ARTICLE, KEY, asked, sealed, wall
from tests.widget.test_calls import PRERENDERING
from tests.widget.test_wall import sign_in_by_cookie
from tests.widget.unmended import without

pytestmark = pytest.mark.browser
DECEMBER = "2026-11-30T22:00:00Z"  # midnight in Kyiv
METERED = {"access": "metered", "requires": "members"}
ABOVE = "spilno-wall >> [part='line above']"


def metered(api: FakeApi, read: int = 2, limit: int = 3, **more: Any) -> None:
    """The meter has opened so many, this one included."""
    api.seal = METERED
    said = {"open": True, "reason": "metered", "left": limit - read, "limit": limit, "resets_at": DECEMBER, **more}
    api.article = {"decision": said, "html": f"<p>{TEASER}</p><p>{CANARY}</p>", "signed_in": False}


@pytest.mark.parametrize(
    ("read", "limit", "uk", "en"),
    [
        (
            1,
            1,
            "Це єдина відкрита стаття цього місяця. Нова — 1 грудня.",
            "the one open article of this month. The next",
        ),
        (1, 2, "Це перша з двох відкритих статей цього місяця.", "the first of two open articles"),
        (
            2,
            3,
            "Це друга з трьох відкритих статей цього місяця. Нові — 1 грудня.",
            "the second of three open articles",
        ),
        (4, 6, "Це четверта із шести відкритих статей", "the fourth of six open articles"),
        (7, 7, "Це сьома із семи відкритих статей", "the seventh of seven open articles"),
        (10, 10, "Це десята з десяти відкритих статей", "the tenth of ten open articles"),
        (
            11,
            20,
            "Відкритих статей цього місяця: 11 з 20. Нові — 1 грудня.",
            "this month: 11 of 20. New ones: 1 December.",
        ),
    ],
)
def test_which_of_how_many_this_is_stands_above_the_text(
    page: Page, site: Site, api: FakeApi, read: int, limit: int, uk: str, en: str
) -> None:
    metered(api, read, limit)
    for site.lang, words in (("uk", uk), ("en", en)):
        page.goto(site.wall())
        expect(page.locator(ABOVE)).to_contain_text(words)
    told, text = page.locator(ABOVE).bounding_box(), page.get_by_text(TEASER).bounding_box()
    assert told is not None
    assert text is not None
    assert told["y"] + told["height"] <= text["y"], "before it is read"
    link = page.locator(ABOVE).get_by_role("link", name="What we know about your reading")
    expect(link).to_have_attribute("href", f"{api.url}/reading?lang=en")


@pytest.mark.parametrize(
    ("left", "uk", "en"),
    [
        (0, "не рахується знову. Нові — 1 грудня.", "does not count again. New ones: 1 December."),
        (1, "Лишилася ще 1; нові — 1 грудня.", "1 more is open to you; new ones: 1 December."),
        (2, "Лишилися ще 2; нові", "2 more are open to you"),
        (5, "Лишилося ще 5; нові", "5 more are open to you"),
    ],
)
def test_the_same_article_again_is_said_to_be_free(
    page: Page, site: Site, api: FakeApi, left: int, uk: str, en: str
) -> None:
    metered(api, 8 - left, 8, again=True)
    for site.lang, words in (("uk", uk), ("en", en)):
        page.goto(site.wall())
        expect(page.locator(ABOVE)).to_contain_text(words)


@pytest.mark.own_tab
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/London", "Europe/Kyiv"])
def test_the_day_is_the_newsrooms_wherever_it_and_the_reader_are(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, zone: str
) -> None:
    context.new_cdp_session(page).send("Emulation.setTimezoneOverride", {"timezoneId": zone})
    midnights = ("2026-11-30T10:00:00Z", "2026-11-30T22:00:00Z", "2026-12-01T00:00:00Z", "2026-12-01T12:00:00Z")
    for midnight in midnights:
        metered(api, resets_at=midnight)
        page.goto(site.wall())
        expect(page.locator(ABOVE), midnight).to_contain_text("Нові — 1 грудня.")


def test_a_stranger_makes_one_call_of_their_own_for_text_and_sentence(page: Page, site: Site, api: FakeApi) -> None:
    metered(api)
    page.goto(site.wall())
    expect(page.get_by_text(CANARY)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert asked(api) == ["seal", "article"]
    api.calls.clear()
    page.goto(wall(site, sealed(api)))
    expect(page.locator(ABOVE)).to_be_visible()
    expect(page.get_by_text(CANARY)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert sorted(asked(api)) == ["file", "key"], "sealed: by the page's own seal"


def test_where_the_meter_is_used_up_the_day_and_the_way_to_more_are_told(
    page: Page, site: Site, api: FakeApi
) -> None:
    api.seal, api.newsroom = METERED, {**api.newsroom, "meter": {"free": 3, "signed_in": 5}}
    api.article = {"decision": {"open": False, "reason": "meter_used", "left": 0, "limit": 3, "resets_at": DECEMBER}}
    page.goto(site.wall())
    why = page.locator("[part='text reason']")
    expect(why).to_have_text(
        "Відкриті статті цього місяця ви вже прочитали. Нові — 1 грудня. Цю відкриває підтримка редакції."
    )
    expect(page.get_by_text("Хто ввійшов, читає більше відкритих статей.")).to_be_visible()
    expect(page.get_by_role("link", name="Увійти")).to_have_attribute(
        "href", f"{api.url}/sign-in?return_to=http%3A%2F%2F127.0.0.1%3A{site.port}%2F&lang=uk"
    )
    expect(page.get_by_role("link", name="Що ми знаємо про ваше читання")).to_be_visible()
    expect(page.locator(ABOVE)).to_have_count(0)
    expect(page.get_by_role("progressbar")).to_have_count(0)


@pytest.mark.parametrize(
    ("meter", "signed_in", "limit"),
    [(None, False, 3), ({"free": 3, "signed_in": 3}, False, 3), ({"free": 3, "signed_in": 5}, True, 5)],
)
def test_nobody_is_promised_more_who_gets_no_more(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, meter: Any, signed_in: bool, limit: int
) -> None:
    if signed_in:
        sign_in_by_cookie(context, api)
    api.seal, api.newsroom = METERED, {**api.newsroom, "meter": meter}
    decision = {"open": False, "reason": "meter_used", "left": 0, "limit": limit, "resets_at": DECEMBER}
    api.article = {"decision": decision, "signed_in": signed_in}
    page.goto(site.wall())
    expect(page.get_by_text("ви вже прочитали")).to_be_visible()
    expect(page.get_by_text("читає більше")).to_have_count(0)


def test_where_nothing_is_free_nobody_is_said_to_have_read_it(page: Page, site: Site, api: FakeApi) -> None:
    api.seal, api.newsroom = METERED, {**api.newsroom, "meter": {"free": 0, "signed_in": 5}}
    api.article = {"decision": {"open": False, "reason": "meter_used", "left": 0, "limit": 0, "resets_at": DECEMBER}}
    page.goto(site.wall())
    expect(page.locator("[part='text reason']")).to_have_text("Цей матеріал — для тих, хто підтримує редакцію.")


@pytest.mark.parametrize("with_seal", [False, True])
def test_on_a_site_of_another_domain_it_is_read_on_our_page_and_never_counted(
    page: Page, site: Site, api: FakeApi, *, with_seal: bool
) -> None:
    metered(api)
    wall(site, sealed(api)) if with_seal else site.wall()
    page.goto(site.url("localhost"))
    expect(page.locator("spilno-wall[state=hosted]")).to_have_count(1)
    read = page.get_by_role("link", name="Читати на нашій сторінці")
    expect(read).to_have_attribute("href", f"{api.url}/read/demo-members")
    page.wait_for_load_state("networkidle")
    assert not {"article", "key"} & set(asked(api))


@pytest.mark.own_tab
@pytest.mark.parametrize("with_seal", [False, True])
def test_a_page_that_is_only_prepared_counts_nothing(
    page: Page, site: Site, api: FakeApi, *, with_seal: bool
) -> None:
    metered(api)
    page.add_init_script(PRERENDERING)
    page.goto(wall(site, sealed(api)) if with_seal else site.wall())
    page.wait_for_load_state("networkidle")
    assert not {"article", "key"} & set(asked(api))
    page.evaluate("look()")
    expect(page.get_by_text(CANARY)).to_be_visible()
    assert [call.path for call in api.calls if call.path in (ARTICLE, KEY)] == [KEY if with_seal else ARTICLE]


@pytest.mark.own_tab
def test_without_the_wait_a_prepared_page_counts(context: BrowserContext, site: Site, api: FakeApi) -> None:
    """The negative control."""
    api.scripts = without('if (credentials === "include" && own("prerendering"))', instead="if (false)")
    metered(api)
    page = context.new_page()
    page.add_init_script(PRERENDERING)
    page.goto(wall(site, sealed(api)))
    page.wait_for_load_state("networkidle")
    assert "key" in asked(api)


def test_the_sentence_goes_with_the_text(page: Page, site: Site, api: FakeApi) -> None:
    metered(api)
    page.goto(site.wall())
    expect(page.locator(ABOVE)).to_be_visible()
    api.seal, api.article = {}, {}
    page.evaluate("dispatchEvent(new Event('spilno:signed-out'))")
    expect(page.get_by_text("Уже підтримуєте?")).to_be_visible()
    expect(page.locator(ABOVE)).to_have_count(0)


@pytest.mark.own_tab
def test_where_the_sentence_does_not_come_the_text_does(page: Page, site: Site, api: FakeApi) -> None:
    metered(api)
    page.route("**/widget/meter-*", lambda route: route.abort())
    page.goto(site.wall())
    expect(page.get_by_text(CANARY)).to_be_visible()
    expect(page.locator(ABOVE)).to_have_count(0)
