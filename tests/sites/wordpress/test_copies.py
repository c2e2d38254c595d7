"""Texts that are copied, put back, exported: each post has its own rest."""

from tests.sites.wordpress.sent import CLOSED, WHOLE, notice
from tests.sites.wordpress.site import Site
from tests.sites.wordpress.test_saving import published, stored_well


def test_a_copy_of_the_text_alone_finds_its_rest_for_who_may_edit_the_original(site: Site) -> None:
    post = published(site, "admin")
    text = site.row(post)["post_content"]
    copy = site.insert(text, user="editor")
    assert stored_well(site, copy)
    assert f'"kept":{copy}' in site.row(copy)["post_content"]
    stolen = site.insert(text, user="contributor", post_status="pending")
    assert site.whole(stolen) == text
    assert site.rest(stolen) is None
    assert "missing" in notice(site, stolen)


def test_a_copy_that_is_put_back_brings_its_rest_along(site: Site) -> None:
    post = published(site, "admin")
    copy = site.insert(site.row(post)["post_content"], post_status="draft")
    other = WHOLE.replace(CLOSED, f"{CLOSED} переписано")
    site.rest_call("POST", f"/wp/v2/posts/{copy}", "admin", content=other)
    site.update(post, post_content=site.row(copy)["post_content"])
    assert stored_well(site, post, other)
    assert f'"kept":{post}' in site.row(post)["post_content"]


def test_code_that_writes_a_whole_text_with_its_line_replaces_both_parts(site: Site) -> None:
    post = published(site, "admin")
    other = WHOLE.replace(CLOSED, f"{CLOSED} з файлу")
    site.update(post, post_content=other)
    assert stored_well(site, post, other)


def test_an_export_has_the_whole_and_comes_in_cut(site: Site) -> None:
    post = published(site, "admin")
    exported = site.run(
        """
        require_once ABSPATH . 'wp-admin/includes/export.php';
        ob_start(); export_wp(['content' => 'post']); return ob_get_clean();
        """
    )
    # Other tests' posts are in it, too.
    (this,) = (item for item in exported.split("<item>") if f"<wp:post_id>{post}</wp:post_id>" in item)
    assert WHOLE in this
    assert site.row(post)["post_content_filtered"] not in exported
