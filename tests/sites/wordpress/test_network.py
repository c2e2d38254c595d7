"""In a network of sites each has articles of its own, a name of its own, and no other's key."""

from collections.abc import Iterator

import pytest

from tests.sites.wordpress.away import away
from tests.sites.wordpress.installed import wordpress
from tests.sites.wordpress.sent import CLOSED, WHOLE
from tests.sites.wordpress.site import Site
from tests.sites.wordpress.test_key_stays import HEARD
from tests.sites.wordpress.test_settings import PAGE, in_the_config

PLUGINS = "require_once ABSPATH . 'wp-admin/includes/plugin.php';"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The main site of a network of two."""
    with wordpress(tmp_path_factory.mktemp("network"), kind="network") as site:
        yield site
        assert site.log() == ""


@pytest.fixture
def second(first: Site) -> Site:
    """The other one."""
    return Site(f"{first.url}/second", first.folder, first.token)


def origin(site: Site, number: int) -> str:
    """The name that is stored for a site of the network."""
    found: str = site.run("return get_blog_option($n, 'spilno_options', [])['origin'] ?? '';", n=number)
    return found


def another_site(site: Site, path: str) -> int:
    """A site that is made later."""
    made = site.run(
        "return wpmu_create_blog(DOMAIN_CURRENT_SITE, $below, 'Ще одна', 1, [], get_current_network_id());",
        below=path,
    )
    assert isinstance(made, int), made
    return made


def test_each_site_has_its_name_from_the_start(first: Site) -> None:
    """Also one that is made later; where the plugin is for one site alone, no other is given any."""
    names = {origin(first, 1), origin(first, 2), origin(first, another_site(first, "/third/"))}
    assert len(names) == 3
    assert all(name.startswith("wordpress-") for name in names)
    first.run(
        f"{PLUGINS} deactivate_plugins('spilno/spilno.php', false, true); activate_plugin('spilno/spilno.php');"
    )
    try:
        assert origin(first, another_site(first, "/fourth/")) == ""
    finally:
        first.run(f"{PLUGINS} deactivate_plugins('spilno/spilno.php');")
        first.run(f"{PLUGINS} activate_plugin('spilno/spilno.php', '', true);")
    assert origin(first, 1) in names


def test_the_key_of_the_network_goes_to_the_networks_own_address_alone(first: Site, second: Site) -> None:
    """A site's address may be older than the network's say in it, and stored by its own administrator."""
    first.options(api="https://support.news.example", key="")
    second.options(api="https://elsewhere.example", key="")
    sent = HEARD + "Spilno\\Reconcile::run(); return array_values(array_filter(array_column($heard, 1)));"
    with in_the_config(first, "define('SPILNO_CMS_KEY', 'of-the-network-42');"):
        assert first.run(sent) == ["Bearer of-the-network-42"]
        assert second.run(sent) == []
        (found, *_) = second.run(HEARD + "return Spilno\\Connection::check();")
        assert found[1] == "key_of_the_network"
        assert "spilno_key[new]" in second.get(PAGE, "admin").text
        second.options(key="of-the-second-site")
        assert second.run(sent) == ["Bearer of-the-second-site"]
        second.options(api="https://support.news.example/")
        assert second.run(sent) == ["Bearer of-the-network-42"]
        assert "spilno_key[new]" not in second.get(PAGE, "admin").text
    for site in (first, second):
        site.options(api="", key="")


def test_two_sites_of_a_network_never_meet_in_one_article(first: Site, second: Site) -> None:
    with away() as spilno:
        posts = {}
        for site in (first, second):
            site.options(api=spilno.url, key="a-key")
            spilno.answers(200)
            # The same number in both.
            posts[site.url] = site.insert(WHOLE, import_id=77)
            assert CLOSED not in str(site.row(77))
            assert site.whole(77) == WHOLE
            prefix = "wp" if site is first else "wp2"
            assert spilno.calls == [("PUT", f"/v1/articles/{prefix}-77")]
        assert set(posts.values()) == {77}
        origins = {site.run("return Spilno\\Options::origin();") for site in (first, second)}
        assert len(origins) == 2
        spilno.answers(204)
        second.run("wp_delete_post(77, true);")
        assert [path.partition("?")[0] for _, path in spilno.calls] == ["/v1/articles/wp2-77"]
        assert_settings_are_the_networks(second)


def assert_settings_are_the_networks(site: Site) -> None:
    """The administrator of one site must not say whose script all its visitors run, the network's own among them."""
    code = """
        require_once ABSPATH . 'wp-admin/includes/ms.php';
        $user = wp_insert_user(['user_login' => 'chief', 'user_pass' => 'chief', 'role' => 'administrator']);
        $may = fn($id) => [user_can($id, 'manage_options'),
            user_can($id, apply_filters('option_page_capability_spilno', 'manage_options'))];
        return [$may($user), $may(1)];
    """
    assert site.run(code) == [[True, False], [True, True]]
