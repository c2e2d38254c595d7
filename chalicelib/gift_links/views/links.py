"""Gift links: made, listed and ended by the supporter who gives, as JSON and on a page that needs no script."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from chalicelib.articles.rows import articles
from chalicelib.articles.rules import titles
from chalicelib.gift_links.actions.give_article import give_article, given_this_month
from chalicelib.gift_links.actions.links import ShownLink, links_of, revoke_link
from chalicelib.gift_links.views.forms import EndGiftLink, LinksPageQuery, NewGiftLink
from chalicelib.gift_links.views.pages import LinkLine, LinksPage, ToGive
from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.forms import read_body, read_query
from chalicelib.http.hint import session_of
from chalicelib.http.problem_words import on_page
from chalicelib.kernel.errors import Problem
from chalicelib.kernel.ids import IDENTIFIER
from chalicelib.kernel.moments import rfc3339
from chalicelib.reading.rules.gift_links import MOST_READERS
from chalicelib.signing_in.actions.require_session import require_session
from chalicelib.signing_in.views.sign_in_first import sign_in_first
from chalicelib.signing_in.views.step_up import sign_in_again
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rows import supporters

_PAGE = "/account/links"


def give(call: Call) -> Answer:
    """`POST /v1/me/gift-links`: a link that gives an article; the same one as long as people can read by it."""
    signed_in = require_session(session_of(call))
    form = read_body(call, NewGiftLink)
    given = give_article(form.article, signed_in, call.wiring)
    if call.is_form:
        return see_other(_address(call, form.lang, made=given.link.id))
    body = {"id": given.link.id, "url": given.url, "expires_at": rfc3339(given.link.until)}
    return Answer(body, 201 if given.new else 200)


def listed(call: Call) -> Answer:
    """`GET /v1/me/gift-links`: what the supporter gave lately, with how many have read."""
    signed_in = require_session(session_of(call))
    return Answer([_as_json(one) for one in links_of(signed_in.supporter, call.wiring)])


def end(call: Call) -> Answer:
    """`DELETE /v1/me/gift-links/{id}`: end a link; nobody reads by it any more."""
    signed_in = require_session(session_of(call))
    revoke_link(signed_in.supporter, call.params["id"], call.wiring.table)
    return Answer("", 204)


def show(call: Call) -> Answer:
    """`GET /account/links`: what was given, how many have read, a button to end each."""
    signed_in = session_of(call)
    asked = read_query(call, LinksPageQuery)
    if signed_in is None:
        return sign_in_first(call, f"{_PAGE}?{urlencode({'give': asked.give})}" if asked.give else _PAGE)
    return _page(call, signed_in, asked)


def end_by_form(call: Call) -> Answer:
    """`POST /account/links/end`: end a link, and show the list again."""
    signed_in = require_session(session_of(call))
    form = read_body(call, EndGiftLink)
    revoke_link(signed_in.supporter, form.link, call.wiring.table)
    return see_other(_address(call, form.lang, done="1"))


def again(call: Call, problem: Problem) -> Answer | None:
    """What went wrong on the page of links; where it needs a new code, the way there and back to the article."""
    signed_in = session_of(call)
    if signed_in is None:
        return None
    typed = call.form_fields()
    article = typed.get("article", "")
    if problem.code == "sign_in_again":
        return sign_in_again(call, _address(call, typed.get("lang"), give=article))
    asked = LinksPageQuery(give=article, lang=typed.get("lang"))
    return _page(call, signed_in, asked, problem)


def _page(call: Call, signed_in: OpenSession, asked: LinksPageQuery, problem: Problem | None = None) -> Answer:
    wiring = call.wiring
    profile = supporters.read_profile(wiring.table, signed_in.supporter)
    lang = page_answers.language_of(call, asked.lang, profile.language if profile else None)
    lines = [_line(one, asked.made) for one in links_of(signed_in.supporter, wiring)]
    page = LinksPage(
        tuple(sorted(lines, key=lambda line: not line.made)),
        given=given_this_month(signed_in.supporter, wiring),
        per_month=wiring.newsroom.gift_links.per_month,
        most=MOST_READERS,
        give=None if problem else _to_give(call, asked.give),
        ended=bool(asked.done),
        problem=on_page(call, problem, lang),
    )
    return page_answers.page_answer(
        call, page, lang, path=None if problem else _PAGE, status=problem.status if problem else 200
    )


def _to_give(call: Call, article_id: str | None) -> ToGive | None:
    article = (
        articles.read(call.wiring.table, article_id) if article_id and IDENTIFIER.fullmatch(article_id) else None
    )
    return ToGive(article.id, titles.as_read(article.title)) if article else None


def _as_json(one: ShownLink) -> dict[str, object]:
    link = one.link
    return {
        "id": link.id,
        "article": link.article,
        "title": titles.as_read(one.article.title) if one.article else None,
        "url": one.url,
        "given_at": rfc3339(link.made_at),
        "expires_at": rfc3339(link.until),
        "readers": link.readers,
        "most_readers": link.most,
        "status": one.status,
    }


def _line(one: ShownLink, made: str | None) -> LinkLine:
    link, article = one.link, one.article
    given_at, until = (datetime.fromtimestamp(seconds, UTC) for seconds in (link.made_at, link.until))
    return LinkLine(
        link.id,
        titles.as_read(article.title) if article else "",
        article.url if article else "",
        one.url or "",
        given_at,
        until,
        link.readers,
        link.most,
        one.status,
        made=link.id == made,
    )


def _address(call: Call, lang: str | None, **more: str) -> str:
    query = urlencode({"lang": page_answers.language_of(call, lang), **more})
    return f"{call.wiring.settings.public_url}{_PAGE}?{query}"
