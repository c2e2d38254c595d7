"""In a network of sites each has articles of its own."""

from pathlib import Path

from tests.sites.wordpress.away import away
from tests.sites.wordpress.installed import wordpress
from tests.sites.wordpress.sent import CLOSED, WHOLE
from tests.sites.wordpress.site import Site


def test_two_sites_of_a_network_never_meet_in_one_article(tmp_path: Path) -> None:
    with wordpress(tmp_path, kind="network") as first, away() as spilno:
        second = Site(f"{first.url}/second", first.folder, first.token)
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
        assert first.log() == ""


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
