"""The list of all articles, page by page, for the newsroom's own systems."""

from typing import NamedTuple

from chalicelib.articles.rows import summaries
from chalicelib.articles.rows.summaries import ArticleSummary, IndexedArticle
from chalicelib.articles.rules.sealed_text import Root, Roots
from chalicelib.kernel import keys
from chalicelib.kernel.table import Table

MOST = 100
LOOKED_AT = 1000  # entries of the index for one page: of an origin that has few, a page may have fewer
READ_WHOLE, READ_BYTES = 25, 1024 * 1024  # of articles whose copy in the index is lacking or old
_LISTING_STEP = "articles"  # of `ops upgrade`


class ArticlePage(NamedTuple):
    """A page of the list, by id. `next`: the id behind which the next page begins, None at the end.

    `complete` False: articles of a release that did not list them may be missing, until `ops upgrade` has run.
    """

    items: list[ArticleSummary]
    next: str | None
    complete: bool


def list_articles(table: Table, roots: Roots, *, after: str | None = None, origin: str | None = None) -> ArticlePage:
    """The page behind this id, of one origin or of all. No text is read for it, but what the index lacks."""
    page = _Page(table, roots[0] if roots else None, origin)
    place = after
    for entry in summaries.listed(table, page.root, after=after, most=LOOKED_AT):
        if entry is None:
            place = None
            break
        if page.is_full:
            break
        page.consider(entry)
        place = entry.id
    complete = table.get(keys.upgraded(_LISTING_STEP)) is not None
    return ArticlePage(page.items, place, complete)


class _Page:
    """A page as it is filled."""

    def __init__(self, table: Table, root: Root | None, origin: str | None) -> None:
        self.root, self.items = root, list[ArticleSummary]()
        self._table, self._origin = table, origin
        self._whole = self._bytes = 0

    @property
    def is_full(self) -> bool:
        """Whether nothing more may be taken."""
        return len(self.items) >= MOST or self._whole >= READ_WHOLE or self._bytes >= READ_BYTES

    def consider(self, entry: IndexedArticle) -> None:
        """Take an entry of the index up, if it is of the origin that is asked for and still there."""
        if self._origin not in (None, entry.origin):
            return
        summary = entry.summary or self._read_whole(entry.id)
        if summary is not None and self._origin in (None, summary.origin):
            self.items.append(summary)

    def _read_whole(self, article_id: str) -> ArticleSummary | None:
        self._whole += 1
        found = summaries.read_whole(self._table, article_id, self.root)
        if found is None:
            return None
        self._bytes += found[1]
        return found[0]
