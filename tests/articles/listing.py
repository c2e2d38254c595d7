"""What the tests of the list and of origins share: putting, listing, and rows as they are stored."""

from collections.abc import Iterator
from typing import Any

from chalicelib.articles.rows import articles, summaries
from chalicelib.articles.rows.articles import StoredArticleRow
from chalicelib.articles.rules.policy import MEMBERS
from chalicelib.articles.views import answers
from testkit.calls import SITE, Reply
from testkit.clock import NOW
from testkit.harness import Harness
from testkit.visitor import Visitor

WHOLE: dict[str, Any] = {
    "author": "Олена Коваль",
    "section": "Місто",
    "tags": ["мости", "гроші"],
    "revision": "sha-1f",
    "origin": "wordpress",
    "opens_at": "2026-12-24T00:00:00Z",
    "body_html": "<p>Увесь текст.</p>",
}


def cms(harness: Harness, method: str, path: str) -> Reply:
    return Visitor(origin=None).call(method, path, headers=harness.cms_key())


def put(harness: Harness, article: str = "mist", query: str = "", **more: Any) -> Reply:
    body = {"title": "Міст", "url": f"{SITE}/{article}", "access": "members", "teaser_html": "<p>П.</p>", **more}
    return Visitor(origin=None).put(f"/v1/articles/{article}{query}", body, **harness.cms_key())


def page(harness: Harness, query: str = "") -> Any:
    reply = cms(harness, "GET", f"/v1/articles{query}")
    assert reply.status == 200, reply.json
    assert reply.headers["cache-control"] == "private, no-store"
    answers.ArticleList.model_validate(reply.json)
    return reply.json


def walked(harness: Harness, origin: str = "") -> Iterator[list[dict[str, Any]]]:
    after = ""
    while True:
        asked = "&".join(f"{name}={value}" for name, value in (("after", after), ("origin", origin)) if value)
        answered = page(harness, f"?{asked}" if asked else "")
        yield answered["items"]
        after = answered["next"]
        if after is None:
            return


def ids(harness: Harness, origin: str = "") -> list[str]:
    return [item["id"] for items in walked(harness, origin) for item in items]


def row(name: str, **more: Any) -> StoredArticleRow:
    text = {"teaser": articles.packed("<p>П.</p>"), "body": articles.packed("<p>Увесь.</p>")}
    values: dict[str, Any] = {"title": "Міст", "url": f"{SITE}/{name}", "access": MEMBERS, **text, **more}
    return StoredArticleRow(**{"id": name, "updated_at": NOW, **values})


def store(harness: Harness, *names: str, **more: Any) -> None:
    """Articles as an earlier release stored them: in the index, without what the list shows."""
    for name in names:
        articles.put(harness.table, row(name, **more))


def store_listed(harness: Harness, *names: str, **more: Any) -> None:
    """Articles as a put stores them."""
    root = harness.settings.seal_keys[0]
    for name in names:
        article = row(name, **more)
        kept = summaries.as_kept(summaries.summary_of(article, root), article, root)
        articles.put(harness.table, article, summary=kept)
