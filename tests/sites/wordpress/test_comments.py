"""Comments below posts for supporters, where the newsroom wants them hidden: nowhere, and never out of a cache."""

from collections.abc import Iterator

import pytest

from tests.sites.wordpress.site import Site, paragraphs, walled

SECRET, OPEN = "comment-below-closed", "comment-below-open"


@pytest.fixture(scope="module")
def posts(site: Site) -> Iterator[tuple[int, int, int]]:
    """A post for supporters and one for all, each with a comment; the first one's comment."""
    closed, free = site.insert(walled("Початок", "Решта")), site.insert(paragraphs("Усе"))
    made = [
        site.run(
            """
            return wp_insert_comment(['comment_post_ID' => $post, 'comment_content' => $text,
                'comment_approved' => 1]);
            """,
            post=post,
            text=text,
        )
        for post, text in ((closed, SECRET), (free, OPEN))
    ]
    latest = "<!-- wp:latest-comments /-->"
    site.insert(latest, post_type="page", post_name="latest-comments-here")
    yield closed, free, made[0]
    site.options(comments="public")
    for comment in made:
        site.run("wp_delete_comment($id, true);", id=comment)


def places(closed: int, comment: int) -> list[str]:
    """Every address at which WordPress shows comments."""
    return [
        f"/?p={closed}",
        f"/?feed=rss2&p={closed}",
        "/comments/feed/",
        f"/wp-json/wp/v2/comments?post={closed}",
        "/wp-json/wp/v2/comments",
        f"/wp-json/wp/v2/comments/{comment}",
        "/latest-comments-here/",
    ]


def test_hidden_everywhere_and_only_there(site: Site, posts: tuple[int, int, int]) -> None:
    closed, free, comment = posts
    site.options(comments="public")
    assert [SECRET in site.get(place).text for place in places(closed, comment)] == [True] * 7, "the control"
    site.options(comments="hidden")
    # As with an object cache that outlives a request: a moderator's list first, then a stranger's.
    found = site.run(
        """
        $seen = [];
        foreach ([1, 0] as $user) {
            wp_set_current_user($user);
            $seen[] = array_map(fn($one) => $one->comment_content, get_comments(['post_id' => $id]));
        }
        return $seen;
        """,
        id=closed,
    )
    assert found == [[SECRET], []]
    for place in places(closed, comment):
        assert SECRET not in site.get(place).text, place
    assert OPEN in site.get("/comments/feed/").text
    assert OPEN in site.get(f"/?p={free}").text
    assert site.get(f"/wp-json/wp/v2/comments?post={closed}").headers["X-WP-Total"] == "0"


def test_nobody_can_add_one_there(site: Site, posts: tuple[int, int, int]) -> None:
    closed, free, _ = posts
    site.options(comments="hidden")
    assert site.run("wp_set_current_user(0); return [comments_open($a), comments_open($b)];", a=closed, b=free) == [
        False,
        True,
    ]
    assert site.run("wp_set_current_user(0); return (int) get_comments_number($id);", id=closed) == 0


def test_who_moderates_sees_them(site: Site, posts: tuple[int, int, int]) -> None:
    closed, _, comment = posts
    site.options(comments="hidden")
    assert SECRET in site.get("/wp-admin/edit-comments.php", "editor").text
    assert SECRET in site.get(f"/?p={closed}", "editor").text
    assert site.rest_call("GET", f"/wp/v2/comments/{comment}", "editor").status_code == 200
    assert SECRET not in site.get(f"/?p={closed}", "subscriber").text
