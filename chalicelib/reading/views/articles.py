"""Articles: put and taken away by the CMS, read by readers as far as they may."""

from typing import Any

from chalicelib.http import hint
from chalicelib.http.call import Answer, Call
from chalicelib.http.forms import read_body
from chalicelib.kernel.moments import rfc3339, when
from chalicelib.reading.actions.api_keys import check_key
from chalicelib.reading.actions.delete_article import delete_article
from chalicelib.reading.actions.put_article import SubmittedArticle, put_article
from chalicelib.reading.actions.read_article import stored_article
from chalicelib.reading.rows.articles import StoredArticleRow
from chalicelib.reading.rules import titles
from chalicelib.reading.rules.paywall import required, written
from chalicelib.reading.views import decisions
from chalicelib.reading.views.forms import NewArticle
from chalicelib.reading.views.gate import looks_like_pass

_CMS = "cms"


def show(call: Call) -> Answer:
    """`GET /v1/articles/{id}`: what this reader may see; everything, with the CMS's key."""
    if call.bearer and not looks_like_pass(call.bearer):
        return _for_cms(call)
    seen = decisions.read(call)
    body = {
        "id": seen.article.id,
        "decision": {"open": seen.access.decision.open, "reason": seen.access.decision.reason},
        "title": titles.as_read(seen.article.title),
        "url": seen.article.url,
        "html": seen.html,
        "requires": required(seen.requires),
        **decisions.decision_json(seen.access),
        "signed_in": seen.access.signed_in,
        "gives": decisions.gives_json(seen.access, call.wiring.now()),
    }
    return Answer(body, cookies=[*decisions.pass_cookies(call, seen.access.new_pass), *hint.asked(call)])


def put(call: Call) -> Answer:
    """`PUT /v1/articles/{id}`: store an article, with the CMS's key."""
    from chalicelib.reading.actions.look_over_article import look_over  # reads HTML, which no reader's call needs

    wiring = call.wiring
    check_key(wiring.table, call.bearer, _CMS)
    form = read_body(call, NewArticle)
    manuscript = SubmittedArticle(
        **form.model_dump(exclude={"access", "opens_at", "closes_at"}),
        access=form.access,
        opens_at=None if form.opens_at is None else int(form.opens_at.timestamp()),
        closes_at=None if form.closes_at is None else int(form.closes_at.timestamp()),
    )
    article = put_article(call.params["id"], manuscript, wiring.table, wiring.newsroom, now=wiring.real_now())
    told = look_over(manuscript, wiring.newsroom.frames, wiring.settings.site_origins)
    warnings = [warning._asdict() for warning in told]
    return Answer({**_policy(article), "updated_at": rfc3339(article.updated_at), "warnings": warnings})


def delete(call: Call) -> Answer:
    """`DELETE /v1/articles/{id}`: delete an article, with the CMS's key."""
    check_key(call.wiring.table, call.bearer, _CMS)
    delete_article(call.params["id"], call.wiring.table)
    return Answer(status=204)


def _for_cms(call: Call) -> Answer:
    check_key(call.wiring.table, call.bearer, _CMS)
    article = stored_article(call.params["id"], call.wiring.table)
    return Answer({**_policy(article), "teaser_html": article.teaser_html, "body_html": article.body_html})


def _policy(article: StoredArticleRow) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "access": written(article.access),
        "opens_at": when(article.opens_at),
        "closes_at": when(article.closes_at),
    }
