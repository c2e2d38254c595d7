"""Deactivating changes nothing; deleting leaves the newsroom whole, and nothing of the plugin."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sites.wordpress.installed import wordpress
from tests.sites.wordpress.pretend_api import PretendApi, Says, pretend_api
from tests.sites.wordpress.site import LINE, Site, paragraphs, walled

PLUGINS = "require_once ABSPATH . 'wp-admin/includes/plugin.php';"
WHOLE = walled("Початок", "Решта")


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two sites of their own: what is deleted here, other tests need."""
    with wordpress(tmp_path_factory.mktemp("network"), kind="network") as site:
        yield site


@pytest.fixture
def api() -> Iterator[PretendApi]:
    with pretend_api() as server:
        server.knows()
        yield server


def uninstalled(site: Site) -> None:
    """As WordPress does it when somebody deletes the plugin, but the files stay."""
    site.run(f"{PLUGINS} deactivate_plugins('spilno/spilno.php', true);")
    # A call of its own: in this one the plugin is not loaded.
    site.run(f"{PLUGINS} uninstall_plugin('spilno/spilno.php');")


def left(site: Site) -> list[Any]:
    """Everything of the plugin in every table of this site."""
    found: list[Any] = site.run(
        """
        global $wpdb;
        $names = fn($column, $table) =>
            $wpdb->get_col("SELECT DISTINCT $column FROM $table WHERE $column LIKE '%spilno%'");
        $cron = array_filter(array_map(fn($at) => implode(' ', array_keys((array) $at)), _get_cron_array()),
            fn($hooks) => strpos($hooks, 'spilno') !== false);
        return array_merge(
            array_diff($names('option_name', $wpdb->options), ['_transient_spilno', '_site_transient_spilno']),
            $names('meta_key', $wpdb->postmeta), $names('meta_key', $wpdb->usermeta), array_values($cron),
            $wpdb->get_col("SELECT ID FROM $wpdb->posts WHERE post_content_filtered LIKE 'spilno%'"));
        """
    )
    return found


def on_second(code: str) -> str:
    return f"switch_to_blog(2); try {{ {code} }} finally {{ restore_current_blog(); }}"


def test_a_network_is_left_whole(network: Site, api: PretendApi) -> None:
    site = network
    connect = "Spilno\\Options::set(['api' => $api, 'key' => 'a-cms-key']);"
    site.run(connect + on_second(connect), api=api.url)
    api.answers["PUT /v1/articles"] = Says(200, {"seal": {"access": "members"}})
    posts = {status: site.insert(WHOLE, post_status=status) for status in ("publish", "draft", "pending", "private")}
    posts["future"] = site.insert(WHOLE, post_status="future", post_date="2030-01-01 12:00:00")
    classic = site.insert("Початок\n\n[spilno]\n\nРешта \\слеш\\ ’")
    free = site.insert(paragraphs("Усе для всіх"))
    insert = (
        "return wp_insert_post(wp_slash(['post_title' => 'Б', 'post_status' => 'publish', 'post_content' => $text]));"
    )
    second = site.run(on_second(insert), text=WHOLE)
    site.update(posts["publish"], post_title="Ще раз")  # and with it a revision
    site.run("add_user_meta(1, 'spilno_dismissed', 'connect');")
    assert "Решта" not in str(site.row(posts["publish"]))
    page = site.get("/wp-admin/plugins.php", "admin").text
    assert 'id="spilno-before-deleting"' in page, "said before, while it is active"

    site.run(
        "require_once ABSPATH . 'wp-admin/includes/plugin.php'; deactivate_plugins('spilno/spilno.php', false, true);"
    )
    rows = site.row(posts["publish"])
    assert "Решта" not in site.get(f"/?p={posts['publish']}").text
    assert "Решта" not in str(rows), "deactivating changes nothing"

    origin = site.run("return get_option('spilno_options')['origin'];")
    items = [{"id": "wp-1"}, {"id": "wp-2"}]
    api.answers |= {
        f"GET /v1/articles?origin={origin}": Says(body={"items": items, "next": "wp-2"}),
        f"GET /v1/articles?origin={origin}&after=wp-2": Says(body={"items": [{"id": "wp-9"}], "next": None}),
        "DELETE /v1/articles": Says(204, ""),
    }
    api.seen.clear()
    site.run(f"{PLUGINS} uninstall_plugin('spilno/spilno.php');")

    ends = {"publish": "private", "future": "draft", "draft": "draft", "pending": "pending", "private": "private"}
    for status, post in posts.items():
        row = site.row(post)
        assert (row["post_content"], row["post_content_filtered"], row["post_status"]) == (WHOLE, "", ends[status]), (
            status
        )
    assert site.row(classic)["post_content"] == "Початок\n\n[spilno]\n\nРешта \\слеш\\ ’"
    assert site.row(free)["post_status"] == "publish"
    assert LINE in site.run(on_second("return get_post($id)->post_content;"), id=second)
    assert site.run(on_second("return get_post($id)->post_status;"), id=second) == "private"
    assert site.get(f"/?p={posts['publish']}").status_code == 404
    deleted = [call for call, _ in api.seen if call.startswith("DELETE")]
    assert [call for call in deleted if origin in call] == [
        f"DELETE /v1/articles/{name}?origin={origin}" for name in ("wp-1", "wp-2", "wp-9")
    ]
    assert {key for _, key in api.seen} == {"Bearer a-cms-key"}
    assert left(site) == []
    assert site.run(on_second("return get_option('spilno_options', 'gone');")) == "gone"


def test_other_plugins_statuses_open_nothing(network: Site) -> None:
    site = network
    site.run(f"{PLUGINS} activate_plugin('spilno/spilno.php', '', true);")
    # The last one's plugin is switched off just now.
    statuses = {"shelf": "private", "desk": "desk", "nobodys": "private"}
    register = "register_post_status('shelf', ['public' => true]);"
    register += "register_post_status('desk', ['protected' => true]);"
    insert = "return wp_insert_post(wp_slash(['post_status' => $status, 'post_content' => $text]));"
    posts = {status: site.run(register + insert, status=status, text=WHOLE) for status in statuses}
    site.run(f"{PLUGINS} deactivate_plugins('spilno/spilno.php', true);")
    site.run(f"{PLUGINS} {register} uninstall_plugin('spilno/spilno.php');")
    assert {status: site.row(post)["post_status"] for status, post in posts.items()} == statuses
    assert {site.row(post)["post_content"] for post in posts.values()} == {WHOLE}


def test_a_spilno_that_is_away_stops_nothing(network: Site) -> None:
    site = network
    site.run(f"{PLUGINS} activate_plugin('spilno/spilno.php', '', true);")
    site.run(
        "Spilno\\Options::set(['api' => 'http://127.0.0.1:9', 'key' => 'a-cms-key']); Spilno\\Options::origin();"
    )
    post = site.insert(WHOLE)
    uninstalled(site)
    assert site.row(post)["post_content"] == WHOLE
    assert site.row(post)["post_status"] == "private"
    assert left(site) == []


def test_a_lost_key_of_the_closed_parts_makes_nothing_worse(network: Site) -> None:
    site = network
    site.run(f"{PLUGINS} activate_plugin('spilno/spilno.php', '', true);")
    post = site.insert(WHOLE)
    key = site.run("$key = get_option('spilno_column_key'); update_option('spilno_column_key', ''); return $key;")
    was = site.row(post)
    uninstalled(site)
    now = site.row(post)
    assert (now["post_content"], now["post_content_filtered"]) == (was["post_content"], was["post_content_filtered"])
    site.run("update_option('spilno_column_key', $key);", key=key)
    site.run(f"{PLUGINS} activate_plugin('spilno/spilno.php', '', true);")
    assert site.whole(post) == WHOLE, "whoever finds the key again has the text again"


def test_nobody_can_call_it_from_outside(network: Site) -> None:
    answer = network.get("/wp-content/plugins/spilno/uninstall.php")
    assert answer.text == ""
    for path in sorted(Path(network.folder / "site/wp-content/plugins/spilno/includes").glob("*.php")):
        assert network.get(f"/wp-content/plugins/spilno/includes/{path.name}").text == "", path.name
