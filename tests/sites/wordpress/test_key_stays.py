"""The key of the CMS goes to the newsroom's own Spilno, where nobody can read along, and to no other address."""

from collections.abc import Iterator

import pytest

from tests.sites.wordpress.pretend_api import PretendApi, Says, pretend_api
from tests.sites.wordpress.sent import WHOLE, notice
from tests.sites.wordpress.site import Site
from tests.sites.wordpress.test_settings import found, save

# What WordPress would send, and to whom; nothing leaves the machine.
HEARD = """
    $heard = [];
    add_filter('pre_http_request', function ($none, $args, $url) use (&$heard) {
        $heard[] = [$url, $args['headers']['Authorization'] ?? ''];
        return ['response' => ['code' => 200], 'headers' => [],
            'body' => wp_json_encode(['cookie_origins' => [], 'items' => []])];
    }, 10, 3);
"""


@pytest.fixture
def api(site: Site) -> Iterator[PretendApi]:
    """A pretended API that knows this site."""
    before = site.run("return [get_option('spilno_options', []), get_option('spilno_key', [])];")
    with pretend_api() as server:
        server.knows(site.url)
        server.answers["PUT /v1/articles"] = Says(200, {})
        site.options(api=server.url, key="a-key-of-the-cms")
        yield server
    site.run("update_option('spilno_options', $it[0]); update_option('spilno_key', $it[1], false);", it=before)


@pytest.mark.usefixtures("api")
@pytest.mark.parametrize(
    ("address", "goes"),
    [
        ("http://support.news.example", False),
        ("http://localhost.news.example", False),
        ("http://127.0.0.1.news.example", False),
        ("http://10.0.0.7:8000", False),
        ("https://support.news.example", True),
        ("http://localhost:8000", True),
        ("http://spilno.localhost", True),
        ("http://127.0.0.1:8000", True),
        ("http://[::1]:8000", True),
    ],
)
def test_by_http_it_goes_nowhere_but_to_this_machine(site: Site, address: str, goes: bool) -> None:
    code = """
        Spilno\\Options::set(['api' => $api]);
        $codes = array_column(Spilno\\Connection::check(), 1);
        wp_insert_post(wp_slash(['post_title' => 'Міст', 'post_status' => 'publish', 'post_content' => $text]));
        Spilno\\Reconcile::run();
        Spilno\\Newsroom::tiers();
        return [$codes, $heard];
    """
    codes, heard = site.run(HEARD + code, api=address, text=WHOLE)
    assert {key for _, key in heard if key} == ({"Bearer a-key-of-the-cms"} if goes else set())
    assert any("/articles/wp-" in url for url, _ in heard) == goes
    assert any("newsroom" in url for url, _ in heard) == goes
    if not goes:
        assert codes[0] == "api_http"


def test_it_is_said_before_anything_is_sent(site: Site, api: PretendApi) -> None:
    post = site.insert(WHOLE)
    api.seen.clear()
    page = save(site, spilno_options__api="http://support.news.example", spilno_key__new="another-key-12345")
    assert found(page)[0][0] == "api_http"
    assert "https://" in found(page)[0][1]
    assert "http://" in notice(site, post)
    # The page that the form is on asks for the names of levels, which are everybody's.
    assert api.seen == [("GET /v1/newsroom", "")]
    assert site.run("return Spilno\\Options::connected();") is False


@pytest.mark.usefixtures("api")
def test_only_what_the_plugin_made_itself_passes_unseen(site: Site) -> None:
    """WordPress asks for every change of the option, whoever makes it: other plugins, another form."""
    code = """
        do_action('admin_init');
        require_once ABSPATH . 'wp-admin/includes/template.php';
        $was = get_option('spilno_options');
        update_option('spilno_options', ['api' => 'javascript:alert(1)', 'prefix' => '../x',
            'home' => 'another.example', 'origin' => 'hugo',
            'comments' => 'all', 'wall_classes' => 'a"b', 'category_rules' => ['1' => 'x']]);
        update_option('spilno_key', ['key' => "a\\r\\nb"]);
        $now = get_option('spilno_options');
        return [$was, $now, Spilno\\Options::get('key')];
    """
    was, now, key = site.run(code)
    assert key == "a-key-of-the-cms"
    assert now == was | {"prefix": "wp", "comments": "public", "wall_classes": "ab"}


@pytest.mark.usefixtures("api")
def test_the_first_form_of_all_is_stored_whole(site: Site) -> None:
    """WordPress looks at it twice then."""
    term = site.run("return wp_insert_term('Уперше', 'category')['term_id'];")
    code = """
        do_action('admin_init');
        delete_option('spilno_options'); delete_option('spilno_key');
        update_option('spilno_options', ['form' => '1', 'api' => 'support.news.example', 'prefix' => 'WP',
            'comments' => 'hidden', 'rules' => [['category' => $term, 'access' => 'metered', 'paragraphs' => '3']]]);
        update_option('spilno_key', ['new' => ' a-first-key ']);
        return [get_option('spilno_options'), Spilno\\Options::get('key')];
    """
    stored, key = site.run(code, term=term)
    assert key == "a-first-key"
    assert stored["api"] == "https://support.news.example"
    assert (stored["prefix"], stored["comments"]) == ("wp", "hidden")
    assert stored["category_rules"] == {str(term): {"access": "metered", "paragraphs": 3, "at_more": False}}
    assert stored["origin"].startswith("wordpress-")


@pytest.mark.usefixtures("api")
def test_the_titles_of_levels_are_in_the_language_of_who_asks(site: Site, api: PretendApi) -> None:
    tiers = [{"name": "patron", "title": {"uk": "Опора", "en": "Pillar"}}, {"name": "plain"}]
    api.knows(site.url, tiers=tiers)
    site.run("delete_transient('spilno_newsroom');")
    said = {}
    for locale in ("uk", "en_US", "de_DE"):
        code = "add_filter('determine_locale', fn() => $locale); return Spilno\\Newsroom::tiers();"
        said[locale] = site.run(code, locale=locale)
    assert said["uk"] == {"patron": "Опора", "plain": "plain"}
    assert said["en_US"] == {"patron": "Pillar", "plain": "plain"}
    assert said["de_DE"] == {"patron": "Опора", "plain": "plain"}
    assert [call for call, _ in api.seen] == ["GET /v1/newsroom"], "asked once for all"
    assert api.seen[0][1] == "", "and without the key"


def test_no_stranger_gives_the_site_its_name(site: Site, api: PretendApi) -> None:
    assert site.run("return Spilno\\Options::origin();"), "drawn when the plugin was activated"
    post = site.insert(WHOLE)
    named = site.run(
        "$is = get_option('spilno_options'); update_option('spilno_options', ['origin' => ''] + $is); return $is;"
    )
    api.seen.clear()
    for path in (f"/?p={post}", "/", "/feed/", "/wp-json/wp/v2/posts", "/wp-admin/admin-ajax.php?action=nobody"):
        site.get(path)
    assert site.run("return get_option('spilno_options')['origin'];") == ""
    assert "<spilno-wall" not in site.get(f"/?p={post}").text, "what nobody knows of is not waited for"
    site.run("update_option('spilno_options', $is);", **{"is": named})
    assert "<spilno-wall" in site.get(f"/?p={post}").text
