"""What stands behind the wall, sentence by sentence: the words that no stranger may ever be sent."""

import html
import re

from localdev.desk import sealed_articles
from localdev.site.content import Article, articles


def article(name: str) -> Article:
    """One of the demo newsroom's articles."""
    return next(one for one in (*articles(), *sealed_articles()) if one.id == name)


def sentences(name: str) -> list[str]:
    """Every sentence of the text after the teaser, long enough to be nobody else's."""
    one = article(name)
    hidden = one.body_html.removeprefix(one.teaser_html)
    paragraphs = [html.unescape(re.sub(r"<[^>]+>", "", part)) for part in re.findall(r"<(?:p|h2)>(.+?)</", hidden)]
    return [
        found.strip() for part in paragraphs for found in re.split(r"(?<=[.?!]) ", part) if len(found.strip()) > 20
    ]


def first_words(name: str) -> str:
    """The first hidden sentence: seen, the text is open."""
    return sentences(name)[0]
