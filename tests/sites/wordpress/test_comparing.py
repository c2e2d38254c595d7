"""Once a day Spilno's list is compared with the posts."""

import requests

from testkit.stack import Stack
from tests.sites.wordpress.sent import CLOSED, KEY, WHOLE, at_spilno, notice
from tests.sites.wordpress.site import Site


def test_what_is_missing_another_or_left_over_is_put_right(connected: Site, spilno: Stack) -> None:
    # What the tests before left behind.
    while connected.run("return Spilno\\Reconcile::run()['sent'];"):
        pass
    connected.run("Spilno\\Reconcile::remove_left_over(PHP_INT_MAX);")
    missing, other, same = (connected.insert(WHOLE) for _ in range(3))
    origin = connected.run("return Spilno\\Options::origin();")
    headers = {"Authorization": f"Bearer {KEY}"}
    api = f"{spilno.app}/v1/articles"
    before = at_spilno(spilno, same)
    assert requests.delete(f"{api}/wp-{missing}", headers=headers, timeout=30).ok
    put = {"title": "?", "url": "http://a.example/", "access": "open", "teaser_html": "", "body_html": ""}
    for article_id, more in {f"wp-{other}": {"origin": origin}, "wp-999999": {"origin": origin}}.items():
        assert requests.put(f"{api}/{article_id}", headers=headers, json=put | more, timeout=30).ok
    assert requests.put(f"{api}/wp-999998", headers=headers, json=put | {"origin": "hugo"}, timeout=30).ok
    done = connected.run("return Spilno\\Reconcile::run();")
    assert (done["problem"], done["sent"], done["removed"]) == ("", 2, 1)
    for post in (missing, other):
        article = at_spilno(spilno, post)
        assert article is not None
        assert CLOSED in article["body_html"]
    assert at_spilno(spilno, same) == before
    assert at_spilno(spilno, 999999) is None
    assert at_spilno(spilno, 999998) is not None
    assert connected.run("return Spilno\\Reconcile::run()['sent'];") == 0


def test_another_systems_article_is_not_overwritten(connected: Site, spilno: Stack) -> None:
    post = connected.insert(WHOLE, post_status="draft")
    put = {"title": "Чужа", "url": "http://a.example/", "access": "open", "teaser_html": "", "origin": "hugo"}
    url = f"{spilno.app}/v1/articles/wp-{post}"
    assert requests.put(url, headers={"Authorization": f"Bearer {KEY}"}, json=put, timeout=30).ok
    connected.update(post, post_status="publish")
    article = at_spilno(spilno, post)
    assert article is not None
    assert article["title"] == "Чужа"
    assert "prefix" in notice(connected, post)


def test_an_old_copy_of_the_database_empties_nothing(connected: Site, spilno: Stack) -> None:
    posts = [connected.insert(WHOLE) for _ in range(6)]
    connected.run(
        "foreach ($ids as $id) $GLOBALS['wpdb']->delete($GLOBALS['wpdb']->posts, ['ID' => $id]);", ids=posts
    )
    done = connected.run("wp_cache_flush(); return Spilno\\Reconcile::run();")
    assert done["removed"] == 0
    assert done["left_over"] >= 6
    assert at_spilno(spilno, posts[0])
    assert connected.run("return Spilno\\Reconcile::remove_left_over($told);", told=done["left_over"]) >= 6
    assert at_spilno(spilno, posts[0]) is None


def test_a_copy_of_the_site_elsewhere_sends_nothing(connected: Site, spilno: Stack) -> None:
    connected.run("update_option('spilno_options', ['home' => 'news.example'] + get_option('spilno_options'));")
    post = connected.insert(WHOLE)
    assert at_spilno(spilno, post) is None
    assert "another address" in notice(connected, post)
    connected.options(key=KEY)
    connected.run("Spilno\\Reconcile::run();")
    assert at_spilno(spilno, post)
