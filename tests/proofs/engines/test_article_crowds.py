"""Many systems of one newsroom and one article: it is one's, whoever comes first, on both engines."""

import pytest

from chalicelib.articles.actions.delete_article import delete_article
from chalicelib.articles.actions.put_article import SubmittedArticle, put_article
from chalicelib.articles.rows import articles
from chalicelib.articles.rows.articles import StoredArticleRow
from chalicelib.articles.rules.policy import MEMBERS
from chalicelib.kernel.errors import Conflict
from testkit.at_once import at_once
from testkit.harness import Harness
from testkit.tables import Unguarded

pytestmark = pytest.mark.engine

SYSTEMS = 16


def crowd(harness: Harness, article: str, *, named: bool = True) -> list[StoredArticleRow | BaseException]:
    """So many systems put one id at once, each under its own name."""

    def put(number: int) -> StoredArticleRow:
        origin = f"system-{number}" if named else None
        manuscript = SubmittedArticle(
            "Міст",
            "https://news.example/mist",
            MEMBERS,
            f"<p>{number}</p>",
            body_html=f"<p>{number}</p>",
            origin=origin,
        )
        roots = harness.settings.seal_keys
        return put_article(article, manuscript, harness.table, harness.newsroom, roots=roots, now=harness.real_now())

    return at_once(SYSTEMS, put)


def wins(found: list[StoredArticleRow | BaseException]) -> list[StoredArticleRow]:
    assert all(isinstance(one, StoredArticleRow | Conflict) for one in found), found
    return [one for one in found if isinstance(one, StoredArticleRow)]


def test_of_many_that_put_a_new_id_at_once_one_gets_it(harness: Harness) -> None:
    for number in range(8):
        found = crowd(harness, f"mist-{number}")
        (winner,) = wins(found)
        stored = articles.read(harness.table, winner.id)
        assert stored is not None
        assert (stored.origin, stored.body_html) == (winner.origin, winner.body_html)
        assert {one.details["origin"] for one in found if isinstance(one, Conflict)} == {winner.origin}


def test_without_the_condition_all_would_get_it(harness: Harness) -> None:
    """The negative control."""
    harness.table = Unguarded(harness.table, "ARTICLE#")
    assert len(wins(crowd(harness, "mist"))) == SYSTEMS


def test_nobodys_is_adopted_by_one(harness: Harness) -> None:
    assert len(wins(crowd(harness, "mist", named=False))) == SYSTEMS
    (winner,) = wins(crowd(harness, "mist"))
    assert [one.origin for one in wins(crowd(harness, "mist", named=False))] == [winner.origin] * SYSTEMS


def test_of_many_that_delete_under_their_names_its_own_does(harness: Harness) -> None:
    (winner,) = wins(crowd(harness, "mist"))
    found = at_once(SYSTEMS, lambda number: delete_article("mist", harness.table, origin=f"system-{number}"))
    assert [number for number, one in enumerate(found) if one is None] == [int(str(winner.origin).split("-")[1])]
    assert articles.read(harness.table, "mist") is None
