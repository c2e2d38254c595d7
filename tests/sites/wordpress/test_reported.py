"""Ways out of a paywall that users of other plugins reported of theirs, tried on this one."""

from typing import Any

import pytest

from tests.sites.wordpress.sent import OPEN
from tests.sites.wordpress.site import LINE, Site, paragraphs

# In Latin letters, as JSON writes others with numbers.
CLOSED = "zqreportedzq sings"
_SOUND = '<a href="https://news.example/for-supporters.mp3">Слухати</a>'
_LOOP = (
    '<!-- wp:query {"query":{"perPage":50,"postType":"post","inherit":false}} --><div class="wp-block-query">'
    "<!-- wp:post-template --><!-- wp:post-title /--><!-- wp:post-content /--><!-- wp:post-excerpt /-->"
    "<!-- /wp:post-template --></div><!-- /wp:query -->"
)
GROUP = f'<!-- wp:group --><div class="wp-block-group">{paragraphs(CLOSED)}</div><!-- /wp:group -->'
# Without a title: what makes one up takes the text's first words (wp-calypso#81133). With a short beginning, so that
# the first fifty words reach below the line; and in a group, from which excerpts take the inside (newspack#832).
WHOLE = f"{paragraphs(OPEN)}\n\n{LINE}\n\n{GROUP}\n\n{paragraphs(CLOSED, _SOUND)}"
_SLUG = "reported"
_IN_FULL = "attributes[displayPostContent]=1&attributes[displayPostContentRadio]=full_post"


@pytest.fixture
def post(site: Site) -> Any:
    made = site.insert(WHOLE, post_title="", post_name=_SLUG)
    yield made
    site.run("wp_delete_post($id, true);", id=made)


def test_whoever_is_told_that_a_post_was_published_is_given_its_beginning(site: Site) -> None:
    """Mails, federation and social networks take it from there (laterpay#1144, jetpack#34150, activitypub#30)."""
    code = """
        $given = [];
        $hooks = ['transition_post_status', 'publish_post', 'save_post', 'save_post_post', 'edit_post',
            'post_updated', 'wp_insert_post', 'wp_after_insert_post', 'new_to_publish',
            'draft_to_publish', 'future_to_publish', 'pre_post_update', 'publish_future_post',
            '_wp_put_post_revision'];
        foreach ($hooks as $hook) {
            add_action($hook, function (...$all) use (&$given, $hook) {
                $given[$hook] = ($given[$hook] ?? '') . json_encode([$all, array_map('get_post', array_filter($all,
                    'is_int'))], JSON_UNESCAPED_UNICODE);
            }, PHP_INT_MIN, 4);
        }
        $draft = wp_insert_post(wp_slash(['post_title' => 'Б', 'post_content' => $text, 'post_status' => 'draft']));
        wp_update_post(['ID' => $draft, 'post_status' => 'publish']);
        $later = wp_insert_post(wp_slash(['post_title' => 'Б', 'post_content' => $text, 'post_status' => 'future',
            'post_date' => '2039-01-01 12:00:00']));
        wp_publish_post($later);
        $new = wp_insert_post(wp_slash(['post_title' => 'Б', 'post_content' => $text, 'post_status' => 'publish']));
        wp_update_post(wp_slash(['ID' => $new, 'post_content' => $text . 'ще']));
        foreach ([$draft, $later, $new] as $post) wp_delete_post($post, true);
        return $given;
    """
    given = site.run(code, text=WHOLE)
    assert {"transition_post_status", "publish_post", "wp_after_insert_post", "post_updated"} <= set(given)
    assert [hook for hook, told in given.items() if CLOSED in told] == []
    assert OPEN in given["publish_post"]


def test_whatever_is_made_of_a_posts_text_has_its_beginning(site: Site, post: int) -> None:
    """Meta tags, related posts, search indexes, feeds of apps (jetpack#34342, calypso#46928, algolia#52)."""
    code = """
        $post = get_post($id);
        $loop = new WP_Query(['p' => $id]);
        $loop->the_post();
        return [
            wp_trim_words(strip_shortcodes(wp_strip_all_tags($post->post_content)), 500),
            apply_filters('the_content', $post->post_content), do_blocks($post->post_content),
            apply_filters('the_content', get_the_content()), get_the_excerpt($id), wp_trim_excerpt('', $id),
            get_the_content(null, false, $id), get_post_field('post_content', $id), implode(get_extended(
            $post->post_content)), json_encode(parse_blocks($post->post_content), JSON_UNESCAPED_UNICODE),
            get_the_content_feed('rss2'), implode(get_url_in_content($post->post_content) ?: []),
        ];
    """
    made = site.run(code, id=post)
    assert [number for number, text in enumerate(made) if CLOSED in str(text) or ".mp3" in str(text)] == []
    assert all(OPEN in text for text in made[:4])


def test_a_dump_of_all_that_is_known_of_a_post_has_its_beginning(site: Site, post: int) -> None:
    """What hand-made endpoints print for an app (wp-graphql-jwt#175, plugin-check#1427)."""
    code = """
        wp_update_post(['ID' => $id, 'post_title' => 'Б']);
        $dump = [get_post($id), get_post($id, ARRAY_A), get_posts(['include' => [$id]]), wp_get_recent_posts(),
            get_post_meta($id), wp_get_post_revisions($id), get_children($id), get_post($id)->to_array()];
        return json_encode($dump, JSON_UNESCAPED_UNICODE);
    """
    dump = site.run(code, id=post)
    assert CLOSED not in dump
    assert OPEN in dump


def test_what_is_linked_below_a_line_is_no_enclosure_of_the_feed(site: Site, post: int) -> None:
    site.run("wp_update_post(['ID' => $id, 'post_title' => 'Б']); do_all_pings();", id=post)
    assert site.run("return get_post_meta($id, 'enclosure');", id=post) == []
    assert ".mp3" not in site.get("/feed/").text


def test_a_loop_below_a_line_that_shows_its_own_post_ends(site: Site) -> None:
    """Of newspack-plugin#2398."""
    post = site.insert(f"{paragraphs(OPEN)}\n\n{LINE}\n\n{paragraphs(CLOSED)}\n\n{_LOOP}")
    above = site.insert(f"{_LOOP}\n\n{LINE}\n\n{paragraphs(CLOSED)}")
    for one in (post, above):
        for user in ("stranger", "subscriber"):
            page = site.get(f"/?p={one}", user)
            assert page.status_code == 200
            assert CLOSED not in page.text
        assert site.get(f"/?p={one}", "editor").status_code == 200
        site.run("wp_delete_post($id, true);", id=one)


@pytest.mark.parametrize("user", ["stranger", "subscriber", "contributor", "author"])
def test_who_may_not_edit_a_post_gets_nothing_by_asking_in_another_way(site: Site, post: int, user: str) -> None:
    """Of user-registration#1411, newspack#813, wp-graphql#504."""
    revisions = site.run("wp_update_post(['ID' => $id, 'post_title' => 'Б']);"
                         "return array_keys(wp_get_post_revisions($id));", id=post)  # fmt: skip
    assert revisions
    paths = [
        f"/wp-json/wp/v2/posts?slug={_SLUG}&_embed=1",
        f"/wp-json/wp/v2/posts?slug={_SLUG}&context=edit",
        f"/wp-json/wp/v2/posts/{post}?context=edit&_fields=content,excerpt,spilno,meta",
        f"/wp-json/wp/v2/posts/{post}/revisions/{revisions[0]}?context=edit",
        f"/wp-json/wp/v2/posts/{post}/autosaves?context=edit",
        f"/wp-json/wp/v2/block-renderer/core/latest-posts?context=edit&post_id={post}&{_IN_FULL}",
        f"/wp-json/wp/v2/block-renderer/core/post-content?context=edit&post_id={post}",
        f"/wp-json/wp/v2/block-renderer/spilno/access?context=edit&post_id={post}",
        f"/?p={revisions[0]}",
        f"/?p={revisions[0]}&post_type=revision",
        f"/?p={revisions[0]}&preview=true",
        f"/?p={post}&preview=true&preview_id={post}&preview_nonce=0",
        "/wp-admin/edit.php?mode=excerpt",
        f"/wp-admin/post.php?post={post}&action=edit",
        f"/wp-admin/revision.php?revision={revisions[0]}",
        "/wp-admin/export.php?download=true&content=posts",
        f"/?s={CLOSED.partition(' ')[0]}&sentence=1",
    ]
    nonce = {} if user == "stranger" else {"X-WP-Nonce": site.nonce(user)}
    session = site.session(user)
    shown = [path for path in paths if CLOSED in session.get(f"{site.url}{path}", headers=nonce, timeout=30).text]
    assert shown == []


def test_the_control_finds_them_when_there_is_no_line(site: Site) -> None:
    """The same text without a line is in all of these answers."""
    post = site.insert(WHOLE.replace(LINE, ""), post_title="", post_name="reported-open")
    assert CLOSED in site.rest_call("GET", "/wp/v2/posts?slug=reported-open").text
    assert CLOSED in site.run("return wp_trim_excerpt('', $id);", id=post)
    assert CLOSED in site.run("return json_encode(get_post($id), JSON_UNESCAPED_UNICODE);", id=post)
    assert site.run("do_enclose(null, $id); return get_post_field('post_content', $id);", id=post).count(CLOSED) == 2
    site.run("wp_delete_post($id, true);", id=post)
