"""Articles as the CMS puts them, reads them back and takes them away, with its key."""

from typing import Any

from chalicelib.articles.actions.api_keys import check_key
from chalicelib.articles.actions.delete_article import delete_article
from chalicelib.articles.actions.put_article import SubmittedArticle, put_article
from chalicelib.articles.actions.stored_article import stored_article
from chalicelib.articles.rows.articles import StoredArticleRow
from chalicelib.articles.rules.policy import written
from chalicelib.articles.views.forms import NewArticle
from chalicelib.articles.views.manifest import manifest
from chalicelib.http.call import Answer, Call
from chalicelib.http.forms import read_body
from chalicelib.kernel.moments import rfc3339, when

_CMS = "cms"


def put(call: Call) -> Answer:
    """`PUT /v1/articles/{id}`: store an article, with the CMS's key."""
    from chalicelib.articles.actions.look_over_article import look_over  # reads HTML, which no reader's call needs

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
    told = look_over(manuscript, wiring.newsroom, wiring.settings.site_origins)
    warnings = [warning._asdict() for warning in told]
    told_back = {"updated_at": rfc3339(article.updated_at), "seal": manifest(article, wiring, printed=True)}
    return Answer({**_policy(article), **told_back, "warnings": warnings})


def delete(call: Call) -> Answer:
    """`DELETE /v1/articles/{id}`: delete an article, with the CMS's key."""
    check_key(call.wiring.table, call.bearer, _CMS)
    delete_article(call.params["id"], call.wiring.table)
    return Answer(status=204)


def show(call: Call) -> Answer:
    """`GET /v1/articles/{id}` with the CMS's key: everything, as it is stored now."""
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
