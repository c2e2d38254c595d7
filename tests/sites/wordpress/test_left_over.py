"""Articles that no post belongs to: few go by themselves, many are told of, and go when somebody says so."""

import re
from collections.abc import Iterator

import pytest

from tests.sites.wordpress.pretend_api import PretendApi, Says, pretend_api
from tests.sites.wordpress.sent import WHOLE
from tests.sites.wordpress.site import Site
from tests.sites.wordpress.test_settings import PAGE

MANY = [f"old-{number}" for number in range(1, 22)]


@pytest.fixture
def api(site: Site) -> Iterator[PretendApi]:
    """A Spilno with 21 articles of this site that no post belongs to, and the site after its comparison."""
    site.run("foreach (['spilno_compared', 'spilno_removals'] as $name) delete_option($name);")
    with pretend_api() as server:
        server.knows(site.url)
        has(server, MANY)
        server.answers["DELETE /v1/articles"] = Says(204, "")
        server.answers["PUT /v1/articles"] = Says(200, {})
        site.options(api=server.url, key="a-key-of-the-cms")
        site.run("Spilno\\Reconcile::run();")
        server.seen.clear()
        yield server
    site.options(api="", key="")
    site.run("foreach (['spilno_compared', 'spilno_removals'] as $name) delete_option($name);")


def has(server: PretendApi, names: list[str]) -> None:
    """From now on these are the articles at Spilno."""
    items = [{"id": name, "revision": "r"} for name in names]
    server.answers["GET /v1/articles"] = Says(body={"items": items, "next": None})


def button(page: str) -> dict[str, str] | None:
    """The fields of the form below the sentence."""
    form = re.search(r'id="spilno-left-over".*?</form>', page, re.DOTALL)
    if form is None:
        return None
    return dict(re.findall(r'name="(\w+)" value="(\w+)"', form.group()))


def deleted(server: PretendApi) -> list[str]:
    """The names of the articles that were deleted there."""
    return [call.partition("?")[0].rpartition("/")[2] for call, _ in server.seen if call.startswith("DELETE")]


def press(site: Site, fields: dict[str, str], user: str = "admin") -> int:
    """Send the form; the status of the page that it leads to."""
    url = f"{site.url}/wp-admin/admin-post.php"
    return site.session(user).post(url, data=fields, timeout=60).status_code


def test_many_are_told_of_and_deleted_when_somebody_says_so(site: Site, api: PretendApi) -> None:
    assert deleted(api) == []
    page = site.get(PAGE, "admin").text
    assert "21 статтю" in page
    assert "old-1, old-2, old-3 …" in page
    health = site.rest_call("GET", "/spilno/v1/health", "admin").json()
    assert health["status"] == "recommended"
    assert "21 статтю" in health["description"]
    fields = button(page)
    assert fields
    assert press(site, fields) == 200
    assert deleted(api) == MANY
    after = site.get(PAGE, "admin").text
    assert button(after) is None
    assert site.rest_call("GET", "/spilno/v1/health", "admin").json()["description"].count("21") == 0


def test_more_than_was_told_is_not_deleted(site: Site, api: PretendApi) -> None:
    """An old copy of the database came in between: nobody has agreed to that."""
    fields = button(site.get(PAGE, "admin").text)
    assert fields
    has(api, [*MANY, "wp-1", "wp-2"])
    press(site, fields)
    assert deleted(api) == []
    assert "23 статті" in site.get(PAGE, "admin").text


@pytest.mark.parametrize("user", ["editor", "subscriber"])
def test_nobody_else_deletes_them(site: Site, api: PretendApi, user: str) -> None:
    fields = button(site.get(PAGE, "admin").text)
    assert fields
    assert press(site, fields, user) == 403
    assert press(site, fields | {"_wpnonce": "0123456789"}) == 403
    assert deleted(api) == []


def test_a_spilno_that_is_away_is_asked_later(site: Site, api: PretendApi) -> None:
    fields = button(site.get(PAGE, "admin").text)
    assert fields
    api.answers["DELETE /v1/articles"] = Says(503, {})
    press(site, fields)
    assert deleted(api) == MANY[:1], "one who has trouble is not asked for each"
    assert site.planned() == ["spilno_remove"], "one event, however many there are"
    assert "триває автоматично" in site.get(PAGE, "admin").text
    api.answers["DELETE /v1/articles"] = Says(204, "")
    api.seen.clear()
    has(api, [])
    site.cron()
    assert sorted(deleted(api)) == sorted(MANY)
    assert site.planned() == []


def test_few_go_by_themselves(site: Site, api: PretendApi) -> None:
    has(api, MANY[:5])
    assert site.run("return Spilno\\Reconcile::run()['removed'];") == 5
    assert deleted(api) == MANY[:5]
    assert button(site.get(PAGE, "admin").text) is None


@pytest.mark.usefixtures("api")
def test_tasks_that_never_run_are_told_of(site: Site) -> None:
    """Nothing is tried again then, and nobody would know."""
    site.run("wp_clear_scheduled_hook('spilno_compare'); delete_option('spilno_compared');")
    for late, told in ((3_600, False), (90_000, True)):
        site.run(
            "wp_clear_scheduled_hook('spilno_compare');"
            " wp_schedule_event(time() - $late, 'daily', 'spilno_compare');",
            late=late,
        )
        health = site.rest_call("GET", "/spilno/v1/health", "admin").json()["description"]
        assert ("wp-cron.php" in health) == told
    site.run("wp_clear_scheduled_hook('spilno_compare');")


@pytest.mark.usefixtures("api")
def test_the_list_of_posts_says_what_is_to_be_done(site: Site) -> None:
    """Elsewhere, as in lists for menus, WordPress expects no HTML."""
    site.run("update_option('spilno_options', ['home' => 'another.example'] + get_option('spilno_options'));")
    post = site.insert(WHOLE)
    label = '<br><span style="font-weight: 400">Звідси нічого не надсилається'
    assert f"Спільно: перевірте{label}" in site.get("/wp-admin/edit.php", "admin").text
    states = site.run("return apply_filters('display_post_states', [], get_post($id));", id=post)
    assert states["spilno-trouble"] == "Спільно: перевірте"
