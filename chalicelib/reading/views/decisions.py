"""Maps the gate's decisions to HTTP: the credentials in a call, the pass to set as a cookie, the JSON members."""

from typing import Any

from chalicelib.articles.rules.policy import required
from chalicelib.http import cookies, fetching, hint, mark_cookies
from chalicelib.http.call import Call, Cookie
from chalicelib.kernel.moments import BusinessTime, when
from chalicelib.reading.actions.check_access import Access, Credentials
from chalicelib.reading.actions.open_article import ArticleRequest, OpenedArticle, open_article
from chalicelib.reading.rules.passes import LIFE
from chalicelib.reading.views.gate import tokens


def credentials(call: Call) -> Credentials:
    """Everything in a call that a reader may be known by."""
    return Credentials(tokens(call), cookies.read(call, "session"), cookies.started(call, "checkout"))


def read(call: Call, request: ArticleRequest | None = None) -> OpenedArticle:
    """The article of this call's path, as this call's reader may see it.

    :param request: what the call brings, where that is not all of it.
    """
    wiring, asked = call.wiring, request or article_request(call)
    seen = open_article(call.params["id"], asked, wiring, real_now=wiring.real_now(), now=wiring.now())
    note_seen(call, seen)
    return seen


def article_request(call: Call) -> ArticleRequest:
    """All that a call for an article says of its reader."""
    return ArticleRequest(
        credentials(call),
        marks=mark_cookies.read(call),
        gift=call.query.get("gift", ""),
        # A machine reads no more than the teaser, also where people may by the meter (decision 0095).
        speculative=fetching.is_speculative(call) or fetching.is_for_machines(call) or not fetching.is_read(call),
        opens_page=fetching.opens_page(call),
        keeps_cookies=lambda: fetching.keeps_cookies(call),
        client=lambda: call.client,
    )


def mark_cookies_of(call: Call, seen: OpenedArticle) -> list[Cookie]:
    """The marks that this reading leaves in the browser, and those that have no room beside them."""
    crowded_out = mark_cookies.crowded_out(call, [mark for mark, _ in seen.marks])
    return [*(mark_cookies.write(call, mark, max_age) for mark, max_age in seen.marks), *crowded_out]


def cookies_of(call: Call, seen: OpenedArticle) -> list[Cookie]:
    """All cookies that an answer about an article sets: the pass, the marks, and that somebody asked."""
    return [*pass_cookies(call, seen.access.new_pass), *mark_cookies_of(call, seen), *hint.asked(call)]


def opened_json(call: Call, seen: OpenedArticle) -> dict[str, Any]:
    """What an answer about an article says of its reader: the decision, what it needs, what they hold."""
    return {
        "decision": article_json(seen),
        "requires": required(seen.requires),
        **decision_json(seen.access),
        "signed_in": seen.access.signed_in,
        "gives": gives_json(seen.access, call.wiring.now()),
    }


def note_seen(call: Call, seen: OpenedArticle) -> None:
    """Note for the hint what an article's answer found out of its reader, and of a gift that opens it."""
    note(call, seen.access)
    if seen.lasts:
        call.hint.gave(seen.lasts)


def note(call: Call, access: Access) -> None:
    """Note for the hint what was looked up; a pass that opened by itself says nothing of the session."""
    if access.searched:
        call.hint.found(access.holds_for)


def pass_cookies(call: Call, new_pass: str | None) -> list[Cookie]:
    """The pass to set, or its removal when it is empty."""
    if new_pass is None:
        return []
    return [cookies.write(call, "pass", new_pass, LIFE)] if new_pass else [cookies.forget(call, "pass")]


def article_json(seen: OpenedArticle) -> dict[str, Any]:
    """The decision on an article, with what the meter says where it decided, and why a gift link opens nothing."""
    decision, meter = seen.access.decision, seen.meter
    body: dict[str, Any] = {"open": decision.open, "reason": decision.reason}
    if meter is not None:
        body |= {"left": meter.left, "limit": meter.limit, "resets_at": when(meter.resets_at)}
        if decision.open:
            body["again"] = not meter.counts
    return body | ({"gift": seen.gift_ended} if seen.gift_ended else {})


def decision_json(access: Access) -> dict[str, Any]:
    """The reader's tier and its end, as JSON answers have them beside the decision."""
    return {"tier": access.tier, "until": when(access.until)}


def gives_json(access: Access, now: BusinessTime) -> dict[str, Any] | None:
    """The recurring gift that this reader may raise, where the text is closed to them; else None."""
    gift = None if access.decision.open else access.gives
    if gift is None:
        return None
    terms = {"id": gift.id, "amount": gift.amount, "currency": gift.currency, "interval": gift.interval}
    return {**terms, "pending": gift.awaits_first_payment(now)}
