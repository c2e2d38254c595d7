"""Settings → Spilno: what is stored, what is never shown, and what the test of the connection says."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

import pytest

from tests.sites.wordpress.pretend_api import PretendApi, Says, pretend_api
from tests.sites.wordpress.site import Site

PAGE = "/wp-admin/options-general.php?page=spilno"
KEY = "a-key-of-the-cms-1234"


@pytest.fixture
def api(site: Site) -> Iterator[PretendApi]:
    """A pretended API that knows this site; the settings are as they were before, afterwards."""
    before = site.run("return [get_option('spilno_options', []), get_option('spilno_key', [])];")
    with pretend_api() as server:
        server.knows(site.url)
        site.options(api=server.url, key=KEY)
        yield server
    site.run("update_option('spilno_options', $it[0]); update_option('spilno_key', $it[1], false);", it=before)


def save(site: Site, user: str = "admin", **changes: str) -> str:
    """Send the form with these fields changed; the page that comes back."""
    form = site.form(PAGE, form="spilno-settings")
    named = {name.replace("__", "[", 1).replace("__", "][") + "]": value for name, value in changes.items()}
    answer = site.session(user).post(f"{site.url}/wp-admin/options.php", data={**form, **named}, timeout=30)
    return answer.text


def found(page: str) -> list[tuple[str, str]]:
    """What a test of the connection said: a code and a sentence each."""
    said = re.findall(r'data-code="(\w+)"><p>(.*?)</p>', page)
    return [(code, unescape(sentence)) for code, sentence in said]


def after_a_press(site: Site) -> list[tuple[str, str]]:
    """Press the button."""
    page = site.get(PAGE, "admin").text
    nonce = re.search(r'class="spilno-test".*?name="_wpnonce" value="(\w+)"', page, re.DOTALL)
    assert nonce
    return found(site.get(f"{PAGE}&_wpnonce={nonce[1]}", "admin").text)


def checked(site: Site) -> list[tuple[str, str]]:
    """The same without the page."""
    return [(code, sentence) for _, code, sentence in site.run("return Spilno\\Connection::check();")]


def codes(site: Site) -> list[str]:
    """The same without the sentences."""
    return [code for code, _ in checked(site)]


@contextmanager
def in_the_config(site: Site, line: str) -> Iterator[None]:
    """A line more in wp-config.php, which PHP keeps compiled."""
    config = site.folder / "site" / "wp-config.php"
    text = config.read_text(encoding="utf-8")
    try:
        config.write_text(text.replace("<?php", f"<?php {line}", 1), "utf-8")
        site.run("opcache_invalidate(ABSPATH . 'wp-config.php', true);")
        yield
    finally:
        config.write_text(text, encoding="utf-8")
        site.run("opcache_invalidate(ABSPATH . 'wp-config.php', true);")


class TestTheKey:
    @pytest.mark.usefixtures("api")
    def test_it_is_stored_and_in_no_page(self, site: Site) -> None:
        page = save(site, spilno_key__new=" another-key-98765 ")
        assert site.run("return Spilno\\Options::get('key');") == "another-key-98765"
        for path in (PAGE, "/wp-admin/options.php", "/wp-admin/site-health.php?tab=debug", "/wp-json/wp/v2/settings"):
            assert "another-key" not in page + site.get(path, "admin").text, path

    @pytest.mark.usefixtures("api")
    def test_an_empty_field_keeps_it(self, site: Site) -> None:
        save(site, spilno_key__new="")
        assert site.run("return Spilno\\Options::get('key');") == KEY

    @pytest.mark.usefixtures("api")
    def test_what_a_browser_fills_in_by_itself_is_no_key(self, site: Site) -> None:
        page = save(site, spilno_key__new="мій пароль")
        assert "This is not a key" in page or "Це не ключ" in page
        assert site.run("return Spilno\\Options::get('key');") == KEY
        assert 'autocomplete="new-password"' in page

    @pytest.mark.usefixtures("api")
    def test_it_can_be_forgotten(self, site: Site) -> None:
        save(site, spilno_key__forget="1")
        assert site.run("return Spilno\\Options::get('key');") == ""
        assert codes(site)[0] == "no_key"

    def test_it_is_not_loaded_with_every_page(self, site: Site, api: PretendApi) -> None:
        """From the first time on: the form stores both options where there were none."""
        site.run("delete_option('spilno_key'); delete_option('spilno_options');")
        page = save(site, spilno_key__new=KEY, spilno_options__api=api.url)
        assert len(found(page)) == len(set(found(page))) > 0, "said once"
        query = (
            "return $GLOBALS['wpdb']->get_var(\"SELECT autoload FROM wp_options WHERE option_name='spilno_key'\");"
        )
        assert site.run(query) in {"no", "off"}
        assert site.run("return Spilno\\Options::get('key');") == KEY

    def test_the_constant_goes_before_it(self, site: Site, api: PretendApi) -> None:
        with in_the_config(site, "define('SPILNO_CMS_KEY', 'of-the-file-42');"):
            page = site.get(PAGE, "admin").text
            assert "spilno_key[new]" not in page
            assert "of-the-file-42" not in page
            assert codes(site) == ["test_mode", "connected"]
            assert api.seen[-1][1] == "Bearer of-the-file-42"


class TestWhoMay:
    @pytest.mark.parametrize("user", ["editor", "author", "subscriber"])
    @pytest.mark.usefixtures("api")
    def test_nobody_but_who_manages_the_site(self, site: Site, user: str) -> None:
        assert site.get(PAGE, user).status_code == 403
        save(site, user, spilno_options__prefix="theirs")
        for action in ("spilno_apply", "spilno_dismiss"):
            assert site.get(f"/wp-admin/admin-post.php?action={action}", user).status_code == 403
        assert site.run("return Spilno\\Options::get('prefix');") == "wp"

    @pytest.mark.usefixtures("api")
    def test_no_other_site_can_send_the_form(self, site: Site) -> None:
        form = {**site.form(PAGE, form="spilno-settings"), "_wpnonce": "0123456789", "spilno_options[prefix]": "bad"}
        site.session("admin").post(f"{site.url}/wp-admin/options.php", data=form, timeout=30)
        assert site.run("return Spilno\\Options::get('prefix');") == "wp"

    def test_a_test_without_its_nonce_is_none(self, site: Site, api: PretendApi) -> None:
        api.seen.clear()
        site.get(f"{PAGE}&_wpnonce=0123456789", "admin")
        assert not [call for call, _ in api.seen if "articles" in call]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("support.news.example", "https://support.news.example"),
        (" HTTPS://Support.News.Example/ ", "https://support.news.example"),
        ("https://support.news.example/donate", "https://support.news.example"),
        ("https://support.news.example/v1/newsroom", "https://support.news.example"),
        ("https://support.news.example/widget.js", "https://support.news.example"),
        ("https://news.example/support/", "https://news.example/support"),
        ("news.example:8443/support//", "https://news.example:8443/support"),
        ("", ""),
        ("javascript:alert(1)", None),
        ("https://key:secret@news.example", None),
        ("https://", None),
        ('https://news.example/"><script>', None),
        ("ftp://news.example", None),
    ],
)
def test_an_address_as_people_write_it(site: Site, api: PretendApi, typed: str, kept: str | None) -> None:
    code = "return Spilno\\Settings::settings(['form' => 1, 'api' => $typed, 'prefix' => 'wp'])['api'];"
    stored = site.run(f"require_once ABSPATH . 'wp-admin/includes/template.php'; {code}", typed=typed)
    assert stored == (api.url if kept is None else kept)
    assert "<" not in stored


@pytest.mark.usefixtures("api")
def test_an_address_with_markup_comes_out_as_text(site: Site) -> None:
    page = save(site, spilno_options__wall_classes='entry "><script>alert(1)</script> .content')
    assert "<script>alert(1)" not in page
    assert site.run("return Spilno\\Options::get('wall_classes');") == "entry scriptalert1script content"


class TestTheConnection:
    def test_all_is_well(self, site: Site, api: PretendApi) -> None:
        said = after_a_press(site)
        assert [code for code, _ in said] == ["test_mode", "connected"]
        assert "Вісті Надріччя" in said[-1][1]
        api.seen.clear()
        assert codes(site) == ["test_mode", "connected"]
        assert api.seen[0] == ("GET /v1/newsroom", ""), "the key is not told to who may be anybody"

    @pytest.mark.usefixtures("api")
    def test_it_is_tested_after_saving(self, site: Site) -> None:
        assert [code for code, _ in found(save(site))] == ["test_mode", "connected"]

    @pytest.mark.parametrize(
        ("call", "says", "code", "word"),
        [
            ("GET /v1/newsroom", Says(200, "<html>"), "unreachable", "200"),
            ("GET /v1/newsroom", Says(301, "", {"Location": "https://news.example"}), "unreachable", "https://"),
            ("GET /v1/newsroom", Says(404, {}), "unreachable", "404"),
            ("GET /v1/newsroom", Says(503, {}), "unreachable", "503"),
            ("GET /v1/articles", Says(401, {"code": "unauthorized"}), "wrong_key", ""),
            ("GET /v1/articles", Says(404, {}), "old_api", ""),
            ("GET /v1/articles", Says(429, {}), "key_unknown", ""),
        ],
        ids=["a-page", "elsewhere", "another-server", "in-trouble", "wrong-key", "old", "busy"],
    )
    def test_what_is_wrong_is_said(
        self, site: Site, api: PretendApi, call: str, says: Says, code: str, word: str
    ) -> None:
        api.answers[call] = says
        first, sentence = checked(site)[0]
        assert first == code
        assert word in sentence
        assert KEY not in sentence

    @pytest.mark.usefixtures("api")
    def test_nobody_is_there(self, site: Site) -> None:
        site.options(api="http://127.0.0.1:9")
        assert codes(site) == ["unreachable"]

    def test_a_site_that_is_not_listed(self, site: Site, api: PretendApi) -> None:
        api.knows("https://another.example")
        code, sentence = checked(site)[0]
        assert code == "not_listed"
        assert site.url in sentence
        assert "SPILNO_SITE_ORIGINS" in sentence

    def test_a_site_that_is_listed_without_www(self, site: Site, api: PretendApi) -> None:
        api.knows("https://news.example")
        code = """
            add_filter('option_home', fn() => 'https://www.news.example');
            Spilno\\Options::set(['api' => $api]);
            return Spilno\\Connection::check();
        """
        (first, *_) = site.run(code, api=api.url)
        assert first[1] == "not_listed"
        assert "https://news.example" in first[2]
        assert "https://www.news.example" in first[2]

    @pytest.mark.usefixtures("api")
    def test_plain_http(self, site: Site) -> None:
        code = """
            add_filter('option_home', fn() => 'http://news.example');
            add_filter('pre_http_request', fn($none, $args, $url) => ['response' => ['code' => 200], 'headers' => [],
                'body' => wp_json_encode(['cookie_origins' => ['http://news.example'], 'items' => []])], 10, 3);
            Spilno\\Options::set(['api' => 'http://support.news.example']);
            return array_column(Spilno\\Connection::check(), 1);
        """
        assert site.run(code) == ["api_http", "site_http"]

    def test_a_copy_of_the_site_at_the_real_spilno(self, site: Site, api: PretendApi) -> None:
        api.knows(site.url, livemode=True)
        assert codes(site) == ["connected"]
        with in_the_config(site, "define('WP_ENVIRONMENT_TYPE', 'staging');"):
            assert codes(site) == ["live_from_copy", "connected"]

    @pytest.mark.usefixtures("api")
    def test_a_site_that_has_moved(self, site: Site) -> None:
        """It sends nothing until somebody saves the settings there: it may be a copy for trying."""
        site.run("update_option('spilno_options', ['home' => 'old.example'] + get_option('spilno_options'));")
        assert codes(site)[0] == "copy"
        assert "copy" not in [code for code, _ in found(save(site))]
        assert site.run("return Spilno\\Options::connected();") is True

    def test_site_health_says_the_same(self, site: Site, api: PretendApi) -> None:
        api.answers["GET /v1/articles"] = Says(401, {})
        answer = site.rest_call("GET", "/spilno/v1/health", "admin")
        assert answer.json()["status"] == "critical"
        assert site.rest_call("GET", "/spilno/v1/health", "editor").status_code == 403
        assert site.rest_call("GET", "/spilno/v1/health").status_code == 401
        tests = site.run(
            "return array_keys(apply_filters('site_status_tests', ['direct' => [], 'async' => []])['async']);"
        )
        assert "spilno_connection" in tests


@pytest.mark.usefixtures("api")
def test_a_table_of_categories(site: Site) -> None:
    term = site.run("return wp_insert_term('Для своїх', 'category')['term_id'];")
    row = {f"spilno_options[rules][0][{name}]": value for name, value in
           {"category": str(term), "access": "tier:patron", "paragraphs": "0", "at_more": "1"}.items()}  # fmt: skip
    form = site.form(PAGE, form="spilno-settings")
    send = site.session("admin").post(f"{site.url}/wp-admin/options.php", data={**form, **row}, timeout=30)
    assert site.run("return Spilno\\Options::get('category_rules');") == {
        str(term): {"access": "tier:patron", "paragraphs": 1, "at_more": True}
    }
    assert "Опора" in send.text
    # While it has a rule nobody can delete it, and with it what closes its posts.
    assert site.rest_call("DELETE", f"/wp/v2/categories/{term}?force=true", "admin").status_code == 403
    row["spilno_options[rules][0][remove]"] = "1"
    site.session("admin").post(f"{site.url}/wp-admin/options.php", data={**form, **row}, timeout=30)
    assert site.run("return Spilno\\Options::get('category_rules');") == []
    assert site.rest_call("DELETE", f"/wp/v2/categories/{term}?force=true", "admin").status_code == 200
