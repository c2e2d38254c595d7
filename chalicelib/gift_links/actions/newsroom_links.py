"""The newsroom's own gift links, for a newsletter or a post: made, listed and ended by an operator; nobody gives."""

from chalicelib.articles.actions.stored_article import stored_article
from chalicelib.articles.rules.policy import OPEN
from chalicelib.gift_links.actions.links import ShownLink, address_of, may_be_read, shown
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.moments import BusinessTime
from chalicelib.reading.rows import gift_links as rows
from chalicelib.reading.rules.gift_links import DAY, GiftLink
from chalicelib.wiring import Wiring


def make_link(article_id: str, *, days: int, readers: int, wiring: Wiring) -> tuple[GiftLink, str]:
    """A link by which so many people read an article for so many days, and its address.

    :raises NotFound: `unknown_article`.
    :raises Conflict: `article_is_open`; `cannot_be_given`: there is no page where it could be read.
    """
    now, article = wiring.now(), stored_article(article_id, wiring.table)
    if article.policy.needs(now) is OPEN:
        raise Conflict("This article is open to everybody: its address is all they need.", code="article_is_open")
    if not may_be_read(article, wiring.settings):
        raise Conflict(
            "We do not have the text of this article, and its website shares no cookies with us.",
            code="cannot_be_given",
        )
    link = GiftLink(new_id(), article.id, now, BusinessTime(now + days * DAY), readers)
    wiring.table.write(rows.put(link))
    return link, address_of(link, article, wiring)


def newsroom_links(wiring: Wiring) -> list[ShownLink]:
    """All of them, also those that have ended within the last month; the newest first."""
    links = sorted(rows.of_the_newsroom(wiring.table), key=lambda link: (link.made_at, link.id), reverse=True)
    return [shown(link, wiring) for link in links]
