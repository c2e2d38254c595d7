"""Put an article and its policy: idempotent, the last put counts; one that another origin put only by taking it over.

Whose it is, is a condition of the write itself: of two systems that put a new id at once, one gets it.
"""

from dataclasses import dataclass, replace

from chalicelib.articles.actions import stored_article
from chalicelib.articles.rows import articles, summaries
from chalicelib.articles.rows.articles import LARGEST_BODY, LARGEST_TEASER, StoredArticleRow, held_by
from chalicelib.articles.rules.known_tiers import check_tier
from chalicelib.articles.rules.names import LONGEST_NAME, LONGEST_TITLE, kept_tags, shortened
from chalicelib.articles.rules.origins import other_origin
from chalicelib.articles.rules.policy import Requirement
from chalicelib.articles.rules.sealed_text import Roots
from chalicelib.kernel.errors import Conflict, TooLarge
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Condition, ConditionFailed, Table
from chalicelib.newsroom.rules import Newsroom

_MOST_TRIES = 10


@dataclass(frozen=True)
class SubmittedArticle:
    """An article as the CMS sends it. The HTML is the newsroom's own and trusted; times in seconds, UTC.

    `body_html` None: the website keeps the whole text and only asks whether it may show it. `origin` None: it stays
    whose it is.
    """

    title: str
    url: str
    access: Requirement
    teaser_html: str
    body_html: str | None = None
    opens_at: int | None = None
    closes_at: int | None = None
    author: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    revision: str | None = None
    origin: str | None = None


def put_article(
    article_id: str,
    manuscript: SubmittedArticle,
    table: Table,
    newsroom: Newsroom,
    *,
    roots: Roots,
    now: RealTime,
    take_over: bool = False,
) -> StoredArticleRow:
    """Store an article under this id, in the place of the one before; what it is called by, shortened where too long.

    :param roots: of the sealed texts; the list names the version.
    :param take_over: also where another origin put it.
    :raises BadInput: `unknown_tier`.
    :raises TooLarge: `body_too_large`, `teaser_too_large`.
    :raises Conflict: `other_origin`; `busy`.
    """
    check_tier(manuscript.access, newsroom, field="access")
    _check_size(manuscript.body_html or "", LARGEST_BODY, "text", "body_too_large", "body_html")
    _check_size(manuscript.teaser_html, LARGEST_TEASER, "teaser", "teaser_too_large", "teaser_html")
    article = StoredArticleRow(
        id=article_id,
        title=shortened(manuscript.title, LONGEST_TITLE),
        url=manuscript.url,
        access=manuscript.access,
        teaser=articles.packed(manuscript.teaser_html),
        body=None if manuscript.body_html is None else articles.packed(manuscript.body_html),
        updated_at=now,
        opens_at=manuscript.opens_at,
        closes_at=manuscript.closes_at,
        author=_short_name(manuscript.author),
        section=_short_name(manuscript.section),
        tags=kept_tags(manuscript.tags),
        revision=manuscript.revision,
        origin=manuscript.origin,
    )
    article = _taken_over(article, table, roots) if take_over else _kept_whose_it_is(article, table, roots)
    stored_article.forget(article_id, table)
    return article


def _taken_over(article: StoredArticleRow, table: Table, roots: Roots) -> StoredArticleRow:
    _write(article, table, roots)
    return article


def _kept_whose_it_is(article: StoredArticleRow, table: Table, roots: Roots) -> StoredArticleRow:
    """Write it if it is nobody's or this origin's; without an origin, as whose it is: what refuses says that."""
    if article.origin is not None:
        try:
            _write(article, table, roots, held_by(article.origin))
        except ConditionFailed as failed:
            raise other_origin(failed.item) from None
        return article
    whose = Condition("origin", "absent")
    for _ in range(_MOST_TRIES):
        try:
            _write(article, table, roots, whose)
        except ConditionFailed as failed:
            origin = (failed.item or {}).get("origin")
            article = replace(article, origin=origin)
            whose = Condition("origin", "=", origin) if origin else Condition("origin", "absent")
        else:
            return article
    raise Conflict("Others keep changing this article. Nothing was done; try again.", code="busy")


def _write(article: StoredArticleRow, table: Table, roots: Roots, *only_if: Condition) -> None:
    root = roots[0] if roots else None
    summary = summaries.as_kept(summaries.summary_of(article, root), article, root)
    articles.put(table, article, summary=summary, only_if=only_if)


def _short_name(name: str | None) -> str | None:
    return None if name is None else shortened(name, LONGEST_NAME)


def _check_size(text: str, largest: int, name: str, code: str, field: str) -> None:
    if len(text.encode()) > largest:
        raise TooLarge(f"The {name} is larger than {largest // 1024} KB.", code=code, field=field)
