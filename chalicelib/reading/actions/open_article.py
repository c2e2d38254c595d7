"""Open an article to a reader, or not. Text and key are handed out by this alone.

access        a pass, a session or a checkout is enough: open, and nothing is counted
else          the teaser, and the reason
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.articles.actions.stored_article import recent_article
from chalicelib.articles.rows.articles import StoredArticleRow
from chalicelib.articles.rules.policy import Needed
from chalicelib.kernel.marks import Mark
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.reading.actions.check_access import Access, Credentials, Gate, check_access


@dataclass(frozen=True)
class ArticleRequest:
    """What a call for an article brings with it.

    `marks`: what this browser says that it has read. `gift`: the token of a gift link, or empty.
    `speculative`: nobody looks at it yet, a browser fetches it in case somebody will.
    `keeps_cookies`: whether cookies of ours can come back with the next call. `client`: the caller's address.
    """

    credentials: Credentials
    marks: Mapping[str, str]
    gift: str
    speculative: bool
    keeps_cookies: Callable[[], bool]
    client: Callable[[], str]


@dataclass(frozen=True)
class OpenedArticle:
    """An article as one reader sees it. `html` is the whole text only if `access.decision.open`, else the teaser.

    `requires` is what a reader must hold now. `marks` are to be set in this browser, each for so many seconds.
    """

    article: StoredArticleRow
    requires: Needed
    access: Access
    html: str
    marks: tuple[tuple[Mark, int], ...] = ()


def open_article(
    article_id: str, request: ArticleRequest, gate: Gate, *, real_now: RealTime, now: BusinessTime
) -> OpenedArticle:
    """The article as this reader may see it.

    :raises NotFound: `unknown_article`.
    """
    article = recent_article(article_id, gate.table, real_now)
    requires = article.policy.needs(now)
    access = check_access(requires, request.credentials, gate, real_now=real_now, now=now)
    html = article.body_html if access.decision.open else None
    return OpenedArticle(article, requires, access, article.teaser_html if html is None else html)
