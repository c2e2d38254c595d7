"""Spilno has what is published and has a line, and nothing else, whatever happens in between."""

import json
import re
import time
from html import unescape

import pytest

from chalicelib.articles.rules.structured_data import script_text, structured_data
from testkit.stack import Stack
from tests.sites.wordpress.away import Away
from tests.sites.wordpress.sent import CLOSED, OPEN, WHOLE, at_spilno, notice
from tests.sites.wordpress.site import Site, paragraphs, walled


def test_a_published_post_is_there_with_all_that_is_known_of_it(connected: Site, spilno: Stack) -> None:
    category = connected.run("return wp_insert_term('Місто & село ' . uniqid(), 'category')['term_id'];")
    post = connected.insert(
        WHOLE, post_title="Міст &amp; <i>річка</i>", post_category=[category], tags_input=["мости"]
    )
    article = at_spilno(spilno, post)
    assert article is not None
    assert article["title"] == "Міст &amp; <i>річка</i>" or article["title"] == "Міст & річка"
    assert article["access"] == "members"
    assert CLOSED in article["body_html"]
    assert OPEN in article["body_html"]
    assert CLOSED not in article["teaser_html"]
    assert article["author"] is None or "@" not in article["author"]
    assert article["section"].startswith("Місто & село")
    assert article["tags"] == ["мости"]
    assert article["url"] == connected.run("return get_permalink($id);", id=post)
    assert article["origin"].startswith("wordpress-")
    stranger = at_spilno(spilno, post, key=False)
    assert stranger is not None
    assert CLOSED not in str(stranger)


def test_a_readers_page_has_the_wall_with_its_seal_and_what_search_engines_are_told(
    connected: Site, spilno: Stack
) -> None:
    post = connected.insert(WHOLE, post_title="Міст <i>&amp;</i> «річка» </script>", tags_input=["мости"])
    page = connected.get(f"/?p={post}").text
    wall = re.search(r"<spilno-wall\b([^>]*)>(.*?)</spilno-wall>", page, re.DOTALL)
    assert wall
    attributes = {name: unescape(value) for name, value in re.findall(r'(\S+)="([^"]*)"', wall[1])}
    assert attributes["class"].split()[0] == "spilno-wall"
    assert "entry-content" in attributes["class"]
    assert attributes["api"] == spilno.app
    assert attributes["article"] == f"wp-{post}"
    article = at_spilno(spilno, post)
    assert article is not None
    sealed = json.loads(attributes["seal"])
    assert sealed["version"] == article["seal"]["version"]
    assert OPEN in wall[2]
    assert f'<p class="spilno-read-on"><a href="{spilno.app}/read/wp-{post}">' in wall[2]
    assert CLOSED not in page
    assert page.count(f"{spilno.app}/widget.js") == 1
    told = structured_data(
        headline="Міст & «річка»",
        url=article["url"],
        publisher="Вісті",
        free=False,
        author=article["author"] or "",
        section=article["section"],
        tags=["мости"],
    )
    assert f'<script type="application/ld+json">{script_text(told)}</script>' in page
    # The same bytes for all: a page cache may keep it.
    assert connected.get(f"/?p={post}").text == page
    # Lists and feeds have the beginning and the way to the page.
    assert "<spilno-wall" not in connected.get("/feed/").text


def test_search_engines_are_told_the_same_by_php_and_python(connected: Site) -> None:
    texts = ["</script><!--", "\u2028 & «»", 'a"b\\c', "🙂"]
    about = structured_data(
        headline=texts[0], url=texts[1], publisher=texts[2], free=True, author=texts[3], tags=texts
    )
    assert connected.run("return Spilno\\Structured_Data::as_script($about);", about=about) == script_text(about)


def test_what_is_not_for_everybodys_eyes_is_not_there(connected: Site, spilno: Stack) -> None:
    post = connected.insert(WHOLE)
    assert at_spilno(spilno, post)
    tomorrow = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 86_400 * 2))
    states: list[tuple[dict[str, str], bool]] = [
        ({"post_status": "draft"}, False),
        ({"post_status": "publish"}, True),
        ({"post_status": "private"}, False),
        ({"post_status": "publish", "post_password": "таємниця"}, False),
        ({"post_password": ""}, True),
        ({"post_status": "pending"}, False),
        ({"post_status": "future", "post_date": tomorrow, "post_date_gmt": tomorrow, "edit_date": "true"}, False),
    ]
    for change, there in states:
        connected.update(post, **change)
        assert (at_spilno(spilno, post) is not None) == there, change
    connected.run("wp_publish_post($id);", id=post)
    assert at_spilno(spilno, post)
    connected.run("wp_trash_post($id);", id=post)
    assert at_spilno(spilno, post) is None
    connected.run("wp_untrash_post($id); wp_publish_post($id);", id=post)
    assert at_spilno(spilno, post)
    connected.run("wp_delete_post($id, true);", id=post)
    assert at_spilno(spilno, post) is None


def test_a_line_that_is_taken_away_takes_the_article_along(connected: Site, spilno: Stack) -> None:
    post = connected.insert(WHOLE)
    assert at_spilno(spilno, post)
    plain = paragraphs(OPEN, CLOSED)
    connected.rest_call("POST", f"/wp/v2/posts/{post}", "admin", content=plain)
    assert at_spilno(spilno, post) is None
    page = connected.get(f"/?p={post}").text
    assert CLOSED in page
    assert "spilno-wall" not in page


def test_a_change_is_sent_and_what_has_not_changed_is_not(connected: Site, spilno: Stack) -> None:
    post = connected.insert(WHOLE)
    first = at_spilno(spilno, post)
    connected.update(post, post_excerpt="Уривок")
    assert at_spilno(spilno, post) == first
    connected.update(post, post_title="Інший міст")
    second = at_spilno(spilno, post)
    assert first
    assert second
    assert second["title"] == "Інший міст"
    assert second["revision"] != first["revision"]


def test_an_editor_sees_the_whole_and_no_cache_keeps_it(connected: Site) -> None:
    secret = "Лише для своїх"
    post = connected.insert(walled(OPEN, secret), user="author")
    for user in ("author", "editor"):
        own = connected.get(f"/?p={post}", user)
        assert secret in own.text
        assert own.headers["Cache-Control"] == "private, no-store"
        assert "spilno=stranger" in own.text
        as_stranger = connected.get(f"/?p={post}&spilno=stranger", user)
        assert secret not in as_stranger.text
        assert "<spilno-wall" in as_stranger.text
        assert as_stranger.headers["Cache-Control"] == "private, no-store"
    for user in ("contributor", "subscriber"):
        assert secret not in connected.get(f"/?p={post}", user).text
    # In lists nobody has it.
    assert secret not in connected.get("/", "editor").text


def test_an_autosave_is_previewed_whole(connected: Site) -> None:
    post = connected.insert(WHOLE)
    other = WHOLE.replace(CLOSED, "Ще ніким не бачене")
    saved = connected.rest_call("POST", f"/wp/v2/posts/{post}/autosaves", "admin", content=other).json()
    preview = saved["preview_link"].removeprefix(connected.url)
    assert "Ще ніким не бачене" in connected.get(preview, "admin").text
    assert CLOSED not in connected.get(preview, "admin").text
    assert "Ще ніким не бачене" not in connected.get(preview).text


class TestAway:
    @pytest.mark.parametrize(
        ("status", "code", "again", "words"),
        [
            (401, "unknown_key", False, "key"),
            (413, "body_too_large", False, "350 KB"),
            (409, "other_origin", False, "prefix"),
            (400, "unknown_tier", False, "So it is."),
            (429, "too_many_client", True, "So it is."),
            (503, "table_down", True, "So it is."),
            (502, "", True, "502"),
            (301, "", False, "301"),
        ],
    )
    def test_a_refusal_is_said_and_the_page_stays_the_beginning(
        self, site: Site, elsewhere: Away, status: int, code: str, again: bool, words: str
    ) -> None:
        elsewhere.answers(status, code, Location="http://127.0.0.1:9/")
        post = site.insert(WHOLE)
        assert elsewhere.calls == [("PUT", f"/v1/articles/wp-{post}")]
        assert words in notice(site, post)
        assert site.planned() == ["spilno_push"] * again
        page = site.get(f"/?p={post}").text
        assert OPEN in page
        assert CLOSED not in page
        assert "<spilno-wall" not in page

    def test_nobody_waits_long_for_who_does_not_answer(self, site: Site, elsewhere: Away) -> None:
        elsewhere.answers(200, seconds=8)
        begun = time.monotonic()
        post = site.insert(WHOLE)
        assert 3 <= time.monotonic() - begun < 6
        assert "again" in notice(site, post)
        # Nor for each of many.
        begun = time.monotonic()
        posts = site.run(
            "return array_map(fn($title) => wp_insert_post(wp_slash(['post_title' => $title, 'post_content' => $text,"
            " 'post_status' => 'publish'])), ['1', '2', '3', '4']);",
            text=WHOLE,
        )
        assert time.monotonic() - begun < 6
        # One for each time that somebody waited; the others go with the comparison.
        assert site.planned() == ["spilno_push"] * 2
        assert all("again" in notice(site, one) for one in posts)

    def test_it_asks_again_ever_later_and_then_all_is_well(self, site: Site, elsewhere: Away, spilno: Stack) -> None:
        elsewhere.answers(503, "table_down")
        post = site.insert(WHOLE)
        waits = []
        for _ in range(3):
            planned = site.run("return wp_next_scheduled('spilno_push', [$id]) - time();", id=post)
            waits.append(round(planned / 60))
            site.cron()
        assert waits == [1, 2, 4]
        elsewhere.answers(429, "too_many_client", Retry_After="900")
        site.cron()
        assert site.run("return wp_next_scheduled('spilno_push', [$id]) - time();", id=post) > 800
        site.options(api=spilno.app)
        site.cron()
        assert not site.run("return wp_next_scheduled('spilno_push', [$id]);", id=post)
        assert at_spilno(spilno, post)
        assert notice(site, post) == ""
        assert "<spilno-wall" in site.get(f"/?p={post}").text

    def test_a_removal_that_failed_is_made_up_for(self, site: Site, elsewhere: Away, spilno: Stack) -> None:
        site.options(api=spilno.app)
        post = site.insert(WHOLE)
        elsewhere.answers(503, "table_down")
        site.options(api=elsewhere.url)
        site.run("wp_delete_post($id, true);", id=post)
        assert site.planned() == ["spilno_remove"]
        site.options(api=spilno.app)
        site.cron()
        assert at_spilno(spilno, post) is None
        assert "spilno_remove" not in site.planned()
