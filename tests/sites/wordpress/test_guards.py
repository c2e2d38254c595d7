"""What other plugins, lower rights, a copy of the site or a lost mark must not open, delete or change."""

from collections.abc import Iterator

import pytest

from tests.sites.wordpress.away import Away
from tests.sites.wordpress.sent import CLOSED, OPEN, WHOLE, notice
from tests.sites.wordpress.site import Site, paragraphs

_DRAWING = '<!-- wp:html -->\n<svg onload="x()"></svg>\n<!-- /wp:html -->'
_UNFILTERED = f"{paragraphs(OPEN)}\n\n{_DRAWING}\n\n{paragraphs(CLOSED)}"
_LOOP = (
    '<!-- wp:query {"query":{"perPage":50,"postType":"post","inherit":false}} --><div class="wp-block-query">'
    "<!-- wp:post-template --><!-- wp:post-title /--><!-- /wp:post-template --></div><!-- /wp:query -->"
)


@pytest.fixture
def category(site: Site) -> Iterator[int]:
    """A category whose posts are for supporters below their first paragraph."""
    made = int(site.run("return wp_insert_term('Рубрика ' . uniqid(), 'category')['term_id'];"))
    site.options(category_rules={str(made): {"access": "members", "paragraphs": 1}})
    yield made
    site.options(category_rules={})


def test_a_copy_of_the_site_deletes_nothing(site: Site, elsewhere: Away) -> None:
    post = site.insert(WHOLE)
    assert [method for method, _ in elsewhere.calls] == ["PUT"]
    elsewhere.answers(204)
    site.run("update_option('spilno_options', ['home' => 'news.example'] + get_option('spilno_options'));")
    site.update(post, post_status="draft")
    site.run("wp_delete_post($id, true); Spilno\\Removal::of('wp-1');", id=post)
    assert elsewhere.calls == []
    site.cron()
    assert {method for method, _ in elsewhere.calls} <= {"GET"}, "nor what was planned"


def test_a_page_builders_post_stays_public_whatever_its_category(site: Site, category: int) -> None:
    text = paragraphs(OPEN, CLOSED)
    post = site.insert(text)
    site.run("update_post_meta($id, '_elementor_edit_mode', 'builder');", id=post)
    site.run("wp_set_post_categories($id, [$category]);", id=post, category=category)
    site.update(post, post_title="Інший")
    row = site.row(post)
    assert (row["post_status"], row["post_content"]) == ("publish", text)
    assert "builder" in notice(site, post)
    # What is new comes out no wider than its category says.
    later = site.insert(text, post_status="draft")
    site.run("update_post_meta($id, '_elementor_edit_mode', 'builder');", id=later)
    site.update(later, post_status="publish", post_category=[category])
    assert site.row(later)["post_status"] == "draft"


@pytest.mark.parametrize("status", ["shelf", "nobodys"])
def test_other_plugins_statuses_may_be_public_too(site: Site, status: str) -> None:
    post = site.insert(paragraphs(OPEN))
    code = """
        register_post_status('shelf', ['public' => true]);
        update_post_meta($id, '_elementor_edit_mode', 'builder');
        return wp_update_post(['ID' => $id, 'post_status' => $status, 'post_content' => $text]);
    """
    site.run(code, id=post, status=status, text=WHOLE)
    assert site.row(post)["post_status"] == "draft"


def test_what_was_closed_by_its_category_does_not_come_out_for_a_page_builder(site: Site, category: int) -> None:
    text = paragraphs(OPEN, CLOSED)
    post = site.insert(text, post_category=[category])
    site.run("update_post_meta($id, '_elementor_edit_mode', 'builder');", id=post)
    site.rest_call("POST", f"/wp/v2/posts/{post}", "admin", content=text)
    row = site.row(post)
    assert row["post_status"] == "draft" or CLOSED not in row["post_content"]


def test_a_change_of_category_leaves_the_text_as_its_writer_may_write_it(site: Site, category: int) -> None:
    post = site.insert(_UNFILTERED)
    site.run(
        "kses_init_filters(); wp_set_post_categories($id, [$category]); return has_filter('content_save_pre');",
        id=post,
        category=category,
    )
    assert CLOSED not in str(site.row(post))
    assert site.whole(post) == _UNFILTERED
    still = "kses_init_filters(); wp_set_post_categories($id, [1]); return has_filter('content_save_pre', $name);"
    assert site.run(still, id=post, name="wp_filter_post_kses") is not False
    assert site.row(post)["post_content"] == _UNFILTERED


class TestWhatAFilterBeforeOursGivesBack:
    def test_nothing_at_all_is_no_fatal_error(self, site: Site) -> None:
        code = """
            $post = get_post($id);
            $nothing = fn() => null;
            $given = [];
            $filters = ['the_content' => ['x'], 'the_content_export' => ['x'], 'content_edit_pre' => ['x'],
                'script_loader_tag' => ['<script>', 'spilno', ''], 'display_post_states' => [[], $post]];
            foreach ($filters as $name => $args) {
                add_filter($name, $nothing, -2000);
                $given[$name] = apply_filters($name, ...$args);
                remove_filter($name, $nothing, -2000);
            }
            add_filter('the_content', $nothing, Spilno\\Wall::LAST - 1);
            $given['end'] = apply_filters('the_content', 'x');
            remove_filter('the_content', $nothing, Spilno\\Wall::LAST - 1);
            return $given;
        """
        given = site.run(code, id=site.insert(paragraphs(OPEN)))
        assert {name: value or "" for name, value in given.items()} == dict.fromkeys(given, "")

    def test_a_language_in_the_address_makes_no_copy_of_the_site(self, site: Site, elsewhere: Away) -> None:
        code = "add_filter('home_url', fn($url) => $url . '/en'); return Spilno\\Options::is_a_copy();"
        assert site.run(code) is False
        assert elsewhere.calls == []


def test_lists_in_a_text_are_sent_as_everybody_sees_them(site: Site) -> None:
    site.insert("Текст", post_title="Канарка-приватна", post_status="private")
    site.insert("Текст", post_title="Канарка-чернетка", post_status="draft")
    site.insert("Текст", post_title="Канарка-публічна")
    post = site.insert(paragraphs(OPEN))
    code = """
        set_current_screen('edit-post');
        $html = Spilno\\Rendering::of(get_post($id), $text);
        $left = has_filter('pre_get_posts', [Spilno\\Rendering::class, 'as_on_a_page']);
        return [$html, get_current_user_id(), $left];
    """
    html, user, hook = site.run(code, id=post, text=_LOOP)
    assert "Канарка-публічна" in html
    assert "Канарка-приватна" not in html
    assert "Канарка-чернетка" not in html
    assert (user, hook) == (1, False)


@pytest.mark.parametrize("with_", ["''", "fn() => ''"], ids=["text", "function"])
def test_a_regular_expression_that_gives_up_costs_no_text(site: Site, with_: str) -> None:
    code = f"""
        $text = $open . '<!--more ' . str_repeat('x', 2000000);
        return [Spilno\\Text::replaced('/<!--more.*?-->/s', {with_}, $text) === $text,
            Spilno\\Text::replaced('/<!--more.*?-->/s', {with_}, $open . '<!--more-->') === $open];
    """
    assert site.run(code, open=OPEN) == [True, True]


def test_the_key_that_came_first_stays(site: Site) -> None:
    code = """
        global $wpdb;
        $before = [get_option('spilno_column_key'), $wpdb->posts];
        $wpdb->query("CREATE TABLE wp_none LIKE $wpdb->posts");
        $wpdb->posts = 'wp_none';
        delete_option('spilno_column_key');
        get_option('spilno_column_key');  // and it is known that there is none
        $first = base64_encode(str_repeat('k', 32));
        $wpdb->insert($wpdb->options, ['option_name' => 'spilno_column_key', 'option_value' => $first]);
        $sealed = Spilno\\Column::seal('x');
        $now = $wpdb->get_var("SELECT option_value FROM $wpdb->options WHERE option_name = 'spilno_column_key'");
        $opened = Spilno\\Column::open((string) $sealed);
        $wpdb->query('DROP TABLE wp_none');
        $wpdb->posts = $before[1];
        delete_option('spilno_column_key');
        if ($before[0]) add_option('spilno_column_key', $before[0]);
        return [$now === $first, $opened];
    """
    assert site.run(code) == [True, "x"]


def test_a_sealed_rest_that_is_another_posts_is_not_opened(site: Site) -> None:
    theirs = site.row(site.insert(WHOLE))
    mark = theirs["post_content"]
    for text in (mark, mark.replace('"kept":', '"kept":9'), mark.replace(',"kept"', ',"kept":0,"was"')):
        mine = site.insert(
            text, user="contributor", post_status="pending", post_content_filtered=theirs["post_content_filtered"]
        )
        assert site.rest(mine) is None
        assert CLOSED not in site.whole(mine)
        site.update(mine, user="contributor", post_content_filtered=theirs["post_content_filtered"])
        assert site.rest(mine) is None


class TestAMarkThatIsLostInTheTable:
    @pytest.fixture
    def post(self, site: Site) -> int:
        made = site.insert(WHOLE)
        site.run(
            "$GLOBALS['wpdb']->update($GLOBALS['wpdb']->posts, ['post_content' => 'Інше'], ['ID' => $id]);"
            "clean_post_cache($id);",
            id=made,
        )
        return made

    def test_leaves_the_rest_to_its_editor(self, site: Site, post: int) -> None:
        whole = site.whole(post)
        assert whole.startswith("Інше\n\n<!-- wp:spilno/access")
        assert CLOSED in whole
        assert CLOSED not in site.get(f"/?p={post}").text
        site.rest_call("POST", f"/wp/v2/posts/{post}", "admin", content=whole)
        assert CLOSED not in str(site.row(post))
        assert site.whole(post) == whole

    def test_loses_nothing_when_the_plugin_goes(self, site: Site, post: int) -> None:
        whole = site.whole(post)
        site.run(
            "$join = new ReflectionMethod('Spilno\\Uninstall', 'join_row'); $join->setAccessible(true);"
            "$join->invoke(null, Spilno\\Row::number($id));",
            id=post,
        )
        row = site.row(post)
        assert (row["post_content"], row["post_content_filtered"], row["post_status"]) == (whole, "", "private")
