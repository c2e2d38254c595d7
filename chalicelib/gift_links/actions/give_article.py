"""Give an article: make a link by which so many people may read it, or find the one that still does that.

    one transaction    the link, and its number in the giver's month, each only if it is new

Two calls at once take the same number, and one of them begins again: no month has one link too many, and an article
has one link at a time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.articles.actions.stored_article import stored_article
from chalicelib.articles.rows.articles import StoredArticleRow
from chalicelib.articles.rules.policy import OPEN
from chalicelib.gift_links.actions.links import address_of, may_be_read
from chalicelib.gift_links.rules.months import next_number, same_day
from chalicelib.kernel.errors import Conflict, Forbidden, TooMany
from chalicelib.kernel.ids import SupporterId, new_id
from chalicelib.kernel.moments import BusinessTime, month_after, month_of
from chalicelib.kernel.table import Change, Contended, compare_and_swap
from chalicelib.newsroom.rules import Newsroom
from chalicelib.reading.actions.use_gift_link import own_support_opens
from chalicelib.reading.rows import gift_links as rows
from chalicelib.reading.rows.gift_links import GivenLink
from chalicelib.reading.rules.gift_links import LIFE, MOST_READERS, GiftLink
from chalicelib.signing_in.actions.step_up import require_recent
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rules.state import State
from chalicelib.wiring import Wiring


@dataclass(frozen=True)
class MadeLink:
    """A link that gives an article, and its address. `new`: it was made now."""

    link: GiftLink
    url: str
    new: bool


def give_article(article_id: str, giver: OpenSession, wiring: Wiring) -> MadeLink:
    """Give an article that the giver's own support opens.

    :raises NotFound: `unknown_article`.
    :raises Conflict: `article_is_open`; `cannot_be_given`; `busy`: nothing was made.
    :raises Forbidden: `not_yours_to_give`; `sign_in_again`: beyond the first of a day.
    :raises TooMany: `too_many_gift_links`: the month has as many as the newsroom allows.
    """
    article = stored_article(article_id, wiring.table)
    _check_may_give(article, giver.state, wiring)

    def plan() -> tuple[Sequence[Change], MadeLink]:
        now = wiring.now()
        given = rows.given_by(wiring.table, giver.supporter)
        links = [link for one in given if (link := rows.read(wiring.table, one.link))]
        if known := _still_read(links, article.id, now):
            return [], MadeLink(known, address_of(known, article, wiring), new=False)
        mine = _next(giver.supporter, given, wiring.newsroom, now)
        if any(same_day(link.made_at, now, wiring.newsroom.zone) for link in links):
            require_recent(giver, wiring.real_now())
        until = BusinessTime(now + LIFE)
        link = GiftLink(mine.link, article.id, now, until, MOST_READERS, supporter=giver.supporter)
        made = MadeLink(link, address_of(link, article, wiring), new=True)
        return [rows.put(link), rows.put_given(mine, until)], made

    try:
        return compare_and_swap(wiring.table, plan)
    except Contended:
        raise Conflict("Others are at this supporter just now. Please try again.", code="busy") from None


def _check_may_give(article: StoredArticleRow, state: State, wiring: Wiring) -> None:
    now = wiring.now()
    needs = article.policy.needs(now)
    if needs is OPEN:
        raise Conflict("This article is open to everybody: its address is all they need.", code="article_is_open")
    if not wiring.newsroom.gift_links.per_month or not may_be_read(article, wiring.settings):
        raise Conflict("This article cannot be given.", code="cannot_be_given")
    if not own_support_opens(state, needs, wiring.newsroom, now):
        raise Forbidden("You can give what your own support opens.", code="not_yours_to_give")


def _still_read(links: Iterable[GiftLink], article: str, now: BusinessTime) -> GiftLink | None:
    """The link of this article by which more people may read; of two the one that lasts longer."""
    alive = [link for link in links if link.article == article and link.ended(now) is None]
    return max(alive, key=lambda link: (link.until, link.id), default=None)


def _next(supporter: SupporterId, given: Iterable[GivenLink], newsroom: Newsroom, now: BusinessTime) -> GivenLink:
    """The next link of this month."""
    month = month_of(now, newsroom.zone)
    taken = [one.number for one in given if one.month == month]
    number = next_number(taken, newsroom.gift_links.per_month)
    if number is None:
        raise TooMany(
            "You have given as many articles as a month allows. Next month you can give more.",
            retry_after=month_after(now, newsroom.zone) - now,
            code="too_many_gift_links",
        )
    return GivenLink(supporter, month, new_id(), str(number))


def given_this_month(giver: SupporterId, wiring: Wiring) -> int:
    """How many links a supporter has made in the present month of the newsroom's."""
    month = month_of(wiring.now(), wiring.newsroom.zone)
    return sum(one.month == month for one in rows.given_by(wiring.table, giver))
