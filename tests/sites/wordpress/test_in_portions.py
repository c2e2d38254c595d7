"""Thousands of posts: so many at once, one event of cron for the rest, and nothing that stops all behind it."""

from collections.abc import Iterator

import pytest

from tests.sites.wordpress.away import Away
from tests.sites.wordpress.pretend_api import PretendApi, Says, pretend_api
from tests.sites.wordpress.sent import WHOLE
from tests.sites.wordpress.site import Site

INSERT = (
    "return array_map(fn($n) => wp_insert_post(wp_slash(['post_title' => \"$n\", 'post_content' => $text,"
    " 'post_status' => 'publish'])), range(1, $many));"
)
AT_ONCE = "return Spilno\\Reconcile::AT_ONCE;"
# The same as Reconcile would be asked by cron, in a call of its own.
COMPARE, GO_ON = "return Spilno\\Reconcile::run();", "return Spilno\\Reconcile::go_on();"
EVENTS = """
    $n = 0;
    foreach (_get_cron_array() as $hooks) foreach ((array) $hooks as $hook => $events)
        $n += strpos($hook, 'spilno_') === 0 ? count($events) : 0;
    return $n;
"""


@pytest.fixture
def api(site: Site) -> Iterator[PretendApi]:
    """A Spilno that takes everything; no post of other tests is public."""
    clean(site)
    with pretend_api() as server:
        server.knows(site.url)
        server.answers["PUT /v1/articles"] = Says(200, {})
        server.answers["DELETE /v1/articles"] = Says(204, "")
        site.options(api=server.url, key="a-key-of-the-cms")
        yield server
    site.options(api="", key="")
    clean(site)


def clean(site: Site) -> None:
    """No public post, nothing planned, nothing compared."""
    site.run(
        """
        $GLOBALS['wpdb']->query("UPDATE wp_posts SET post_status = 'draft' WHERE post_content_filtered <> ''");
        wp_cache_flush();
        foreach (['spilno_compared', 'spilno_removals'] as $name) delete_option($name);
        foreach (['spilno_push', 'spilno_remove', 'spilno_compare', 'spilno_compare_on'] as $hook)
            wp_unschedule_hook($hook);
        """
    )


def puts(server: PretendApi) -> list[str]:
    """The articles that were sent, in order."""
    return [call.rpartition("/")[2] for call, _ in server.seen if call.startswith("PUT")]


def unsent(site: Site, many: int) -> list[int]:
    """So many public posts that Spilno does not have: put in by code that tells nobody."""
    site.run("update_option('spilno_options', ['api' => ''] + get_option('spilno_options'));")
    posts: list[int] = site.run(INSERT, text=WHOLE, many=many)
    return posts


def test_so_many_at_once_and_the_rest_in_one_event(site: Site, api: PretendApi) -> None:
    at_once = site.run(AT_ONCE)
    posts = unsent(site, at_once + 3)
    site.options(api=api.url)
    site.run("foreach (['spilno_compare', 'spilno_compare_on'] as $hook) wp_unschedule_hook($hook);")
    site.run(COMPARE)
    assert len(puts(api)) == at_once
    assert site.run(EVENTS) == 1, "however many posts wait"
    site.run(GO_ON)
    assert puts(api) == [f"wp-{post}" for post in posts]
    assert site.run(EVENTS) == 0


def test_an_import_of_many_plans_one_event(site: Site, api: PretendApi) -> None:
    posts = site.run("define('WP_IMPORTING', true);" + INSERT, text=WHOLE, many=6)
    assert puts(api) == []
    assert site.planned() == []
    site.run("wp_clear_scheduled_hook('spilno_compare');")
    site.cron()
    assert puts(api) == [f"wp-{post}" for post in posts]


@pytest.mark.parametrize("what", ["sent", "deleted"])
def test_a_spilno_in_trouble_is_asked_once_for_many(site: Site, api: PretendApi, what: str) -> None:
    posts = site.run(INSERT, text=WHOLE, many=6) if what == "deleted" else []
    api.answers["PUT /v1/articles"] = api.answers["DELETE /v1/articles"] = Says(503, {})
    api.seen.clear()
    site.run("foreach ($posts as $id) wp_delete_post($id, true);", posts=posts)
    if what == "sent":
        site.run(INSERT, text=WHOLE, many=6)
    assert len(api.seen) == 1
    assert site.planned() == ["spilno_push" if what == "sent" else "spilno_remove"]
    api.answers["PUT /v1/articles"], api.answers["DELETE /v1/articles"] = Says(200, {}), Says(204, "")
    api.seen.clear()
    site.cron()
    assert len({call for call, _ in api.seen if not call.startswith("GET")}) == 6, "and then for all of them"


def test_a_text_that_breaks_off_does_not_keep_those_after_it(site: Site, api: PretendApi) -> None:
    """Some plugin's block ends the call whenever it is shown."""
    breaks = "<?php add_shortcode('breaks', fn() => exit);"
    site.run("wp_mkdir_p(WPMU_PLUGIN_DIR); file_put_contents(WPMU_PLUGIN_DIR . '/breaks.php', $php);", php=breaks)
    try:
        first, second, third = unsent(site, 3)
        site.update(second, post_content=WHOLE.replace("<p>", "<p>[breaks]"))
        site.options(api=api.url)
        site.cron()
        assert puts(api) == [f"wp-{first}"]
        site.cron()
        assert puts(api)[-1] == f"wp-{third}"
        assert f"wp-{second}" not in puts(api)
    finally:
        site.run("unlink(WPMU_PLUGIN_DIR . '/breaks.php');")


def test_what_is_public_again_is_not_deleted_by_what_was_planned_before(site: Site, elsewhere: Away) -> None:
    post = site.insert(WHOLE)
    elsewhere.answers(503)
    site.update(post, post_status="draft")
    assert site.planned() == ["spilno_remove"]
    elsewhere.answers(200)
    site.update(post, post_status="publish")
    assert elsewhere.calls == [("PUT", f"/v1/articles/wp-{post}")]
    site.run("wp_unschedule_hook('spilno_compare'); wp_unschedule_hook('spilno_compare_on');")
    site.cron()
    assert [call for call, _ in elsewhere.calls if call == "DELETE"] == []


def test_what_cannot_be_opened_here_is_neither_deleted_nor_replaced_there(site: Site, api: PretendApi) -> None:
    """The key of the closed parts is lost: Spilno has the only copy that anybody can read."""
    post = site.insert(WHOLE)
    api.answers["GET /v1/articles"] = Says(body={"items": [{"id": f"wp-{post}", "revision": "r"}], "next": None})
    key = site.run("$key = get_option('spilno_column_key'); update_option('spilno_column_key', ''); return $key;")
    api.seen.clear()
    try:
        site.run(COMPARE)
        site.update(post, post_title="Інша назва")
        site.run("Spilno\\Reconcile::remove_left_over(100);")
        assert {call.partition(" ")[0] for call, _ in api.seen} == {"GET"}
    finally:
        site.run("update_option('spilno_column_key', $key);", key=key)


def test_the_rows_of_thousands_are_not_kept_in_memory(site: Site, api: PretendApi) -> None:
    post = site.insert(WHOLE, post_status="draft")
    code = """
        $columns = 'post_title, post_content, post_content_filtered, post_type, post_excerpt, to_ping, pinged';
        foreach (range(1, 230) as $n)
            $GLOBALS['wpdb']->query("INSERT INTO wp_posts ($columns, post_status, post_password)"
                . " SELECT $columns, 'publish', 'x' FROM wp_posts WHERE ID = " . (int) $id);
        Spilno\\Reconcile::run();
        return count($GLOBALS['wp_object_cache']->cache['posts'] ?? []);
    """
    assert site.run(code, id=post) <= 130
    site.run("$GLOBALS['wpdb']->query(\"DELETE FROM wp_posts WHERE post_password = 'x'\");")
    assert not [call for call, _ in api.seen if call.startswith(("PUT", "DELETE"))]


def test_a_wait_that_nobody_means_is_not_waited_for(site: Site, elsewhere: Away) -> None:
    elsewhere.answers(429, "too_many_client", Retry_After="315360000")
    post = site.insert(WHOLE)
    assert site.run("return wp_next_scheduled('spilno_push', [$id]) - time();", id=post) <= 6 * 3600
