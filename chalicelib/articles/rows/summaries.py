"""What the list shows of each article: a copy in the index, so that a page of the list reads no text.

Which attributes the index copies was chosen when the table was made, for good, and `label` is one of them. The copy
stands there as a map: what the list shows, less what is empty, and with a version which root it was made with. It is
written with the article, by the same write. Where it is lacking (an article of an earlier release) or its version is
of another root (the seal keys were rotated), the list reads the article whole and writes the copy anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from chalicelib.articles.rows.articles import SUMMARY, StoredArticleRow, article_of
from chalicelib.articles.rules import sealed_text
from chalicelib.articles.rules.policy import written
from chalicelib.articles.rules.sealed_text import Root
from chalicelib.kernel import keys
from chalicelib.kernel.table import Condition, Item, Table, Update
from chalicelib.kernel.table import written as written_to_table

_AT_ONCE = 101  # one more than a page has, so that a full last page says that it is the last
_ROOT = "root"  # which root key the version is of; its name alone may stand for another key by now


@dataclass(frozen=True)
class ArticleSummary:
    """An article in the list: no text. `access` as the CMS wrote it; times in seconds, UTC.

    `version` is that of the sealed text, None where there is no text, or nothing to seal it with.
    """

    id: str
    title: str
    url: str
    access: str
    updated_at: int
    opens_at: int | None = None
    closes_at: int | None = None
    author: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    revision: str | None = None
    origin: str | None = None
    version: str | None = None


@dataclass(frozen=True)
class IndexedArticle:
    """An article as the index has it. `summary` None: it has to be read whole."""

    id: str
    origin: str | None
    summary: ArticleSummary | None


_NAMES = tuple(field.name for field in fields(ArticleSummary) if field.name not in ("id", "version"))


def summary_of(article: StoredArticleRow, root: Root | None) -> ArticleSummary:
    """What the list shows of an article; `root` seals new texts now."""
    values = {name: getattr(article, name) for name in _NAMES}
    version = None
    if article.body is not None and root is not None:
        version = sealed_text.version(article.id, article.policy.sealed_for, article.body, root)
    return ArticleSummary(**{**values, "id": article.id, "access": written(article.access), "version": version})


def as_kept(summary: ArticleSummary, article: StoredArticleRow, root: Root | None) -> Item:
    """The copy, as `articles.put` takes it."""
    kept = {name: value for name, value in vars(summary).items() if name != "id" and value not in (None, ())}
    # An article without a text has no version under any root.
    return kept if article.body is None else {**kept, _ROOT: _mark(root)}


def _mark(root: Root | None) -> str:
    return "" if root is None else sealed_text.mark(root)


def listed(table: Table, root: Root | None, *, after: str | None, most: int) -> Iterator[IndexedArticle | None]:
    """The articles behind an id, at most so many; at the end None where the index has no more."""
    start, mark = None, _mark(root)
    while most > 0:
        page = table.query_index(keys.ARTICLES, after=after, limit=min(most, _AT_ONCE), start=start)
        for item in page.items:
            yield _listed(item, mark)
        most, start = most - len(page.items), page.next
        if start is None:
            yield None
            return


def read_whole(table: Table, article_id: str, root: Root | None) -> tuple[ArticleSummary, int] | None:
    """The summary from the article itself, and how many bytes were read; the copy in the index is written anew.

    None where the article was deleted.
    """
    item = table.get(keys.article(article_id))
    if item is None:
        return None
    article = article_of(item)
    summary = summary_of(article, root)
    kept, before = as_kept(summary, article, root), item.get(SUMMARY)
    if kept != before:
        # Fails where the article was put again or deleted since it was read: then there is nothing to mend.
        as_read = (
            Condition("updated_at", "=", article.updated_at),
            Condition(SUMMARY, "absent") if before is None else Condition(SUMMARY, "=", before),
        )
        written_to_table(table, Update(keys.article(article_id), set={SUMMARY: kept}, only_if=as_read))
    return summary, len(article.teaser) + len(article.body or b"")


def _listed(item: Item, mark: str) -> IndexedArticle:
    article_id, kept = str(item["gsi1sk"]), item.get(SUMMARY)
    if not isinstance(kept, Mapping):
        return IndexedArticle(article_id, None, None)
    origin = kept.get("origin")
    if kept.get(_ROOT, mark) != mark:
        return IndexedArticle(article_id, origin, None)
    values: dict[str, Any] = {name: kept[name] for name in (*_NAMES, "version") if name in kept}
    tags = tuple(values.get("tags", ()))
    return IndexedArticle(article_id, origin, ArticleSummary(**{**values, "id": article_id, "tags": tags}))
