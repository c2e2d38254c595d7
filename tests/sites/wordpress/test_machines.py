"""What robots are told on a WordPress is what the newsroom's file says, and no robot waits for Spilno."""

from collections.abc import Iterator

import pytest
import requests

from testkit.stack import Stack
from tests.sites.wordpress.pretend_api import PretendApi, Says, pretend_api
from tests.sites.wordpress.site import Site, paragraphs, walled

ASK = "Spilno\\Machines::ask();"


@pytest.fixture
def api(site: Site) -> Iterator[PretendApi]:
    """A pretended API; nothing is kept of it afterwards."""
    with pretend_api() as server:
        site.options(api=server.url, key="a-key-of-the-cms")
        yield server
    site.options(api="", key="")
    site.run("delete_option('spilno_machines');")


def test_robots_txt_and_headers_are_those_of_the_newsroom(connected: Site, spilno: Stack) -> None:
    connected.run(ASK)
    told = requests.get(f"{spilno.app}/v1/machines", timeout=30).json()
    lines = connected.get("/robots.txt").text
    assert lines.startswith("User-agent: *\nDisallow: /wp-admin/")
    assert lines.endswith(told["robots_txt"].strip() + "\n")
    closed = connected.get(f"/?p={connected.insert(walled('Початок', 'Решта'))}").headers
    for name, value in told["headers"].items():
        assert value in closed[name]
    assert "api.w.org" in closed["Link"], "WordPress's own links are there, too"
    free = connected.get(f"/?p={connected.insert(paragraphs('Усе'))}").headers
    assert "TDM-Reservation" not in free
    connected.run("update_option('blog_public', 0);")
    assert "TDM" not in connected.get("/robots.txt").text
    assert "Content-Signal" not in connected.get("/robots.txt").text, "nobody shall come at all"
    connected.run("update_option('blog_public', 1);")


def test_an_answer_is_kept_and_another_is_not_believed(site: Site, api: PretendApi) -> None:
    good = {"robots_txt": "# of the newsroom", "headers": {"X-Robots-Tag": "nocache", "Set-Cookie": "a=b"}}
    api.answers["GET /v1/machines"] = Says(body=good)
    site.run(ASK)
    post = site.insert(walled("Початок", "Решта"))
    for bad in (Says(503, {}), Says(200, "<html>"), Says(200, {"robots_txt": 5}), Says(200, {"headers": {}})):
        api.answers["GET /v1/machines"] = bad
        site.run(ASK)
        assert site.get("/robots.txt").text.endswith("# of the newsroom\n")
    headers = site.get(f"/?p={post}").headers
    assert headers["X-Robots-Tag"] == "nocache"
    assert "a=b" not in headers.get("Set-Cookie", "")
    seen = len(api.seen)
    site.get("/robots.txt")
    assert len(api.seen) == seen, "no robot makes it ask"
    site.options(api="https://another.example")
    assert "of the newsroom" not in site.get("/robots.txt").text
    assert "X-Robots-Tag" not in site.get(f"/?p={post}").headers


def test_another_plugins_noindex_stays(site: Site, api: PretendApi) -> None:
    api.answers["GET /v1/machines"] = Says(body={"robots_txt": "", "headers": {"X-Robots-Tag": "nocache"}})
    site.run(ASK)
    post = site.insert(walled("Початок", "Решта"))
    plugin = "<?php add_action('wp', fn() => is_singular() && header('X-Robots-Tag: noindex'), 0);"
    site.run("wp_mkdir_p(WPMU_PLUGIN_DIR); file_put_contents(WPMU_PLUGIN_DIR . '/noindex.php', $php);", php=plugin)
    try:
        assert site.get(f"/?p={post}").headers["X-Robots-Tag"] == "noindex, nocache"
    finally:
        site.run("unlink(WPMU_PLUGIN_DIR . '/noindex.php');")


def test_a_header_with_a_line_in_it_is_left_out(site: Site, api: PretendApi) -> None:
    headers = {
        "X-Robots-Tag": "nocache\r\nX-Made-Up: 1",
        "TDM-Reservation": ["1"],
        "Link": "<https://x>; rel=license",
    }
    api.answers["GET /v1/machines"] = Says(body={"robots_txt": "", "headers": headers})
    site.run(ASK)
    answered = site.get(f"/?p={site.insert(walled('Початок', 'Решта'))}").headers
    assert "X-Made-Up" not in answered
    assert "TDM-Reservation" not in answered
    assert "rel=license" in answered["Link"]
