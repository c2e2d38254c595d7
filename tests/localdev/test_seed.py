"""The demo data is there from the first start, and never undoes what somebody has changed."""

import time
from dataclasses import replace

import pytest

from chalicelib import settings
from chalicelib.articles.actions.api_keys import check_key
from chalicelib.articles.rows import api_keys as stored_keys
from chalicelib.articles.rows import articles as stored
from chalicelib.articles.rules.policy import MEMBERS, METERED, OPEN
from chalicelib.kernel.moments import rfc3339
from chalicelib.wiring import Wiring
from localdev.desk import sealed_articles
from localdev.seed import put_articles, seed
from localdev.site.content import articles
from testkit.clock import StillClock
from testkit.engine import Engine


@pytest.fixture
def wired(ministack: Engine, table_name: str) -> Wiring:
    return Wiring(settings.from_environment({"SPILNO_TABLE": table_name, "AWS_ENDPOINT_URL": ministack.endpoint}))


def test_the_demo_articles_and_the_cms_key_are_there_and_again_changes_nothing(
    ministack: Engine, wired: Wiring
) -> None:
    ssm = ministack.client("ssm")
    count = len(articles()) + len(sealed_articles())
    assert [seed(wired, ssm), seed(wired, ssm)] == [count, count]
    for name, access in (("demo-open", OPEN), ("demo-metered", METERED), ("demo-members", MEMBERS)):
        found = stored.read(wired.table, name)
        assert found is not None
        assert found.access is access
    assert check_key(wired.table, "local-cms-key", "cms").purpose == "cms"


def test_what_is_put_has_the_time_of_the_wall_as_what_the_cms_puts(ministack: Engine, wired: Wiring) -> None:
    ahead = Wiring(wired.settings, clock=StillClock(int(time.time()), int(time.time()) + 365 * 86_400))
    seed(ahead, ministack.client("ssm"))
    put_articles(ahead, articles()[:1], {})
    (key,) = stored_keys.all_keys(wired.table)
    article = stored.read(wired.table, articles()[0].id)
    assert article is not None
    soon = ahead.real_now() + 60
    assert article.updated_at < soon
    assert key.created_at < rfc3339(soon)


def test_what_somebody_changed_or_deleted_stays_so(wired: Wiring) -> None:
    one, two, three = articles()[:3]
    known: dict[str, str] = {}
    assert put_articles(wired, [one, two, three], known) == 3

    changed = stored.read(wired.table, one.id)
    assert changed is not None
    stored.put(wired.table, replace(changed, title="Changed by hand"))
    stored.delete(wired.table, two.id)
    newer = replace(three, title="A newer demo text")

    assert put_articles(wired, [one, two, newer], known) == 1
    kept, gone, updated = (stored.read(wired.table, article.id) for article in (one, two, three))
    assert kept is not None
    assert kept.title == "Changed by hand"
    assert gone is None
    assert updated is not None
    assert updated.title == "A newer demo text"
