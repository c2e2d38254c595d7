"""Author, section, tags, revision and origin of an article; one origin's article is not another's to change."""

import itertools
from typing import Any

import pytest

from chalicelib.articles.rows import articles
from chalicelib.articles.views import answers
from chalicelib.kernel import keys
from chalicelib.kernel.moments import rfc3339
from chalicelib.kernel.table import Put, Update
from localdev.around import Around
from testkit.calls import SITE
from testkit.clock import NOW
from testkit.harness import Harness
from tests.articles.listing import WHOLE, cms, ids, page, put


def test_what_was_put_is_told_back_and_listed(harness: Harness) -> None:
    put_back = put(harness, **WHOLE).json
    answers.ArticleStored.model_validate(put_back)
    alone = cms(harness, "GET", "/v1/articles/mist").json
    answers.StoredArticle.model_validate(alone)
    (listed,) = page(harness)["items"]
    for told in (put_back, alone, listed):
        assert {name: told[name] for name in WHOLE if name != "body_html"} == {
            name: value for name, value in WHOLE.items() if name != "body_html"
        }
        assert (told["id"], told["title"], told["updated_at"]) == ("mist", "Міст", rfc3339(NOW))
    assert alone["seal"] == put_back["seal"]
    assert listed["version"] == put_back["seal"]["version"]
    assert page(harness)["next"] is None


def test_what_was_not_said_is_null(harness: Harness) -> None:
    put(harness, author=" ", section="", tags=["", " "], revision=None, origin=None)
    assert put(harness, author=None, section=None, tags=None).json["tags"] == []
    (listed,) = page(harness)["items"]
    nothing = dict.fromkeys(("author", "section", "revision", "origin", "version", "opens_at", "closes_at"))
    assert listed == {
        **nothing,
        "id": "mist",
        "title": "Міст",
        "url": f"{SITE}/mist",
        "access": "members",
        "tags": [],
        "updated_at": rfc3339(NOW),
    }
    stored = harness.table.get(keys.article("mist"))
    assert stored is not None
    assert not {"author", "section", "tags", "revision", "origin"} & stored.keys(), "what is empty is left out"


def test_a_put_replaces_all_but_whose_it_is(harness: Harness) -> None:
    put(harness, **WHOLE)
    again = put(harness).json
    assert (again["author"], again["section"], again["tags"], again["revision"]) == (None, None, [], None)
    assert again["origin"] == "wordpress"
    assert page(harness)["items"][0]["origin"] == "wordpress"


@pytest.mark.parametrize("sent", [{"origin": "hugo"}, {"origin": "hugo", "body_html": "<p>Інший.</p>"}])
def test_another_origins_article_is_refused_and_stays(harness: Harness, sent: dict[str, Any]) -> None:
    put(harness, **WHOLE)
    before = harness.table.get(keys.article("mist"))
    refused = put(harness, **sent)
    assert (refused.status, refused.json["code"], refused.json["origin"]) == (409, "other_origin", "wordpress")
    assert put(harness, query="?take_over=false", **sent).status == 409
    assert cms(harness, "DELETE", "/v1/articles/mist?origin=hugo").json["code"] == "other_origin"
    assert harness.table.get(keys.article("mist")) == before
    assert put(harness, query="?take_over=true", **sent).json["origin"] == "hugo"
    assert put(harness, **WHOLE).status == 409, "it is the other's now"
    assert cms(harness, "DELETE", "/v1/articles/mist?origin=hugo").status == 204
    assert cms(harness, "DELETE", "/v1/articles/mist?origin=hugo").status == 404


def test_nobodys_is_adopted_and_deleted_by_whoever_says_so(harness: Harness) -> None:
    put(harness)
    assert put(harness, origin="hugo").json["origin"] == "hugo"
    assert cms(harness, "DELETE", "/v1/articles/mist").status == 204, "without a name it is anybody's"
    put(harness)
    assert cms(harness, "DELETE", "/v1/articles/mist?origin=hugo").status == 204


def test_a_put_without_an_origin_keeps_one_that_came_meanwhile(harness: Harness) -> None:
    """Between the two tries of such a put another system takes the article over, or deletes it."""
    put(harness, origin="hugo")
    inner, meanwhile = harness.table, iter(["taken", "deleted"])

    def before(call: str, what: Any) -> None:
        if call == "write" and isinstance(what, Put) and what.only_if and what.only_if[0].test == "=":
            match next(meanwhile, ""):
                case "taken":
                    inner.write(Update(keys.article("mist"), set={"origin": "pelican"}))
                case "deleted":
                    articles.delete(inner, "mist")

    harness.table = Around(inner, before)
    done = put(harness, title="Новий")
    assert (done.status, done.json["origin"]) == (200, None), "deleted, it is nobody's again"
    assert next(meanwhile, None) is None, "both happened"


def test_where_others_are_first_at_every_try_nothing_is_done(harness: Harness) -> None:
    put(harness, origin="hugo")
    inner, number = harness.table, itertools.count()

    def before(call: str, what: Any) -> None:
        if call == "write" and isinstance(what, Put):
            inner.write(Update(keys.article("mist"), set={"origin": f"system-{next(number)}"}))

    harness.table = Around(inner, before)
    refused = put(harness, title="Новий")
    assert (refused.status, refused.json["code"]) == (409, "busy")
    assert page(harness)["items"][0]["title"] == "Міст"


@pytest.mark.parametrize(
    ("query", "body", "code"),
    [
        ("?take_over=maybe", {"origin": "hugo"}, "bad_input"),
        ("?take_over=true&take_over=false", {"origin": "hugo"}, "bad_input"),
        ("?takeover=true", {"origin": "hugo"}, "unknown_field"),
        ("?Take-Over=true", {"origin": "hugo"}, "unknown_field"),
        ("?origin=hugo", {}, "unknown_field"),
        ("?take_over=true", {}, "missing_field"),
        ("", {"origin": "Hugo"}, "bad_origin"),
        ("", {"origin": ""}, "bad_origin"),
        ("", {"origin": ["hugo"]}, "bad_origin"),
        ("", {"author": {"name": "Олена"}}, "bad_input"),
        ("", {"section": ["Місто"]}, "bad_input"),
        ("", {"tags": "місто"}, "bad_input"),
        ("", {"tags": [1]}, "bad_input"),
        ("", {"revision": "r" * 65}, "bad_input"),
        ("", {"revision": 7}, "bad_input"),
    ],
)
def test_a_bad_put_changes_nothing(harness: Harness, query: str, body: dict[str, Any], code: str) -> None:
    put(harness, origin="hugo", revision="1")
    before = harness.table.get(keys.article("mist"))
    refused = put(harness, query=query, **body)
    assert (refused.status, refused.json["code"]) == (400, code)
    assert harness.table.get(keys.article("mist")) == before


def test_a_deletion_with_a_mistyped_origin_deletes_nothing(harness: Harness) -> None:
    put(harness)
    mistyped = ("orgin=hugo", "Origin=hugo", "ORIGIN=hugo", "origins=hugo", "oirgin=hugo", "take_over=true")
    for query in (*mistyped, "origin=", "origin=a&origin=b", "origin=*", "_=1&orgin=hugo"):
        assert cms(harness, "DELETE", f"/v1/articles/mist?{query}").status == 400, query
    assert ids(harness) == ["mist"]


@pytest.mark.parametrize("query", ["?_=1764530000", "?_=1&_=2", "?cb=&v=2", "?lang=uk&%D0%BC=1", "?__proto__=1"])
def test_what_somebody_adds_to_any_address_is_left_alone(harness: Harness, query: str) -> None:
    """As before there were parameters here: clients add their own against caches."""
    assert put(harness, query=f"{query}&take_over=true", origin="hugo").json["origin"] == "hugo"
    assert put(harness, query=query, origin="wordpress").status == 409
    assert cms(harness, "DELETE", f"/v1/articles/mist{query}&origin=wordpress").status == 409
    assert cms(harness, "DELETE", f"/v1/articles/mist{query}").status == 204


def test_an_empty_revision_is_none(harness: Harness) -> None:
    put(harness, revision="1")
    assert put(harness, revision="").json["revision"] is None
    assert put(harness, revision=" 1 ").json["revision"] == " 1 ", "told back as it came"
