"""Texts that are copied, put back, exported: each post has its own rest."""

from html import unescape

from tests.sites.wordpress.sent import CLOSED, OPEN, WHOLE, notice
from tests.sites.wordpress.site import LINE, Site, paragraphs
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


def exported(site: Site, post: int, who: str = "") -> str:
    """A post's text in an export, from which nothing of its sealed rest comes out."""
    everything = site.run(
        who
        + """
        require_once ABSPATH . 'wp-admin/includes/export.php';
        ob_start(); export_wp(['content' => 'post']); return ob_get_clean();
        """
    )
    assert site.row(post)["post_content_filtered"] not in everything
    # Other tests' posts are in it, too.
    (this,) = (item for item in everything.split("<item>") if f"<wp:post_id>{post}</wp:post_id>" in item)
    return str(this.partition("<content:encoded><![CDATA[")[2].partition("]]></content:encoded>")[0])


def test_an_export_has_the_whole_and_comes_in_cut(site: Site) -> None:
    text = exported(site, published(site, "admin"))
    assert text == WHOLE
    assert stored_well(site, site.insert(text))


def test_an_export_by_the_clock_has_the_whole_too(site: Site) -> None:
    """A backup that somebody planned, of which nobody learns before it is needed."""
    post = published(site, "admin")
    assert exported(site, post, "define('DOING_CRON', true); wp_set_current_user(0);") == WHOLE
    assert CLOSED not in exported(site, post, "wp_set_current_user(0);")


def test_what_a_rule_has_closed_stays_closed_where_the_rule_is_not_known(site: Site) -> None:
    category = site.run("return wp_insert_term('Рубрика ' . uniqid(), 'category')['term_id'];")
    site.options(category_rules={category: {"access": "members", "paragraphs": 1}})
    try:
        post = site.insert(paragraphs(OPEN, CLOSED), post_category=[category])
        text = exported(site, post)
        assert text == WHOLE
    finally:
        site.options(category_rules={})
    assert stored_well(site, site.insert(text, post_status="draft"))


class TestAMarkOfAnotherSite:
    """An export made while the plugin was off: the number in it is a post of the site that it comes from."""

    @staticmethod
    def mark(site: Site, post: int, origin: str) -> str:
        own = site.run("return Spilno\\Options::origin();")
        text = site.row(post)["post_content"]
        assert f'"of":"{own}"' in text
        return text.replace(own, origin)

    def test_brings_no_rest_of_the_post_that_has_its_number_here(self, site: Site) -> None:
        text = self.mark(site, published(site, "admin"), "wordpress-elsewhere")
        copy = site.insert(text)
        assert site.rest(copy) is None
        assert CLOSED not in site.whole(copy)
        assert "missing" in notice(site, copy)

    def test_shows_no_way_to_that_post(self, site: Site) -> None:
        theirs = published(site, "admin", slug=f"theirs-{site.token}")
        text = self.mark(site, theirs, "wordpress-elsewhere")
        site.insert(text, post_title="Звідти")
        shown = next(item for item in site.get("/feed/").text.split("<item>") if "Звідти" in item)
        assert OPEN in shown
        assert f"theirs-{site.token}" not in unescape(shown)


def test_by_the_clock_a_copy_gets_only_what_its_author_may_edit(site: Site) -> None:
    text = site.row(published(site, "admin"))["post_content"]
    by_the_clock = """
        define('DOING_CRON', true);
        wp_set_current_user(0);
        return wp_update_post(['ID' => $id, 'post_title' => 'Опівночі']);
    """
    stolen = site.insert(text, user="contributor", post_status="pending")
    site.run(by_the_clock, id=stolen)
    assert site.rest(stolen) is None
    assert CLOSED not in site.whole(stolen)
    # Rows of before had none either: an editor's copy, made where nobody was signed in.
    column = "$GLOBALS['wpdb']->update($GLOBALS['wpdb']->posts, ['post_content' => $text,"
    column += " 'post_content_filtered' => ''], ['ID' => $id]); clean_post_cache($id);"
    copy = site.insert("Копія", user="editor")
    site.run(column, id=copy, text=text)
    site.run(by_the_clock, id=copy)
    assert stored_well(site, copy)


def test_a_copy_that_is_put_back_without_slashes_loses_none_of_its_rest(site: Site) -> None:
    rest = "Закрите продовження: \\d+ і «\\\\»"
    post = published(site, "admin")
    copy = site.insert(WHOLE.replace(CLOSED, rest), post_status="draft")
    code = "$put_back = clone get_post($copy); $put_back->ID = $id; $put_back->post_status = 'publish';"
    site.run(code + "return wp_update_post((array) $put_back);", id=post, copy=copy)
    assert rest in site.whole(post)
    assert LINE in site.whole(post)
