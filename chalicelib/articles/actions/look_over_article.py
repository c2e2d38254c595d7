"""Check an article that the CMS put, and warn its editors."""

from collections.abc import Collection

from chalicelib import article_html
from chalicelib.article_html.addresses import host_of
from chalicelib.article_html.scripts import scripts
from chalicelib.article_html.unclosed import unclosed
from chalicelib.articles.actions.put_article import SubmittedArticle
from chalicelib.articles.rules import article_warnings, titles
from chalicelib.articles.rules.article_warnings import ArticleText, ArticleWarning
from chalicelib.newsroom.frames import runs
from chalicelib.newsroom.rules import Newsroom

_NO_WORDS = article_html.Words("", "", "")  # the HTML that is made here is shown to nobody


def look_over(
    manuscript: SubmittedArticle, newsroom: Newsroom, origins: Collection[str]
) -> tuple[ArticleWarning, ...]:
    """The warnings about an article, the gravest first.

    :param origins: the newsroom's websites.
    """
    url, frames = manuscript.url, newsroom.frames
    teaser = article_html.shown(manuscript.teaser_html, url=url, frames=frames, words=_NO_WORDS)
    body = article_html.shown(manuscript.body_html or "", url=url, frames=frames, words=_NO_WORDS)
    return article_warnings.warnings(
        ArticleText(
            title=manuscript.title,
            read_title=titles.as_read(manuscript.title),
            url=url,
            access=manuscript.access,
            opens_at=manuscript.opens_at,
            closes_at=manuscript.closes_at,
            teaser=teaser.text,
            teaser_shows=teaser.shows,
            body=None if manuscript.body_html is None else body.text,
            body_shows=body.shows,
            relative=teaser.relative or body.relative,
            unclosed=tuple(dict.fromkeys((*unclosed(manuscript.teaser_html), *unclosed(manuscript.body_html or "")))),
            instead=body.instead or teaser.instead,
            silent=tuple(
                dict.fromkeys(
                    host_of(address) if address else ""
                    for address in scripts(manuscript.body_html or "", url)
                    if not runs(address, newsroom.embeds)
                )
            ),
            origins=origins,
            has_meter=newsroom.meter is not None,
            author=manuscript.author or "",
            section=manuscript.section or "",
            tags=manuscript.tags,
        )
    )
