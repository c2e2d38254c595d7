"""Delete an article."""

from chalicelib.articles.actions import stored_article
from chalicelib.articles.rows import articles
from chalicelib.articles.rules.origins import other_origin
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.table import ConditionFailed, Table


def delete_article(article_id: str, table: Table, *, origin: str | None = None) -> None:
    """Delete an article for good.

    :param origin: only if it is this origin's, or nobody's.
    :raises NotFound: `unknown_article`.
    :raises Conflict: `other_origin`.
    """
    stored_article.forget(article_id, table)
    try:
        known = articles.delete(table, article_id, *(() if origin is None else (articles.held_by(origin),)))
    except ConditionFailed as failed:
        raise other_origin(failed.item) from None
    if not known:
        raise NotFound("We do not have this article.", code="unknown_article")
