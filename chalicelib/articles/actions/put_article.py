"""Put an article and its policy: idempotent, the last put counts."""

from dataclasses import dataclass

from chalicelib.articles.actions import stored_article
from chalicelib.articles.rows import articles
from chalicelib.articles.rows.articles import LARGEST_BODY, LARGEST_TEASER, StoredArticleRow
from chalicelib.articles.rules.known_tiers import check_tier
from chalicelib.articles.rules.policy import Requirement
from chalicelib.kernel.errors import TooLarge
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Table
from chalicelib.newsroom.rules import Newsroom


@dataclass(frozen=True)
class SubmittedArticle:
    """An article as the CMS sends it. The HTML is the newsroom's own and trusted; times in seconds, UTC.

    `body_html` None: the website keeps the whole text and only asks whether it may show it.
    """

    title: str
    url: str
    access: Requirement
    teaser_html: str
    body_html: str | None = None
    opens_at: int | None = None
    closes_at: int | None = None


def put_article(
    article_id: str, manuscript: SubmittedArticle, table: Table, newsroom: Newsroom, *, now: RealTime
) -> StoredArticleRow:
    """Store an article under this id, in the place of the one before.

    :raises BadInput: `unknown_tier`.
    :raises TooLarge: `body_too_large`, `teaser_too_large`.
    """
    check_tier(manuscript.access, newsroom, field="access")
    _check_size(manuscript.body_html or "", LARGEST_BODY, "text", "body_too_large", "body_html")
    _check_size(manuscript.teaser_html, LARGEST_TEASER, "teaser", "teaser_too_large", "teaser_html")
    article = StoredArticleRow(
        id=article_id,
        title=manuscript.title,
        url=manuscript.url,
        access=manuscript.access,
        teaser=articles.packed(manuscript.teaser_html),
        body=None if manuscript.body_html is None else articles.packed(manuscript.body_html),
        updated_at=now,
        opens_at=manuscript.opens_at,
        closes_at=manuscript.closes_at,
    )
    articles.put(table, article)
    stored_article.forget(article_id, table)
    return article


def _check_size(text: str, largest: int, name: str, code: str, field: str) -> None:
    if len(text.encode()) > largest:
        raise TooLarge(f"The {name} is larger than {largest // 1024} KB.", code=code, field=field)
