"""Warnings about an article that the CMS just put. Nothing is refused for them."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from chalicelib.articles.rules import names, titles
from chalicelib.articles.rules.policy import METERED, OPEN, Requirement

_LEAST_WORDS = 40  # shorter texts share much by nature
_IN_A_ROW = 5  # words that two texts hardly share by chance
_MOST = 60  # percent of the text in the teaser: more is hardly meant
_SHOWN = 5  # names in a sentence
_ENOUGH, _LETTERS_ENOUGH, _MISREAD = 10_000, 20, 30  # the last in percent
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")


class ArticleWarning(NamedTuple):
    """A warning about an article: a stable code and a sentence."""

    code: str
    title: str


@dataclass(frozen=True)
class ArticleText:
    """An article as it was put, for its warnings. `teaser` and `body`: the words that a reader sees, in one line.

    `body` None: the website keeps the text to itself. `shows`: whether there is anything to see, words or not.
    `unclosed` names tags that are left open, or closed without being open. `instead`: the hosts of what `/read` shows
    as a link, empty for what only the site can show; `silent` those of scripts that the wall does not run, empty for
    one without an address. `read_title` is the title as readers see it. `has_meter`: the newsroom's file says how
    many metered articles are open in a month.
    """

    title: str
    read_title: str
    url: str
    access: Requirement
    opens_at: int | None
    closes_at: int | None
    teaser: str
    teaser_shows: bool
    body: str | None
    body_shows: bool
    relative: bool
    unclosed: Collection[str]
    instead: Collection[str]
    silent: Collection[str]
    origins: Collection[str]
    has_meter: bool
    author: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()

    @property
    def short_names(self) -> tuple[str, ...]:
        """Author, section and tags: short names, which go to search engines as they are."""
        return tuple(filter(None, (self.author, self.section, *self.tags)))

    @property
    def gated(self) -> bool:
        """Whether there is any time at which not everybody may read it."""
        return self.access is not OPEN or self.closes_at is not None


def warnings(article: ArticleText) -> tuple[ArticleWarning, ...]:
    """All warnings about an article, the gravest first."""
    return tuple(ArticleWarning(code, sentence) for code, check in CHECKS.items() if (sentence := check(article)))


def _teaser_is_body(article: ArticleText) -> str:
    same = article.gated and article.body and article.teaser == article.body
    return "The teaser is the whole text, so everybody reads all of it." if same else ""


def _teaser_has_most(article: ArticleText) -> str:
    if not article.gated or not article.body or article.teaser == article.body:
        return ""
    percent = given_away(article.body, article.teaser)
    return f"The teaser has {percent} % of the text, and everybody reads it." if percent else ""


def _teaser_longer(article: ArticleText) -> str:
    longer = article.body and len(article.teaser) > len(article.body)
    return "The teaser is longer than the text. Have the two changed places?" if longer else ""


def _teaser_empty(article: ArticleText) -> str:
    empty = article.gated and not article.teaser_shows
    return "The teaser shows nothing, so that readers see an appeal and no reason to give." if empty else ""


def _body_empty(article: ArticleText) -> str:
    empty = article.body is not None and not article.body_shows
    return "The text shows nothing. Leave body_html out where the website keeps the text to itself." if empty else ""


def _url_not_on_site(article: ArticleText) -> str:
    parts = urlsplit(article.url)
    if f"{parts.scheme}://{parts.netloc}".lower() in article.origins:
        return ""
    known = ", ".join(article.origins) or "none"
    return f"The url is not on the newsroom's website: SPILNO_SITE_ORIGINS has {known}."


def _closes_before_opens(article: ArticleText) -> str:
    if article.opens_at is None or article.closes_at is None or article.opens_at < article.closes_at:
        return ""
    return "closes_at is not after opens_at, so the article never opens to all by its date."


def _metered(article: ArticleText) -> str:
    if article.access is not METERED or article.has_meter:
        return ""
    return "The newsroom's file has no [meter], so this article counts as members."


def _metered_elsewhere(article: ArticleText) -> str:
    if article.access is not METERED or not article.has_meter or article.body is not None:
        return ""
    return (
        "The website keeps this text to itself, and GET /v1/access knows no meter: ask GET /v1/articles/{id} there."
    )


def _title_has_markup(article: ArticleText) -> str:
    if article.title.split() == article.read_title.split():
        return ""
    return f"The title is read as HTML; readers see: {article.read_title}"


def _author_is_address(article: ArticleText) -> str:
    # The address itself is not said again: warnings go into logs of CMSs.
    return "The author is an email address, and search engines read it." if _EMAIL.search(article.author) else ""


def _names_have_markup(article: ArticleText) -> str:
    marked = next((name for name in article.short_names if name.split() != titles.as_read(name).split()), "")
    return f"Author, section and tags are text, and one of them holds HTML: {marked}" if marked else ""


def _names_shortened(article: ArticleText) -> str:
    said = names.what_was_shortened(
        title=article.title, author=article.author, section=article.section, tags=article.tags
    )
    return f"Too long to be stored whole, and shortened: {', '.join(said)}." if said else ""


def _misread(article: ArticleText) -> str:
    texts = (article.title, " ".join(article.short_names), article.teaser, article.body or "")
    misread = any(_is_misread(text) for text in texts)
    return (
        "The text looks as if UTF-8 had been read as windows-1251 or Latin-1 before it was sent." if misread else ""
    )


def _unclosed(article: ArticleText) -> str:
    open_tags = _listed(article.unclosed)
    told = f"The HTML is not balanced, look at {open_tags}. /read mends it; your own page may not."
    return told if open_tags else ""


def _relative(article: ArticleText) -> str:
    if not article.relative:
        return ""
    return "Some addresses are relative. /read reads them against url; a feed or an app may not."


def _shown_as_links(article: ArticleText) -> str:
    if not article.instead:
        return ""
    parts = "one part is a link" if len(article.instead) == 1 else f"{len(article.instead)} parts are links"
    hosts = _listed(sorted({host for host in article.instead if host}))
    correction = f" A host's frames are shown once it stands under frames in newsroom.toml: {hosts}." if hosts else ""
    return f"/read runs no scripts and shows frames of listed hosts only: {parts} there.{correction}"


def _silent_scripts(article: ArticleText) -> str:
    if not article.gated or not article.silent:
        return ""
    hosts = _listed(sorted({host for host in article.silent if host}))
    if not hosts:
        return "Of the scripts in an opened text the wall runs those with an address."
    return f"Of the scripts in an opened text the wall runs those that embeds in newsroom.toml lists, not: {hosts}."


CHECKS: dict[str, Callable[[ArticleText], str]] = {
    "teaser_is_body": _teaser_is_body,
    "teaser_has_most": _teaser_has_most,
    "teaser_longer_than_body": _teaser_longer,
    "teaser_empty": _teaser_empty,
    "body_empty": _body_empty,
    "url_not_on_site": _url_not_on_site,
    "author_is_address": _author_is_address,
    "closes_before_opens": _closes_before_opens,
    "metered_as_members": _metered,
    "metered_elsewhere": _metered_elsewhere,
    "title_has_markup": _title_has_markup,
    "names_have_markup": _names_have_markup,
    "names_shortened": _names_shortened,
    "misread_letters": _misread,
    "unclosed_html": _unclosed,
    "relative_addresses": _relative,
    "shown_as_links": _shown_as_links,
    "silent_scripts": _silent_scripts,
}


def _is_misread(text: str) -> bool:
    letters = [letter for letter in text[:_ENOUGH] if letter.isalpha() and not letter.isascii()]
    # UTF-8 read as windows-1251 turns every Cyrillic letter into Р or С and another sign; as Latin-1, into Ð or Ñ.
    marks = max(sum(letter in pair for letter in letters) for pair in ("РС", "ÐÑ"))
    return len(letters) >= _LETTERS_ENOUGH and marks * 100 >= _MISREAD * len(letters)


def given_away(body: str, teaser: str) -> int:
    """The percentage of a text that stands in its teaser; 0 where it is no more than a teaser may have."""
    if body and body == teaser:
        return 100
    share = _share(body, teaser)
    return share if share >= _MOST else 0


def _share(whole: str, part: str) -> int:
    """The percentage of a text's words that stand in the other text too, in rows of five."""
    words, others = _words(whole), _words(part)
    if len(words) < _LEAST_WORDS:
        return 0
    rows = {tuple(others[at : at + _IN_A_ROW]) for at in range(len(others) - _IN_A_ROW + 1)}
    found = {
        at + step
        for at in range(len(words) - _IN_A_ROW + 1)
        if tuple(words[at : at + _IN_A_ROW]) in rows
        for step in range(_IN_A_ROW)
    }
    return len(found) * 100 // len(words)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _listed(names: Collection[str]) -> str:
    shown = list(names)[:_SHOWN]
    return ", ".join(shown) + (" and others" if len(names) > _SHOWN else "")
