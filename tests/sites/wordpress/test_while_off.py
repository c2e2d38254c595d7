"""What was stored while the plugin was off: readers see its beginning, and the row is put right."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.sites.wordpress.sent import CLOSED, OPEN, WHOLE
from tests.sites.wordpress.site import LINE, Site, paragraphs, walled
from tests.sites.wordpress.test_leaks import LATEST, LOOP
from tests.sites.wordpress.test_saving import raw, stored_well
from tests.sites.wordpress.walk import addresses, leaks

CANARY = "zqabsentzq"
SONG = f"{CANARY} sings Закрите"
PLUGIN = "'spilno/spilno.php'"
# Of several pages: those behind the line have none in them. In a group, from which excerpts take what is inside.
PAGES = (
    walled(OPEN, SONG)
    + f'\n\n<!-- wp:group --><div class="wp-block-group">{paragraphs(SONG)}</div><!-- /wp:group -->\n\n'
    + f"<!-- wp:nextpage -->\n<!--nextpage-->\n<!-- /wp:nextpage -->\n\n{paragraphs(SONG)}"
)
CLASSIC = f"{OPEN}\n\n[spilno]\n\n{SONG}\n\n<!--nextpage-->\n\n{SONG}"


@contextmanager
def switched_off(site: Site) -> Iterator[None]:
    """Off, and on again without what the plugin does when somebody activates it."""
    site.run(f"deactivate_plugins({PLUGIN});")
    try:
        yield
    finally:
        site.run(f"activate_plugin({PLUGIN}, '', false, true);")


def activated(site: Site) -> None:
    """As the page of plugins does it."""
    site.run(f"deactivate_plugins({PLUGIN});")
    site.run(f"return activate_plugin({PLUGIN});")


@pytest.fixture
def off(site: Site) -> Iterator[dict[str, int]]:
    """Posts that were stored while it was off; each has a row with the whole text."""
    with switched_off(site):
        posts = {
            "absent": site.insert(PAGES, post_name="absent", tags_input=["mist"]),
            "absent-classic": site.insert(CLASSIC, post_name="absent-classic"),
        }
    for slug, content in {"absent-latest": LATEST, "absent-loop": LOOP}.items():
        posts[slug] = site.insert(content, post_type="page", post_name=slug, post_title=slug)
    yield posts
    for post in posts.values():
        site.run("wp_delete_post($id, true);", id=post)


def test_not_a_byte_of_it_is_shown(site: Site, off: dict[str, int]) -> None:
    assert all(SONG in site.row(off[name])["post_content"] for name in ("absent", "absent-classic")), "rows are whole"
    paths = addresses(site, off["absent"], "absent", CANARY)
    more = [f"/absent-classic/{path}" for path in ("", "2/", "feed/?withoutcomments=1", "?page=2")]
    found, asked = leaks(site, [*paths, *more, "/absent-latest/", "/absent-loop/"], CANARY)
    assert found == []
    assert asked > 90
    for path in ("/absent/", "/absent-latest/", "/absent-loop/"):
        assert OPEN in site.get(path).text, path
    assert SONG not in str(site.rest_call("GET", "/wp/v2/posts?context=edit", "contributor").json())


def test_its_editor_sees_all_of_it(site: Site, off: dict[str, int]) -> None:
    page = site.get("/absent/", "editor")
    assert SONG in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert SONG not in site.get("/absent/?spilno=stranger", "editor").text
    assert raw(site, f"/wp/v2/posts/{off['absent']}", "admin") == PAGES


def test_who_met_such_a_row_has_it_put_right(site: Site, off: dict[str, int]) -> None:
    site.run("wp_unschedule_hook('spilno_cut');")
    modified = site.row(off["absent"])["post_modified"]
    site.get("/absent/")
    assert site.planned() == ["spilno_cut"]
    site.cron()
    for name, whole in {"absent": PAGES, "absent-classic": CLASSIC}.items():
        row = site.row(off[name])
        assert CANARY not in str(row)
        assert site.whole(off[name]) == whole
    assert site.row(off["absent"])["post_modified"] == modified
    assert site.run("return count(wp_get_post_revisions($id));", id=off["absent"]) == 0
    site.get("/absent/")
    assert site.planned() == []


def test_activating_cuts_them(site: Site, off: dict[str, int]) -> None:
    activated(site)
    assert CANARY not in str([site.row(post) for post in off.values()])
    assert site.whole(off["absent"]) == PAGES
    assert site.rest_call("GET", f"/wp/v2/search?search={CANARY}").json() == []


def test_what_was_written_below_a_mark(site: Site) -> None:
    post = site.insert(WHOLE)
    below = f"<!-- wp:nextpage -->\n<!--nextpage-->\n<!-- /wp:nextpage -->\n\n{paragraphs(SONG)}"
    with switched_off(site):
        site.update(post, post_content=f"{site.row(post)['post_content']}\n\n{below}")
    assert SONG in str(site.row(post))
    for path in (f"/?p={post}", f"/?p={post}&page=2", f"/?p={post}&feed=rss2&withoutcomments=1"):
        assert SONG not in site.get(path).text, path
    assert SONG not in str(site.rest_call("GET", f"/wp/v2/posts/{post}").json())
    activated(site)
    assert SONG not in str(site.row(post))
    assert site.whole(post) == f"{WHOLE}\n\n{below}"


def test_a_line_above_a_mark(site: Site) -> None:
    post = site.insert(WHOLE)
    with switched_off(site):
        site.update(post, post_content=f"{paragraphs('Перше')}\n\n{LINE}\n\n{site.row(post)['post_content']}")
    assert OPEN in str(site.row(post))
    page = site.get(f"/?p={post}").text
    assert "Перше" in page
    assert OPEN not in page
    activated(site)
    row = site.row(post)
    assert OPEN not in row["post_content"]
    assert CLOSED in site.whole(post)


def test_what_cannot_be_cut_stays_and_is_not_tried_for_ever(site: Site) -> None:
    with switched_off(site):
        post = site.insert(WHOLE)
        site.run("update_post_meta($id, '_elementor_edit_mode', 'builder');", id=post)
    activated(site)
    site.run("wp_unschedule_hook('spilno_cut');")
    assert site.row(post)["post_content"] == WHOLE
    assert site.row(post)["post_status"] == "publish"
    assert CLOSED not in site.get(f"/?p={post}").text
    assert site.planned() == []
    site.run("wp_delete_post($id, true);", id=post)


def test_so_many_that_one_call_is_not_enough(site: Site) -> None:
    with switched_off(site):
        posts = [site.insert(WHOLE) for _ in range(3)]
    site.run("Spilno\\Cut_Again::run($last);", last=posts[0])
    assert [site.row(post)["post_content_filtered"] != "" for post in posts] == [False, True, True]
    site.run("Spilno\\Cut_Again::run();")
    assert all(stored_well(site, post) for post in posts)
