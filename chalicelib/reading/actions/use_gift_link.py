"""Read by a gift link: whether it opens an article to this browser, counted once for each browser.

    the browser's mark says that this link has counted it     opens as long as the link lives; writes nothing
    it brings a link that has not counted it                  one conditional write, and a mark
    what it brings is no link of this article                 as if it had brought nothing

A link lives as long as what its giver's own support opens; that is looked at each time. The newsroom's links have no
giver. A reader learns nothing of who gives, and the giver a number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from chalicelib.articles.rules.policy import Needed, satisfies
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.marks import Mark
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Table
from chalicelib.newsroom.rules import Newsroom
from chalicelib.reading.rows import gift_links as rows
from chalicelib.reading.rules import gift_links as rules
from chalicelib.reading.rules.gift_links import Ended, GiftLink
from chalicelib.supporters.rows import erasures, supporters
from chalicelib.supporters.rules.access import entitled, includes
from chalicelib.supporters.rules.state import State


@dataclass(frozen=True)
class PresentedGift:
    """What a browser brings for an article: `text` from its address (empty: nothing), and its marks by name.

    `opens_page`: a person opens a page with this call; only then a token counts that came along in a cookie.
    """

    text: str
    marks: Mapping[str, str]
    opens_page: bool


@dataclass(frozen=True)
class GiftUse:
    """Whether a gift link opens the article. `lasts`: for how many more seconds; `marks`: to set, each for so many.

    `ended`: a link was brought that opens nothing any more, and why, as far as a reader is told.
    """

    opens: bool = False
    lasts: int = 0
    marks: tuple[tuple[Mark, int], ...] = ()
    ended: Ended | None = None


NOTHING = GiftUse()


def use_gift_link(
    article: str,
    needs: Needed,
    presented: PresentedGift,
    table: Table,
    newsroom: Newsroom,
    *,
    key: str,
    now: BusinessTime,
) -> GiftUse:
    """Whether what this browser brings opens this article, and count it where it is new.

    :param needs: what the article asks for now; never what is open to all.
    :param key: the secret under which links and marks are made.
    """
    shown = rules.credentials(article, presented.text, presented.marks, key)
    held = rows.read(table, shown.counted) if shown.counted else None
    if held and held.article == article and held.lives(now) and is_the_givers(table, held, needs, newsroom, now):
        return _opens(held, key, now, anew=shown.arrives)
    if shown.brings is None:
        return GiftUse(ended="over") if shown.counted and (held is None or held.article == article) else NOTHING
    if shown.arrives and not presented.opens_page:
        return NOTHING
    used = _used(article, rows.read(table, shown.brings), needs, table, newsroom, key, now)
    if used.opens or not shown.arrives:
        return used
    return replace(used, marks=((rules.forgotten(article, key), 0),))  # said once, then the page is as for others


def _used(
    article: str,
    link: GiftLink | None,
    needs: Needed,
    table: Table,
    newsroom: Newsroom,
    key: str,
    now: BusinessTime,
) -> GiftUse:
    """What a link does that has not counted this browser."""
    if link is None:  # gone with its giver, or a month after its time
        return GiftUse(ended="over")
    if link.article != article:
        return NOTHING
    if link.ended(now) is not None or not is_the_givers(table, link, needs, newsroom, now):
        return GiftUse(ended=_reader_sees(link))
    if not rows.count(table, link, now):
        return GiftUse(ended=_reader_sees(rows.read(table, link.id) or replace(link, revoked=True)))
    return _opens(link, key, now, anew=True)


def _opens(link: GiftLink, key: str, now: BusinessTime, *, anew: bool) -> GiftUse:
    lasts = link.until - now
    return GiftUse(opens=True, lasts=lasts, marks=((rules.mark(link.article, link.id, key), lasts),) if anew else ())


def own_support_opens(state: State, needs: Needed, newsroom: Newsroom, now: BusinessTime) -> bool:
    """Whether what somebody gave opens what needs this: neither a meter, nor a gift, nor a browser that paid."""
    held = entitled(state.standing, newsroom, now)
    return satisfies(needs, includes(newsroom.tier_names, held.tier))


def _reader_sees(link: GiftLink) -> Ended:
    return "used_up" if link.readers >= link.most and not link.revoked else "over"


def is_the_givers(table: Table, link: GiftLink, needs: Needed, newsroom: Newsroom, now: BusinessTime) -> bool:
    """Whether the giver's own support opens the article now; who asked to be erased gives nothing any more."""
    if link.supporter is None:
        return True
    state = _state(table, link.supporter)
    if state.erased is not None or not own_support_opens(state, needs, newsroom, now):
        return False
    return erasures.read(table, state.id) is None


def _state(table: Table, supporter: SupporterId) -> State:
    """The state of whoever this supporter is by now."""
    state = supporters.read_state(table, supporter)
    while state.moved_to:
        state = supporters.read_state(table, state.moved_to)
    return state
