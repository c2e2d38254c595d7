"""A stranger asks for every public address: not one byte of the rest, with the plugin on, off and broken."""

import shutil
from collections.abc import Iterator

import pytest
import requests

from tests.sites.wordpress.installed import HERE
from tests.sites.wordpress.site import Site, paragraphs, walled
from tests.sites.wordpress.walk import addresses, leaks

CANARY = "zqcanaryzq"
SONG = f"{CANARY} sings Закрите"
LATEST = '<!-- wp:latest-posts {"displayPostContent":true,"displayPostContentRadio":"full_post"} /-->'
LOOP = (
    '<!-- wp:query {"query":{"perPage":10,"postType":"post","inherit":false}} --><div class="wp-block-query">'
    "<!-- wp:post-template --><!-- wp:post-title /--><!-- wp:post-content /--><!-- wp:post-excerpt /-->"
    "<!-- /wp:post-template --></div><!-- /wp:query -->"
)


@pytest.fixture(scope="module")
def pages(site: Site) -> Iterator[Site]:
    """Pages that show other posts in full, a comment, a tag; ten posts a feed, so the older tests' go."""
    site.run(
        "foreach (get_posts(['numberposts' => -1, 'post_status' => 'any']) as $one) wp_delete_post($one->ID, true);"
    )
    for slug, content in {"latest": LATEST, "loop": LOOP}.items():
        site.insert(content, post_type="page", post_name=slug, post_title=slug)
    yield site
    site.run(
        "foreach (get_posts(['numberposts' => -1, 'post_status' => 'any']) as $one) wp_delete_post($one->ID, true);"
    )


def _post(site: Site, slug: str, content: str) -> int:
    post = site.insert(content, post_name=slug, tags_input=["mist"])
    # With a revision and an autosave of the rest, and somebody's comment.
    site.run(
        """
        wp_update_post(['ID' => $id, 'post_title' => 'Міст 2']);
        require_once ABSPATH . 'wp-admin/includes/post.php';
        wp_create_post_autosave(wp_slash(['post_ID' => $id, 'post_content' => $text . ' ', 'post_title' => 'Міст',
            'post_excerpt' => '', 'post_type' => 'post']));
        wp_insert_comment(['comment_post_ID' => $id, 'comment_content' => 'Дякую', 'comment_approved' => 1]);
        """,
        id=post,
        text=content,
    )
    return post


@pytest.fixture(scope="module")
def gated(pages: Site) -> int:
    """A post in blocks with everything that may stand below a line."""
    inside = (
        f'<!-- wp:group {{"layout":{{"type":"flex"}}}} --><div class="wp-block-group">{paragraphs(SONG)}</div>'
        f'<!-- /wp:group --><!-- wp:image --><figure><img src="/x.png" alt="{SONG}"></figure><!-- /wp:image -->'
        f"<!-- wp:nextpage --><!--nextpage--><!-- /wp:nextpage -->{paragraphs(SONG)}"
    )
    _post(pages, "classic", f"Початок\n\n[spilno]\n\n{SONG}\n\n<!--nextpage-->\n\n{SONG}")
    return _post(pages, "gated", walled("Початок", SONG) + inside)


def _walk(site: Site, post: int, *, further: int = 0) -> tuple[list[str], int]:
    paths = [*addresses(site, post, "gated", CANARY), "/classic/", "/classic/2/", "/classic/feed/?withoutcomments=1"]
    return leaks(site, paths, CANARY, further=further)


def test_with_the_plugin_on(pages: Site, gated: int) -> None:
    found, asked = _walk(pages, gated, further=60)
    assert found == []
    assert asked > 100
    assert "Початок" in pages.get("/gated/").text
    # Nobody learns by searching which words stand behind a line.
    assert pages.rest_call("GET", f"/wp/v2/search?search={CANARY}").json() == []


def test_with_the_plugin_off(pages: Site, gated: int) -> None:
    pages.run("deactivate_plugins('spilno/spilno.php');")
    try:
        found, asked = _walk(pages, gated)
        page = pages.get("/classic/").text
    finally:
        pages.run("activate_plugin('spilno/spilno.php');")
    assert found == []
    assert asked > 60
    assert "Початок" in page
    assert "[spilno" not in page


def test_with_the_plugin_broken(pages: Site, gated: int) -> None:
    shutil.copy(HERE / "broken.php", pages.folder / "site" / "wp-content" / "mu-plugins")
    pages.run("update_option('test_broken', 1);")
    try:
        found, asked = _walk(pages, gated)
        status = pages.get("/gated/").status_code
    finally:
        (pages.folder / "site" / "wp-content" / "mu-plugins" / "broken.php").unlink()
        pages.run("delete_option('test_broken');")
        (pages.folder / "debug.log").unlink()
    assert found == []
    assert asked > 60
    assert status == requests.codes.server_error


def test_a_plugin_that_only_filters_is_found_leaking(pages: Site) -> None:
    """The control: the same walk, and the text in the post."""
    folder = pages.folder / "site" / "wp-content" / "plugins" / "filter-only"
    folder.mkdir()
    shutil.copy(HERE / "filter-only.php", folder)
    pages.run("activate_plugin('filter-only/filter-only.php');")
    post = _post(pages, "leaky", f"Початок\n\n<!--filter-only-->\n\n{SONG}")
    paths = addresses(pages, post, "leaky", CANARY)
    on, _ = leaks(pages, paths, CANARY)
    pages.run("deactivate_plugins('filter-only/filter-only.php');")
    off, _ = leaks(pages, paths, CANARY)
    pages.run("wp_delete_post($id, true);", id=post)
    assert on
    assert len(off) > 10
