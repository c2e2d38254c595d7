"""`GET /read/{id}`: an article on our own origin, for sites elsewhere and for browsers that block their cookies."""

from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.articles.rules import titles
from chalicelib.articles.rules.policy import OPEN, satisfies
from chalicelib.http import fetching, page_answers, pages, reader
from chalicelib.http.call import Answer, Call
from chalicelib.http.return_url import lenient_source
from chalicelib.kernel import ids
from chalicelib.machines.rules.headers import headers as told_to_machines
from chalicelib.machines.views.addresses import license_url
from chalicelib.newsroom.rules import Newsroom, interval_of
from chalicelib.reading.actions.open_article import OpenedArticle
from chalicelib.reading.views import decisions, gift_arrival
from chalicelib.reading.views.about import about
from chalicelib.reading.views.pages import Appeal, BySigningIn, GiftNote, MeterLine, Raise, ReadPage
from chalicelib.supporters.rules.access import RecurringGift, includes

_NOT_AHEAD = 403
_APPEALED = frozenset({"sign_in", "support", "higher_tier", "meter_used"})


def show(call: Call) -> Answer:
    """Answer with the page: the whole text, or the teaser with an appeal."""
    if (onward := gift_arrival.go_on(call)) is not None:
        return onward
    # A token counts here only once its address is left, see `gift_arrival.py`.
    seen = decisions.read(call, replace(decisions.article_request(call), gift=""))
    lang = page_answers.language_of(call)
    to_set = [*decisions.pass_cookies(call, seen.access.new_pass), *decisions.mark_cookies_of(call, seen)]
    path = f"/read/{seen.article.id}"
    raised, coming = _raise(call, seen), _is_coming(call, seen)
    appeal = None if raised or coming else _appeal(call, seen, lang)
    content = ReadPage(
        title=titles.as_read(seen.article.title),
        html=seen.html,
        url=seen.article.url,
        here=f"{call.wiring.settings.public_url}{path}",
        open=seen.access.decision.open,
        reason=seen.access.decision.reason,
        needs=_needed(seen, call.wiring.newsroom, lang),
        appeal=appeal,
        signed_in=seen.access.signed_in,
        source=lenient_source(call, seen.article.url),
        frames=call.wiring.newsroom.frames,
        raised=raised,
        gives=_gives(seen) is not None,
        coming=coming,
        gift=_gift(call, seen),
        may_give=_may_give(call, seen),
        meter=_meter_line(seen),
        by_signing_in=_by_signing_in(call, seen),
        about=about(call, seen, lang),
    )
    # A teaser that a browser fetched ahead must not be what its reader then sees, who may open more: no browser keeps
    # an error for that, while `no-store` is not asked (WICG/nav-speculation, issue 330).
    status = _NOT_AHEAD if fetching.is_page_ahead(call) and not content.open else 200
    answer = page_answers.page_answer(call, content, lang, path=path, status=status, cookies=to_set)
    if seen.requires is OPEN:
        return answer
    told = told_to_machines(call.wiring.newsroom.machines, license_url=license_url(call.wiring.settings))
    return answer._replace(headers={**answer.headers, **told})


def _gift(call: Call, seen: OpenedArticle) -> GiftNote | None:
    """What the page says of a gift link; None where the reader brought none."""
    if seen.access.decision.reason == "gift":
        return GiftNote(until=datetime.fromtimestamp(call.wiring.now() + seen.lasts, UTC))
    return GiftNote(seen.gift_ended) if seen.gift_ended else None


def _may_give(call: Call, seen: OpenedArticle) -> str:
    """The id of the article, where this supporter may give it from here."""
    newsroom, access = call.wiring.newsroom, seen.access
    may = access.signed_in and access.decision.reason == "supporter" and newsroom.gift_links.per_month
    return seen.article.id if may and seen.article.body is not None else ""


def _meter_line(seen: OpenedArticle) -> MeterLine | None:
    meter = seen.meter
    if meter is None:
        return None
    return MeterLine(meter.limit, meter.left, datetime.fromtimestamp(meter.resets_at, UTC), again=not meter.counts)


def _by_signing_in(call: Call, seen: OpenedArticle) -> BySigningIn | None:
    meter = call.wiring.newsroom.meter
    access = seen.access
    if (
        meter is None
        or access.decision.open
        or access.signed_in
        or not seen.article.policy.metered(call.wiring.now())
    ):
        return None
    return BySigningIn(meter.signed_in, apart=meter.free > 0)


def _tiers_that_open(seen: OpenedArticle, newsroom: Newsroom) -> list[str]:
    names = newsroom.tier_names
    return [name for name in names if satisfies(seen.requires, includes(names, name))] or list(names)


def _needed(seen: OpenedArticle, newsroom: Newsroom, lang: str) -> str:
    lowest = _tiers_that_open(seen, newsroom)[0]
    return next(tier.title[lang] for tier in newsroom.tiers if tier.name == lowest)


def _gives(seen: OpenedArticle) -> RecurringGift | None:
    """What who is not let in gives all the same, and is not asked for anew; a payment that failed is told as such."""
    return seen.access.gives if seen.access.decision.reason in _APPEALED else None


def _raise(call: Call, seen: OpenedArticle) -> Raise | None:
    """What who gives already would give to read on: their gift, raised; None where there is none to raise."""
    gift, newsroom = _gives(seen), call.wiring.newsroom
    if gift is None or gift.awaits_first_payment(call.wiring.now()):
        return None
    interval, tiers = interval_of(gift.interval), _tiers_that_open(seen, newsroom)
    amount = _amount_that_opens(gift, seen, newsroom)
    if amount is None or amount <= gift.amount:
        return None  # raised already, and not paid for yet
    present = pages.Gift(gift.amount, gift.currency, interval)
    return Raise(present, replace(present, amount=amount), tiers[0])


def _is_coming(call: Call, seen: OpenedArticle) -> bool:
    """Whether a first payment is on its way that opens this article once it is there."""
    gift = _gives(seen)
    if gift is None or not gift.awaits_first_payment(call.wiring.now()):
        return False
    amount = _amount_that_opens(gift, seen, call.wiring.newsroom)
    return amount is not None and amount <= gift.amount


def _amount_that_opens(gift: RecurringGift, seen: OpenedArticle, newsroom: Newsroom) -> int | None:
    if gift.currency not in newsroom.currencies:
        return None
    tiers = _tiers_that_open(seen, newsroom)
    return pages.lowest_that_opens(newsroom, gift.currency, interval_of(gift.interval), tiers)


def _appeal(call: Call, seen: OpenedArticle, lang: str) -> Appeal | None:
    """The form for the least monthly amount that opens this article. Every tier has one (the file is checked)."""
    newsroom = call.wiring.newsroom
    if seen.access.decision.reason not in _APPEALED:
        return None
    currency = reader.currency_of(call)
    amount = pages.lowest_that_opens(newsroom, currency, "month", _tiers_that_open(seen, newsroom))
    form = pages.gift_form(
        newsroom,
        lang=lang,
        now=datetime.fromtimestamp(call.wiring.now(), UTC),
        currency=currency,
        interval="month",
        amount=amount,
    )
    return Appeal(form, ids.new_secret(), ids.new_secret())
