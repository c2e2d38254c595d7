"""A text is cut when it is stored, whole for who edits it, and whoever knows nothing of that loses none of it."""

from typing import Any

import pytest

from tests.sites.wordpress.sent import notice
from tests.sites.wordpress.site import LINE, Site, paragraphs, walled

OPEN, CLOSED = "Відкритий початок", "Закрите продовження"
WHOLE = walled(OPEN, CLOSED)


def stored_well(site: Site, post_id: int, whole: str = WHOLE) -> bool:
    """Whether everybody's part alone is in the row, and the whole is there for its editor."""
    row = site.row(post_id)
    assert CLOSED not in str(row)
    assert row["post_content_filtered"].startswith("spilno1.")
    return site.whole(post_id) == whole


def published(site: Site, user: str, content: str = WHOLE, **more: Any) -> int:
    """A post as the block editor publishes it."""
    body = {"title": "Міст", "content": content, "status": "publish", **more}
    answer = site.rest_call("POST", "/wp/v2/posts", user, **body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["content"]["raw"] == content
    return int(answer.json()["id"])


def raw(site: Site, path: str, user: str) -> str:
    """A text as WordPress's REST API hands it to who edits it."""
    answer = site.rest_call("GET", f"{path}?context=edit", user)
    return str(answer.json().get("content", {}).get("raw", answer.status_code))


@pytest.mark.parametrize("user", ["admin", "author"])
def test_the_block_editor_has_the_whole_and_the_table_has_not(site: Site, user: str) -> None:
    post = published(site, user)
    assert stored_well(site, post)
    assert raw(site, f"/wp/v2/posts/{post}", user) == WHOLE
    more = WHOLE.replace(CLOSED, f"{CLOSED} і ще")
    assert site.rest_call("POST", f"/wp/v2/posts/{post}", user, content=more).json()["content"]["raw"] == more
    assert stored_well(site, post, more)


def test_nobody_else_is_given_the_rest(site: Site) -> None:
    secret = "Лише для очей редакції"
    post = published(site, "admin", walled(OPEN, secret))
    for user in ("stranger", "contributor", "author"):
        for path in (f"/wp/v2/posts/{post}?context=edit", "/wp/v2/posts?context=edit"):
            assert secret not in str(site.rest_call("GET", path, user).json()), (user, path)
    assert secret in str(site.rest_call("GET", "/wp/v2/posts?context=edit", "editor").json())


def test_the_classic_editor_writes_and_reads_the_same(site: Site) -> None:
    text = f'{OPEN}\n\n[spilno access="tier:patron"]\n\n{CLOSED} — з тире\n\n<ul>\n \t<li>раз</li>\n</ul>'
    post = site.insert("чернетка", post_status="draft")
    form = site.form(f"/wp-admin/post.php?post={post}&action=edit&test-classic", "admin")
    fields = {**form, "content": text, "post_title": "Міст", "publish": "1", "post_status": "publish"}
    site.session("admin").post(f"{site.url}/wp-admin/post.php", data=fields, timeout=30)
    assert site.row(post)["post_status"] == "publish"
    assert stored_well(site, post, text)
    again = site.form(f"/wp-admin/post.php?post={post}&action=edit&test-classic", "admin")
    assert again["content"] == text
    # Once more without a change, and then without the line.
    site.session("admin").post(f"{site.url}/wp-admin/post.php", data={**again, "content": text}, timeout=30)
    assert stored_well(site, post, text)
    site.session("admin").post(f"{site.url}/wp-admin/post.php", data={**again, "content": "Усе для всіх"}, timeout=30)
    assert site.row(post)["post_content"] == "Усе для всіх"
    assert site.row(post)["post_content_filtered"] == ""


class TestWhoKnowsNothing:
    def test_code_that_changes_the_title(self, site: Site) -> None:
        post = published(site, "admin")
        site.update(post, post_title="Інший")
        assert stored_well(site, post)

    def test_code_that_changes_the_text_that_it_sees(self, site: Site) -> None:
        post = published(site, "admin")
        site.update(post, post_content=site.row(post)["post_content"].replace(OPEN, "Інший початок"))
        assert stored_well(site, post, WHOLE.replace(OPEN, "Інший початок"))

    def test_code_that_adds_to_the_end(self, site: Site) -> None:
        post = published(site, "admin")
        site.update(post, post_content=site.row(post)["post_content"] + "<p>Джерело</p>")
        assert stored_well(site, post, WHOLE + "<p>Джерело</p>")

    @pytest.mark.parametrize("text", ["Зовсім інше", ""], ids=["other", "none"])
    def test_code_that_loses_the_mark(self, site: Site, text: str) -> None:
        post = published(site, "admin")
        site.update(post, post_content=text)
        assert stored_well(site, post, f"{text}\n\n{LINE}\n\n{paragraphs(CLOSED)}")

    def test_code_that_writes_the_row_anew(self, site: Site) -> None:
        post = published(site, "admin")
        row = site.row(post)
        again = {name: row[name] for name in ("ID", "post_title", "post_content", "post_status", "post_type")}
        site.run("return wp_insert_post(wp_slash($post), true);", post=again)
        assert stored_well(site, post)

    def test_quick_edit(self, site: Site) -> None:
        post = published(site, "editor")
        page = site.get("/wp-admin/edit.php", "editor").text
        nonce = page.partition('id="_inline_edit" name="_inline_edit" value="')[2].partition('"')[0]
        fields = {"action": "inline-save", "post_ID": post, "post_title": "Швидко", "_status": "publish",
                  "post_type": "post", "_inline_edit": nonce, "post_view": "list", "screen": "edit-post"}  # fmt: skip
        answer = site.session("editor").post(f"{site.url}/wp-admin/admin-ajax.php", data=fields, timeout=30)
        assert "Швидко" in answer.text
        assert stored_well(site, post)

    def test_bulk_edit(self, site: Site) -> None:
        post = published(site, "editor")
        form = site.form("/wp-admin/edit.php", "editor", "posts-filter")
        fields = {"post[]": str(post), "_status": "private", "bulk_edit": "1", "action": "edit", "post_type": "post",
                  "_wpnonce": form["_wpnonce"], "post_author": "-1", "screen": "edit-post"}  # fmt: skip
        site.session("editor").get(f"{site.url}/wp-admin/edit.php", params=fields, timeout=30)
        assert site.row(post)["post_status"] == "private"
        assert stored_well(site, post)

    @pytest.mark.parametrize("text", ["Зовсім інше", ""], ids=["other", "none"])
    def test_code_that_stores_the_post_once_more_behind_its_form(self, site: Site, text: str) -> None:
        post = published(site, "admin")
        code = """
            $_REQUEST['action'] = 'editpost';
            $_POST = ['post_ID' => $id, 'content' => wp_slash($whole)];
            wp_update_post(['ID' => $id, 'post_content' => wp_slash($whole)]);
            return wp_update_post(['ID' => $id, 'post_content' => wp_slash($text)]);
        """
        site.run(code, id=post, whole=WHOLE, text=text)
        assert stored_well(site, post, f"{text}\n\n{LINE}\n\n{paragraphs(CLOSED)}")

    def test_code_that_restores_one_post_and_changes_another(self, site: Site) -> None:
        post, other = published(site, "admin"), published(site, "admin")
        site.rest_call("POST", f"/wp/v2/posts/{other}", "admin", title="Переправа")
        code = """
            $GLOBALS['pagenow'] = 'revision.php';
            $_REQUEST['action'] = 'restore';
            wp_restore_post_revision(array_key_first(wp_get_post_revisions($other)));
            return wp_update_post(['ID' => $id, 'post_content' => 'Інше']);
        """
        site.run(code, id=post, other=other)
        assert stored_well(site, post, f"Інше\n\n{LINE}\n\n{paragraphs(CLOSED)}")

    def test_a_client_of_xml_rpc(self, site: Site) -> None:
        import xmlrpc.client

        post = published(site, "admin")
        client: Any = xmlrpc.client.ServerProxy(f"{site.url}/xmlrpc.php")
        seen = client.wp.getPost(1, "admin", "admin", post)["post_content"]
        assert CLOSED not in seen
        client.wp.editPost(1, "admin", "admin", post, {"post_content": seen.replace(OPEN, "Здалеку")})
        assert stored_well(site, post, WHOLE.replace(OPEN, "Здалеку"))


def test_an_editor_may_take_the_line_away(site: Site) -> None:
    post = published(site, "author")
    plain = paragraphs(OPEN, CLOSED)
    site.rest_call("POST", f"/wp/v2/posts/{post}", "author", content=plain)
    assert site.row(post)["post_content"] == plain
    assert site.row(post)["post_content_filtered"] == ""


def test_contributors_may_draw_a_line(site: Site) -> None:
    for text in (WHOLE, f'{OPEN}\n\n[spilno access="metered"]\n\n{CLOSED}', f"{OPEN}\n\n<!--spilno-->\n\n{CLOSED}"):
        post = site.insert(text, user="contributor", post_status="pending")
        assert stored_well(site, post, text)


def test_a_lost_key_loses_no_text(site: Site) -> None:
    post = published(site, "admin")
    key = site.run("$key = get_option('spilno_column_key'); update_option('spilno_column_key', ''); return $key;")
    column = site.row(post)["post_content_filtered"]
    try:
        site.update(post, post_title="Без ключа")
        assert site.row(post)["post_content_filtered"] == column
        whole = raw(site, f"/wp/v2/posts/{post}", "admin")
        assert CLOSED not in whole
        site.rest_call("POST", f"/wp/v2/posts/{post}", "admin", content=whole)
        assert site.row(post)["post_content_filtered"] == column
        site.update(post, post_content="Інше")
        assert site.row(post)["post_content_filtered"] == column
        # What cannot be sealed is not published.
        assert site.rest_call("POST", "/wp/v2/posts", "admin", content=WHOLE, status="publish").status_code == 400
        assert site.row(site.insert(WHOLE))["post_status"] == "draft"
    finally:
        site.run("update_option('spilno_column_key', $key);", key=key)
    assert site.rest(post) is not None


def test_a_line_in_a_reusable_block_is_refused(site: Site) -> None:
    answer = site.rest_call("POST", "/wp/v2/blocks", "admin", title="Блок", content=WHOLE, status="publish")
    assert answer.status_code == 400
    assert answer.json()["code"] == "spilno_refused"


def test_beside_another_plugins_text_nothing_is_cut_and_nothing_comes_out(site: Site) -> None:
    post = site.insert("Текст", post_content_filtered="*Markdown* іншого плагіна")
    answer = site.rest_call("POST", f"/wp/v2/posts/{post}", "admin", content=WHOLE)
    assert answer.status_code == 400
    assert "Markdown" in answer.json()["message"]
    assert site.row(post)["post_content"] == "Текст"
    site.update(post, post_content=WHOLE)
    row = site.row(post)
    assert row["post_status"] == "draft"
    assert row["post_content_filtered"] == "*Markdown* іншого плагіна"


def test_a_page_builder_shows_a_text_of_its_own_so_its_post_is_not_published(site: Site) -> None:
    post = site.insert(paragraphs(OPEN))
    site.run("update_post_meta($id, '_elementor_edit_mode', 'builder');", id=post)
    assert site.rest_call("POST", f"/wp/v2/posts/{post}", "admin", content=WHOLE).status_code == 400
    site.update(post, post_content=WHOLE)
    assert site.row(post)["post_status"] == "draft"
    assert "builder" in notice(site, post)


class TestCategories:
    @pytest.fixture
    def category(self, site: Site) -> Any:
        made = site.run("return wp_insert_term('Розслідування ' . uniqid(), 'category')['term_id'];")
        rules = {made: {"access": "members", "paragraphs": 1}}
        site.options(category_rules=rules)
        yield made
        site.options(category_rules={})

    def test_a_category_closes_its_posts_at_once(self, site: Site, category: int) -> None:
        whole = paragraphs(OPEN, CLOSED)
        post = published(site, "admin", whole, categories=[category])
        assert stored_well(site, post, whole)
        # A revision of the same moment is cut, too.
        for one in site.run("return array_column(wp_get_post_revisions($id), 'post_content');", id=post):
            assert CLOSED not in one
        assert raw(site, f"/wp/v2/posts/{post}", "admin") == whole
        site.update(post, post_title="Інший")
        assert stored_well(site, post, whole)

    def test_there_and_back_not_a_byte_is_changed(self, site: Site, category: int) -> None:
        whole = paragraphs(OPEN, CLOSED)
        post = published(site, "admin", whole)
        assert site.row(post)["post_content"] == whole
        site.run("wp_set_post_categories($id, [$category]);", id=post, category=category)
        assert stored_well(site, post, whole)
        site.run("wp_set_post_categories($id, [1]);", id=post)
        assert site.row(post)["post_content"] == whole
        assert site.row(post)["post_content_filtered"] == ""

    def test_an_editors_own_line_stays_whatever_the_category(self, site: Site, category: int) -> None:
        post = published(site, "admin", WHOLE, categories=[category])
        site.run("wp_set_post_categories($id, [1]);", id=post)
        assert stored_well(site, post)

    def test_a_line_for_everybody_opens_one_post_of_the_category(self, site: Site, category: int) -> None:
        text = walled(OPEN, CLOSED, LINE.replace("members", "open"))
        post = published(site, "admin", text, categories=[category])
        assert site.row(post)["post_content"] == text
