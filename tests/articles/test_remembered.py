"""What a warm process remembers of articles, and how often versions that it does not know make it read them anew."""

from chalicelib.articles.actions.stored_article import recent_article, remembered_article
from chalicelib.articles.rows import articles
from testkit.harness import Harness
from testkit.people import Counting, watch
from testkit.visitor import Visitor
from tests.reading.sealed import asked, manifest
from tests.reading.test_articles import put

GUESSED = f"local.{'A' * 24}"  # of a key of ours: it might be that of a text that was put a moment ago


def sealed(version: str) -> int:
    return Visitor().get(f"/v1/articles/mist/sealed/{version}").status


def test_versions_of_no_key_of_ours_cost_no_read(harness: Harness) -> None:
    put(harness)
    table = watched(harness)
    for version in ("nonsense", f"k9.{'A' * 24}", f"local.{'A' * 23}", "local."):
        harness.clock.real += 1
        assert sealed(version) == 404
        assert asked(Visitor(), {"version": version, "needs": "members"}).status == 200
    assert table.calls == 0


def watched(harness: Harness) -> Counting:
    """The table, counted, and an article that this process has just read."""
    table = watch(harness)
    assert manifest()
    table.calls = 0
    return table


def test_a_version_that_might_be_new_is_looked_up_once_a_second(harness: Harness) -> None:
    put(harness)
    table = watched(harness)
    for second in range(3):
        for _ in range(5):
            assert sealed(GUESSED) == 404
        assert table.calls == second, "what was read in this second is new enough"
        harness.clock.real += 1
    harness.clock.real += 1
    assert sealed(manifest()["version"]) == 200
    assert table.calls == 2, "the one that is there is remembered for ten seconds, as before"


def test_what_turns_out_to_be_gone_is_forgotten_at_once(harness: Harness) -> None:
    put(harness)
    table = watched(harness)
    assert articles.delete(harness.memory, "mist"), "by another function"
    assert manifest(), "it is remembered"
    harness.clock.real += 1
    assert sealed(GUESSED) == 404
    assert Visitor().get("/v1/articles/mist/seal").code == "unknown_article"
    assert table.calls == 3, "the manifest's for half the price, and again before it says that there is none"


def test_the_longest_remembered_makes_room_for_a_new_one(harness: Harness) -> None:
    put(harness)
    article = articles.read(harness.table, "mist")
    assert article is not None
    names = [f"a{number}" for number in range(65)]
    for name in names:
        put(harness, article=name)
        recent_article(name, harness.table, harness.real_now())
    remembered = [name for name in names if remembered_article(name, harness.table, harness.real_now())]
    assert remembered == names[1:]
    harness.clock.real += 5
    recent_article(names[1], harness.table, harness.real_now(), kept_for=1)
    assert remembered_article(names[2], harness.table, harness.real_now()), "one that is read anew takes no more room"
    harness.clock.real -= 6
    assert remembered_article(names[2], harness.table, harness.real_now()) is None, "nor of a clock that was set back"
