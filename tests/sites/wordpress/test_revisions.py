"""Revisions are cut as their post is, compared whole by who may edit it, and bring the whole text back."""

import xmlrpc.client
from typing import Any

from tests.sites.wordpress.site import Site, paragraphs
from tests.sites.wordpress.test_saving import CLOSED, OPEN, WHOLE, published, raw, stored_well


def restored(site: Site, revision: int) -> Any:
    """A revision brought back; answers the post's number."""
    return site.run("return wp_restore_post_revision($id);", id=revision)


def test_revisions_are_cut_as_the_post_is_and_bring_the_whole_back(site: Site) -> None:
    post = published(site, "admin")
    other = WHOLE.replace(CLOSED, f"{CLOSED} друге")
    site.rest_call("POST", f"/wp/v2/posts/{post}", "admin", title="Переправа")
    site.rest_call("POST", f"/wp/v2/posts/{post}", "admin", content=other)
    revisions = site.rest_call("GET", f"/wp/v2/posts/{post}/revisions?context=edit", "admin").json()
    assert [one["content"]["raw"] for one in revisions] == [other, WHOLE]
    for one in revisions:
        assert CLOSED not in str(site.row(one["id"]))
    assert restored(site, revisions[1]["id"]) == post
    assert stored_well(site, post)


def test_revisions_are_compared_whole_by_who_may_edit(site: Site) -> None:
    post = published(site, "admin")
    other = WHOLE.replace(CLOSED, f"{CLOSED} друге")
    site.rest_call("POST", f"/wp/v2/posts/{post}", "admin", title="Переправа")
    site.rest_call("POST", f"/wp/v2/posts/{post}", "admin", content=other)
    compare = """
        require_once ABSPATH . 'wp-admin/includes/revision.php';
        [$new, $old] = array_values(wp_get_post_revisions($id));
        return array_column(wp_get_revision_ui_diff($id, $old->ID, $new->ID), 'diff', 'id');
    """
    assert "друге" in site.run(compare, id=post)["post_content"]
    assert "post_content_filtered" not in site.run(compare, id=post)
    assert "post_content" not in site.run(compare, id=post, user="contributor")


def test_a_revision_of_before_the_line_opens_the_post_again(site: Site) -> None:
    post = published(site, "admin", paragraphs(OPEN, CLOSED))
    site.rest_call("POST", f"/wp/v2/posts/{post}", "admin", title="Переправа")
    site.rest_call("POST", f"/wp/v2/posts/{post}", "admin", content=WHOLE)
    oldest = site.run("$all = wp_get_post_revisions($id); return end($all)->ID;", id=post)
    restored(site, oldest)
    assert site.row(post)["post_content"] == paragraphs(OPEN, CLOSED)


def test_a_revision_of_before_the_line_by_xml_rpc(site: Site) -> None:
    post = published(site, "admin", paragraphs(OPEN, CLOSED))
    site.rest_call("POST", f"/wp/v2/posts/{post}", "admin", title="Переправа")
    site.rest_call("POST", f"/wp/v2/posts/{post}", "admin", content=WHOLE)
    oldest = site.run("$all = wp_get_post_revisions($id); return end($all)->ID;", id=post)
    client: Any = xmlrpc.client.ServerProxy(f"{site.url}/xmlrpc.php")
    assert client.wp.restoreRevision(1, "admin", "admin", oldest)
    row = site.row(post)
    assert (row["post_content"], row["post_content_filtered"]) == (paragraphs(OPEN, CLOSED), "")


def test_an_autosave_of_the_block_editor(site: Site) -> None:
    post = published(site, "admin")
    other = WHOLE.replace(CLOSED, f"{CLOSED} на ходу")
    saved = site.rest_call("POST", f"/wp/v2/posts/{post}/autosaves", "admin", content=other).json()
    assert saved["content"]["raw"] == other
    assert CLOSED not in str(site.row(saved["id"]))
    assert raw(site, f"/wp/v2/posts/{post}/autosaves/{saved['id']}", "admin") == other
    assert stored_well(site, post)


def test_what_has_not_changed_is_no_revision(site: Site) -> None:
    post = published(site, "admin")
    for _ in range(2):
        site.rest_call("POST", f"/wp/v2/posts/{post}", "admin", content=WHOLE)
    assert site.run("return count(wp_get_post_revisions($id));", id=post) == 1
