"""Open an article to a reader, or not. Text and key are handed out by this alone.

access        a pass, a session or a checkout is enough: open, and nothing is counted
a gift link   it lives, and is this article's: open, and its reader counted once
the meter     a metered article, and some are left this month: open, and counted
else          the teaser, and the reason
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from chalicelib.articles.actions.stored_article import recent_article
from chalicelib.articles.rows.articles import StoredArticleRow
from chalicelib.articles.rules.policy import Needed
from chalicelib.kernel.marks import Mark
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.metering.actions.count_reading import CountedReading, Opening, count_reading
from chalicelib.metering.rules.meter import MeterView
from chalicelib.observing import log_context
from chalicelib.reading.actions.check_access import Access, Credentials, Gate, check_access
from chalicelib.reading.actions.use_gift_link import NOTHING, GiftUse, PresentedGift, use_gift_link
from chalicelib.reading.rules import paywall
from chalicelib.reading.rules.gift_links import Ended
from chalicelib.reading.rules.paywall import GateDecision


@dataclass(frozen=True)
class ArticleRequest:
    """What a call for an article brings with it.

    `marks`: what this browser says that it has read. `gift`: the token of a gift link, or empty.
    `speculative`: nobody reads it: a browser fetches it in case somebody will, or for something other than reading.
    `opens_page`: somebody goes to a page with this call, as far as its header says.
    `keeps_cookies`: whether cookies of ours can come back with the next call. `client`: the caller's address.
    """

    credentials: Credentials
    marks: Mapping[str, str]
    gift: str
    speculative: bool
    opens_page: bool
    keeps_cookies: Callable[[], bool]
    client: Callable[[], str]


@dataclass(frozen=True)
class OpenedArticle:
    """An article as one reader sees it. `html` is the whole text only if `access.decision.open`, else the teaser.

    `requires` is what a reader must hold now. `meter`: what the meter said, where it was asked and says something.
    `marks` are to be set in this browser, each for so many seconds. `lasts`: for how many seconds a gift link opens
    it. `gift_ended`: the browser brought a link that opens nothing any more.
    """

    article: StoredArticleRow
    requires: Needed
    access: Access
    html: str
    meter: MeterView | None = None
    marks: tuple[tuple[Mark, int], ...] = ()
    lasts: int = 0
    gift_ended: Ended | None = None


def open_article(
    article_id: str, request: ArticleRequest, gate: Gate, *, real_now: RealTime, now: BusinessTime
) -> OpenedArticle:
    """The article as this reader may see it.

    :raises NotFound: `unknown_article`.
    """
    article = recent_article(article_id, gate.table, real_now, eventual=True)
    requires = article.policy.needs(now)
    access = check_access(requires, request.credentials, gate, real_now=real_now, now=now)
    gift = NOTHING if access.decision.open else _by_gift(article_id, requires, request, gate, now)
    if gift.opens:
        access = replace(access, decision=GateDecision(open=True, reason="gift"))
        log_context.gate.opened_after_all()
    counted = CountedReading()
    if not access.decision.open and article.policy.metered(now):
        counted = _counted(article_id, access, request, gate, real_now=real_now, now=now)
    if counted.view is not None:
        access = replace(access, decision=paywall.metered(access.decision, opens=counted.view.open))
        if access.decision.open:
            log_context.gate.opened_after_all()
    html = article.body_html if access.decision.open else None
    return OpenedArticle(
        article,
        requires,
        access,
        article.teaser_html if html is None else html,
        counted.view,
        gift.marks if counted.mark is None else (*gift.marks, counted.mark),
        gift.lasts,
        None if access.decision.open else gift.ended,
    )


def _by_gift(article_id: str, requires: Needed, request: ArticleRequest, gate: Gate, now: BusinessTime) -> GiftUse:
    """What a gift link does here. Where no cookie comes back, nobody would be known again, and each visit counted."""
    brings_any = request.gift or any(name.startswith("g-") for name in request.marks)
    if not brings_any or request.speculative or not request.keeps_cookies():
        return NOTHING
    presented = PresentedGift(request.gift, request.marks, request.opens_page)
    key = gate.secrets["SPILNO_EMAIL_KEY"]
    return use_gift_link(article_id, requires, presented, gate.table, gate.newsroom, key=key, now=now)


def _counted(
    article_id: str, access: Access, request: ArticleRequest, gate: Gate, *, real_now: RealTime, now: BusinessTime
) -> CountedReading:
    """What the meter says. It is not asked by a call that nobody reads, or whose browser would not keep the mark."""
    if gate.newsroom.meter is None or request.speculative or not request.keeps_cookies():
        return CountedReading()
    opening = Opening(article_id, access.supporter, request.marks, request.client)
    key = lambda: gate.secrets["SPILNO_EMAIL_KEY"]  # noqa: E731 - read only where it is needed
    return count_reading(opening, gate.newsroom, gate.table, key, real_now=real_now, now=now)
