"""What to search for: the parts of gated articles that nobody may read for free, as distinctive rows of words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from chalicelib.articles.rows import articles
from chalicelib.articles.rows.articles import StoredArticleRow
from chalicelib.articles.rules import article_warnings, titles
from chalicelib.articles.rules.policy import OPEN, Policy
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Table, every
from ops.doctor.leaks.words import covered, row, sentences, text_of, windows

WIDTH = 8  # words in a row that two texts hardly share by chance
_LEAST_WORDS, _LEAST_LETTERS = 5, 30  # a whole sentence shorter than this proves nothing
_COMMON = 3  # a row in so many articles is a standing line ("subscribe to our channel"), not their text


@dataclass(frozen=True)
class Gated:
    """One gated article: `rows` are its distinctive windows by sentence, with where in it each begins.

    `size` counts the words that these windows cover: the text that is worth protecting.
    """

    id: str
    title: str
    url: str
    rows: tuple[tuple[int, int, str], ...]  # sentence, word, the words
    size: int


def stored(table: Table) -> list[StoredArticleRow]:
    """Every article of the table. Reads all of it, as an operator's check may and the app must not."""
    names = (str(item["pk"]) for item in every(partial(table.scan)) if str(item["pk"]).startswith("ARTICLE#"))
    found = (articles.read(table, name.removeprefix("ARTICLE#")) for name in sorted(names))
    return [article for article in found if article is not None]


@dataclass(frozen=True)
class GivenAway:
    """A gated article whose own teaser shows `share` percent of its text: most of it is free to read."""

    article: str
    title: str
    share: int


def given_away(all_articles: Iterable[StoredArticleRow], now: BusinessTime) -> list[GivenAway]:
    """The gated articles whose teasers hold most of their texts."""
    closed = [one for one in all_articles if one.body_html and _needs(one, now)]
    shares = {
        one.id: article_warnings.given_away(*map(_plain, (one.body_html or "", one.teaser_html))) for one in closed
    }
    return [GivenAway(one.id, titles.as_read(one.title), shares[one.id]) for one in closed if shares[one.id]]


def _plain(markup: str) -> str:
    return row(text_of(markup)).strip()


def gated(all_articles: Iterable[StoredArticleRow], now: BusinessTime) -> tuple[list[Gated], list[StoredArticleRow]]:
    """The gated articles with what to search for, and those without it: only the website has their text."""
    known = list(all_articles)
    closed = [one for one in known if _needs(one, now)]
    free = " ".join(
        row(text)
        for one in known
        for text in (
            titles.as_read(one.title),
            text_of(one.teaser_html),
            "" if _needs(one, now) else text_of(one.body_html or ""),
        )
    )
    common = _standing_lines(closed)
    found = [_one(one, free, common) for one in closed if one.body_html]
    return [one for one in found if one.rows], [one for one in closed if not one.body_html]


def _needs(article: StoredArticleRow, now: BusinessTime) -> bool:
    return Policy(article.access, article.opens_at, article.closes_at).needs(now) is not OPEN


def _standing_lines(closed: Iterable[StoredArticleRow]) -> frozenset[str]:
    counts: Counter[str] = Counter()
    for article in closed:
        counts.update({text for one in sentences(article.body_html or "") for _, text in windows(one, WIDTH)})
    return frozenset(text for text, count in counts.items() if count >= _COMMON)


def _one(article: StoredArticleRow, free: str, common: frozenset[str]) -> Gated:
    rows, size = [], 0
    for number, sentence in enumerate(sentences(article.body_html or "")):
        if len(sentence) < _LEAST_WORDS or len(" ".join(sentence)) < _LEAST_LETTERS:
            continue
        kept = [(number, at, text) for at, text in windows(sentence, WIDTH) if text not in common]
        kept = [one for one in kept if f" {one[2]} " not in free]
        rows += kept
        size += covered([(at, at + text.count(" ") + 1) for _, at, text in kept])
    return Gated(article.id, titles.as_read(article.title), article.url, tuple(rows), size)
