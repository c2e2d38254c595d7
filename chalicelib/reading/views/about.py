"""What the page of an article says of it to who does not read it: search engines, and messengers beside a link."""

from chalicelib.articles.rules import titles
from chalicelib.articles.rules.names import shortened
from chalicelib.articles.rules.policy import OPEN
from chalicelib.articles.rules.structured_data import script_text, structured_data
from chalicelib.http.call import Call
from chalicelib.machines.views.addresses import license_url
from chalicelib.reading.actions.open_article import OpenedArticle
from chalicelib.reading.views.pages import AboutArticle

_LONGEST = 201  # characters of a description and its ellipsis: search engines and messengers show no more


def about(call: Call, seen: OpenedArticle, lang: str) -> AboutArticle:
    """What is said of this article, the same whoever reads it: nothing here comes from the whole text."""
    newsroom, article = call.wiring.newsroom, seen.article
    free = seen.requires is OPEN
    data = structured_data(
        headline=titles.as_read(article.title),
        url=article.url,
        publisher=newsroom.name[lang],
        free=free,
        author=titles.as_read(article.author or ""),
        section=titles.as_read(article.section or ""),
        tags=tuple(map(titles.as_read, article.tags)),
    )
    return AboutArticle(
        description=_description(article.teaser_html, article.url),
        data=script_text(data),
        license_url=license_url(call.wiring.settings),
        free=free,
        found=free or newsroom.machines.search == "teaser",
        shared=free or newsroom.machines.preview == "teaser",
    )


def _description(teaser: str, url: str) -> str:
    """The beginning of the teaser, by whole words; empty where the teaser has none."""
    from chalicelib import article_html  # reads HTML, which few calls need

    text = article_html.shown(teaser, url=url, frames=(), words=article_html.Words("", "", "")).text
    return shortened(text, _LONGEST)
