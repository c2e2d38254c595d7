"""Delete an article."""

from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.table import Table
from chalicelib.reading.actions import read_article
from chalicelib.reading.rows import articles


def delete_article(article_id: str, table: Table) -> None:
    """Delete an article for good.

    :raises NotFound: `unknown_article`.
    """
    read_article.forget(article_id, table)
    if not articles.delete(table, article_id):
        raise NotFound("We do not have this article.", code="unknown_article")
