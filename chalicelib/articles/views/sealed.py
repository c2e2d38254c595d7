"""`GET /v1/articles/{id}/sealed/{version}`: the sealed text of an article, which any host may carry."""

from chalicelib.articles.actions.current_seal import article_of, is_current, unknown_version
from chalicelib.articles.actions.seal_text import sealed_file
from chalicelib.http.call import KEPT_FOR_EVER, Answer, Call

_TEXT = "text/plain; charset=utf-8"


def show(call: Call) -> Answer:
    """The file of a version that is current; a version names one file, so that it may be kept for ever."""
    wiring, version = call.wiring, call.params["version"]
    roots = wiring.settings.seal_keys
    article = article_of(call.params["id"], version, wiring.table, roots, wiring.real_now())
    if article.body is None or not is_current(article, version, roots):
        raise unknown_version()
    file = sealed_file(article.id, version, article.policy.sealed_for, article.body, roots)
    return Answer(file, media_type=_TEXT, cache=KEPT_FOR_EVER)
