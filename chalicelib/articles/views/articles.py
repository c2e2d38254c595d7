"""Articles as the CMS puts them, reads them back, lists them and takes them away, with its key."""

from typing import Any

from chalicelib.articles.actions.api_keys import check_key
from chalicelib.articles.actions.delete_article import delete_article
from chalicelib.articles.actions.put_article import SubmittedArticle, put_article
from chalicelib.articles.actions.stored_article import stored_article
from chalicelib.articles.rows.articles import StoredArticleRow
from chalicelib.articles.rows.summaries import ArticleSummary
from chalicelib.articles.rules.policy import written
from chalicelib.articles.views.forms import ArticlesAsked, Deletion, NewArticle, Putting
from chalicelib.articles.views.manifest import manifest
from chalicelib.http.call import Answer, Call
from chalicelib.http.forms import read_body, read_query
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.moments import rfc3339, when

_CMS = "cms"


def put(call: Call) -> Answer:
    """`PUT /v1/articles/{id}`: store an article, with the CMS's key."""
    from chalicelib.articles.actions.look_over_article import look_over  # reads HTML, which no reader's call needs

    wiring = call.wiring
    check_key(wiring.table, call.bearer, _CMS)
    asked, form = read_query(call, Putting), read_body(call, NewArticle)
    if asked.take_over and form.origin is None:
        raise BadInput("Who takes it over? Name the origin.", code="missing_field", field="origin")
    manuscript = SubmittedArticle(
        **form.model_dump(exclude={"access", "opens_at", "closes_at", "tags"}),
        access=form.access,
        tags=tuple(form.tags or ()),
        opens_at=None if form.opens_at is None else int(form.opens_at.timestamp()),
        closes_at=None if form.closes_at is None else int(form.closes_at.timestamp()),
    )
    article = put_article(
        call.params["id"],
        manuscript,
        wiring.table,
        wiring.newsroom,
        roots=wiring.settings.seal_keys,
        now=wiring.real_now(),
        take_over=asked.take_over,
    )
    worth_a_look = look_over(manuscript, wiring.newsroom, wiring.settings.site_origins)
    warnings = [warning._asdict() for warning in worth_a_look]
    return Answer({**_stored(article), "seal": manifest(article, wiring, printed=True), "warnings": warnings})


def delete(call: Call) -> Answer:
    """`DELETE /v1/articles/{id}`: delete an article, with the CMS's key."""
    check_key(call.wiring.table, call.bearer, _CMS)
    asked = read_query(call, Deletion)
    delete_article(call.params["id"], call.wiring.table, origin=asked.origin)
    return Answer(status=204)


def listing(call: Call) -> Answer:
    """`GET /v1/articles`: a page of all articles, by their ids, with the CMS's key."""
    from chalicelib.articles.actions.list_articles import list_articles

    check_key(call.wiring.table, call.bearer, _CMS)
    asked = read_query(call, ArticlesAsked)
    page = list_articles(call.wiring.table, call.wiring.settings.seal_keys, after=asked.after, origin=asked.origin)
    items = [{**_described(one, access=one.access), "version": one.version} for one in page.items]
    return Answer({"items": items, "next": page.next, "complete": page.complete})


def show(call: Call) -> Answer:
    """`GET /v1/articles/{id}` with the CMS's key: everything, as it is stored now."""
    check_key(call.wiring.table, call.bearer, _CMS)
    article = stored_article(call.params["id"], call.wiring.table)
    texts = {"teaser_html": article.teaser_html, "body_html": article.body_html}
    return Answer({**_stored(article), **texts, "seal": manifest(article, call.wiring, printed=True)})


def _stored(article: StoredArticleRow) -> dict[str, Any]:
    return _described(article, access=written(article.access))


def _described(article: StoredArticleRow | ArticleSummary, *, access: str) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "access": access,
        "opens_at": when(article.opens_at),
        "closes_at": when(article.closes_at),
        "author": article.author,
        "section": article.section,
        "tags": list(article.tags),
        "revision": article.revision,
        "origin": article.origin,
        "updated_at": rfc3339(article.updated_at),
    }
