"""Looks for gated text in what was read: all articles at once, by their rows of words."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ops.doctor.leaks.gated import Gated
from ops.doctor.leaks.keys import Keys
from ops.doctor.leaks.words import covered, phrases

_FIRST_WORDS = 4  # shown: enough to find the place, too few to be a leak themselves


@dataclass(frozen=True)
class Leak:
    """A part of an article's gated text at an address. `share` in percent, at least 1; `begins`: its first words."""

    article: str
    title: str
    url: str
    how: str
    share: int
    words: int
    begins: str


class Index:
    """Every row of every gated article, to be looked up by the rows of a page; and the keys of sealed texts."""

    def __init__(self, articles: Iterable[Gated], keys: Keys | None = None) -> None:
        self.keys = keys or Keys((), ())
        self._articles = tuple(articles)
        self._places: defaultdict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for number, article in enumerate(self._articles):
            for sentence, at, text in article.rows:
                self._places[text].append((number, sentence, at))
        self._lengths = sorted({text.count(" ") + 1 for text in self._places})

    def leaks(self, url: str, how: str, pages: Iterable[str]) -> list[Leak]:
        """The leaks in these readings of one answer, taken together; the largest first."""
        found: set[str] = set()
        for page in pages:
            found.update(text for text in phrases(page, self._lengths) if text in self._places)
        spans: defaultdict[int, defaultdict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
        first: dict[int, tuple[int, int, str]] = {}
        for text in found:
            for number, sentence, at in self._places[text]:
                spans[number][sentence].append((at, at + text.count(" ") + 1))
                first[number] = min(first.get(number, (sentence, at, text)), (sentence, at, text))
        told = [self._leak(number, spans[number].values(), first[number][2], url, how) for number in spans]
        return sorted(told, key=lambda leak: (-leak.share, leak.article))

    def _leak(self, number: int, spans: Iterable[list[tuple[int, int]]], first: str, url: str, how: str) -> Leak:
        article = self._articles[number]
        count = sum(covered(one) for one in spans)
        begins = " ".join(first.split()[:_FIRST_WORDS])
        return Leak(article.id, article.title, url, how, max(1, count * 100 // article.size), count, begins)
