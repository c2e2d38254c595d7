"""Take an article away."""

from chalicelib.actions import read_article
from chalicelib.domain.errors import NotFound
from chalicelib.store import articles
from chalicelib.store.table import Table


def delete_article(article_id: str, table: Table) -> None:
    """Take it away for good.

    :raises NotFound: `unknown_article`.
    """
    read_article.forget(article_id, table)
    if not articles.delete(table, article_id):
        raise NotFound("We do not have this article.", code="unknown_article")
