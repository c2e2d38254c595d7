"""Looks for keys of sealed texts in what was read: each opens a copy of a gated text, wherever that lies.

A page gets one when it prints what `GET …/seal` answered while the text was open to all, and is kept after its date.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from chalicelib.articles.rows.articles import StoredArticleRow
from chalicelib.articles.rules import sealed_text, titles
from chalicelib.articles.rules.policy import OPEN
from chalicelib.articles.rules.sealed_text import KID, Roots
from chalicelib.kernel.ids import IDENTIFIER
from chalicelib.kernel.moments import BusinessTime
from ops.doctor.leaks.markup import unescaped
from ops.doctor.leaks.readings import as_run

_LENGTH = 43  # characters of a key
_RUN = re.compile(rf"[A-Za-z0-9_-]{{{_LENGTH},}}")
_SEALED_AT = re.compile(rf"/articles/({IDENTIFIER.pattern})/sealed/({KID.pattern}\.[A-Za-z0-9_-]{{24}})")
_OBJECT = re.compile(r"\{[^{}]*+\}")
_MOST = 200  # addresses of sealed texts in one answer


@dataclass(frozen=True)
class KeyLeak:
    """A key of an article's sealed text, or of an earlier version of it, at an address."""

    article: str
    title: str
    url: str
    how: str


def not_to_print(articles: Iterable[StoredArticleRow], now: BusinessTime) -> list[StoredArticleRow]:
    """The articles whose keys are nobody's to print: those that are gated, and those that a date will close."""
    return [one for one in articles if one.body and (one.policy.needs(now) is not OPEN or _will_close(one, now))]


def _will_close(article: StoredArticleRow, now: BusinessTime) -> bool:
    return article.closes_at is not None and article.closes_at > now


class Keys:
    """The keys of these articles, under each of our roots; without roots only what a printed seal itself says."""

    def __init__(self, articles: Iterable[StoredArticleRow], roots: Roots) -> None:
        self._roots = list(roots)
        self._needs: dict[str, str] = {}
        self._titles: dict[str, str] = {}
        self._known: dict[str, str] = {}
        for one in articles:
            needs = one.policy.sealed_for
            self._needs[one.id], self._titles[one.id] = needs, titles.as_read(one.title)
            for root in self._roots:
                version = sealed_text.version(one.id, needs, one.body or b"", root)
                self._known[sealed_text.key(one.id, version, needs, self._roots) or ""] = one.id

    def leaks(self, url: str, how: str, body: str) -> list[KeyLeak]:
        """The articles of which a key stands in this answer, sorted."""
        if not self._needs:
            return []
        text = as_run(unescaped(body))
        found = {*self._of_now(text), *self._of_before(text), *self._printed(text)}
        return [KeyLeak(article, self._titles[article], url, how) for article in sorted(found)]

    def _of_now(self, text: str) -> Iterator[str]:
        """By the keys of the present versions."""
        for found in _RUN.finditer(text):
            run = found[0]  # once: each time it is asked for it is copied, and it may be a megabyte
            windows = (run[at : at + _LENGTH] for at in range(len(run) - _LENGTH + 1))
            yield from (self._known[one] for one in windows if one in self._known)

    def _of_before(self, text: str) -> Iterator[str]:
        """By the versions that are named there, which may be earlier ones, or sealed for others."""
        named = dict.fromkeys(found.groups() for found in _SEALED_AT.finditer(text))
        for article, version in list(named)[:_MOST]:
            for needs in {"members", self._needs.get(article, "members")}:
                key = sealed_text.key(article, version, needs, self._roots)
                if article in self._needs and key is not None and key in text:
                    yield article

    def _printed(self, text: str) -> Iterator[str]:
        """By a seal that holds a key, also of a root that is not ours any more."""
        for found in _OBJECT.finditer(text):
            if '"key"' in found[0] and '"sealed"' in found[0] and (seal := _seal(found[0])):
                at = _SEALED_AT.search(str(seal.get("sealed")))
                if at and at[1] in self._needs and _RUN.fullmatch(str(seal.get("key"))):
                    yield at[1]


def _seal(text: str) -> Mapping[str, object] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
