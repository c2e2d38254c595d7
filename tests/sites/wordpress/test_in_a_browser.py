"""People with a browser: an author closes a post by mouse, a stranger reads its beginning, a supporter all of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from testkit.stack import Stack
from tests.sites.wordpress.sent import CLOSED, OPEN, WHOLE
from tests.sites.wordpress.site import Site
from tests.stories.reader import Reader, ops

pytestmark = [pytest.mark.stack, pytest.mark.browser]


@pytest.fixture
def connected(site: Site, spilno: Stack) -> Iterator[Site]:
    """The WordPress connected to the stack, and its editor without a tour."""
    site.options(api=spilno.app, key="local-cms-key")
    site.run(
        """
        $wishes = ['welcomeGuide' => false, 'openPanels' => ['post-status', 'spilno-line/spilno']];
        $wishes = ['core/edit-post' => $wishes, '_modified' => '2026-11-30T00:00:00Z'];
        foreach ([1, 3] as $id) update_user_meta($id, 'wp_persisted_preferences', $wishes);
        """
    )
    yield site
    site.options(api="", key="")


def logged_in(context: BrowserContext, site: Site, user: str) -> Page:
    """A tab of somebody who is logged in at WordPress."""
    cookies = [{"name": c.name, "value": str(c.value), "url": site.url} for c in site.session(user).cookies]
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(30_000)
    return page


@pytest.fixture
def supporter(context: BrowserContext, spilno: Stack) -> Reader:
    """Somebody who supports the newsroom and is signed in."""
    reader = Reader(context, spilno)
    ops(spilno, "grant", reader.email, "--tier", "member", "--until", "2027-12-31", "--reason", "a test")
    reader.signs_in()
    return reader


def test_an_author_closes_a_post_by_mouse(connected: Site, context: BrowserContext) -> None:
    page = logged_in(context, connected, "author")
    page.goto(f"{connected.url}/wp-admin/post-new.php")
    page.locator(".editor-post-title__input").fill("Руками")
    page.keyboard.press("Enter")
    for text in (OPEN, "Другий абзац", CLOSED):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    # The post's tab beside the block's: its class is another in each release.
    page.locator(".edit-post-sidebar__panel-tab, .edit-post-sidebar button[role=tab]").first.click()
    page.locator(".spilno-close").click()
    expect(page.locator(".spilno-line")).to_be_visible()
    page.locator(".editor-post-publish-panel__toggle").click()
    page.locator(".editor-post-publish-button").click()
    expect(page.locator(".post-publish-panel__postpublish")).to_be_visible()
    post = int(page.evaluate("wp.data.select('core/editor').getCurrentPostId()"))
    row = connected.row(post)
    assert CLOSED not in str(row)
    assert "Другий абзац" in row["post_content"]
    assert connected.run("return Spilno\\State::of($id)->is_sent();", id=post)

    page.goto(f"{connected.url}/wp-admin/post.php?post={post}&action=edit")
    expect(page.locator(".spilno-line")).to_be_visible()
    expect(page.get_by_text(CLOSED)).to_be_visible()
    known: Any = page.evaluate(
        """() => {
          const { select } = wp.data;
          return [select("core/block-editor").getBlocks().map((one) => `${one.name} ${one.isValid}`),
            select("core/editor").isEditedPostDirty()];
        }"""
    )
    # The last one is what the key Enter began.
    assert known == [[*["core/paragraph true"] * 2, "spilno/access true", *["core/paragraph true"] * 2], False]
    # Who reads the rest is changed on the line.
    page.locator(".spilno-line").click()
    page.locator(".spilno-who select").select_option("metered")
    page.locator(".editor-post-publish-button").click()
    expect(page.locator(".components-snackbar")).to_be_visible()
    assert '"access":"metered"' in connected.row(post)["post_content"]


NOTHING_BELOW = "Під межею немає тексту, тому запис відкрито для всіх."


@pytest.mark.parametrize(
    ("typed", "above"),
    [([OPEN, CLOSED], 1), ([OPEN, CLOSED, ""], 1), ([OPEN, "Другий абзац", CLOSED, ""], 2), ([CLOSED, ""], None)],
    ids=["two", "two-and-the-cursor", "three-and-the-cursor", "one"],
)
def test_the_button_leaves_something_below_the_line(
    connected: Site, context: BrowserContext, typed: list[str], above: int | None
) -> None:
    """Else the first short post of a newsroom is open to everybody, and only a line beside it says so."""
    page = logged_in(context, connected, "author")
    page.goto(f"{connected.url}/wp-admin/post-new.php")
    page.locator(".editor-post-title__input").wait_for()
    page.evaluate(
        """typed => wp.data.dispatch("core/block-editor").insertBlocks(
          typed.map((content) => wp.blocks.createBlock("core/paragraph", content ? { content } : {})), 0)""",
        typed,
    )
    page.locator(".edit-post-sidebar__panel-tab, .edit-post-sidebar button[role=tab]").first.click()
    page.locator(".spilno-close").click()
    expect(page.locator(".spilno-line")).to_be_visible()
    names: list[str] = page.evaluate("wp.data.select('core/block-editor').getBlocks().map((one) => one.name)")
    says = page.get_by_text(NOTHING_BELOW)
    if above is None:
        expect(says).to_be_visible()
    else:
        assert names.index("spilno/access") == above
        expect(says).to_have_count(0)


def test_a_stranger_is_asked_and_a_supporter_reads(connected: Site, spilno: Stack, supporter: Reader) -> None:
    post = connected.insert(WHOLE)
    stranger = supporter.context.browser
    assert stranger
    with stranger.new_context(locale="uk-UA") as other:
        page = other.new_page()
        page.goto(f"{connected.url}/?p={post}")
        expect(page.locator("spilno-wall[state=closed]")).to_be_visible()
        expect(page.get_by_text(OPEN)).to_be_visible()
        assert CLOSED not in page.content()
        expect(page.locator(".spilno-read-on")).to_be_hidden()
    with stranger.new_context(locale="uk-UA", java_script_enabled=False) as other:
        page = other.new_page()
        page.goto(f"{connected.url}/?p={post}")
        page.locator(".spilno-read-on a").click()
        expect(page).to_have_url(f"{spilno.app}/read/wp-{post}")
    supporter.page.goto(f"{connected.url}/?p={post}")
    supporter.sees(CLOSED)
    assert supporter.troubles == []
