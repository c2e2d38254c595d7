"""The links that a supporter has made: what each gave, how many have read by it, and ending one."""

from dataclasses import dataclass
from typing import Literal

from chalicelib.articles.rows import articles
from chalicelib.articles.rows.articles import StoredArticleRow
from chalicelib.articles.rules.policy import OPEN
from chalicelib.gift_links.rules.addresses import on_our_page, on_site, opens_on_site
from chalicelib.http.origins import websites_with_cookies
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Table, written
from chalicelib.reading.actions.use_gift_link import is_the_givers
from chalicelib.reading.rows import gift_links as rows
from chalicelib.reading.rules import gift_links as rules
from chalicelib.reading.rules.gift_links import GiftLink
from chalicelib.settings import Settings
from chalicelib.wiring import Wiring

# `lives`: people may read by it. `closed`: what it gives away is not the giver's to give just now, or is open to all.
Status = Literal["lives", "used_up", "expired", "revoked", "closed"]


@dataclass(frozen=True)
class ShownLink:
    """A link as its giver sees it. `article`: None where it was deleted. `url`: as long as people may read by it."""

    link: GiftLink
    status: Status
    article: StoredArticleRow | None
    url: str | None


def shown(link: GiftLink, wiring: Wiring) -> ShownLink:
    """A link with how it stands now."""
    article = articles.read(wiring.table, link.article)
    status = _status(link, article, wiring)
    url = address_of(link, article, wiring) if article and status == "lives" else None
    return ShownLink(link, status, article, url)


def links_of(supporter: SupporterId, wiring: Wiring) -> list[ShownLink]:
    """What a supporter gave lately, the newest first."""
    found = (rows.read(wiring.table, one.link) for one in rows.given_by(wiring.table, supporter))
    links = sorted((link for link in found if link), key=lambda link: (link.made_at, link.id), reverse=True)
    return [shown(link, wiring) for link in links]


def revoke_link(supporter: SupporterId | None, link_id: str, table: Table) -> GiftLink:
    """End a link at once: nobody reads by it any more, also who has read already.

    :param supporter: whose it must be; None: one of the newsroom's own.
    :raises NotFound: `unknown_gift_link`: there is none, or it is somebody else's.
    """
    link = rows.read(table, link_id)
    if link is None or link.supporter != supporter or not written(table, rows.revoke(link)):
        raise NotFound("There is no such gift link.", code="unknown_gift_link")
    return link


def may_be_read(article: StoredArticleRow, settings: Settings) -> bool:
    """Whether a gift of this article opens on some page: the website's own, or ours, which needs the whole text."""
    return article.body is not None or opens_on_site(article.url, websites_with_cookies(settings))


def address_of(link: GiftLink, article: StoredArticleRow, wiring: Wiring) -> str:
    """The address to hand on, which carries the link's token."""
    token = rules.token(link.id, wiring.secrets["SPILNO_EMAIL_KEY"])
    if opens_on_site(article.url, websites_with_cookies(wiring.settings)):
        return on_site(article.url, token)
    return on_our_page(wiring.settings.public_url, article.id, token)


def _status(link: GiftLink, article: StoredArticleRow | None, wiring: Wiring) -> Status:
    now = wiring.now()
    ended = link.ended(now)
    if ended is not None:
        return ended
    needs = article.policy.needs(now) if article else OPEN
    if needs is OPEN or not is_the_givers(wiring.table, link, needs, wiring.newsroom, now):
        return "closed"
    return "lives"
