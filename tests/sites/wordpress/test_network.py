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
        assert first.log() == ""
