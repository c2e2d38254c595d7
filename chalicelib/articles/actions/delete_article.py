"""Delete an article."""

from chalicelib.articles.actions import stored_article
from chalicelib.articles.rows import articles
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.table import Table


def delete_article(article_id: str, table: Table) -> None:
    """Delete an article for good.

    :raises NotFound: `unknown_article`.
    """
    stored_article.forget(article_id, table)
    if not articles.delete(table, article_id):
        raise NotFound("We do not have this article.", code="unknown_article")
