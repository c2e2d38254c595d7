"""An article as the CMS put it, read from the table or remembered for a few seconds.

A warm process keeps articles for a few seconds: long enough that a story everybody shares is read once, short enough
that an editor's correction shows. The HTTP contract allows sixty. Nothing is cached about readers.
"""

from weakref import WeakKeyDictionary

from chalicelib.articles.rows import articles
from chalicelib.articles.rows.articles import StoredArticleRow
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Table

KEPT_FOR = 10  # seconds
_MOST_KEPT = 64  # of at most 400 KB each

_cached: WeakKeyDictionary[Table, dict[str, tuple[int, StoredArticleRow]]] = WeakKeyDictionary()


def stored_article(
    article_id: str, table: Table, *, hurried: bool = False, eventual: bool = False
) -> StoredArticleRow:
    """The article as the CMS put it, as it is stored now.

    :param hurried, eventual: as for the table's own `get`.
    :raises NotFound: `unknown_article`.
    """
    article = articles.read(table, article_id, hurried=hurried, eventual=eventual)
    if article is None:
        raise NotFound("We do not have this article.", code="unknown_article")
    return article


def forget(article_id: str, table: Table) -> None:
    """Drop an article from this process's cache, so that it is read from the table next time."""
    _cached.get(table, {}).pop(article_id, None)


def remembered_article(
    article_id: str, table: Table, real_now: RealTime, *, kept_for: int = KEPT_FOR
) -> StoredArticleRow | None:
    """The article as this process read it less than `kept_for` seconds ago; None where it did not."""
    read_at, article = _cached.get(table, {}).get(article_id, (0, None))
    return article if 0 <= real_now - read_at < kept_for else None


def recent_article(
    article_id: str,
    table: Table,
    real_now: RealTime,
    *,
    kept_for: int = KEPT_FOR,
    hurried: bool = False,
    eventual: bool = False,
) -> StoredArticleRow:
    """The article as it was stored less than `kept_for` seconds ago.

    :param hurried: as for the table's own `get`.
    :param eventual: the same: who may see what was stored ten seconds ago may also see what was a second ago.
    :raises NotFound: `unknown_article`.
    """
    article = remembered_article(article_id, table, real_now, kept_for=kept_for)
    if article is not None:
        return article
    try:
        article = stored_article(article_id, table, hurried=hurried, eventual=eventual)
    except NotFound:
        forget(article_id, table)
        raise
    cached = _cached.setdefault(table, {})
    if article_id not in cached and len(cached) >= _MOST_KEPT:
        del cached[next(iter(cached))]
    cached[article_id] = (real_now, article)
    return article
