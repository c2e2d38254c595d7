"""The part of a page that stands for a gated article: what search engines are told, the teaser, and the wall."""

from collections.abc import Mapping
from html import escape
from json import dumps
from typing import Any, NamedTuple

from chalicelib.articles.rules import titles
from chalicelib.articles.rules.structured_data import WALL_CLASS, script_text, structured_data
from chalicelib.i18n.texts import Texts
from chalicelib.kernel.languages import understood


class Publisher(NamedTuple):
    """Whose articles they are: what `GET /v1/newsroom` says, as far as a page needs it."""

    api: str
    name: Mapping[str, str]
    languages: tuple[str, ...]

    def language(self, wanted: str) -> str:
        """The wanted language, if the newsroom has it; else its first one."""
        return understood(wanted, self.languages) or self.languages[0]


def publisher(newsroom: Mapping[str, Any]) -> Publisher | None:
    """Read the API's answer, None if it is another's; its public address is the one that its links begin with."""
    try:
        read, names, languages = newsroom["links"]["read"], newsroom["name"], tuple(newsroom["languages"])
        right = languages and read.endswith("/read/") and all(isinstance(names[one], str) for one in languages)
    except (LookupError, TypeError, AttributeError):
        right = False
    return Publisher(read.removesuffix("/read/"), names, languages) if right else None


def fragment(article: Mapping[str, Any], newsroom: Publisher, lang: str) -> str:
    """The HTML for the place of the article's text in a page.

    :param article: what `GET /v1/articles/{id}` answers to the CMS's key.
    """
    spoken = newsroom.language(lang)
    about = structured_data(
        headline=titles.as_read(article["title"]),
        url=article["url"],
        publisher=newsroom.name[spoken],
        # A page stands there after a date has closed it, so what will close is not free.
        free=article["seal"]["requires"] is None and article["closes_at"] is None,
        author=titles.as_read(article.get("author") or ""),
        section=titles.as_read(article.get("section") or ""),
        tags=[titles.as_read(tag) for tag in article.get("tags") or ()],
    )
    name, seal = escape(article["id"]), escape(dumps(article["seal"], ensure_ascii=False, separators=(",", ":")))
    api, read_on = escape(newsroom.api), escape(Texts(spoken).say("mail.read_button"))
    return (
        f'<script type="application/ld+json">{script_text(about)}</script>\n'
        f'<spilno-wall class="{WALL_CLASS}" api="{api}" article="{name}" seal="{seal}">\n'
        f"{article['teaser_html'].strip()}\n"
        f'<p class="spilno-read-on"><a href="{api}/read/{name}">{read_on}</a></p>\n'
        "</spilno-wall>\n"
    )
